"""Comparing: the same questions asked of each thing compared, one unit of the documents for each cell, or none.

The criteria are fixed, so that two comparisons read alike and what the documents do not say stays an empty cell.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.answer import Draft, Quote
from assistant.evidence import Candidate
from assistant.french import patterns, words_of
from assistant.grounding import Columns
from assistant.ranking import Scored
from corpus import Lexicon
from indexing import STOPWORDS, DocumentRecord, fold, tokens

Criterion = Literal[
    "definition", "members", "governance", "public_place", "money", "procurement", "when", "audience", "cost", "asking"
]
OF_STATUSES: tuple[Criterion, ...] = (
    "definition", "members", "governance", "public_place", "money", "procurement", "when"
)  # fmt: skip
OF_OTHERS: tuple[Criterion, ...] = ("definition", "audience", "cost", "asking")
MOST = 4
MAX_CELL = 260
MAX_LEAD = 140
SURE = 0.35
"""Support from which a unit fills a cell; below, the cell stays empty."""
SURE_DEFINITION = 0.15
"""The same for a sentence built as a definition, « la SPL est une société… »: its build speaks for it too."""
LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class Compared:
    """A thing compared: the words that show it, and the sets of words any of which names it."""

    label: str
    forms: tuple[str, ...]
    meanings: tuple[frozenset[str], ...]
    status: bool

    def named_in(self, found: frozenset[str]) -> bool:
        return any(meant <= found for meant in self.meanings)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What fills a table: a draft for each cell with evidence, in reading order, and the table they fill."""

    drafts: tuple[Draft, ...]
    columns: Columns


def named_things(statuses: Sequence[str], lexicon: Lexicon) -> tuple[Compared, ...]:
    """All that has a name in the corpus or the lexicon: its statuses first, then acronyms."""
    names = dict.fromkeys([*statuses, *(name for name in lexicon.acronyms if name.lower() not in statuses)])
    return tuple(_thing(name, name in statuses, lexicon) for name in names)


def compared_in(question: str, known: Sequence[Compared]) -> tuple[Compared, ...]:
    """What a question compares, in its order: things known by name, or both sides of « entre … et … »."""
    folded = _plain(question)
    places: dict[int, tuple[int, Compared]] = {}
    for thing in known:
        for form in thing.forms:
            match = re.search(rf"\b{re.escape(_plain(form))}s?\b", folded)
            if match and (len(form) > 2 or form in question):
                # The longest name wins a place: « société coopérative » before « société ».
                if len(form) > places.get(match.start(), (0, thing))[0]:
                    places[match.start()] = (len(form), thing)
                break
    things = {thing.label: thing for _, (_, thing) in sorted(places.items())}
    if len(things) < 2:
        things = {thing.label: thing for thing in _both_sides(question)}
    return tuple(things.values())[:MOST] if len(things) >= 2 else ()


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
    questions = [f"{_asked(criterion)} {thing.label} ?" for criterion in criteria for thing in things]
    found = dict(zip(questions, rank(questions), strict=True))
    drafts: list[Draft] = []
    taken: set[tuple[str, int]] = set()
    for row, criterion in enumerate(criteria):
        for column, thing in enumerate(things):
            others = [other for other in known if other.label != thing.label and other.status]
            asked = f"{_asked(criterion)} {thing.label} ?"
            for scored, sure in _in_turn(found[asked], thing, others, criterion, documents):
                candidate = scored.candidate
                place = (candidate.passage.id, candidate.index)
                if place in taken or not _fits(candidate, thing, others, criterion, documents):
                    continue
                if support(asked, scored) < sure:
                    continue
                taken.add(place)
                drafts.append(_cell(candidate, (row, column)))
                break
    return Comparison(tuple(drafts), Columns(criteria, tuple(thing.label for thing in things)))


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
        title = _words(documents[scored.candidate.passage.document_id].metadata.title)
        return sum(other.named_in(title) for other in others)

    defining = [scored for scored in ranked if criterion == "definition" and _defines(scored.candidate, thing)]
    defining.sort(key=lambda one: (others_in_title(one), one.candidate.passage.position, one.candidate.index))
    own_first = sorted(ranked[:LOOKED_AT], key=lambda one: not _about(one.candidate, thing, others, documents))
    return [(one, SURE_DEFINITION) for one in defining] + [(one, SURE) for one in own_first]


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
    own = _words(f"{lead} {text}")
    alone = _about(candidate, thing, others, documents)
    if any(_named_before(other, thing, text) for other in others):
        return False
    if not (thing.named_in(_words(text)) or (alone and not any(other.named_in(own) for other in others))):
        return False
    return bool(patterns("criteria")[criterion].search(fold(f"{lead} {text}")))


def _named_before(other: Compared, thing: Compared, text: str) -> bool:
    """Whether a text that names both speaks of the other first: it is said of the other."""
    order = {word: place for place, word in reversed(list(enumerate(_in_order(text))))}
    first = [_first(one, order) for one in (other, thing)]
    return first[0] is not None and first[1] is not None and first[0] < first[1]


def _first(thing: Compared, order: Mapping[str, int]) -> int | None:
    places = (max(order[word] for word in meant) for meant in thing.meanings if meant <= order.keys())
    return min(places, default=None)


def _about(
    candidate: Candidate, thing: Compared, others: Sequence[Compared], documents: Mapping[str, DocumentRecord]
) -> bool:
    """Whether the title of a unit's document names a thing and none of the others."""
    title = _words(documents[candidate.passage.document_id].metadata.title)
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
    if unit.lead and (lead := _lead(candidate)):
        text, quotes = f"{lead.rstrip(' :.;,')} : {text}", [Quote(passage, *unit.lead), *quotes]
    return Draft(text if text.endswith((".", "!")) else f"{text}.", tuple(quotes), item=True, cell=cell)


def _thing(name: str, status: bool, lexicon: Lexicon) -> Compared:
    forms = tuple(dict.fromkeys((name, *lexicon.others.get(name, ()), *lexicon.others.get(name.upper(), ()))))
    label = name.upper() if name.upper() in lexicon.acronyms else name[:1].upper() + name[1:]
    return Compared(label, forms, tuple(_words(form) for form in forms if _words(form)), status)


def _both_sides(question: str) -> list[Compared]:
    match = re.search(r"\b(?:entre|compare[rz]?) (?P<one>.+?) (?:et|avec|à) (?P<other>[^?.,;]+)", question, re.I)
    if not match:
        return []
    sides = [re.sub(r"^(?:une?|l[ea]s?|l['’]|des?|du) ?", "", side.strip(), flags=re.I) for side in match.groups()]
    return [Compared(side[:1].upper() + side[1:], (side,), (_words(side),), False) for side in sides if _words(side)]


@lru_cache(maxsize=4_096)
def _words(text: str) -> frozenset[str]:
    """The words of a text in the singular; not stems, or an « associé » would name an association."""
    return frozenset(_in_order(text))


@lru_cache(maxsize=4_096)
def _in_order(text: str) -> tuple[str, ...]:
    # « quasi-régie » is no kind of régie.
    words = [token.word for token in tokens(re.sub(r"\bquasi-", "quasi", text, flags=re.I))]
    return tuple(
        word[:-1] if len(word) > 4 and word.endswith(("s", "x")) else word for word in words if word not in STOPWORDS
    )


def _plain(text: str) -> str:
    return " ".join(token.word for token in tokens(text) if token.word not in STOPWORDS or len(token.word) > 3)
