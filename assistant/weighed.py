"""A question with its evidence weighed, and what is taken out of that evidence before anything is composed from it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from assistant import freshness
from assistant.answer import Draft, Quote
from assistant.applicability import Asker, excludes
from assistant.question import Query
from assistant.ranking import Scored
from indexing import DocumentRecord, Hit, Snapshot

NEAREST = 3
CONTRADICTED = 24
"""Units near enough to be said that are held against one another."""
AHEAD = 4.0
"""How far ahead, in units of the ranking, a document that excludes the asker must be to be what is asked about."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A question read and its evidence weighed; `probability` in [0, 1] is that of the evidence answering it."""

    query: Query
    hits: tuple[Hit, ...]
    ranked: tuple[Scored, ...]
    signals: dict[str, float]
    probability: float


def for_asker(weighed: Weighed, asker: Asker, snapshot: Snapshot) -> Weighed:
    """The evidence without what does not hold for who asks, unless the question is about that very thing."""
    if not asker:
        return weighed
    allowed = tuple(
        scored
        for scored in weighed.ranked
        if not excludes(snapshot.documents[scored.candidate.passage.document_id].metadata.applies_to, asker)
    )
    if not allowed or weighed.ranked[0].score - allowed[0].score > AHEAD:
        return weighed
    return replace(weighed, ranked=allowed)


def newest(weighed: Weighed, documents: Mapping[str, DocumentRecord]) -> tuple[Weighed, tuple[Draft, ...]]:
    """The evidence without the units that a newer one contradicts, and those units as drafts.

    Before composing: of two sentences in nearly the same words the composer says only the one that ranks first.
    """
    near = weighed.ranked[:CONTRADICTED]
    drafts = [
        Draft(c.text, (Quote(c.passage, c.unit.start, c.unit.end),)) for c in (scored.candidate for scored in near)
    ]
    _, older = freshness.newest_of(drafts, documents)
    if not older:
        return weighed, ()
    kept = tuple(scored for scored, draft in zip(near, drafts, strict=True) if draft not in older)
    return replace(weighed, ranked=(*kept, *weighed.ranked[CONTRADICTED:])), older


def nearest(weighed: Weighed) -> tuple[Hit, ...]:
    """The passages nearest to what was asked, in the order their units were ranked."""
    by_id = {hit.passage.id: hit for hit in weighed.hits}
    order = dict.fromkeys(scored.candidate.passage.id for scored in weighed.ranked)
    return tuple(by_id[passage_id] for passage_id in order if passage_id in by_id)[:NEAREST]
