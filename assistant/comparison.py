"""Comparing: the same questions asked of each thing compared, one unit of the documents for each cell, or none.

The criteria are fixed, so that two comparisons read alike and what the documents do not say stays an empty cell.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.answer import Draft, Quote
from assistant.compared import Compared, in_order, name_words, opens, unattributed
from assistant.evidence import Candidate
from assistant.french import patterns, words_of
from assistant.grounding import Columns
from assistant.ranking import Scored
from indexing import DocumentRecord, fold, terms

Criterion = Literal[
    "definition", "members", "governance", "public_place", "money", "procurement", "when", "audience", "cost", "asking"
]
Place = tuple[str, int]
"""Of a unit: its passage, and its number there."""
OF_STATUSES: tuple[Criterion, ...] = (
    "definition", "members", "governance", "public_place", "money", "procurement", "when"
)  # fmt: skip
OF_OTHERS: tuple[Criterion, ...] = ("definition", "audience", "cost", "asking")
MAX_CELL = 260
MAX_LEAD = 140
MIN_TERMS = 2
SURE = 0.35
"""Support from which a unit fills a cell; below, the cell stays empty."""
SURE_DEFINITION = 0.15
"""The same for a sentence built as a definition, « la SPL est une société… »: its build speaks for it too."""
SURE_APART = 0.0
"""The same for a unit on the thing beside units on others, « SPL : … » and « SEM : … »: who wrote it compared them."""
LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class Comparison:
    """What fills a table: a draft for each cell with evidence, in reading order, and the table they fill."""

    drafts: tuple[Draft, ...]
    columns: Columns


def compare(
    things: Sequence[Compared],
    rank: Callable[[Sequence[str]], Sequence[Sequence[Scored]]],
    support: Callable[[str, Scored], float],
    documents: Mapping[str, DocumentRecord],
    known: Sequence[Compared],
) -> Comparison:
    """Fill the table. Where a title names other `known` things too, a unit must say of which it speaks.

    `rank` ranks the units for each of some questions; `support` says in [0, 1] how well a unit answers one.
    """
    criteria = OF_STATUSES if all(thing.status for thing in things) else OF_OTHERS
    asked = {
        (criterion, thing.label): f"{_asked(criterion)} {thing.label} ?" for criterion in criteria for thing in things
    }
    found = dict(zip(asked, rank(list(asked.values())), strict=True))
    belongs = _rows_of(found)
    drafts: list[Draft] = []
    taken: set[Place] = set()
    for row, criterion in enumerate(criteria):
        # A list found for one thing compared holds what stands beside it for another.
        row_ranked = (scored for thing in things for scored in found[criterion, thing.label])
        listed = [scored for scored in row_ranked if belongs.get(_place(scored)) == criterion]
        for column, thing in enumerate(things):
            others = [other for other in known if other.label != thing.label and other.status]
            told = [(one, SURE_APART) for one in _told_apart(listed, thing, things, others)]
            for scored, sure in told + _in_turn(found[criterion, thing.label], thing, others, criterion, documents):
                if _place(scored) in taken or not _fits(scored.candidate, thing, others, criterion, documents):
                    continue
                if support(asked[criterion, thing.label], scored) < sure:
                    continue
                taken.add(_place(scored))
                drafts.append(_cell(scored.candidate, (row, column)))
                break
    return Comparison(tuple(drafts), Columns(criteria, tuple(thing.label for thing in things)))


def _place(scored: Scored) -> Place:
    return scored.candidate.passage.id, scored.candidate.index


def _rows_of(found: Mapping[tuple[Criterion, str], Sequence[Scored]]) -> dict[Place, Criterion]:
    """The criterion each unit speaks of and is ranked best for, definitions aside: one built to compare has one row."""
    best: dict[Place, tuple[int, Criterion]] = {}
    for (criterion, _), ranked in found.items():
        for rank, scored in enumerate(ranked if criterion != "definition" else ()):
            better = rank < best.get(_place(scored), (len(ranked), criterion))[0]
            if better and _speaks_of(scored.candidate, criterion, heading=True):
                best[_place(scored)] = (rank, criterion)
    return {place: criterion for place, (_, criterion) in best.items()}


def _told_apart(
    listed: Sequence[Scored], thing: Compared, things: Sequence[Compared], others: Sequence[Compared]
) -> list[Scored]:
    """The units that tell a thing from others, those compared with it first."""
    told = [(_sets_apart(one.candidate, thing, others, things), one) for one in listed]
    return [one for count, one in sorted(told, key=lambda pair: -pair[0]) if count]


def _in_turn(
    ranked: Sequence[Scored],
    thing: Compared,
    others: Sequence[Compared],
    criterion: Criterion,
    documents: Mapping[str, DocumentRecord],
) -> list[tuple[Scored, float]]:
    """The units in the order in which they may fill a cell, each with the support that it needs.

    A document on the thing alone says best what it is. A definition stands where a document on few things opens.
    """

    def others_in_title(scored: Scored) -> int:
        title = name_words(documents[scored.candidate.passage.document_id].metadata.title)
        return sum(other.named_in(title) for other in others)

    defining = [scored for scored in ranked if criterion == "definition" and _defines(scored.candidate, thing)]
    defining.sort(key=lambda one: (others_in_title(one), one.candidate.passage.position, one.candidate.index))
    own_first = sorted(ranked[:LOOKED_AT], key=lambda one: not _about(one.candidate, thing, others, documents))
    return [(one, SURE_DEFINITION) for one in defining] + [(one, SURE) for one in own_first]


def _sets_apart(candidate: Candidate, thing: Compared, others: Sequence[Compared], things: Sequence[Compared]) -> int:
    """How well a unit tells a thing from others: it opens with its name, and units beside it with theirs.

    0 when it does not, 1 for any of `others`, 2 when they are those compared with it. A passage built so compares,
    whatever its words.
    """
    if candidate.unit.kind == "heading" or not opens(candidate.text, thing):
        return 0
    words, passage = name_words(unattributed(candidate.text)), candidate.passage
    if any(other.named_in(words) for other in others):
        return 0
    units = [passage.text[unit.start : unit.end] for unit in passage.units if unit.kind == candidate.unit.kind]
    beside = {other.label for other in others if any(opens(text, other) for text in units)}
    return 0 if not beside else 2 if {one.label for one in things} <= {thing.label, *beside} else 1


def _defines(candidate: Candidate, thing: Compared) -> bool:
    """Whether a unit is built as the definition of a thing: its name, then what it is."""
    forms = "|".join(re.escape(fold(form)) for form in thing.forms)
    built = rf"(?:l['’]|la |le |les |une? )?(?:{forms})(?: \w+)?(?: \([^)]*\))? (?:est une?|sont des|designe|reunit)\b"
    return re.match(built, fold(candidate.text)) is not None


def _asked(criterion: Criterion) -> str:
    return next(iter(words_of("criteria_asked", criterion)))


def _fits(
    candidate: Candidate,
    thing: Compared,
    others: Sequence[Compared],
    criterion: Criterion,
    documents: Mapping[str, DocumentRecord],
) -> bool:
    """Whether a unit speaks of a thing alone, and of the criterion."""
    text, passage = candidate.text, candidate.passage
    if candidate.unit.kind == "heading" or len(text) > MAX_CELL or text.rstrip().endswith(("?", ":")):
        return False
    above = " ".join(passage.heading[-1:])
    if patterns("labels")["doubt"].search(fold(above)):
        return False
    lead = _lead(candidate)
    own = name_words(unattributed(f"{lead} {text}"))
    alone = _about(candidate, thing, others, documents)
    if criterion == "definition" and not _defines(candidate, thing) and any(other.named_in(own) for other in others):
        return False
    if any(_named_before(other, thing, unattributed(text)) for other in others):
        return False
    if not (
        thing.named_in(name_words(unattributed(text))) or (alone and not any(other.named_in(own) for other in others))
    ):
        return False
    return _speaks_of(candidate, criterion, heading=bool(_sets_apart(candidate, thing, others, ())))


def _speaks_of(candidate: Candidate, criterion: Criterion, heading: bool) -> bool:
    """Whether a unit, what introduces it or, with `heading`, what stands above it has a word of the criterion."""
    above = candidate.passage.heading[-1:] if heading else ()
    said = " ".join((*above, _lead(candidate), candidate.text))
    return bool(patterns("criteria")[criterion].search(fold(said)))


def _named_before(other: Compared, thing: Compared, text: str) -> bool:
    """Whether a text that names both speaks of the other first: it is said of the other."""
    order = {word: place for place, word in reversed(list(enumerate(in_order(text))))}
    first = [_first(one, order) for one in (other, thing)]
    return first[0] is not None and first[1] is not None and first[0] < first[1]


def _first(thing: Compared, order: Mapping[str, int]) -> int | None:
    places = (max(order[word] for word in meant) for meant in thing.meanings if meant <= order.keys())
    return min(places, default=None)


def _about(
    candidate: Candidate, thing: Compared, others: Sequence[Compared], documents: Mapping[str, DocumentRecord]
) -> bool:
    """Whether the title of a unit's document names a thing and none of the others."""
    title = name_words(documents[candidate.passage.document_id].metadata.title)
    return thing.named_in(title) and not any(other.named_in(title) for other in others)


