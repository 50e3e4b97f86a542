"""What is counted: facts found, documents cited, answers given and refused."""

import math
import re
import statistics
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from evals.cases import Case

_MARKER = re.compile(r"\[\d{1,2}\]")
_CHARACTERS = str.maketrans(
    {"’": "'", "‘": "'", "œ": "oe", "Œ": "OE", "æ": "ae", "–": "-", "—": "-", "‑": "-", "‐": "-", "−": "-"}
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came back for a case: the answer's text, the sources cited in order with their excerpts, and the time."""

    answer: str
    abstained: bool
    cited: tuple[tuple[str, str], ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one case; None where a mark does not apply (facts of a question no document answers)."""

    case: Case
    facts: float | None
    facts_with_excerpts: float | None
    hit: float | None
    first: float | None
    cited_right: int
    cited: int
    answered: float | None
    abstained: float | None
    violated: bool
    uncited: bool
    characters: int
    seconds: float


def flatten(text: str) -> str:
    """Drop the differences that do not count: accents, quotes, dashes, spaces, markers; case is for the patterns."""
    text = _MARKER.sub(" ", text.replace("*", "").replace("`", ""))
    text = unicodedata.normalize("NFKC", text).translate(_CHARACTERS)
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", text).strip()


@lru_cache(maxsize=10_000)
def _pattern(pattern: str) -> re.Pattern[str]:
    pattern = unicodedata.normalize("NFD", pattern.translate(_CHARACTERS))
    return re.compile("".join(c for c in pattern if not unicodedata.combining(c)), re.I)


def facts_found(case: Case, text: str) -> float:
    """Share of the case's facts the text holds, in [0, 1]."""
    flat = flatten(text)
    return statistics.fmean(any(_pattern(p).search(flat) for p in fact) for fact in case.facts) if case.facts else 0.0


def mark(case: Case, outcome: Outcome) -> Marks:
    """Mark one outcome."""
    right = [source.startswith(case.expected_docs) for source, _ in outcome.cited]
    excerpts = "\n".join(excerpt for _, excerpt in outcome.cited)
    violated = any(_pattern(pattern).search(flatten(outcome.answer)) for pattern in case.must_not)
    yes = case.answerable
    said = not outcome.abstained
    return Marks(
        case=case,
        facts=facts_found(case, outcome.answer) if yes and case.facts else None,
        facts_with_excerpts=facts_found(case, f"{outcome.answer}\n{excerpts}") if yes and case.facts else None,
        hit=float(any(right)) if yes else None,
        first=float(bool(right and right[0])) if yes else None,
        cited_right=sum(right) if yes else 0,
        cited=len(right) if yes else 0,
        answered=float(said) if yes else None,
        abstained=None if yes else float(outcome.abstained),
        violated=violated,
        uncited=said and not outcome.cited,
        characters=len(outcome.answer),
        seconds=outcome.seconds,
    )


def summarise(marks: Sequence[Marks]) -> dict[str, float | None]:
    """The figures of a run, or of one kind of its questions."""
    cited = sum(one.cited for one in marks)
    return {
        "n": len(marks),
        "facts": _mean(one.facts for one in marks),
        "facts_with_excerpts": _mean(one.facts_with_excerpts for one in marks),
        "hit": _mean(one.hit for one in marks),
        "first": _mean(one.first for one in marks),
        "precision": sum(one.cited_right for one in marks) / cited if cited else None,
        "answered": _mean(one.answered for one in marks),
        "abstained": _mean(one.abstained for one in marks),
        "must_not": sum(one.violated for one in marks),
        "uncited": sum(one.uncited for one in marks),
        "characters_p50": percentile([one.characters for one in marks], 50),
        "ms_p50": _milliseconds(marks, 50),
        "ms_p95": _milliseconds(marks, 95),
    }


def by_kind(marks: Sequence[Marks]) -> Mapping[str, dict[str, float | None]]:
    """The same figures, one row a kind in order of first use."""
    kinds = dict.fromkeys(one.case.kind for one in marks)
    return {kind: summarise([one for one in marks if one.case.kind == kind]) for kind in kinds}


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


def _mean(values: Iterable[float | None]) -> float | None:
    held = [value for value in values if value is not None]
    return statistics.fmean(held) if held else None


def _milliseconds(marks: Sequence[Marks], rank: float) -> float | None:
    value = percentile([one.seconds for one in marks], rank)
    return None if value is None else round(value * 1000, 1)
