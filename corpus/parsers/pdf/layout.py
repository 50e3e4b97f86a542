"""Reading order: columns first, then rows; a title across two columns is read before both."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from corpus.parsers.pdf.page import Page
from corpus.parsers.pdf.runs import Piece
from corpus.parsers.pdf.tables import Cells

# A gutter parts two columns of prose: lines enough, and long enough, on both sides. Else it parts the columns of a
# table without rules, which is read row by row.
MIN_COLUMN_LINES = 3
MIN_COLUMN_LETTERS = 15
MIN_GUTTER = 6
MAX_ACROSS = 0.3
WHITE_BAND = 0.8
SPACED = 2.5
MARK_LETTERS = 4
MAX_PIECES = 2_000
MAX_DEPTH = 60


@dataclass(frozen=True, slots=True)
class Row:
    """The pieces of one column that stand on one line, or a table (`rows`). `column` counts those of the page.

    `left` and `right` are the sides of the column. A `spaced` row has a wide white space within, as in a table without
    rules. `gap` says that something was dropped before.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    bold: bool
    page: int
    column: int
    left: float
    right: float
    rows: Cells = ()
    spaced: bool = False
    gap: bool = False


def rows_in_order(page: Page) -> list[Row]:
    """The rows of a page in reading order; what runs in another direction comes last."""
    rows: list[Row] = []
    for column, pieces in enumerate([*_columns(page.pieces), *([piece] for piece in page.aside)]):
        # A table often juts out of the column it stands in.
        prose = [piece for piece in pieces if not piece.rows] or pieces
        left, right = min(piece.x0 for piece in prose), max(piece.x1 for piece in prose)
        rows += [_row(line, page.number, column, left, right) for line in _lines(pieces)]
    return rows


def broke_early(last: Row, row: Row) -> bool:
    """Would the first word of `row` have fitted at the end of `last`?"""
    first = row.text.split(" ", 1)[0]
    letter = (row.x1 - row.x0) / max(len(row.text), 1)
    return last.x1 + (len(first) + 1) * letter + 0.5 * row.size < last.right


def _columns(pieces: Sequence[Piece], depth: int = 0) -> list[list[Piece]]:
    if not pieces:
        return []
    if len(pieces) > MAX_PIECES or depth > MAX_DEPTH or not _beside(pieces):
        return [list(pieces)]
    if (gutter := _gutter(pieces)) is not None:
        return [column for part in _parted(pieces, gutter, depth + 1) for column in part]
    if (cut := _white_band(pieces)) is None:
        return [list(pieces)]
    above = _columns([piece for piece in pieces if piece.top < cut], depth + 1)
    below = _columns([piece for piece in pieces if piece.top >= cut], depth + 1)
    if len(above) == len(below) == 1:
        return [above[0] + below[0]]
    return above + below


def _beside(pieces: Sequence[Piece]) -> bool:
    """Do any two pieces stand beside one another?"""
    lowest = float("-inf")
    for piece in sorted(pieces, key=lambda piece: piece.top):
        if piece.top < lowest - 0.5 * (piece.bottom - piece.top):
            return True
        lowest = max(lowest, piece.bottom)
    return False


def _gutter(pieces: Sequence[Piece]) -> float | None:
    """The middle of the white strip between two columns of prose, which few pieces cross."""
    left, right = min(piece.x0 for piece in pieces), max(piece.x1 for piece in pieces)
    width = int(right - left) + 2
    if len(pieces) < 2 * MIN_COLUMN_LINES or not 0 < width < 20_000:
        return None
    steps = [0] * (width + 1)
    for piece in pieces:
        steps[int(piece.x0 - left)] += 1
        steps[min(int(piece.x1 - left) + 1, width)] -= 1
    cover = list(accumulate(steps))
    for level in sorted({count for count in cover[:width] if count <= MAX_ACROSS * len(pieces)}):
        for start, stop in _strips(cover[:width], level):
            middle = left + (start + stop) / 2
            if stop - start >= MIN_GUTTER and _parts_prose(pieces, middle):
                return middle
    return None