def _lead(candidate: Candidate) -> str:
    """What introduces a unit, when it is short enough for a cell and not the heading."""
    passage, unit = candidate.passage, candidate.unit
    above = passage.heading_of(candidate.index)
    if unit.lead is None or unit.lead[1] - unit.lead[0] > MAX_LEAD or (above and unit.lead == (above.start, above.end)):
        return ""
    return passage.text[unit.lead[0] : unit.lead[1]]


def _cell(candidate: Candidate, cell: tuple[int, int]) -> Draft:
    passage, unit = candidate.passage, candidate.unit
    text, quotes = candidate.text.rstrip(" ;,"), [Quote(passage, unit.start, unit.end)]
    if unit.lead and not _stands_alone(text) and (lead := _lead(candidate)):
        text, quotes = f"{lead.rstrip(' :.;,')} : {text}", [Quote(passage, *unit.lead), *quotes]
    return Draft(text if text.endswith((".", "!")) else f"{text}.", tuple(quotes), item=True, cell=cell)


def _stands_alone(item: str) -> bool:
    """Whether an item tells of what and says something: « SPL : les collectivités décident », not « SPL : 100 % ».

    What introduces such a list speaks of the others too, and is then left out.
    """
    said = unattributed(re.sub(r"\([^)]*\)", "", item)).partition(" :")[2]
    return sum(not any(map(str.isdigit, term)) for term in terms(said)) >= MIN_TERMS
