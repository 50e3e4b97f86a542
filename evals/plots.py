"""The one file that knows matplotlib: plots as inline SVG, drawn in the colours of the page that holds them."""

import io
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from evals.reliability import Bin

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

Words = Mapping[str, str]
Share = tuple[float, tuple[float, float]]
# Stand-ins that matplotlib understands, for variables that the page defines in light and in dark.
INK, FAINT, *SERIES = "#010101", "#020202", "#030303", "#040404", "#050505"
_VARIABLES = {INK: "ink", FAINT: "faint", **{colour: f"series-{n}" for n, colour in enumerate(SERIES, start=1)}}
_WIDTH = 7.2
_LABEL = 24
_ROOM = 0.6
_DAYS_WRITTEN = 12


def shares_by_kind(rows: Mapping[str, Mapping[str, Share]], labels: Mapping[str, str], words: Words) -> str:
    """For each kind a bar for each of the shares it has, in the order of `labels` (three at most), and its interval."""
    places = _places(rows, labels)

    def draw(axes: "Axes") -> None:
        for (name, label), colour in zip(labels.items(), SERIES, strict=False):
            mine = {kind: place for (kind, one), place in places.items() if one == name}
            if not mine:
                # A share without bars would show in the legend, in a colour of its own.
                continue
            _bars(axes, [rows[kind][name] for kind in mine], list(mine.values()), colour, label)
        grouped = {kind: [place for (one, _), place in places.items() if one == kind] for kind, _ in places}
        middles = [sum(ones) / len(ones) for ones in grouped.values()]
        axes.set_yticks(middles, [_shortened(kind) for kind in grouped])
        axes.invert_yaxis()
        axes.set(xlim=(0, 1), xlabel=words["share"])
        _write_shares(axes.xaxis, words)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(labels), frameon=False)

    return _svg("kinds", draw, 1.2 + 0.22 * max(places.values(), default=0))


def _places(rows: Mapping[str, Mapping[str, Share]], labels: Mapping[str, str]) -> dict[tuple[str, str], float]:
    """Where each bar stands, from the top: one below the other, with room between two kinds."""
    places: dict[tuple[str, str], float] = {}
    at = 0.0
    for kind, shares in rows.items():
        for name in labels:
            if name in shares:
                places[kind, name] = at
                at += 1
        at += _ROOM
    return places


def _bars(axes: "Axes", shares: Sequence[Share], places: Sequence[float], colour: str, label: str) -> None:
    values = [value for value, _ in shares]
    below = [max(0.0, value - low) for value, (low, _) in shares]
    above = [max(0.0, high - value) for value, (_, high) in shares]
    axes.barh(places, values, height=0.8, color=colour, label=label)
    axes.errorbar(values, places, xerr=[below, above], fmt="none", ecolor=INK, elinewidth=1)


def reliability_diagram(found: Sequence[Bin], threshold: float, words: Words) -> str:
    """Probabilities told against what came true; the area of a dot grows with its questions."""

    def draw(axes: "Axes") -> None:
        most = max((one.count for one in found), default=1)
        axes.plot([0, 1], [0, 1], color=FAINT, linestyle="--", linewidth=1, label=words["perfect"])
        axes.axvline(threshold, color=SERIES[1], linestyle=":", linewidth=1.5, label=words["threshold"])
        axes.plot([one.predicted for one in found], [one.observed for one in found], color=SERIES[0], linewidth=1)
        sizes = [20 + 180 * one.count / most for one in found]
        axes.scatter(
            [one.predicted for one in found],
            [one.observed for one in found],
            s=sizes,
            color=SERIES[0],
            label=words["observed"],
            zorder=3,
        )
        for one, size in zip(found, sizes, strict=True):
            side = -1 if one.observed > 0.5 else 1
            away = (0.0, side * (size**0.5 / 2 + 4))
            where = (one.predicted, one.observed)
            axes.annotate(
                f"{one.count}", where, away, textcoords="offset points", ha="center", va="top" if side < 0 else "bottom"
            )
        _write_shares(axes.xaxis, words)
        _write_shares(axes.yaxis, words)
        axes.set(xlim=(-0.03, 1.03), ylim=(-0.08, 1.08), xlabel=words["predicted"], ylabel=words["came_true"])
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, frameon=False, markerscale=0.5)

    return _svg("reliability", draw, 4.4)


