"""How much is asked, what became of it, of what and how fast: plots with their tables, and the same to carry away."""

import csv
import io
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from fastapi import Request
from markupsafe import Markup
from starlette.responses import Response

from assistant.store import BAD_REASONS, Reason
from assistant.store.days import day_of
from assistant.store.statistics import DayFigures, Figures
from evals import plots
from ui import messages
from ui.web.edition.pages import page, room, store_of

router = room()
PERIODS = (7, 30, 90)
MOST_THEMES = 12
Period = Literal["7", "30", "90"]
# matplotlib's settings are those of the whole process while it draws.
_DRAWING = threading.Lock()


@router.get("/statistiques")
def statistics(request: Request, jours: Period = "30") -> Response:
    figures, marks = _read(request, int(jours))
    with _DRAWING:
        drawn = {name: Markup(svg) for name, svg in _drawn(figures)} if figures.asked else {}
    return page(
        request,
        "statistics.html",
        figures=figures,
        drawn=drawn,
        rows=[_row(day, marks) for day in reversed(figures.days) if day.asked or marks.get(day.day)],
        themes=figures.themes[:MOST_THEMES],
        period=int(jours),
        periods=PERIODS,
        columns=messages.STATISTICS_COLUMNS,
        bad=sum(count for day in marks.values() for reason, count in day.items() if reason in BAD_REASONS),
        useful=sum(day.get("utile", 0) for day in marks.values()),
    )


@router.get("/statistiques.csv")
def as_csv(request: Request, jours: Period = "90") -> Response:
    """A line a day, in the way a French spreadsheet opens without asking."""
    figures, marks = _read(request, int(jours))
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=";")
    writer.writerow(messages.STATISTICS_COLUMNS)
    writer.writerows([day.day.isoformat(), *_row(day, marks)[1:]] for day in figures.days)
    headers = {"Content-Disposition": 'attachment; filename="statistiques.csv"'}
    return Response("\ufeff" + lines.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _read(request: Request, days: int) -> tuple[Figures, Mapping[date, Mapping[Reason, int]]]:
    store = store_of(request)
    after = day_of(datetime.now(UTC)) + timedelta(days=1)
    first = after - timedelta(days=days)
    return store.statistics.between(first, after), store.feedback.counts(first, after)


def _row(day: DayFigures, marks: Mapping[date, Mapping[Reason, int]]) -> tuple[str, ...]:
    said = marks.get(day.day, {})
    bad = sum(said.get(reason, 0) for reason in BAD_REASONS)
    counts = (day.asked, day.answered, day.partial, day.abstained)
    times = (day.p50_ms, day.p95_ms) if day.asked else ("", "")
    return (
        messages.date(day.day.isoformat()),
        *map(str, counts),
        *(str(round(one)) if isinstance(one, float) else one for one in times),
        str(said.get("utile", 0)),
        str(bad),
    )


def _drawn(figures: Figures) -> Iterator[tuple[str, str]]:
    days = [day.day for day in figures.days]
    words = messages.STATISTICS_WORDS
    outcomes: dict[str, Sequence[int]] = {
        words["answered"]: [day.answered for day in figures.days],
        words["partial"]: [day.partial for day in figures.days],
        words["abstained"]: [day.abstained for day in figures.days],
    }
    yield "outcomes", plots.stacked_by_day(days, outcomes, words)
    # A day without a question took no time: its dot is left out.
    asked = [day for day in figures.days if day.asked]
    times = {words["p50"]: [day.p50_ms for day in asked], words["p95"]: [day.p95_ms for day in asked]}
    yield "times", plots.lines_by_day([day.day for day in asked], times, words)
    if figures.themes:
        yield "themes", plots.counts(dict(figures.themes[:MOST_THEMES]), words)
