"""Age and kind: which sources are to be read with care, which of two that disagree is the newer, what proves a rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assistant.answer import Answer, Citation, Draft, WarningCode
from assistant.facts import Fact, hard_facts
from indexing import DocumentRecord, terms

_COUNTED = ("number", "share", "amount")
_SAME_SUBJECT = 0.6
"""Share of the words of the shorter of two sentences that they must have in common to speak of one thing."""


def warning(document: DocumentRecord, today: date) -> WarningCode | None:
    """Why a document is to be read with care on a day, None when it is not."""
    facts = document.metadata
    if facts.superseded_by:
        return "superseded"
    if facts.kind == "regle" and facts.review_by and _past(facts.review_by, today):
        return "past_review"
    return None


def _past(review_by: str, today: date) -> bool:
    # « 2027 » holds until its last day.
    return today.isoformat()[: len(review_by)] > review_by


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a draft says that another may contradict; `published` is "" when unknown."""

    text: str
    sources: frozenset[str]
    published: str
    local: bool
    terms: frozenset[str]


def newest_of(
    drafts: Sequence[Draft], documents: Mapping[str, DocumentRecord]
) -> tuple[tuple[Draft, ...], tuple[Draft, ...]]:
    """Drafts without those that a newer document contradicts, and those left out.

    Two sentences of different documents disagree when they share most of their words but count the same thing
    differently. One without a date gives way to one that has it. Stories of two places contradict nobody.
    """
    claims = [_claim(draft, documents) for draft in drafts]
    older = [any(_disagree(claim, other) and claim.published < other.published for other in claims) for claim in claims]
    return (
        tuple(draft for draft, left_out in zip(drafts, older, strict=True) if not left_out),
        tuple(draft for draft, left_out in zip(drafts, older, strict=True) if left_out),
    )


def only_experiences(answer: Answer) -> bool:
    """Whether nothing but local stories proves an answer."""
    return all(_kind(citation) == "experience" for citation in answer.citations)


def _kind(citation: Citation) -> str:
    return citation.document.metadata.kind


def _claim(draft: Draft, documents: Mapping[str, DocumentRecord]) -> _Claim:
    sources = frozenset(quote.passage.document_id for quote in draft.quotes)
    known = [documents[source].metadata for source in sources]
    return _Claim(
        draft.text,
        sources,
        max((facts.published or "" for facts in known), default=""),
        any(facts.kind == "experience" for facts in known),
        frozenset(terms(draft.text)),
    )


def _disagree(one: _Claim, other: _Claim) -> bool:
    if one.local or other.local or one.sources & other.sources:
        return False
    shared = len(one.terms & other.terms)
    if shared < _SAME_SUBJECT * min(len(one.terms), len(other.terms)) or shared < 3:
        return False
    here, there = _counted(one.text), _counted(other.text)
    values = {fact.value for fact in here} & {fact.value for fact in there}
    return any(
        fact.kind == counterpart.kind
        and fact.value != counterpart.value
        and not {fact.value, counterpart.value} & values
        and len(fact.around & counterpart.around) >= 2
        for fact in here
        for counterpart in there
    )


@lru_cache(maxsize=1000)
def _counted(text: str) -> tuple[Fact, ...]:
    return tuple(fact for fact in hard_facts(text) if fact.kind in _COUNTED and fact.around)
