"""The load that is measured: different questions, and figures that mean what they say."""

from evals.load import Asked, different, percentile, summary


def test_all_questions_of_a_minute_are_different() -> None:
    assert len(set(different(600))) == 600


def test_a_percentile_is_a_value_that_was_measured() -> None:
    hundred = [number / 100 for number in range(1, 101)]
    assert (percentile(hundred, 0.5), percentile(hundred, 0.95), percentile(hundred, 1.0)) == (0.5, 0.95, 1.0)
    assert percentile([3.0], 0.95) == 3.0


def test_whatever_is_not_200_is_an_error_a_503_too() -> None:
    told = summary([Asked("200", 0.1, "answered", {"total": 90.0}), Asked("503", 0.01), Asked("ReadError", 2.0)])
    assert told["errors"] == 2
    assert told["statuses"] == {"200": 1, "503": 1, "ReadError": 1}
    assert told["mean_ms_by_step"] == {"total": 90.0}
