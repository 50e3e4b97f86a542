"""Find personal data until nothing more is found, and write labels over it."""

from collections.abc import Iterable, Sequence

from assistant.masking.addresses import addresses
from assistant.masking.compact import Compact
from assistant.masking.found import LABELS, Found
from assistant.masking.identifiers import identifiers
from assistant.masking.names import names


def find(text: str, known: frozenset[str] = frozenset()) -> tuple[Found, ...]:
    """Personal data typed in a text, in reading order, disjoint; what is already masked is not found again.

    `known` are folded words that are never a person's name: organisations and places the documents speak of.
    """
    found: list[Found] = []
    # What was just masked may be the context of something else: a name before a phone number.
    while True:
        compact = Compact(text, found)
        new = _disjoint([*identifiers(compact.text), *addresses(compact.text)])
        if not new:
            new = _disjoint(names(compact.text, known))
        if not new:
            return tuple(found)
        found = sorted([*found, *map(compact.original, new)])


def mask(text: str, known: frozenset[str] = frozenset()) -> str:
    """The text with « [téléphone] », « [nom] »… instead of personal data; masking it again changes nothing."""
    pieces, at = [], 0
    for one in find(text, known):
        pieces += [text[at : one.start], f"[{LABELS[one.label]}]"]
        at = one.end
    return "".join([*pieces, text[at:]])


def _disjoint(found: Iterable[Found]) -> Sequence[Found]:
    """The finds without those that overlap one that starts before them, or at the same place and longer."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept
