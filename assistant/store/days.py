"""Days and months as people on the phone live them: those of Paris, whatever the zone of the machine."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def day_of(instant: datetime) -> date:
    return instant.astimezone(PARIS).date()


def bounds(first: date, after: date) -> tuple[datetime, datetime]:
    """The instants at which day `first` begins and at which day `after`, which is left out, begins."""
    begin, end = (datetime.combine(day, time(), PARIS).astimezone(UTC) for day in (first, after))
    return begin, end


def day_bounds(day: date) -> tuple[datetime, datetime]:
    return bounds(day, day + timedelta(days=1))


def month_bounds(year: int, month: int) -> tuple[datetime, datetime]:
    return bounds(date(year, month, 1), date(year + month // 12, month % 12 + 1, 1))
