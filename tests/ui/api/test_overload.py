"""Few questions at a time, first come first served; a long line turns the next ones away."""

import threading

import pytest

from ui.api import overload
from ui.api.overload import Line, Place
from ui.problem import Refused


class Somebody:
    """Takes a place in a thread of its own, and keeps it until told to leave."""

    def __init__(self, line: Line, order: list[str], name: str) -> None:
        self._line, self._order, self._name = line, order, name
        self.leave = threading.Event()
        self.refused: Refused | None = None
        self.served = threading.Event()
        self._thread = threading.Thread(target=self._come)
        self._thread.start()

    def _come(self) -> None:
        try:
            with self._line.place():
                self._order.append(self._name)
                self.served.set()
                self.leave.wait(10)
        except Refused as refused:
            self.refused = refused

    def gone(self) -> None:
        self.leave.set()
        self._thread.join(10)
        assert not self._thread.is_alive()


@pytest.fixture
def order() -> list[str]:
    return []


def until_wait(line: Line, waiting: int) -> None:
    for _ in range(2000):
        if line.waiting() == waiting:
            return
        threading.Event().wait(0.005)
    raise AssertionError(f"{line.waiting()} wait, not {waiting}")


def test_questions_beyond_the_limit_wait_and_are_served_in_their_order(order: list[str]) -> None:
    line = Line(at_once=1, seconds=30)
    first = Somebody(line, order, "first")
    assert first.served.wait(5)
    second = Somebody(line, order, "second")
    until_wait(line, 1)
    third = Somebody(line, order, "third")
    until_wait(line, 2)
    assert order == ["first"] and line.working() == 1
    for one in (first, second, third):
        one.leave.set()
    for one in (first, second, third):
        one.gone()
    assert order == ["first", "second", "third"]
    assert not line.present() and line.working() == 0


def test_a_line_that_is_full_turns_away_at_once_and_says_when_to_come_back(
    order: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overload, "MAX_WAITING", 1)
    line = Line(at_once=1, seconds=30)
    first = Somebody(line, order, "first")
    assert first.served.wait(5)
    second = Somebody(line, order, "second")
    until_wait(line, 1)
    with pytest.raises(Refused) as refused, line.place():
        pass
    assert (refused.value.problem.code, refused.value.problem.status) == ("overloaded", 503)
    assert refused.value.headers["Retry-After"] == "5"
    first.gone()
    second.gone()
    assert not line.present()


def test_who_waited_too_long_leaves_the_line(order: list[str]) -> None:
    line = Line(at_once=1, seconds=0.05)
    first = Somebody(line, order, "first")
    assert first.served.wait(5)
    with pytest.raises(Refused) as refused, line.place():
        pass
    assert refused.value.problem.code == "overloaded"
    assert line.waiting() == 0
    first.gone()
    with line.place():
        assert line.working() == 1


def test_a_closed_line_finishes_with_who_is_there_and_takes_nobody_else(order: list[str]) -> None:
    line = Line(at_once=1, seconds=30)
    first = Somebody(line, order, "first")
    assert first.served.wait(5)
    second = Somebody(line, order, "second")
    until_wait(line, 1)
    line.close()
    with pytest.raises(Refused) as refused, line.place():
        pass
    assert refused.value.problem.code == "stopping"
    assert line.present()
    first.gone()
    second.gone()
    assert order == ["first", "second"] and not line.present()


def test_who_rests_lets_the_next_one_work_and_comes_back_ahead_of_the_line(order: list[str]) -> None:
    line = Line(at_once=1, seconds=30)
    with line.place() as place:
        place.rest()
        second = Somebody(line, order, "second")
        assert second.served.wait(5)
        third = Somebody(line, order, "third")
        until_wait(line, 1)
        back = threading.Thread(target=lambda: (place.work(), order.append("back"), place.rest()))
        back.start()
        until_wait(line, 2)
        second.gone()
        back.join(10)
        third.gone()
    assert order == ["second", "back", "third"]
    assert not line.present() and line.working() == 0


def test_resting_twice_gives_back_one_place_only() -> None:
    line = Line(at_once=2, seconds=30)
    with line.place(), line.place() as place:
        place.rest()
        place.rest()
        assert line.working() == 1


def test_a_question_that_fails_leaves_its_place() -> None:
    line = Line(at_once=1, seconds=30)
    with pytest.raises(ValueError), line.place():
        raise ValueError
    assert not line.present() and line.working() == 0


def test_a_place_once_taken_is_not_taken_twice() -> None:
    line = Line(at_once=2, seconds=30)
    with line.place() as place:
        assert isinstance(place, Place)
        place.work()
        assert line.working() == 1
