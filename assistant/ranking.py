"""Ranking the units of a question: a linear model over their features, then what their passage and document add."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.definition import Meanings, defines
from assistant.evidence import FEATURES, Candidate
from assistant.question import Word

AGREEMENT = 2.0
"""Temperature of the agreement between units: the higher, the more their number counts beside the best of them."""

HEAD_START = 12.0
"""How far ahead a sentence that defines what is to be defined is put, in units of the ranking."""
OPENING = 1
"""Passages of a document that open it, counted from 0: its title may be one of its own."""
FARTHER_ON = 0.75


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


def defining_first(ranked: Sequence[Scored], thing: Sequence[Word]) -> tuple[list[Scored], float]:
    """The units that define a thing ahead of the others, and how far the first of all does, in [0, 1].

    Those that open a document come before those farther on: a document opens on what it is about.
    """
    meanings = [[meant for meant, _ in word.meanings] for word in thing]
    shares = [_defining(one.candidate, meanings) for one in ranked]
    ahead = [Scored(one.candidate, one.score + HEAD_START * share) for one, share in zip(ranked, shares, strict=True)]
    order = sorted(range(len(ahead)), key=lambda at: -ahead[at].score)
    return [ahead[at] for at in order], shares[order[0]] if order else 0.0


def _defining(candidate: Candidate, thing: Sequence[Meanings]) -> float:
    share = defines(candidate.text, thing)
    return share if candidate.passage.position <= OPENING else share * FARTHER_ON


def _agreement(scored: Sequence[Scored], key: Callable[[Scored], str]) -> dict[str, float]:
    """The smooth maximum (log-sum-exp) of the scores of each group's units."""
    groups: dict[str, float] = {}
    for one in scored:
        groups[key(one)] = float(np.logaddexp(groups.get(key(one), -np.inf), one.score / AGREEMENT))
    return {name: AGREEMENT * value for name, value in groups.items()}