def _strips(cover: Sequence[int], level: int) -> Iterator[tuple[int, int]]:
    start: int | None = None
    for index, count in enumerate([*cover, level + 1]):
        if count <= level and start is None:
            start = index
        elif count > level and start is not None:
            yield start, index
            start = None


def _parts_prose(pieces: Sequence[Piece], middle: float) -> bool:
    sides = [[p for p in pieces if p.x1 <= middle], [p for p in pieces if p.x0 >= middle]]
    for side in sides:
        if len(side) < MIN_COLUMN_LINES:
            return False
        lengths = [MIN_COLUMN_LETTERS if piece.rows else len(piece.text) for piece in side]
        if statistics.median(lengths) < MIN_COLUMN_LETTERS:
            return False
    tops = [min(p.top for p in side) for side in sides]
    bottoms = [max(p.bottom for p in side) for side in sides]
    shared = min(bottoms) - max(tops)
    return shared > 0.3 * min(bottom - top for top, bottom in zip(tops, bottoms, strict=True))


def _parted(pieces: Sequence[Piece], middle: float, depth: int) -> Iterator[list[list[Piece]]]:
    """The columns above, between and below the pieces that cross the gutter, and these."""
    across: list[Piece] = []
    sides: tuple[list[Piece], list[Piece]] = ([], [])
    for piece in sorted(pieces, key=lambda piece: piece.top):
        if piece.x0 < middle < piece.x1:
            if sides[0] or sides[1]:
                yield _sides(*sides, depth)
                sides = ([], [])
            across.append(piece)
            continue
        if across:
            yield [across]
            across = []
        sides[piece.x0 >= middle].append(piece)
    yield [across] if across else _sides(*sides, depth)


def _sides(left: list[Piece], right: list[Piece], depth: int) -> list[list[Piece]]:
    if min(len(left), len(right)) < 2:
        return [left + right]
    return [*_columns(left, depth), *_columns(right, depth)]


def _white_band(pieces: Sequence[Piece]) -> float | None:
    """Where the widest white band across the pieces ends."""
    ordered = sorted(pieces, key=lambda piece: piece.top)
    reach = list(accumulate((piece.bottom for piece in ordered), max))
    widest, cut = max(
        ((below.top - above, below.top) for above, below in zip(reach, ordered[1:], strict=False)), default=(0.0, 0.0)
    )
    return cut if widest > WHITE_BAND * statistics.median(piece.bottom - piece.top for piece in pieces) else None


def _lines(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Pieces that overlap by half their height stand on one line."""
    line: list[Piece] = []
    top = bottom = 0.0
    for piece in sorted(pieces, key=lambda piece: (piece.top + piece.bottom) / 2):
        overlap = min(bottom, piece.bottom) - max(top, piece.top)
        smallest = min(bottom - top, piece.bottom - piece.top)
        if line and not piece.rows and not line[0].rows and overlap > 0.5 * smallest:
            line.append(piece)
            if len(line[0].text) < len(piece.text):
                top, bottom = piece.top, piece.bottom
            continue
        if line:
            yield sorted(line, key=lambda piece: piece.x0)
        line, top, bottom = [piece], piece.top, piece.bottom
    if line:
        yield sorted(line, key=lambda piece: piece.x0)


def _row(line: Sequence[Piece], page: int, column: int, left: float, right: float) -> Row:
    text = line[0].text
    spaced = False
    for before, piece in pairwise(line):
        # The space after a bullet or a number means nothing.
        spaced = spaced or (piece.x0 - before.x1 > SPACED * piece.size and len(text.strip()) > MARK_LETTERS)
        # Pieces of one word touch: a change of font, a note call.
        parted = piece.x0 - before.x1 > 0.15 * piece.size
        text += (" " if parted else "") + piece.text
    main = max(line, key=lambda piece: len(piece.text))
    return Row(
        " ".join(filter(None, text.strip().split(" "))),
        min(piece.x0 for piece in line),
        main.top,
        max(piece.x1 for piece in line),
        main.bottom,
        main.size,
        all(piece.bold for piece in line),
        page,
        column,
        left,
        right,
        main.rows,
        spaced,
    )