def latency_histogram(milliseconds: Sequence[float], marks: Mapping[str, float], words: Words) -> str:
    """How long the questions took, with the times worth naming (label to milliseconds)."""

    def draw(axes: "Axes") -> None:
        axes.hist(milliseconds, bins=min(40, max(5, len(milliseconds) // 3)), color=SERIES[0])
        for number, (label, value) in enumerate(marks.items(), start=1):
            axes.axvline(value, color=SERIES[number], linestyle=":", linewidth=2, label=label)
        axes.set(xlabel=words["milliseconds"], ylabel=words["questions"])
        axes.set_xlim(left=0)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(marks), frameon=False)

    return _svg("latency", draw, 2.8)


def stacked_by_day(days: Sequence[date], counts: Mapping[str, Sequence[int]], words: Words) -> str:
    """For each day a bar, made of the counts of each label (three at most), the first at the bottom."""

    def draw(axes: "Axes") -> None:
        below = [0] * len(days)
        for (label, values), colour in zip(counts.items(), SERIES, strict=False):
            axes.bar(range(len(days)), values, bottom=below, color=colour, label=label)
            below = [low + value for low, value in zip(below, values, strict=True)]
        _write_days(axes, days)
        _write_whole(axes.yaxis)
        axes.set(ylabel=words["questions"])
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(counts), frameon=False)

    return _svg("days", draw, 3.2)


def lines_by_day(days: Sequence[date], values: Mapping[str, Sequence[float]], words: Words) -> str:
    """A line a label, in milliseconds; days that are not given are not drawn."""

    def draw(axes: "Axes") -> None:
        for (label, ones), colour in zip(values.items(), SERIES, strict=False):
            axes.plot(range(len(days)), ones, color=colour, marker="o", markersize=4, label=label)
        _write_days(axes, days)
        axes.set(ylabel=words["milliseconds"])
        axes.set_ylim(bottom=0)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(values), frameon=False)

    return _svg("times", draw, 2.8)


def counts(values: Mapping[str, int], words: Words) -> str:
    """A bar a label, from the top."""

    def draw(axes: "Axes") -> None:
        axes.barh(range(len(values)), list(values.values()), color=SERIES[0])
        axes.set_yticks(range(len(values)), [_shortened(label) for label in values])
        axes.invert_yaxis()
        _write_whole(axes.xaxis)
        axes.set(xlabel=words["questions"])

    return _svg("counts", draw, 0.9 + 0.28 * len(values))


def _write_whole(axis: "Axis") -> None:
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(integer=True))


def _write_days(axes: "Axes", days: Sequence[date]) -> None:
    """ "22/11" below a few of the days: all of a quarter would not fit."""
    step = max(1, -(-len(days) // _DAYS_WRITTEN))
    shown = range(0, len(days), step)
    axes.set_xticks(shown, [days[number].strftime("%d/%m") for number in shown])


def _shortened(label: str) -> str:
    """A label longer than the plot would leave the bars no room."""
    return label if len(label) <= _LABEL else label[: _LABEL - 1] + "…"


def _write_shares(axis: "Axis", words: Words) -> None:
    axis.set_major_formatter(lambda value, _: f"{value:.1f}".replace(".", words["decimal"]))


def _svg(name: str, draw: Callable[["Axes"], None], height: float) -> str:
    """An <svg> element alone: its ids are told apart by `name`, its texts stay texts, the same drawing is the same."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    style: dict[Any, str | bool] = {
        **dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color"), INK),
        "axes.edgecolor": FAINT,
        "svg.fonttype": "none",
        "svg.hashsalt": name,
        # A dollar in a kind is a dollar, not a formula.
        "text.parse_math": False,
    }
    with rc_context(style):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        draw(axes)
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _inline(drawn.getvalue(), name)


def _inline(svg: str, name: str) -> str:
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{name}-", svg)
    for colour, variable in _VARIABLES.items():
        svg = svg.replace(colour, f"var(--{variable})")
    # The size of the page's column, not of a sheet of paper.
    return re.sub(r' width="[\d.]+pt"| height="[\d.]+pt"', "", svg, count=2)
