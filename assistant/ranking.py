"""Ranking the units of a question: a linear model over their features, then what their passage and document add."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.evidence import FEATURES, Candidate

AGREEMENT = 2.0
"""Temperature of the agreement between units: the higher, the more their number counts beside the best of them."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its score: the higher, the likelier it answers."""

    candidate: Candidate
    score: float


def score(candidates: Sequence[Candidate], weights: Mapping[str, float]) -> list[Scored]:
    """Score candidates by a linear model over their features, then by what speaks for their passage and document.

    One unit may match by chance; several units of one passage, or of one document, seldom do. Best first.
    """
    factors = [weights[name] for name in FEATURES]
    scored = [
        Scored(candidate, sum(factor * value for factor, value in zip(factors, candidate.features, strict=True)))
        for candidate in candidates
    ]
    scored = sorted(scored, key=lambda one: -one.score)
    passages = _agreement(scored, lambda one: one.candidate.passage.id)
    documents = _agreement(scored, lambda one: one.candidate.passage.document_id)
    agreed = [
        Scored(
            one.candidate, one.score + passages[one.candidate.passage.id] + documents[one.candidate.passage.document_id]
        )
        for one in scored
    ]
    return sorted(agreed, key=lambda one: -one.score)


def _agreement(scored: Sequence[Scored], key: Callable[[Scored], str]) -> dict[str, float]:
    """The smooth maximum (log-sum-exp) of the scores of each group's units."""
    groups: dict[str, float] = {}
    for one in scored:
        groups[key(one)] = float(np.logaddexp(groups.get(key(one), -np.inf), one.score / AGREEMENT))
    return {name: AGREEMENT * value for name, value in groups.items()}
