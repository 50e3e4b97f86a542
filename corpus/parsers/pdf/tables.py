"""Tables drawn with ruling lines: pdfplumber's finder on the lines pdfium gives, so that no page is read twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.parsers.pdf.objects import Box

Cells = tuple[tuple[str, ...], ...]

SNAP = 3.0
# Longer cells are the frames of a page's layout, not a table.
MAX_CELL = 1_500
# Beyond, the finder takes seconds: such a grid is squared paper or a drawing.
MAX_CROSSINGS = 3_000


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table by rows, from the top; a cell that spans several rows or columns stands once."""

    box: Box
    rows: tuple[tuple[Box, ...], ...]

    def cell_at(self, box: Box) -> Box | None:
        """The cell that holds the middle of `box`."""
        if not within(self.box, box):
            return None
        return next((cell for row in self.rows for cell in row if within(cell, box)), None)

    def filled(self, texts: Mapping[Box, str]) -> Cells | None:
        """The words of the cells, by rows, those without words left out; None when they make no table.

        Two rows with two filled cells make a table: a frame around a text is none, nor are the frames of a layout.
        """
        rows = [tuple(texts.get(cell, "").strip() for cell in row) for row in self.rows]
        kept = tuple(row for row in rows if any(row))
        if sum(sum(map(bool, row)) > 1 for row in kept) < 2:
            return None
        return kept if max(len(cell) for row in kept for cell in row) <= MAX_CELL else None


def tables_in(edges: Sequence[Box]) -> list[Table]:
    """The tables that lines make, from top to bottom; coordinates from the top left corner."""
    upright = [edge for edge in edges if edge[3] - edge[1] > edge[2] - edge[0]]
    if len(upright) < 2 or len(edges) - len(upright) < 2:
        return []
    from pdfplumber import table as finder

    merged = finder.merge_edges([_described(edge) for edge in edges], SNAP, SNAP, SNAP, SNAP)
    crossings = finder.edges_to_intersections(merged, SNAP, SNAP)
    if len(crossings) > MAX_CROSSINGS:
        return []
    groups = finder.cells_to_tables(finder.intersections_to_cells(crossings))
    return [table for table in map(_table, groups) if len(table.rows) > 1]


def within(outer: Box, box: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return outer[0] <= x < outer[2] and outer[1] <= y < outer[3]


def _table(cells: Sequence[Box]) -> Table:
    tops = sorted({cell[1] for cell in cells})
    rows = tuple(tuple(sorted(cell for cell in cells if cell[1] == top)) for top in tops)
    x0, y0, x1, y1 = zip(*cells, strict=True)
    return Table((min(x0), min(y0), max(x1), max(y1)), rows)


def _described(edge: Box) -> dict[str, object]:
    x0, top, x1, bottom = edge
    if bottom - top > x1 - x0:
        x0 = x1 = (x0 + x1) / 2
        orientation = "v"
    else:
        top = bottom = (top + bottom) / 2
        orientation = "h"
    return {"x0": x0, "top": top, "x1": x1, "bottom": bottom, "width": x1 - x0, "height": bottom - top,
            "orientation": orientation, "object_type": "line"}  # fmt: skip
