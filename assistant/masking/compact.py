"""A text in which each masked piece is one private character, so that no rule depends on how long a mask is.

The same text comes out whether a piece was found a moment ago or had been masked before: that is what makes masking
twice the same as masking once.
"""

import re
from collections.abc import Sequence

from assistant.masking.found import LABELS, Found

_FIRST = 0xE000
MARKS = {label: chr(_FIRST + at) for at, label in enumerate(LABELS)}
ANY_MARK = f"[{''.join(MARKS.values())}]"
_WRITTEN = {f"[{french}]": MARKS[label] for label, french in LABELS.items()}
_LABEL = re.compile("|".join(map(re.escape, _WRITTEN)))


class Compact:
    """The compact form of a text, and where each of its characters stood."""

    __slots__ = ("_starts", "text")

    def __init__(self, text: str, found: Sequence[Found]) -> None:
        """`found` must be sorted and disjoint."""
        pieces: list[str] = []
        self._starts: list[int] = []
        taken = [(find.start, find.end, MARKS[find.label]) for find in found]
        taken += [(match.start(), match.end(), _WRITTEN[match[0]]) for match in _LABEL.finditer(text)]
        at = 0
        for start, end, mark in sorted(taken):
            pieces += [text[at:start], mark]
            self._starts += [*range(at, start), start]
            at = end
        pieces.append(text[at:])
        self._starts += [*range(at, len(text)), len(text)]
        self.text = "".join(pieces)

    def original(self, find: Found) -> Found:
        """The find, at its place in the original text; it must not cover a mark."""
        return Found(self._starts[find.start], self._starts[find.end - 1] + 1, find.label)
