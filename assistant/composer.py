"""Composing without a language model: the unit that answers first, then what completes it, each with its citation.

Extractive in the sense of summarisation by sentence selection with a redundancy penalty (maximal marginal relevance,
Carbonell and Goldstein 1998): nothing is said that is not copied, so nothing can be invented.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answer import Draft, Quote
from assistant.evidence import FEATURES, Candidate
from assistant.facts import hard_facts
from assistant.french import patterns
from assistant.question import Query
from assistant.ranking import Scored
from indexing import Passage, fold, terms

MAX_CHARACTERS = 800
OF_A_VALUE = 0.5
"""Share of the usual length where one value is asked and the first unit gives it: the rest is context."""
MAX_LIST = 900
MAX_UNITS = 8
MAX_PASSAGES = 7
MAX_OF_THE_FIRST = 2
MAX_OF_ANOTHER = 2
SHORT_PASSAGE = 450
"""A passage this short (a slide, a small list) is said whole: its lines explain one another."""
NEAR = 3.0
"""How far below the best unit's score, in units of the ranking, another unit still completes it."""
NEAR_ELSEWHERE = 10.0
NEAR_IN_ANOTHER_DOCUMENT = 7.0
MIN_TERMS = 3
MAX_LABEL = 60
ALONE = 90
"""From this many characters on, a sentence is understood without the heading over it."""
_SAME = 0.6
_END = re.compile(r"[.!?…:]\s*[»”\")\]]*$")


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence to say: its text, and the spans of one passage it is copied from."""

    text: str
    passage: Passage
    spans: tuple[tuple[int, int], ...]
    score: float
    item: bool = False

    def draft(self) -> Draft:
        return Draft(self.text, tuple(Quote(self.passage, start, end) for start, end in self.spans), self.item)


def compose(query: Query, ranked: Sequence[Scored], room: float = 1.0) -> tuple[Draft, ...]:
    """Propose the sentences of an answer, in reading order; `ranked` is not empty.

    `room` in (0, 1] is the share of the usual length to fill, where the question is one of several.
    """
    said: list[_Said] = []
    if query.expects is not None and _gives(ranked[0], "value_given"):
        room *= OF_A_VALUE
    for scored in _chosen(ranked, room):
        said += _say_more(query, scored, ranked, said) if said else _say_first(query, scored, ranked)
    return tuple(one.draft() for one in _in_order(_lists_together(_without_repeats(said))))


def _gives(scored: Scored, feature: str) -> bool:
    return bool(scored.candidate.features[FEATURES.index(feature)])


def _chosen(ranked: Sequence[Scored], room: float) -> Iterator[Scored]:
    """The unit that answers, then those that complete it: near in score, new in words, of few passages."""
    first = ranked[0]
    yield first
    taken = [first]
    length = len(first.candidate.text)
    passages = [first.candidate.passage.id]
    vocabulary = [set(terms(first.candidate.text))]
    for scored in ranked[1:]:
        candidate = scored.candidate
        if len(taken) >= MAX_UNITS or length > room * MAX_CHARACTERS:
            return
        if candidate.unit.kind == "heading" or candidate.text.rstrip().endswith("?") or _says_little(candidate):
            continue
        same_passage = candidate.passage.id in passages
        same_document = candidate.passage.document_id == first.candidate.passage.document_id
        reach = NEAR if same_passage else NEAR_ELSEWHERE if same_document else NEAR_IN_ANOTHER_DOCUMENT
        if first.score - scored.score > reach or (not same_passage and len(passages) >= MAX_PASSAGES):
            continue
        words = set(terms(candidate.text))
        if any(len(words & known) > _SAME * min(len(words), len(known)) for known in vocabulary if words):
            continue
        if length + len(candidate.text) > 1.2 * room * MAX_CHARACTERS:
            continue
        most = MAX_OF_THE_FIRST if candidate.passage.id == first.candidate.passage.id else MAX_OF_ANOTHER
        if sum(one.candidate.passage.id == candidate.passage.id for one in taken) >= most:
            continue
        taken.append(scored)
        length += len(candidate.text)
        vocabulary.append(words)
        if not same_passage:
            passages.append(candidate.passage.id)
        yield scored


def _says_little(candidate: Candidate) -> bool:
    """Whether a unit is too bare to complete an answer: a label, a credit, a line of a cover."""
    return len(terms(candidate.text)) < MIN_TERMS


def _say_first(query: Query, scored: Scored, ranked: Sequence[Scored]) -> list[_Said]:
    """The sentences of the straight answer: the unit itself, its whole list, or its whole short passage."""
    candidate = scored.candidate
    passage, unit = candidate.passage, candidate.unit
    body = [index for index, other in enumerate(passage.units) if other.kind != "heading"]
    length = sum(passage.units[index].end - passage.units[index].start for index in body)
    if length <= SHORT_PASSAGE and body:
        if candidate.index in body and all(passage.units[index].kind == "sentence" for index in body):
            body = [candidate.index, *(index for index in body if index != candidate.index)]
        return _block(passage, body, scored.score)
    members = _list_of(passage, candidate.index)
    if len(members) >= 2 and _wants_list(query, passage, members, candidate, ranked):
        return _block(passage, _fitting(passage, members), scored.score)
    if unit.kind == "heading":
        following = [index for index in body if index > candidate.index]
        introduced = _fitting(passage, _list_of(passage, following[0])) if following else []
        shown = [*following[:1], *introduced] if introduced else following[:2]
        return _block(passage, shown, scored.score) if shown else [_one(passage, candidate.index, scored)]
    return [_one(passage, candidate.index, scored)]


def _say_more(query: Query, scored: Scored, ranked: Sequence[Scored], said: Sequence[_Said]) -> list[_Said]:
    """The sentences of what completes the answer: the unit alone, or its list where a list is asked for."""
    candidate = scored.candidate
    members = _list_of(candidate.passage, candidate.index)
    if len(members) >= 2 and _wants_list(query, candidate.passage, members, candidate, ranked):
        return _block(candidate.passage, _fitting(candidate.passage, members), scored.score)
    unit, passage = candidate.unit, candidate.passage
    if unit.lead and any(one.passage is passage and unit.lead in one.spans for one in said):
        # Its lead-in was said with another item.
        text = _sentence(candidate.text, False)
        return [_Said(text, passage, ((unit.start, unit.end),), scored.score)]
    return [_one(passage, candidate.index, scored)]


def _list_of(passage: Passage, index: int) -> list[int]:
    """The items of the list a unit stands in or introduces, in reading order; empty when there is none."""
    unit = passage.units[index]
    lead = unit.lead if unit.kind in ("item", "row") else (unit.start, unit.end)
    if lead is None:
        return []
    return [
        number
        for number, other in enumerate(passage.units)
        if other.kind in ("item", "row")
        and other.lead is not None
        and other.lead[0] <= lead[0]
        and lead[1] <= other.lead[1]
    ]


def _fitting(passage: Passage, members: Sequence[int]) -> list[int]:
    """The first items of a list that are not too long to say together; the passage that opens holds the others."""
    fitting: list[int] = []
    length = 0
    for index in members:
        length += passage.units[index].end - passage.units[index].start
        if fitting and length > MAX_LIST:
            break
        fitting.append(index)
    return fitting


def _wants_list(
    query: Query, passage: Passage, members: Sequence[int], candidate: Candidate, ranked: Sequence[Scored]
) -> bool:
    """Whether the whole list answers: it is asked for, its lead-in is what was found, or several items came near.

    A list whose lead-in counts it (« deux autorités ») is said whole too: one of two named alone would mislead.
    """
    if query.form in ("list", "howto") or candidate.index not in members:
        return True
    if query.form in ("figure", "date"):
        return False
    lead = candidate.unit.lead
    if lead and _counts(passage.text[lead[0] : lead[1]], len(members)):
        return True
    near = [
        one
        for one in ranked[:12]
        if one.candidate.passage.id == passage.id
        and one.candidate.index in members
        and ranked[0].score - one.score < NEAR
    ]
    return len(near) >= 2


def _counts(lead: str, members: int) -> bool:
    return any(fact.kind == "number" and fact.value == str(members) for fact in hard_facts(lead))


def _block(passage: Passage, indices: Sequence[int], score: float) -> list[_Said]:
    """A run of units said as they stand: what introduces them once, then each."""
    said: list[_Said] = []
    introduced: set[tuple[int, int]] = set()
    spoken = {(passage.units[index].start, passage.units[index].end) for index in indices}
    for index in indices:
        unit = passage.units[index]
        heading = passage.heading_of(index)
        under = (heading.start, heading.end) if heading else None
        short = bool(unit.lead) or unit.end - unit.start < ALONE
        label = under if under and _labels(passage, under) and (short or _doubts(passage, under)) else None
        for span in (label, unit.lead):
            if span and span not in introduced and not _inside(span, spoken):
                introduced.add(span)
                said.append(_Said(_introduction(passage, span), passage, (span,), score))
        text = passage.text[unit.start : unit.end]
        item = unit.kind in ("item", "row")
        said.append(_Said(_sentence(text, item), passage, ((unit.start, unit.end),), score, item))
    return said


def _labels(passage: Passage, heading: tuple[int, int]) -> bool:
    """Whether a heading can stand before a sentence as its label: short, and not a question."""
    text = passage.text[heading[0] : heading[1]].strip()
    return len(text) < MAX_LABEL and not text.endswith("?") and not patterns("labels")["empty"].search(fold(text))


def _doubts(passage: Passage, heading: tuple[int, int]) -> bool:
    """Whether a heading tells that what stands under it is not sure: it is always said."""
    return bool(patterns("labels")["doubt"].search(fold(passage.text[heading[0] : heading[1]].strip())))


def _inside(lead: tuple[int, int], spoken: set[tuple[int, int]]) -> bool:
    """Whether a lead-in is said already: as part of a unit, or by the last of the sentences it is made of."""
    return any((start <= lead[0] or lead[1] == end) and lead[1] <= end for start, end in spoken)


def _one(passage: Passage, index: int, scored: Scored) -> _Said:
    """One unit as a sentence; an item that says little alone keeps its lead-in before it."""
    unit = passage.units[index]
    text = passage.text[unit.start : unit.end]
    heading = passage.heading_of(index)
    under = (heading.start, heading.end) if heading else None
    if unit.lead and unit.lead != under:
        openings = [under, unit.lead] if under and _doubts(passage, under) else [unit.lead]
        whole = " ".join(_introduction(passage, span) for span in openings)
        whole = f"{whole} {_sentence(text, False, capital=False)}"
        return _Said(whole, passage, (*openings, (unit.start, unit.end)), scored.score)
    if under and _labels(passage, under) and (len(text) < ALONE or _doubts(passage, under)):
        whole = f"{_introduction(passage, under)} {_sentence(text, False)}"
        return _Said(whole, passage, (under, (unit.start, unit.end)), scored.score)
    return _Said(_sentence(text, False), passage, ((unit.start, unit.end),), scored.score)


def _without_repeats(said: Sequence[_Said]) -> list[_Said]:
    """Drop what was said already, in the same words or as part of a block of the same passage."""
    kept: list[_Said] = []
    for one in said:
        known = {other.text for other in kept}
        spans = {span for other in kept if other.passage.id == one.passage.id for span in other.spans}
        start, end = one.spans[-1]
        # A lead-in of two sentences begins with one that was said and ends with another.
        said_before = start in {first for first, _ in spans} and end in {last for _, last in spans}
        if one.text not in known and not said_before:
            kept.append(one)
    return kept


def _lists_together(said: Sequence[_Said]) -> list[_Said]:
    """Items of one list that were chosen one by one: its lead-in once, then the items in reading order.

    An item before its lead-in would seem to belong to what precedes it.
    """
    together: list[_Said] = []
    done: set[tuple[str, tuple[int, int]]] = set()
    for one in said:
        lead = _lead_of(one)
        if lead is None:
            together.append(one)
            continue
        key = (one.passage.id, lead)
        mates = [other for other in said if other.passage.id == one.passage.id and _lead_of(other) == lead]
        if len(mates) < 2 or not any(lead in mate.spans for mate in mates):
            together.append(one)
        elif key not in done:
            done.add(key)
            spans = {mate.spans[-1] for mate in mates}
            units = [n for n, unit in enumerate(one.passage.units) if (unit.start, unit.end) in spans]
            together += _block(one.passage, units, one.score)
    return together


def _lead_of(said: _Said) -> tuple[int, int] | None:
    """The lead-in of the list in which what is said stands last."""
    return next((unit.lead for unit in said.passage.units if (unit.start, unit.end) == said.spans[-1]), None)


def _in_order(said: Sequence[_Said]) -> list[_Said]:
    """What answers first stays first; what completes it follows, passage by passage, each in reading order."""
    order = {passage_id: rank for rank, passage_id in enumerate(dict.fromkeys(one.passage.id for one in said))}
    first = [one for one in said if one.score == said[0].score and one.passage is said[0].passage]
    rest = [one for one in said if one not in first]
    return first + sorted(rest, key=lambda one: (order[one.passage.id], one.spans[-1][0]))


def _introduction(passage: Passage, span: tuple[int, int]) -> str:
    return f"{_capital(passage.text[span[0] : span[1]].rstrip(' :.;,'))} :"


def _sentence(text: str, item: bool, capital: bool = True) -> str:
    """A unit as it is said: outer marks mended, no word changed."""
    text = text.strip().rstrip(" ;,")
    if capital and not item:
        text = _capital(text)
    return text if item or _END.search(text) else f"{text}."


def _capital(text: str) -> str:
    # « ôkhra » begins with a small letter by choice, and so may any word that stands first in its title.
    first = text.split(" ", 1)[0]
    if not (text[:1].islower() and text[:1].isascii()) or "@" in first or "." in first[:-1]:
        return text
    return text[:1].upper() + text[1:]
