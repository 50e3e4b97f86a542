"""Which rows are headings, and how high: larger than the running text, or bold, short and on their own."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.parsers.pdf.layout import Row, broke_early
from corpus.sections import ENDS_SENTENCE

LARGER = 1.12
MAX_LARGE = 200
MAX_BOLD = 120
MAX_LEVEL = 5
_NUMBERED = re.compile(r"(?:[IVX]{1,4}|\d{1,2}|[A-Za-z])(?:\.\d{1,2})*[.)°]\s|\d{1,2}(?:\.\d{1,2})+\s")


def body_size(pages: Sequence[Sequence[Row]]) -> float:
    """The size most of the letters have."""
    letters: Counter[float] = Counter()
    for rows in pages:
        for row in rows:
            letters[row.size] += len(row.text)
    return letters.most_common(1)[0][0] if letters else 0.0


@dataclass(frozen=True, slots=True)
class Headings:
    """The sizes of the headings of a document, the largest first, and whether bold marks one."""

    sizes: tuple[float, ...]
    floor: float
    body: float
    bold: bool
    prose: frozenset[tuple[int, float]]

    @classmethod
    def of(cls, pages: Sequence[Sequence[Row]], body: float) -> "Headings":
        letters: Counter[tuple[int, float]] = Counter()
        wholes: Counter[int] = Counter()
        bold = whole = 0
        for row in (row for rows in pages for row in rows):
            letters[row.page, row.size] += len(row.text)
            wholes[row.page] += len(row.text)
            bold += len(row.text) * row.bold
            whole += len(row.text)
        # A page of prose in large type holds no more headings than another.
        prose = frozenset(key for key, count in letters.items() if count > 600 and count > 0.5 * wholes[key[0]])
        found = cls((), LARGER * body, body, bold < 0.4 * whole, prose)
        sizes = sorted({row.size for rows in pages for row in rows if found.by_size(row)}, reverse=True)
        ranked = [size for index, size in enumerate(sizes) if index == 0 or sizes[index - 1] - size > 0.5]
        return cls(tuple(ranked), found.floor, body, found.bold, prose)

    def by_size(self, row: Row) -> bool:
        if row.size < self.floor or row.rows or len(row.text) > MAX_LARGE or (row.page, row.size) in self.prose:
            return False
        # « 85 % » in large type is a figure.
        return sum(map(str.isalpha, row.text)) >= 3

    def level(self, row: Row, before: Row | None, following: Row | None) -> int:
        """The level of a heading, 0 for another row; `before` and `following` are its neighbours."""
        if self.by_size(row):
            return min(1 + sum(size > row.size + 0.5 for size in self.sizes), MAX_LEVEL)
        if self.bold and row.bold and self._stands_alone(row, before, following):
            return min(len(self.sizes), MAX_LEVEL) + 1
        return 0

    def goes_on(self, rows: Sequence[Row], level: int, row: Row) -> bool:
        """Is `row` the next line of the heading made of `rows`?"""
        last = rows[-1]
        if (row.page, row.column, row.bold) != (last.page, last.column, last.bold) or row.gap:
            return False
        if self.by_size(row) != self.by_size(last) or row.bottom - last.bottom > 1.6 * row.size:
            return False
        if _NUMBERED.match(row.text) or sum(len(other.text) for other in rows) + len(row.text) > MAX_LARGE:
            return False
        return not last.text.endswith("?") and (level == 1 or row.text[:1].islower() or not broke_early(last, row))

    def _stands_alone(self, row: Row, before: Row | None, following: Row | None) -> bool:
        text = row.text
        if row.size < 0.95 * self.body or not self._may_be_bold_heading(text):
            return False
        if not (text[:1].isupper() or text[:1].isdigit()) or sum(map(str.isalpha, text)) < 3:
            return False
        if following is not None and following.bold and not self._may_be_bold_heading(following.text):
            return False
        if before is None or (before.page, before.column) != (row.page, row.column):
            return True
        apart = row.bottom - before.bottom > 1.6 * row.size
        return apart or before.bold or bool(ENDS_SENTENCE.search(before.text)) or before.text.endswith(":")

    def _may_be_bold_heading(self, text: str) -> bool:
        return len(text) <= MAX_BOLD and text[-1:] not in ".,;:…"
