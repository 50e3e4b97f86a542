"""The blocks of a page in reading order: headings, paragraphs, items with their depth, table rows.

The tree comes cleaned of what is no text for a reader (corpus/parsers/html_noise.py), GAP standing where words went.
"""

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from corpus.cleaning import GAP
from corpus.parsers.html.tables import holds_data, rows_of
from corpus.parsers.html.words import HEADINGS, INLINE, SPACES, first_text, flat_text, link_share, one_line
from corpus.sections import Line, LineKind

_DASHED = re.compile(rf"[{GAP} \u00a0]*[-–—•▪·*►✓][ \u00a0]+(?=\S)")


@dataclass(slots=True)
class Block:
    """A line of the page and where it stands there.

    `element` holds the block, `text_at` is the node whose text (or tail) begins it, `linked` is the share of its
    characters that stand in links, 0 to 1.
    """

    line: Line
    element: HtmlElement
    text_at: HtmlElement
    in_tail: bool
    linked: float


def read_blocks(root: HtmlElement) -> list[Block]:
    """Every block below `root`; one without letter or digit makes none."""
    reader = _Reader(root)
    reader.visit(root)
    reader.flush(root)
    return reader.blocks


class _Reader:
    """Walks a tree once, gathering inline text until a block begins or ends."""

    def __init__(self, root: HtmlElement) -> None:
        self.blocks: list[Block] = []
        self.root = root
        self.depth = 0  # of lists
        self.items: list[bool] = [False]  # whether the text being gathered is that of a list item
        self.links = 0
        self.level = 1  # of the last heading
        self.gap = False
        self._clear()

    def _clear(self) -> None:
        self.pieces: list[str] = []
        self.linked = 0
        self.where: tuple[HtmlElement, bool] | None = None

    def visit(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag == "br":
            self.pieces.append("\n")
        elif tag in HEADINGS or (tag == "summary" and _closes_alone(element.getparent())):
            self._heading(element)
        elif tag == "table" and holds_data(element):
            self._table(element)
        elif tag in ("ul", "ol", "dl"):
            self._list(element)
        elif tag in ("li", "dt", "dd"):
            self._item(element)
        elif tag in INLINE:
            self.links += tag == "a"
            self._content(element)
            self.links -= tag == "a"
        else:
            self._boundary(element)
            self._content(element)
            self._boundary(element)

    def _content(self, element: HtmlElement) -> None:
        self._say(element, element.text, in_tail=False)
        for child in element:
            self.visit(child)
            self._say(child, child.tail, in_tail=True)

    def _say(self, node: HtmlElement, text: str | None, *, in_tail: bool) -> None:
        if not text:
            return
        # A line break of the source is a space; only <br> makes "\n" here.
        self.pieces.append(SPACES.sub(" ", text))
        if any(map(str.isalnum, text)):
            self.where = self.where or (node, in_tail)
            self.linked += len(text.strip()) if self.links else 0

    def _boundary(self, element: HtmlElement) -> None:
        """A block inside a list item belongs to the item; elsewhere it ends what was gathered."""
        if self.items[-1]:
            self.pieces.append(" ")
        else:
            self.flush(element)

    def _list(self, element: HtmlElement) -> None:
        self.flush(element)
        self.depth += 1
        self.items.append(False)
        self._content(element)
        self.flush(element)
        self.items.pop()
        self.depth -= 1

    def _item(self, element: HtmlElement) -> None:
        self.flush(element)
        # A list of cards, each with its heading, is no list of items but a row of small sections.
        self.items.append(next(element.iter(*HEADINGS, "table", "details"), None) is None)
        self.depth += element.tag == "dd"
        self._content(element)
        self.flush(element)
        self.depth -= element.tag == "dd"
        self.items.pop()

    def _heading(self, element: HtmlElement) -> None:
        self.flush(element)
        text = flat_text(element)
        self.level = int(element.tag[1]) if element.tag in HEADINGS else min(self.level + 1, 6)
        place = first_text(element)
        if place is not None:
            self._add("heading", text, self.level, element, place, 0.0)
        if element.tag == "summary":
            self.level -= 1

    def _table(self, table: HtmlElement) -> None:
        self.flush(table)
        for caption in table.iterchildren("caption"):
            if (place := first_text(caption)) is not None:
                self._add("paragraph", flat_text(caption), 0, caption, place, 0.0)
        opens = True
        for row, cells in rows_of(table):
            if any(cells) and (place := first_text(row)) is not None:
                self._add("row", " | ".join(cells).rstrip(" |"), 0, row, place, link_share(row), opens)
                opens = False

    def flush(self, element: HtmlElement) -> None:
        """End the text gathered so far; two line breaks in a row part paragraphs, dashed lines are items."""
        text, where = "".join(self.pieces), self.where
        length = sum(not c.isspace() for c in text)
        linked = min(1.0, self.linked / length) if length else 0.0
        self._clear()
        if where is None:
            self.gap |= GAP in text
            return
        for paragraph in re.split(r"(?:[ \u00a0]*\n){2,}", text):
            lines = paragraph.split("\n")
            dashed = [bool(_DASHED.match(line)) for line in lines]
            if sum(dashed) >= 2:
                self._dashed(lines, dashed, element, where, linked)
            else:
                self._paragraph(paragraph, element, where, linked)

    def _dashed(
        self, lines: list[str], dashed: list[bool], element: HtmlElement, where: tuple[HtmlElement, bool], linked: float
    ) -> None:
        first = dashed.index(True)
        self._paragraph("\n".join(lines[:first]), element, where, linked)
        starts = [index for index, is_item in enumerate(dashed) if is_item]
        for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
            mark = GAP if GAP in lines[start][:3] else ""
            text = mark + _DASHED.sub("", one_line(" ".join(lines[start:stop])))
            self._add("item", text, self.depth + 1, element, where, linked)

    def _paragraph(self, text: str, element: HtmlElement, where: tuple[HtmlElement, bool], linked: float) -> None:
        kind: LineKind = "item" if self.items[-1] else "paragraph"
        self._add(kind, one_line(text), self.depth if self.items[-1] else 0, element, where, linked)

    def _add(
        self,
        kind: LineKind,
        text: str,
        level: int,
        element: HtmlElement,
        where: tuple[HtmlElement, bool],
        linked: float,
        opens: bool = False,
    ) -> None:
        if not any(map(str.isalnum, text)):
            self.gap |= GAP in text
            return
        gap = self.gap or text.startswith(GAP)
        self.gap = text.endswith(GAP)
        line = Line(kind, text.strip(f"{GAP} \u00a0"), level, blank_before=opens, gap_before=gap)
        self.blocks.append(Block(line, element, where[0], where[1], linked))


def _closes_alone(details: HtmlElement | None) -> bool:
    """Whether only a fold or a heading follows: else the text after the fold would stand under its title."""
    if details is None or details.tag != "details":
        return False
    after = details.getnext()
    return not (details.tail or "").strip() and (after is None or after.tag in ("details", *HEADINGS))
