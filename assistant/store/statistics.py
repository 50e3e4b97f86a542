"""What was asked, day by day: how much, with which outcome, of what and how fast."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from assistant.store.database import Database
from assistant.store.days import bounds, day_of
from assistant.store.tables import turns

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class DayFigures:
    """A day of Paris: questions by outcome, and the median and 95th percentile of their times (0 without any)."""

    day: date
    answered: int = 0
    partial: int = 0
    abstained: int = 0
    p50_ms: float = 0.0
    p95_ms: float = 0.0

    @property
    def asked(self) -> int:
        return self.answered + self.partial + self.abstained


@dataclass(frozen=True, slots=True)
class Figures:
    """Every day of a period, oldest first; its themes with how many questions had each, the most asked first."""

    days: tuple[DayFigures, ...]
    themes: tuple[tuple[str, int], ...]
    p50_ms: float
    p95_ms: float

    @property
    def asked(self) -> int:
        return sum(day.asked for day in self.days)

    def share(self, outcome: str) -> float:
        """How much of what was asked had this outcome, in [0, 1]."""
        return sum(getattr(day, outcome) for day in self.days) / self.asked if self.asked else 0.0


class Statistics:
    """Counts over the stored turns: what was purged no longer counts. Raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def between(self, first: date, after: date) -> Figures:
        """From day `first` to the eve of day `after`."""
        begin, end = bounds(first, after)
        wanted = select(turns.c.asked_at, turns.c.outcome, turns.c.total_ms, turns.c.themes).where(
            turns.c.asked_at >= begin, turns.c.asked_at < end
        )
        outcomes: dict[date, Counter[str]] = {}
        times: dict[date, list[float]] = {}
        themes: Counter[str] = Counter()
        with self._database.read() as connection:
            for row in connection.execution_options(yield_per=AT_ONCE).execute(wanted):
                day = day_of(row.asked_at)
                outcomes.setdefault(day, Counter())[row.outcome] += 1
                times.setdefault(day, []).append(row.total_ms)
                themes.update(set(row.themes))
        every = [first + timedelta(days=number) for number in range((after - first).days)]
        taken = [one for day in times.values() for one in day]
        return Figures(
            tuple(_figures(day, outcomes.get(day, Counter()), times.get(day, [])) for day in every),
            tuple(sorted(themes.items(), key=lambda one: (-one[1], one[0]))),
            percentile(taken, 0.5),
            percentile(taken, 0.95),
        )


def _figures(day: date, counted: Counter[str], times: Sequence[float]) -> DayFigures:
    return DayFigures(
        day,
        counted["answered"],
        counted["partial"],
        counted["abstained"],
        percentile(times, 0.5),
        percentile(times, 0.95),
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of them do not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 100) // 100) - 1)] if ordered else 0.0
