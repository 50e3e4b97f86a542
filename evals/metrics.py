"""What is marked in one answer: facts found, documents found and cited, what no source proves."""

import re
import statistics
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from evals.cases import Case
from evals.outcome import Outcome
from evals.retrieval import ranking_marks

_MARKER = re.compile(r"\[\d{1,2}\]")
_CHARACTERS = str.maketrans(
    {"’": "'", "‘": "'", "œ": "oe", "Œ": "OE", "æ": "ae", "–": "-", "—": "-", "‑": "-", "‐": "-", "−": "-"}
)


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one case; None where a mark does not apply (facts of a question no document answers).

    `recall` is the share of the expected documents that are cited, `held` says which facts the answer holds,
    `support` is the mean over its sentences, `unproven` its hard facts that no passage it cites holds.
    """

    case: Case
    facts: float | None
    facts_with_excerpts: float | None
    hit: float | None
    first: float | None
    recall: float | None
    cited_right: int
    cited: int
    answered: float | None
    abstained: float | None
    violated: bool
    uncited: bool
    characters: int
    seconds: float
    held: tuple[bool, ...]
    retrieval: Mapping[str, float]
    support: float | None
    unproven: tuple[str, ...]
    probability: float | None

    @property
    def failed(self) -> bool:
        """Something a reader should look at: refused or answered wrongly, a fact missing, an invention."""
        complete = self.facts in (None, 1.0) and self.first != 0.0 and self.answered != 0.0 and self.abstained != 0.0
        return not complete or self.violated or self.uncited or bool(self.unproven)


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


def facts_held(case: Case, text: str) -> tuple[bool, ...]:
    """Which of the case's facts the text holds, in their order."""
    flat = flatten(text)
    return tuple(any(_pattern(p).search(flat) for p in fact) for fact in case.facts)


def facts_found(case: Case, text: str) -> float:
    """Share of the case's facts the text holds, in [0, 1]."""
    return statistics.fmean(facts_held(case, text)) if case.facts else 0.0


def mark(case: Case, outcome: Outcome) -> Marks:
    """Mark one outcome."""
    sources = [one.source for one in outcome.cited]
    right = [source.startswith(case.expected_docs) for source in sources]
    excerpts = "\n".join(one.excerpt for one in outcome.cited)
    violated = any(_pattern(pattern).search(flatten(outcome.answer)) for pattern in case.must_not)
    yes = case.answerable
    said = not outcome.abstained
    return Marks(
        case=case,
        facts=facts_found(case, outcome.answer) if yes and case.facts else None,
        facts_with_excerpts=facts_found(case, f"{outcome.answer}\n{excerpts}") if yes and case.facts else None,
        hit=float(any(right)) if yes else None,
        first=float(bool(right and right[0])) if yes else None,
        recall=_recall(case, sources) if yes else None,
        cited_right=sum(right) if yes else 0,
        cited=len(right) if yes else 0,
        answered=float(said) if yes else None,
        abstained=None if yes else float(outcome.abstained),
        violated=violated,
        uncited=said and not outcome.cited,
        characters=len(outcome.answer),
        seconds=outcome.seconds,
        held=facts_held(case, outcome.answer) if yes else (),
        retrieval=ranking_marks(case.expected_docs, outcome.found) if yes and case.expected_docs else {},
        support=statistics.fmean(one.support for one in outcome.said) if outcome.said else None,
        unproven=tuple(fact for one in outcome.said for fact in one.unproven),
        probability=outcome.probability,
    )


def _recall(case: Case, sources: Sequence[str]) -> float | None:
    if not case.expected_docs:
        return None
    return statistics.fmean(any(source.startswith(one) for source in sources) for one in case.expected_docs)
