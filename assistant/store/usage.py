"""How much each key was used: rate and quota hold across threads, processes and machines of one database.

The rate is a sliding window counter, after Cloudflare ("How we built rate limiting capable of scaling to millions of
domains", 2017): the requests of this window, and those of the one before for the part of it that is less than a window
ago. Where two windows meet, at most one request more than the rate passes at once, never twice the rate.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, Delete, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from assistant.store.database import Database
from assistant.store.keys import ApiKey, Rate
from assistant.store.tables import usage

DAYS_REPORTED = 31


@dataclass(frozen=True, slots=True)
class Accepted:
    """The request was counted. What is left is None where the key has no such limit."""

    rate_left: int | None
    quota_left: int | None


@dataclass(frozen=True, slots=True)
class Refused:
    """The request was not counted: it passes in `retry_after` seconds (at least 1), if no other comes before."""

    limit: Literal["rate", "quota"]
    retry_after: int


Verdict = Accepted | Refused


@dataclass(frozen=True, slots=True)
class UsageReport:
    """`days` are the last 31 of UTC, oldest first, those without a request included; `month` is the current one."""

    days: tuple[tuple[date, int], ...]
    month: int
    rate_left: int | None
    quota_left: int | None


@dataclass(frozen=True, slots=True)
class _Counts:
    """Requests of this month, this day, this window of the rate and the one before."""

    month: int
    day: int
    current: int
    previous: int

    def with_one_more(self) -> "_Counts":
        return _Counts(self.month + 1, self.day + 1, self.current + 1, self.previous)


class Usage:
    """The counters of the keys; days and months are those of UTC. Every method raises StoreUnavailable."""

    def __init__(self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._now = now

    def count(self, key: ApiKey) -> Verdict:
        """Count one request of this key, unless it is one too many; refused requests consume nothing."""
        now = self._now()
        with self._database.read() as connection:
            verdict = _verdict(key, _counts(connection, key, now).with_one_more(), now)
        # What is full stays full: whoever insists never waits for the writer, nor makes it wait.
        if isinstance(verdict, Refused):
            return verdict
        with self._database.begin() as connection:
            _add_one(connection, key, now)
            counts = _counts(connection, key, now)
            verdict = _verdict(key, counts, now)
            if isinstance(verdict, Refused):
                connection.rollback()
            elif 1 in (counts.day, counts.current):
                connection.execute(_stale(key, now))
        return verdict

    def report(self, key: ApiKey) -> UsageReport:
        now = self._now()
        today = _midnight(now)
        daily = select(usage.c.begins_at, usage.c.requests).where(usage.c.key_id == key.id, usage.c.period == "day")
        with self._database.read() as connection:
            counts = _counts(connection, key, now)
            by_day = {row.begins_at: row.requests for row in connection.execute(daily)}
        days = [today - timedelta(days=ago) for ago in reversed(range(DAYS_REPORTED))]
        return UsageReport(
            days=tuple((day.date(), by_day.get(day, 0)) for day in days),
            month=counts.month,
            rate_left=_rate_left(key, counts, now),
            quota_left=_quota_left(key, counts),
        )


def _add_one(connection: Connection, key: ApiKey, now: datetime) -> None:
    """One more in each window of now. The widest comes first: its row, locked until the end, makes the requests of a
    key wait for one another.
    """
    windows = [("month", _month(now)), ("day", _midnight(now))]
    if key.rate is not None:
        windows.append((_period(key.rate), _window(key.rate, now)))
    rows = [{"key_id": key.id, "period": period, "begins_at": at, "requests": 1} for period, at in windows]
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    places = [usage.c.key_id, usage.c.period, usage.c.begins_at]
    one_more = {"requests": usage.c.requests + 1}
    connection.execute(insert(usage).on_conflict_do_update(index_elements=places, set_=one_more), rows)


def _counts(connection: Connection, key: ApiKey, now: datetime) -> _Counts:
    month, day = ("month", _month(now)), ("day", _midnight(now))
    current = previous = ("", now)
    if key.rate is not None:
        current = (_period(key.rate), _window(key.rate, now))
        previous = (current[0], current[1] - timedelta(seconds=key.rate.seconds))
    wanted = select(usage.c.period, usage.c.begins_at, usage.c.requests).where(
        usage.c.key_id == key.id,
        or_(
            *((usage.c.period == period) & (usage.c.begins_at == at) for period, at in (month, day, current, previous))
        ),
    )
    found = {(row.period, row.begins_at): row.requests for row in connection.execute(wanted)}
    return _Counts(*(found.get(window, 0) for window in (month, day, current, previous)))


def _stale(key: ApiKey, now: datetime) -> Delete:
    """Drops the windows that nothing reads any more, of one key."""
    old = usage.c.begins_at < _midnight(now) - timedelta(days=DAYS_REPORTED)
    if key.rate is not None:
        passed = usage.c.begins_at < now - timedelta(seconds=2 * key.rate.seconds)
        old = or_(old, (usage.c.period == _period(key.rate)) & passed)
    return delete(usage).where(usage.c.key_id == key.id, old)


def _verdict(key: ApiKey, counts: _Counts, now: datetime) -> Verdict:
    """Whether a request may pass that is already among `counts`."""
    if key.quota is not None and (counts.day if key.quota.period == "day" else counts.month) > key.quota.count:
        end = _midnight(now) + timedelta(days=1) if key.quota.period == "day" else _month(_month(now) + timedelta(31))
        return Refused("quota", math.ceil((end - now).total_seconds()))
    if key.rate is not None and _weighed(key.rate, counts, now) >= key.rate.count + 1:
        return Refused("rate", _wait(key.rate, counts, now))
    return Accepted(_rate_left(key, counts, now), _quota_left(key, counts))


def _weighed(rate: Rate, counts: _Counts, now: datetime) -> float:
    """The requests of the last window that slides, as far as two fixed windows tell."""
    return counts.current + counts.previous * (1 - _elapsed(rate, now) / rate.seconds)


def _wait(rate: Rate, counts: _Counts, now: datetime) -> int:
    """Whole seconds until the last of `current` requests could pass, alone."""
    others, elapsed = counts.current - 1, _elapsed(rate, now)
    if others < rate.count:
        wait = rate.seconds * (1 - (rate.count - others) / counts.previous) - elapsed
    else:
        # In the next window, once enough of this one is behind.
        wait = rate.seconds - elapsed + rate.seconds * (1 - rate.count / others)
    return max(0, math.floor(wait)) + 1


def _rate_left(key: ApiKey, counts: _Counts, now: datetime) -> int | None:
    return None if key.rate is None else max(0, math.ceil(key.rate.count - _weighed(key.rate, counts, now)))


def _quota_left(key: ApiKey, counts: _Counts) -> int | None:
    if key.quota is None:
        return None
    return max(0, key.quota.count - (counts.day if key.quota.period == "day" else counts.month))


def _period(rate: Rate) -> str:
    return f"{rate.seconds}s"


def _window(rate: Rate, now: datetime) -> datetime:
    second = math.floor(now.timestamp())
    return datetime.fromtimestamp(second - second % rate.seconds, UTC)


def _elapsed(rate: Rate, now: datetime) -> float:
    """Seconds since the window began, less than the rate's."""
    return (now - _window(rate, now)).total_seconds()


def _midnight(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _month(now: datetime) -> datetime:
    return _midnight(now).replace(day=1)
