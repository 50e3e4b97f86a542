"""« C'est quoi une SCIC ? »: the thing a question wants defined, and the sentences that say what it is."""

import re
from collections.abc import Sequence
from itertools import takewhile

from assistant.french import patterns
from indexing import fold, terms

MOST_WORDS = 6
"""Words of a thing: more of them are a question of their own."""
BESIDE = 1
"""Other things a sentence may define in one breath: « le PETR et le pays sont… »."""
SPELT_OUT = 0.5
"""What an acronym written out is worth, where a sentence that says what the thing is is worth 1."""
_PARENTHESIS = re.compile(r"\([^)]*\)")
Meanings = Sequence[frozenset[str]]


def thing_to_define(question: str) -> str | None:
    """The folded words of the thing whose definition is all that is asked, None when something else is asked."""
    folded = fold(question).strip(" ?!.«»\"'")
    for asked in patterns("definitions").values():
        if match := asked.search(folded):
            thing = match["thing"].strip(" ,«»\"'")
            named = 0 < len(thing.split()) <= MOST_WORDS and not patterns("defining")["nothing"].match(thing)
            return thing if named else None
    return None


def defines(text: str, thing: Sequence[Meanings]) -> float:
    """How far a sentence defines a thing, in [0, 1]; each of `thing` is what one of its words may mean."""
    if not thing:
        return 0.0
    if _says_what_it_is(text, thing):
        return 1.0
    return SPELT_OUT if len(thing) == 1 and any(_spells_out(text, meant) for meant in thing[0]) else 0.0


def _says_what_it_is(text: str, thing: Sequence[Meanings]) -> bool:
    """Whether a sentence opens on the thing, and goes on with what it is."""
    folded = fold(text)
    said = patterns("defining")["verbs"].search(_PARENTHESIS.sub(lambda found: " " * len(found[0]), folded))
    if said is None:
        return False
    # As written where offsets agree: an acronym is known by its capitals.
    written = text if len(text) == len(folded) else folded
    head = terms(_PARENTHESIS.sub(" ", written[: said.start()]))
    opening = list(takewhile(lambda term: any(term in meant for word in thing for meant in word), head))
    return (
        all(any(meant <= frozenset(opening) for meant in word) for word in thing) and len(head) - len(opening) <= BESIDE
    )


def _spells_out(text: str, meant: frozenset[str]) -> bool:
    """Whether a text writes an acronym beside the words it is made of, in one order or the other."""
    for found in re.finditer(r"\b([A-ZÉ][\w.&-]{1,9})\s*\(([^)]{6,120})\)", text):
        if set(terms(found[1])) == meant and _initials_hold(found[1], found[2].split()):
            return True
    for found in re.finditer(r"\(([A-ZÉ][\w.&-]{1,9})\)", text):
        before = text[: found.start()].split()[-2 * len(found[1]) :]
        if set(terms(found[1])) == meant and _initials_hold(found[1], before):
            return True
    return False


def _initials_hold(acronym: str, words: Sequence[str]) -> bool:
    initials = iter("".join(re.sub(r"^[ld][’']", "", fold(word))[:1] for word in words))
    return all(letter in initials for letter in fold(acronym))
