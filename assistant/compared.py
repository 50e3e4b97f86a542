"""What a question compares, and where a text names it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus import Lexicon
from indexing import STOPWORDS, fold, tokens

MOST = 4
_SOURCE = re.compile(r"\b(?:selon|d['’]après) [^,:;.]+", re.I)


@dataclass(frozen=True, slots=True)
class Compared:
    """A thing compared: the words that show it, and the sets of words any of which names it."""

    label: str
    forms: tuple[str, ...]
    meanings: tuple[frozenset[str], ...]
    status: bool

    def named_in(self, found: frozenset[str]) -> bool:
        return any(meant <= found for meant in self.meanings)


def named_things(statuses: Sequence[str], lexicon: Lexicon, titles: Iterable[str] = ()) -> tuple[Compared, ...]:
    """All that has a name in the corpus or the lexicon: its statuses first, then acronyms.

    A status is a code without accents; `titles` show how it is written.
    """
    names = dict.fromkeys([*statuses, *(name for name in lexicon.acronyms if name.lower() not in statuses)])
    written = {fold(word): word.lower() for title in titles for word in re.findall(r"[\w-]+", title)}
    return tuple(_thing(name, name in statuses, lexicon, written.get(name, name)) for name in names)


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


def opens(text: str, thing: Compared) -> bool:
    """Whether a text begins with a thing: « SPL : », « Dans la SPL, », « La SPL décide », not « La SPL Durance »."""
    match = _opening(thing.forms).match(fold(text))
    return match is not None and not text[match.end() :].lstrip()[:1].isupper()


@lru_cache(maxsize=256)
def _opening(forms: tuple[str, ...]) -> re.Pattern[str]:
    names = "|".join(re.escape(fold(form)) for form in sorted(forms, key=len, reverse=True))
    return re.compile(rf"(?:(?:dans|pour|avec) )?(?:l['’]|la |le |les |une? )?(?:{names})\b(?!-)")


def unattributed(text: str) -> str:
    """A text without whom it is said by: « selon un réseau de tiers-lieux » tells nothing of tiers-lieux."""
    return _SOURCE.sub(" ", text)


@lru_cache(maxsize=4_096)
def name_words(text: str) -> frozenset[str]:
    """The words of a text in the singular; not stems, or an « associé » would name an association."""
    return frozenset(in_order(text))


@lru_cache(maxsize=4_096)
def in_order(text: str) -> tuple[str, ...]:
    # « quasi-régie » is no kind of régie.
    words = [token.word for token in tokens(re.sub(r"\bquasi-", "quasi", text, flags=re.I))]
    return tuple(
        word[:-1] if len(word) > 4 and word.endswith(("s", "x")) else word for word in words if word not in STOPWORDS
    )


def _thing(name: str, status: bool, lexicon: Lexicon, written: str) -> Compared:
    forms = tuple(dict.fromkeys((name, *lexicon.others.get(name, ()), *lexicon.others.get(name.upper(), ()))))
    label = name.upper() if name.upper() in lexicon.acronyms else written[:1].upper() + written[1:]
    return Compared(label, forms, tuple(name_words(form) for form in forms if name_words(form)), status)


def _both_sides(question: str) -> list[Compared]:
    match = re.search(r"\b(?:entre|compare[rz]?) (?P<one>.+?) (?:et|avec|à) (?P<other>[^?.,;]+)", question, re.I)
    if not match:
        return []
    sides = [re.sub(r"^(?:une?|l[ea]s?|l['’]|des?|du) ?", "", side.strip(), flags=re.I) for side in match.groups()]
    return [
        Compared(side[:1].upper() + side[1:], (side,), (name_words(side),), False) for side in sides if name_words(side)
    ]


def _plain(text: str) -> str:
    return " ".join(token.word for token in tokens(text) if token.word not in STOPWORDS or len(token.word) > 3)
