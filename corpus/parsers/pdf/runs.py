"""The text of a page as pdfium gives it: runs of characters, with the box, the size and the weight of each.

pdfium's calls are slow one character at a time, so the text is taken once a page, a box a run and the size of a few
characters a line; only lines with wide gaps or in a table are measured character by character.
"""

import ctypes
import math
import re
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from corpus.cleaning import clean_characters
from corpus.parsers.pdf.objects import Box
from corpus.parsers.pdf.tables import Cells, Table

Place = Callable[[Box], Box]

HYPHEN = "\ufffe"  # pdfium's mark for a hyphen at a line end; it takes the place of the line break too
WIDE_GAP = 1.2
MAX_CHARACTERS = 100_000
_LINE = re.compile(f"[^\r\n{HYPHEN}]+{HYPHEN}?")
_RAISED = re.compile(r"(?<=[^\W_]|[»”\")\].,])\d{1,2}(?!\d)")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SPACES = re.compile(r"[ \t\r\n]+")
_BOLD = re.compile(r"bold|black|heavy|gras", re.I)
_FORCED_BOLD = 1 << 18


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand together on one line, or a whole table.

    `rows` holds the cells of a table, the header first; line breaks within a cell are kept.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    bold: bool = False
    rows: Cells = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A line of pdfium's text: its characters are `start` to `start + len(text)`, `origin` is a point of its base line
    and `turns` the quarter turns to undo.
    """

    text: str
    start: int
    boxes: tuple[Box, ...]
    origin: Box
    turns: int
    size: float
    bold: bool


def turned(frame: Box, turns: int) -> Place:
    """The function from a box of the page (from its bottom left corner) to that box once the text is upright."""
    left, bottom, right, top = frame

    def place(box: Box) -> Box:
        x0, y0, x1, y1 = box
        if turns == 1:
            return (top - y1, right - x1, top - y0, right - x0)
        if turns == 2:
            return (right - x1, y0 - bottom, right - x0, y1 - bottom)
        if turns == 3:
            return (y0 - bottom, x0 - left, y1 - bottom, x1 - left)
        return (x0 - left, top - y1, x1 - left, top - y0)

    return place


class Reader:
    """The calls to pdfium for one text page, with the variables they write to."""

    def __init__(self, textpage: Any) -> None:
        import pypdfium2.raw as raw

        self._raw, self._page = raw, textpage.raw
        self._box = [ctypes.c_double() for _ in range(4)]
        self._refs = [ctypes.byref(value) for value in self._box]
        self._matrix, self._flags = raw.FS_MATRIX(), ctypes.c_int()
        self._name = ctypes.create_string_buffer(128)
        self._bold: dict[bytes, bool] = {}
        count = min(textpage.count_chars(), MAX_CHARACTERS)
        text = textpage.get_text_range(0, count) if count else ""
        if len(text) != count:
            # pdfium skips characters it cannot map, and counts two for one beyond the basic plane: indices would slip.
            codes = (raw.FPDFText_GetUnicode(self._page, index) for index in range(count))
            text = "".join(_character(code) for code in codes)
        self.text: str = text

    def runs(self) -> Iterator[Run]:
        for match in _LINE.finditer(self.text):
            start, text = match.start(), match[0]
            boxes = tuple(self._boxes(start, len(text)))
            if not boxes or not text.strip():
                continue
            marks = [start + at for at, letter in enumerate(text) if letter.isalnum()] or [start]
            sample = [marks[0], marks[len(marks) // 2], marks[-1]]
            size = statistics.median(self._size(index) for index in sample)
            angle = self._raw.FPDFText_GetCharAngle(self._page, marks[0])
            bold = self._is_bold(sample[0]) and self._is_bold(sample[2])
            turns = round(angle / (math.pi / 2)) % 4
            yield Run(self._raised(text, start, size), start, boxes, self._origin(marks[0]), turns, size, bold)

    def pieces(self, run: Run, place: Place) -> Iterator[Piece]:
        """Cut a run where a gap is too wide for a space: what stands beyond may be another column."""
        boxes = sorted(place(box) for box in run.boxes)
        gaps = [after[0] - before[2] for before, after in pairwise(boxes)]
        if max(gaps, default=0) <= WIDE_GAP * run.size:
            yield from _piece(run, run.text, boxes, place)
            return
        yield from self.pieces_outside(run, place, ())

    def pieces_outside(self, run: Run, place: Place, tables: Sequence[Table]) -> Iterator[Piece]:
        """The pieces of a run measured character by character, without those in the cells of tables."""
        held, around = "", list[Box]()
        for letter, box in self.spots(run, place):
            dropped = any(table.cell_at(box) for table in tables)
            if dropped or (around and not letter.isspace() and box[0] - around[-1][2] > WIDE_GAP * run.size):
                yield from _piece(run, held, around, place)
                held, around = "", []
            if not dropped:
                held += letter
            if not dropped and not letter.isspace():
                around.append(box)
        yield from _piece(run, held, around, place)

    def spots(self, run: Run, place: Place) -> Iterator[tuple[str, Box]]:
        """Each character of a run with its box; a space has that of the character before it."""
        box, refs = self._box, self._refs
        before = place(run.boxes[0])
        for index, letter in enumerate(run.text, run.start):
            if letter != " " and self._raw.FPDFText_GetCharBox(self._page, index, *refs):
                before = place((box[0].value, box[2].value, box[1].value, box[3].value))
            yield letter, before

    def _boxes(self, start: int, count: int) -> Iterator[Box]:
        box = self._box
        for index in range(self._raw.FPDFText_CountRects(self._page, start, count)):
            if self._raw.FPDFText_GetRect(self._page, index, *self._refs):
                yield (box[0].value, box[3].value, box[2].value, box[1].value)

    def _origin(self, index: int) -> Box:
        x, y = self._box[:2]
        self._raw.FPDFText_GetCharOrigin(self._page, index, *self._refs[:2])
        return (x.value, y.value, x.value, y.value)

    def _size(self, index: int) -> float:
        size = float(self._raw.FPDFText_GetFontSize(self._page, index))
        # Many writers set a font of size 1 and scale it.
        if self._raw.FPDFText_GetMatrix(self._page, index, ctypes.byref(self._matrix)):
            size *= math.hypot(self._matrix.c, self._matrix.d)
        return round(size * 2) / 2 or 1.0

    def _is_bold(self, index: int) -> bool:
        self._raw.FPDFText_GetFontInfo(self._page, index, self._name, 128, ctypes.byref(self._flags))
        name = self._name.value
        if name not in self._bold:
            forced = bool(self._flags.value & _FORCED_BOLD)
            self._bold[name] = forced or bool(_BOLD.search(name.decode("utf-8", "replace")))
        return self._bold[name]

    def _raised(self, text: str, start: int, size: float) -> str:
        """Write the small digits of a note call as superscripts: « en 2023¹ » must not become « en 20231 »."""
        for match in list(_RAISED.finditer(text)):
            last, first = match.end() - 1, match.end()
            while first > match.start() and self._size(start + first - 1) <= 0.8 * size:
                first -= 1
            if first <= last:
                text = text[:first] + text[first : last + 1].translate(_SUPERSCRIPTS) + text[last + 1 :]
        return text


def _piece(run: Run, text: str, boxes: Sequence[Box], place: Place) -> Iterator[Piece]:
    words = clean(text)
    if words.strip() and boxes:
        # From the base line and not from the ink: the distance between lines must not depend on their letters.
        base = place(run.origin)[1]
        x0, _, x1, _ = zip(*boxes, strict=True)
        yield Piece(words, min(x0), base - 0.75 * run.size, max(x1), base + 0.2 * run.size, run.size, run.bold)


def clean(text: str) -> str:
    return _SPACES.sub(" ", clean_characters(text.replace(HYPHEN, "-")).replace("\ufffd", ""))


def _character(code: int) -> str:
    if code == 2:
        return HYPHEN
    return "\ufffd" if not code or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)
