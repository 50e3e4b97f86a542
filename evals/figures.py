"""The figures of a run, or of one kind of its questions: shares with their intervals, counts, times."""

import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence

from evals.metrics import Marks
from evals.reliability import Bin, bins, calibration_error
from evals.retrieval import MEASURES

Figures = Mapping[str, float | None]
Intervals = Mapping[str, tuple[float, float]]
Share = Callable[[Marks], float | None]


def _retrieval(name: str) -> Share:
    return lambda one: one.retrieval.get(name)


SHARES: Mapping[str, Share] = {
    "facts": lambda one: one.facts,
    "facts_with_excerpts": lambda one: one.facts_with_excerpts,
    "followup_facts": lambda one: one.facts if len(one.case.turns) > 1 else None,
    "hit": lambda one: one.hit,
    "first": lambda one: one.first,
    "recall": lambda one: one.recall,
    "answered": lambda one: one.answered,
    "abstained": lambda one: one.abstained,
    "abstention_precision": lambda one: float(not one.case.answerable) if _refused(one) else None,
    **{name: _retrieval(name) for name in MEASURES},
}
"""Figures that are the mean of a mark in [0, 1] over the cases it applies to."""


def summarise(marks: Sequence[Marks]) -> dict[str, float | None]:
    """The figures of some cases, by name; None where no case counts."""
    cited = sum(one.cited for one in marks)
    return {
        "n": len(marks),
        **{name: _mean(map(share, marks)) for name, share in SHARES.items()},
        "precision": sum(one.cited_right for one in marks) / cited if cited else None,
        "support": _mean(one.support for one in marks),
        "support_separation": support_separation(marks),
        "calibration_error": calibration_error(reliability(marks)),
        "must_not": sum(one.violated for one in marks),
        "uncited": sum(one.uncited for one in marks),
        "hard_facts": sum(len(one.unproven) for one in marks),
        "characters_p50": percentile([one.characters for one in marks], 50),
        "ms_p50": _milliseconds(marks, 50),
        "ms_p95": _milliseconds(marks, 95),
    }


def by_kind(marks: Sequence[Marks]) -> dict[str, list[Marks]]:
    """The cases of each kind, in order of first use."""
    kinds = dict.fromkeys(one.case.kind for one in marks)
    return {kind: [one for one in marks if one.case.kind == kind] for kind in kinds}


def intervals(marks: Sequence[Marks]) -> dict[str, tuple[float, float]]:
    """95 % intervals of the shares; wider than needed for those whose marks are not all 0 or 1."""
    counted = {name: [value for one in marks if (value := share(one)) is not None] for name, share in SHARES.items()}
    found = {name: wilson(statistics.fmean(values), len(values)) for name, values in counted.items() if values}
    cited = sum(one.cited for one in marks)
    return {**found, "precision": wilson(sum(one.cited_right for one in marks) / cited, cited)} if cited else found


def reliability(marks: Sequence[Marks]) -> tuple[Bin, ...]:
    """The probability of an answer against whether the question has one."""
    told = [(one.probability, one.case.answerable) for one in marks if one.probability is not None]
    return bins([probability for probability, _ in told], [answerable for _, answerable in told])


def support_separation(marks: Sequence[Marks]) -> float | None:
    """How often an answer that holds every fact has more support than one that does not, in [0, 1]; ties count half."""
    right = [one.support for one in marks if one.support is not None and one.facts == 1.0]
    wrong = [one.support for one in marks if one.support is not None and one.facts != 1.0]
    pairs = [(one > other) + (one == other) / 2 for one in right for other in wrong]
    return statistics.fmean(pairs) if pairs else None


def percentile(values: Sequence[float], rank: float) -> float | None:
    """Nearest-rank percentile; None without values."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(rank / 100 * len(ordered)) - 1)] if ordered else None


def wilson(share: float, count: int) -> tuple[float, float]:
    """The 95 % interval of a share of `count` trials (Wilson 1927)."""
    if not count:
        return 0.0, 1.0
    z = 1.96
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return max(0.0, centre - half), min(1.0, centre + half)


def _refused(one: Marks) -> bool:
    return one.abstained == 1.0 or one.answered == 0.0


def _mean(values: Iterable[float | None]) -> float | None:
    held = [value for value in values if value is not None]
    return statistics.fmean(held) if held else None


def _milliseconds(marks: Sequence[Marks], rank: float) -> float | None:
    value = percentile([one.seconds for one in marks], rank)
    return None if value is None else round(value * 1000, 1)
