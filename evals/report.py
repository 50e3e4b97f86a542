"""A run as one HTML page that asks nothing of anyone: its figures, its plots, and every answer to read.

The French of the page is given, for floor 4 keeps it. Questions and answers are somebody's words: all are escaped, and
the page's own policy lets no script run and nothing load.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.util import find_spec

from evals import plots
from evals.figures import reliability
from evals.runner import OVERALL, Asked, RunReport

REPORT = "report.html"
NEEDED = ("ir_measures", "matplotlib", "jinja2")
_BARS = 3


class LibrariesMissing(RuntimeError):
    """The libraries that measure and draw are not installed; the message names them."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What the page says: its words by name, its figures' labels by group, the shares drawn by kind (at most three)."""

    words: Mapping[str, str]
    groups: Mapping[str, Mapping[str, str]]
    drawn: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure and its interval as they are written, empty where there is none."""

    value: str = ""
    interval: str = ""


def require_libraries() -> None:
    """Raise LibrariesMissing now rather than after an hour of questions."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise LibrariesMissing(", ".join(missing))


def as_html(report: RunReport, texts: Texts, private: bool = False) -> str:
    """The whole page; of a `private` run its figures and plots only."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(files("evals").joinpath("report.html.jinja").read_text(encoding="utf-8"))
    return template.render(
        say=texts.words,
        parameters=report.parameters,
        overall=report.overall,
        columns=[texts.words["overall"], *report.kinds],
        groups={
            group: {label: list(_row(report, name, texts.words)) for name, label in labels.items()}
            for group, labels in texts.groups.items()
        },
        plots=_plots(report, texts),
        kinds={kind: number for number, kind in enumerate(report.kinds)},
        asked=() if private else report.asked,
        facts_of=_facts,
        number=lambda value: _number(value, texts.words),
    )


def _row(report: RunReport, name: str, words: Mapping[str, str]) -> Iterator[Cell]:
    """One figure, overall and then kind by kind."""
    for column, figures in ((OVERALL, report.overall), *report.kinds.items()):
        value = figures.get(name)
        interval = report.intervals.get(column, {}).get(name)
        yield Cell(
            "" if value is None else _number(value, words),
            "" if value is None or interval is None else f"[{' ; '.join(_number(end, words) for end in interval)}]",
        )


def _number(value: float, words: Mapping[str, str]) -> str:
    written = str(value) if isinstance(value, int) else f"{value:.2f}" if abs(value) <= 1 else f"{value:.0f}"
    return written.replace(".", words["decimal"])


def _plots(report: RunReport, texts: Texts) -> dict[str, str]:
    """The plots that have something to show, by the word that heads them."""
    shares = {
        kind: {
            name: (value, report.intervals[kind][name])
            for name in list(texts.drawn)[:_BARS]
            if (value := figures.get(name)) is not None
        }
        for kind, figures in report.kinds.items()
    }
    found = reliability(report.marks)
    milliseconds = [one.seconds * 1000 for one in report.marks]
    named = {name: report.overall[name] for name in ("ms_p50", "ms_p95")}
    times = {f"{texts.words[name]} : {value:.0f} ms": value for name, value in named.items() if value is not None}
    drawn = {"by_kind": plots.shares_by_kind(shares, texts.drawn, texts.words)}
    if found:
        drawn["reliability"] = plots.reliability_diagram(found, report.parameters["threshold"], texts.words)
    return drawn | {"latency": plots.latency_histogram(milliseconds, times, texts.words)}


def _facts(asked: Asked) -> list[tuple[str, bool]]:
    """Each fact looked for, and whether the answer holds it."""
    return [(" | ".join(fact), held) for fact, held in zip(asked.marks.case.facts, asked.marks.held, strict=False)]
