"""Days are those of Paris, in winter, in summer and on the nights the hour changes."""

from datetime import UTC, date, datetime

from assistant.store.days import day_bounds, day_of, month_bounds


def test_a_call_just_after_midnight_in_paris_is_of_the_new_day() -> None:
    assert day_of(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == date(2026, 7, 2)
    assert day_of(datetime(2026, 12, 1, 22, 30, tzinfo=UTC)) == date(2026, 12, 1)


def test_the_day_the_hour_changes_has_its_own_length() -> None:
    begin, end = day_bounds(date(2026, 10, 25))
    assert (begin, end) == (datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC))


def test_december_ends_with_the_year() -> None:
    assert month_bounds(2026, 12) == (datetime(2026, 11, 30, 23, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC))
