"""How long each step took, told in milliseconds."""

from assistant.clock import Clock


def test_each_step_has_its_milliseconds_and_the_whole_has_all() -> None:
    times = iter([10.0, 10.002, 10.005, 10.0061, 10.01])
    clock = Clock(lambda: next(times))
    clock.lap("read")
    clock.lap("retrieve")
    clock.lap("read")
    assert clock.timings() == {"read": 3.1, "retrieve": 3.0, "total": 10.0}
