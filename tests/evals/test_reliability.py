"""A probability means what it says, or the error tells by how much it does not."""

import pytest

from evals.reliability import Bin, bins, calibration_error


def test_probabilities_that_come_true_as_often_as_they_say_have_no_error() -> None:
    found = bins([0.75] * 4 + [0.25] * 4, [True, True, True, False, True, False, False, False])
    assert found == (Bin(4, 0.25, 0.25), Bin(4, 0.75, 0.75))
    assert calibration_error(found) == 0.0


def test_the_error_is_the_distance_weighted_by_the_questions() -> None:
    assert calibration_error(bins([0.9, 0.9, 0.9, 0.1], [False, False, False, False])) == pytest.approx(0.7)


def test_certainty_falls_in_the_last_tenth() -> None:
    assert bins([1.0, 0.95], [True, True]) == (Bin(2, 0.975, 1.0),)


def test_without_questions_there_is_no_error_to_tell() -> None:
    assert bins([], []) == ()
    assert calibration_error(()) is None
