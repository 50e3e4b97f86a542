"""Figures by day of Paris, whatever the database."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert

from assistant.store import Database, Store
from assistant.store.statistics import percentile
from assistant.store.tables import conversations, turns

FIRST, AFTER = date(2026, 11, 20), date(2026, 11, 24)


def asked(database: Database, number: int, at: datetime, outcome: str, ms: float, themes: list[str]) -> None:
    said = {"question": "q", "standalone_question": "q", "composer": "extractive", "body": "{}"}
    with database.begin() as connection:
        if number == 0:
            connection.execute(insert(conversations).values(id="s", owner="local", created_at=at, last_at=at))
        turn = {"id": f"t{number}", "session_id": "s", "number": number, "asked_at": at, "outcome": outcome}
        connection.execute(insert(turns).values(**turn, themes=themes, total_ms=ms, **said))


def test_each_day_counts_its_outcomes_times_and_themes(store: Store, database: Database) -> None:
    morning = datetime(2026, 11, 21, 8, tzinfo=UTC)
    for number, (outcome, ms) in enumerate([("answered", 10.0), ("answered", 30.0), ("partial", 20.0)]):
        asked(database, number, morning, outcome, ms, ["eau", "eau", "capital"] if number else ["eau"])
    # Half past midnight in Paris.
    asked(database, 3, datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "abstained", 400.0, [])
    asked(database, 4, datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "answered", 1.0, ["ailleurs"])
    figures = store.statistics.between(FIRST, AFTER)
    assert [day.day.day for day in figures.days] == [20, 21, 22, 23]
    empty, busy, _, last = figures.days
    assert empty.asked == 0 and empty.p95_ms == 0
    assert (busy.answered, busy.partial, busy.abstained, busy.p50_ms, busy.p95_ms) == (2, 1, 0, 20.0, 30.0)
    assert (last.asked, last.abstained) == (1, 1)
    assert figures.themes == (("eau", 3), ("capital", 2))
    assert figures.asked == 4 and figures.share("answered") == 0.5
    assert (figures.p50_ms, figures.p95_ms) == (20.0, 400.0)


def test_a_period_without_a_question_has_its_days_and_no_share(store: Store) -> None:
    figures = store.statistics.between(FIRST, AFTER)
    assert len(figures.days) == 4 and figures.asked == 0 and figures.share("answered") == 0.0 and figures.themes == ()


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([], 0.5, 0.0), ([7.0], 0.95, 7.0), ([1.0, 2.0], 0.5, 1.0), ([float(n) for n in range(1, 101)], 0.95, 95.0)],
)
def test_percentiles(values: list[float], share: float, expected: float) -> None:
    assert percentile(values, share) == expected
