"""Ten failures in a quarter of an hour, and a name has to wait."""

import pytest

from assistant.store.failures import MOST_FAILURES, MOST_NAMES, Failures, LockedOut
from tests.assistant.store.moments import Moments


def test_the_eleventh_try_waits_until_the_first_is_a_quarter_of_an_hour_ago() -> None:
    moments = Moments()
    failures = Failures(moments)
    for _ in range(MOST_FAILURES):
        failures.begin("marie")
        moments.pass_by(minutes=1)
    with pytest.raises(LockedOut) as locked:
        failures.begin("marie")
    assert locked.value.retry_after == 5 * 60
    moments.pass_by(minutes=5)
    failures.begin("marie")
    with pytest.raises(LockedOut):
        failures.begin("marie")


def test_a_locked_name_locks_no_other_and_a_success_clears_it() -> None:
    failures = Failures(Moments())
    for _ in range(MOST_FAILURES):
        failures.begin("marie")
    failures.begin("jean")
    failures.forget("marie")
    failures.begin("marie")


def test_names_made_up_without_end_do_not_fill_the_memory() -> None:
    failures = Failures(Moments())
    for number in range(MOST_NAMES + 100):
        failures.begin(str(number))
    assert len(failures._tries) == MOST_NAMES
