"""From rows to lines: headings by their size, items by their marks, paragraphs by leading and indentation."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from corpus.cleaning import GAP
from corpus.document import Locator
from corpus.parsers.pdf.headings import Headings
from corpus.parsers.pdf.layout import Row, broke_early
from corpus.parsers.pdf.words import Words
from corpus.sections import ENDS_SENTENCE, Line, LineKind

# Symbol and Wingdings bullets stand in the private use area; « o » is Word's second level.
_BULLET = re.compile(r"(?:[•▪▫◦‣●○■□▶►✓✔➢➔➤→⇒❖◆·\ue001-\uf8ff]\s*|[-–—*]\s+|o\s+)(?=\S)")
_NUMBERED = re.compile(r"(?:\d{1,2}[.)]|[a-z]\))\s+(?=\S)")
_NOTE = re.compile(r"(?:[⁰¹²³⁴-⁹]{1,3}|\d{1,3}|\*{1,3}|\[\d{1,3}\]|\(\d{1,3}\))[\s.)]*(?=\S)")
_FUNCTION_WORD = re.compile(
    r"(?:^|[\s'’])(?:à|au|aux|avec|ce|cette|dans|de|des|du|en|et|la|le|les|ou|par|pour|que|qui|sans|se|ses|sur|un|une|[ldnsj]['’])$",
    re.I,
)
CLOSE = 1.3
SMALL = 0.93
SAME_SIZE = 0.12


@dataclass(slots=True)
class _Block:
    """A line being put together; `mark` is where the mark of an item stands."""

    kind: LineKind
    rows: list[Row]
    level: int = 0
    mark: float = 0.0
    breaks: set[int] = field(default_factory=set)  # the rows before which something of the original is left out


def lines_of(pages: Sequence[Sequence[Row]], body: float) -> Iterator[Line]:
    """The lines of a document; `body` is the size of its running text."""
    words = Words.of(row.text for rows in pages for row in rows)
    assembler = _Assembler(Headings.of(pages, body), _leadings(pages), body)
    for rows in pages:
        assembler.add_page(rows)
    seen: list[str] = []
    for block in assembler.finished():
        if block.rows[0].rows:
            yield from _table(block.rows[0], words, seen)
        else:
            seen = []
            yield _line(block, words)


def _table(row: Row, words: Words, before: list[str]) -> Iterator[Line]:
    """The rows of a table; a header repeated where the table goes on overleaf is left out."""
    texts = [" | ".join(words.joined(cell.split("\n")) for cell in cells) for cells in row.rows]
    repeated = texts[:1] == before[:1]
    for index, text in enumerate(texts[1:] if repeated else texts):
        opens = index == 0 and not repeated
        gap = index == 0 and (row.gap or repeated)
        yield Line("row", text.replace("  ", " "), blank_before=opens, gap_before=gap, at=_page(row))
    if not repeated:
        before[:] = texts[:1]


def _line(block: _Block, words: Words) -> Line:
    first = block.rows[0]
    text, gap = first.text, first.gap
    if block.kind == "item":
        mark = _BULLET.match(text) or _NUMBERED.match(text)
        # The number of an item is a mark, but its digit stands in the original: no excerpt may run across it.
        numbered = mark is not None and any(map(str.isalnum, mark[0].replace("o", "")))
        text = text[mark.end() :] if mark else text
        gap = gap or numbered
    for index, row in enumerate(block.rows[1:], 1):
        longer = words.continued(text, row.text)
        if index in block.breaks:
            # In a word cut by the page's end, the mark stands before the word.
            at = len(text) + 1 if longer.startswith(f"{text} ") else text.rfind(" ") + 1
            longer = longer[:at] + GAP + longer[at:]
        text = longer
    return Line(block.kind, text, block.level, gap_before=gap, at=_page(first))


def _page(row: Row) -> Locator:
    return Locator("page", str(row.page), f"page {row.page}")


def _leadings(pages: Sequence[Sequence[Row]]) -> dict[float, float]:
    """The usual distance between two lines of a size."""
    found: dict[float, list[float]] = defaultdict(list)
    for rows in pages:
        for above, below in pairwise(rows):
            pitch = below.bottom - above.bottom
            if above.column == below.column and above.size == below.size and 0.8 < pitch / above.size < 2.3:
                found[above.size].append(pitch)
    # Below the median: short lists and headings stand wider than running text.
    return {size: sorted(pitches)[2 * len(pitches) // 5] for size, pitches in found.items()}


class _Assembler:
    """Puts rows together into blocks, in reading order; the notes of a page follow its text."""

    def __init__(self, headings: Headings, leadings: dict[float, float], body: float) -> None:
        self._headings, self._leadings, self._body = headings, leadings, body
        self._blocks: list[_Block] = []
        self._notes: list[_Block] = []
        self._open: _Block | None = None
        self._indents: list[float] = []

    def add_page(self, rows: Sequence[Row]) -> None:
        notes = _notes(rows, self._body)
        displaced = bool(self._notes)
        pending: list[_Block] = []
        for index, row in enumerate(rows):
            if index in notes:
                self._note(row, pending)
            elif self._open is not None and self._continues(self._open, row):
                if row.gap or (displaced and row.page != self._open.rows[-1].page):
                    self._open.breaks.add(len(self._open.rows))
                self._open.rows.append(row)
            else:
                self._start(row, rows[index + 1] if index + 1 < len(rows) else None)
        # Those of the page before come first, even when its last paragraph runs over this whole page.
        self._notes += pending

    def finished(self) -> list[_Block]:
        return self._blocks + self._notes

    def _start(self, row: Row, following: Row | None) -> None:
        self._blocks += self._notes
        self._notes = []
        block = self._classified(row, following)
        self._blocks.append(block)
        self._open = None if row.rows else block

    def _classified(self, row: Row, following: Row | None) -> _Block:
        if row.rows:
            return _Block("row", [row])
        before = self._open.rows[-1] if self._open else None
        bullet = _BULLET.match(row.text)
        level = 0 if bullet else self._headings.level(row, before, following)
        if level:
            self._indents = []
            return _Block("heading", [row], level)
        if bullet or _NUMBERED.match(row.text):
            return _Block("item", [row], self._depth(row), row.x0)
        return _Block("paragraph", [row])

    def _depth(self, row: Row) -> int:
        """The depth of an item, from where the marks of the list stand."""
        if self._open is None or self._open.kind != "item":
            self._indents = []
        elif self._open.rows[-1].column != row.column or self._open.rows[-1].page != row.page:
            # Another column or page has its own left side.
            self._indents = [x - self._open.rows[-1].left + row.left for x in self._indents]
        while self._indents and row.x0 < self._indents[-1] - 3:
            self._indents.pop()
        if not self._indents or row.x0 > self._indents[-1] + 3:
            self._indents.append(row.x0)
        return len(self._indents)

    def _note(self, row: Row, pending: list[_Block]) -> None:
        if _NOTE.match(row.text) or not pending:
            pending.append(_Block("paragraph", [row]))
        else:
            pending[-1].rows.append(row)

    def _continues(self, block: _Block, row: Row) -> bool:
        last = block.rows[-1]
        if row.rows or _BULLET.match(row.text) or abs(row.size - last.size) > SAME_SIZE * last.size:
            return False
        if block.kind == "heading":
            return self._headings.goes_on(block.rows, block.level, row)
        if row.spaced or last.spaced or self._headings.by_size(row):
            return False
        if _NUMBERED.match(row.text) and (block.kind == "item" or _ends(last.text)):
            return False
        if (row.page, row.column) != (last.page, last.column):
            return not _ends(last.text) and (
                _lower(row) or bool(_FUNCTION_WORD.search(last.text)) or last.text[-1:] in "-,"
            )
        pitch = row.bottom - last.bottom
        if row.gap or not 0 < pitch <= CLOSE * self._leadings.get(last.size, 1.3 * last.size):
            return False
        if row.bold and not last.bold and self._headings.level(row, last, None):
            return False
        if block.kind == "item" and row.x0 > block.mark + 2:
            return True
        return _same_paragraph(block.rows, row)


def _same_paragraph(rows: Sequence[Row], row: Row) -> bool:
    last = rows[-1]
    goes_on = _lower(row) and not _ends(last.text)
    left = min(other.x0 for other in rows[1:] or rows)
    centred = abs((last.x0 + last.x1) - (row.x0 + row.x1)) < 6
    if row.x0 - left > 0.8 * row.size and not centred:
        return goes_on
    # A line that ends although the next word had room was ended on purpose.
    return goes_on if broke_early(last, row) else True


def _notes(rows: Sequence[Row], body: float) -> set[int]:
    """The rows of the notes: small, at the foot of a column, from the first that bears a number or a star."""
    found: set[int] = set()
    ends = {row.column: index for index, row in enumerate(rows)}
    for column, end in ends.items():
        index, start = end, end + 1
        while index >= 0 and rows[index].column == column and rows[index].size <= SMALL * body and not rows[index].rows:
            if _NOTE.match(rows[index].text):
                start = index
            index -= 1
        # A column wholly in small print is no foot.
        if index >= 0:
            found |= set(range(start, end + 1))
    return found


def _ends(text: str) -> bool:
    return bool(ENDS_SENTENCE.search(text)) or text.endswith(":")


def _lower(row: Row) -> bool:
    first = row.text[:1]
    return first.islower() or first in ",;)»"
