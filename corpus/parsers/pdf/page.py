"""One page of a PDF: its pieces of text, its tables, and whether it is only a picture.

Coordinates are points from the top left corner of the page as it is read: pages and texts turned by a quarter are
turned back.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.parsers.pdf.objects import Box, drawn
from corpus.parsers.pdf.runs import Piece, Place, Reader, Run, clean, turned
from corpus.parsers.pdf.tables import Table, tables_in, within

MIN_LETTERS = 25
SCAN_COVER = 0.5


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is read, numbered from 1. `aside` are the pieces that run in another direction than the rest.

    A `scanned` page is a picture, or text without a usable encoding: its pieces are what little could be read.
    """

    number: int
    width: float
    height: float
    pieces: tuple[Piece, ...]
    aside: tuple[Piece, ...] = ()
    scanned: bool = False
    garbled: bool = False


def read_page(page: Any, number: int) -> Page:
    """Read a page that pdfium has loaded. Raises what pypdfium2 raises on a damaged page."""
    frame = page.get_bbox()
    textpage = page.get_textpage()
    try:
        reader = Reader(textpage)
        runs = list(reader.runs())
        turns = _main_turns(runs)
        place = turned(frame, turns)
        edges, pictures = drawn(page, frame)
        pieces = _pieces(reader, [run for run in runs if run.turns == turns], [place(edge) for edge in edges], place)
        aside = [piece for run in runs if run.turns != turns for piece in reader.pieces(run, turned(frame, run.turns))]
    finally:
        textpage.close()
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    garbled = _is_garbled(reader.text)
    bare = sum(map(str.isalpha, reader.text)) < MIN_LETTERS and pictures >= SCAN_COVER * width * height
    if turns % 2:
        width, height = height, width
    return Page(number, width, height, tuple(pieces), tuple(aside), scanned=garbled or bare, garbled=garbled)


def _main_turns(runs: Iterable[Run]) -> int:
    weights: Counter[int] = Counter()
    for run in runs:
        weights[run.turns] += len(run.text)
    return weights.most_common(1)[0][0] if weights else 0


def _is_garbled(text: str) -> bool:
    """Is most of the text characters of a font that does not say which letters they are?"""
    seen = [letter for letter in text if not letter.isspace()]
    unmapped = sum(letter in "\x00\ufffd" or "\ue000" <= letter <= "\uf8ff" for letter in seen)
    return unmapped > 0.3 * len(seen) and len(seen) >= MIN_LETTERS


def _pieces(reader: Reader, runs: Sequence[Run], edges: Sequence[Box], place: Place) -> list[Piece]:
    """The pieces of the runs; the words in the cells of a table stand there and nowhere else."""
    tables = tables_in(edges)
    touching = [[run for run in runs if any(within(t.box, place(box)) for box in run.boxes)] for t in tables]
    kept: list[Piece] = []
    taken: dict[int, list[Table]] = {}
    for table, inside in zip(tables, touching, strict=True):
        rows = table.filled(_cell_texts(reader, table, inside, place))
        if rows:
            kept.append(Piece("", *table.box, 0.0, rows=rows))
            for run in inside:
                taken.setdefault(run.start, []).append(table)
    for run in runs:
        outside = taken.get(run.start)
        kept += reader.pieces(run, place) if outside is None else reader.pieces_outside(run, place, outside)
    return kept


def _cell_texts(reader: Reader, table: Table, runs: Sequence[Run], place: Place) -> dict[Box, str]:
    texts: dict[Box, str] = {}
    for run in runs:
        cell: Box | None = None
        for letter, box in reader.spots(run, place):
            if not letter.isspace() and not (cell and within(cell, box)):
                cell = table.cell_at(box)
                if cell in texts:
                    texts[cell] += "\n"
            if cell is not None:
                texts[cell] = texts.get(cell, "") + letter
    return {cell: "\n".join(map(clean, text.split("\n"))) for cell, text in texts.items()}
