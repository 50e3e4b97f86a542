"""OpenDocument markup: running text, paragraphs, lists and tables, as texts and presentations share it.

The standard library reads it rather than odfdo: odfdo's own text of an element holds marks that stand in no document
("[1]" for a note, "- " for an item), and its wrappers make the same walk three times slower.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Literal
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zipfile import ZipFile

from corpus.cleaning import GAP
from corpus.parsed import Parsed, Unreadable
from corpus.parsers.office.archive import check_archive
from corpus.parsers.office.lines import body_line, heading_line, parsed_of, row_lines, text_of
from corpus.parsers.office.properties import read_properties
from corpus.sections import Line

_URN = "urn:oasis:names:tc:opendocument:xmlns:"
TEXT, TABLE, DRAW, OFFICE, STYLE, PRESENTATION = (
    f"{{{_URN}{name}:1.0}}" for name in ("text", "table", "drawing", "office", "style", "presentation")
)
_SPACES = {f"{TEXT}s", f"{TEXT}tab", f"{TEXT}line-break"}
# Said elsewhere, of today, or by somebody who read the text: none of it is text of the document.
_LEFT_OUT = {f"{TEXT}{name}" for name in ("note-citation", "ruby-text", "soft-page-break", "tracked-changes")} | {
    f"{OFFICE}annotation", f"{OFFICE}annotation-end", f"{OFFICE}forms",
    f"{PRESENTATION}footer", f"{PRESENTATION}header",
}  # fmt: skip
_PAGE_NUMBERS = {f"{TEXT}page-number", f"{TEXT}page-count", f"{PRESENTATION}date-time"}
_CONTENTS = {
    f"{TEXT}{name}"
    for name in ("table-of-content", "illustration-index", "table-index", "object-index", "alphabetical-index")
}
_PARAGRAPHS = (f"{TEXT}p", f"{TEXT}h")
_NOTES = f"{TEXT}note"


def read_odf(raw: bytes, kind: Literal["odp", "odt"], lines_of: Callable[[bytes], Iterator[Line]]) -> Parsed:
    """Check an archive, then read its lines. Raises Unreadable, as `check_archive` does, or "damaged"."""
    check_archive(raw, kind)
    try:
        properties = read_properties(raw, "meta.xml")
        lines = list(lines_of(raw))
    # Damaged markup raises anything: ParseError, KeyError, RecursionError.
    except Exception as error:
        raise Unreadable("damaged", type(error).__name__) from error
    return parsed_of(lines, properties.stated, properties.produced)


def read_part(raw: bytes, name: str) -> Element:
    """The root of a part of a checked archive."""
    with ZipFile(BytesIO(raw)) as archive:
        return ElementTree.fromstring(archive.read(name))


@dataclass(slots=True)
class Walk:
    """A walk over blocks. `title_styles` name the title of the document; `notes` gathers the notes passed, in order."""

    title_styles: frozenset[str] = frozenset()
    notes: list[Element] = field(default_factory=list)
    gap: bool = False
    titled: bool = False

    def blocks(self, parent: Element, depth: int = 0) -> Iterator[Line]:
        """The lines of the blocks of an element; `depth` is that of the list around them, 0 outside."""
        for child in parent:
            if child.tag in _PARAGRAPHS:
                yield from self._paragraph(child, depth)
            elif child.tag == f"{TEXT}list":
                for item in child:
                    # A header stands in a list without a mark of its own.
                    yield from self.blocks(item, depth + 1 if item.tag == f"{TEXT}list-item" else depth)
            elif child.tag == f"{TABLE}table":
                yield from self._table(child)
            elif child.tag in _CONTENTS:
                self.gap = True
            elif child.tag not in _LEFT_OUT and child.get(f"{TEXT}display") != "none":
                yield from self.blocks(child, depth)

    def _paragraph(self, paragraph: Element, depth: int) -> Iterator[Line]:
        frames: list[Element] = []
        text = text_of(_pieces(paragraph, frames, self.notes))
        line = self._line(paragraph, text, depth)
        if line is not None:
            line.gap_before, self.gap = self.gap, False
            yield line
        elif GAP in text:  # nothing but a page number
            self.gap = True
        for frame in frames:
            yield from self.blocks(frame)

    def _line(self, paragraph: Element, text: str, depth: int) -> Line | None:
        if paragraph.get(f"{TEXT}style-name") in self.title_styles:
            self.titled = self.titled or bool(text)
            return heading_line(text, 1)
        if paragraph.tag == f"{TEXT}h":
            level = paragraph.get(f"{TEXT}outline-level", "1")
            # Below the title of a document its headings go one deeper.
            return heading_line(text, max(int(level) if level.isdigit() else 1, 1) + self.titled)
        return body_line(text, depth)

    def _table(self, table: Element) -> Iterator[Line]:
        rows = [list(_cells(row)) for row in _rows(table)]
        if all(len(cells) < 2 for cells in rows) or _is_layout(table):
            for cells in rows:
                for cell in cells:
                    yield from self.blocks(cell)
        else:
            yield from row_lines(
                [" ".join(line.text for line in self.blocks(cell)) for cell in cells] for cells in rows
            )


def _pieces(parent: Element, frames: list[Element], notes: list[Element]) -> Iterator[str | None]:
    yield parent.text or ""
    for child in parent:
        if child.tag in _PAGE_NUMBERS:
            yield None
        elif child.tag in _SPACES:
            yield " "
        elif child.tag == _NOTES:
            notes.append(child)
        elif child.tag.startswith(DRAW) and child.tag != f"{DRAW}a":
            frames.append(child)
        elif child.tag not in _LEFT_OUT:
            yield from _pieces(child, frames, notes)
        yield child.tail or ""


def _rows(parent: Element) -> Iterator[Element]:
    for child in parent:
        if child.tag == f"{TABLE}table-row":
            yield child
        elif child.tag != f"{TABLE}table":
            yield from _rows(child)


def _cells(row: Element) -> Iterator[Element]:
    """The cells of a row; what a wide cell covers is no cell, what a tall one covers is an empty one."""
    covered = 0
    for cell in row:
        if cell.tag == f"{TABLE}table-cell":
            covered = int(cell.get(f"{TABLE}number-columns-spanned", "1")) - 1
            yield cell
        elif cell.tag == f"{TABLE}covered-table-cell":
            if covered <= 0:
                yield cell
            covered -= 1


def _is_layout(table: Element) -> bool:
    """A table that holds headings or tables sets a page out: its cells are read one after another."""
    inside = (element for element in table.iter() if element is not table)
    return any(element.tag in (f"{TABLE}table", f"{TEXT}h") for element in inside)


def styles_of(content: Element, parent: str) -> frozenset[str]:
    """The name of a paragraph style, and of the automatic styles that stand on it where something was set by hand."""
    automatic = (
        style.get(f"{STYLE}name", "")
        for style in content.iter(f"{STYLE}style")
        if style.get(f"{STYLE}parent-style-name") == parent
    )
    return frozenset({parent, *automatic})


def length(said: str | None) -> float:
    """A length such as "2.5cm" in centimetres; 0 when it says none."""
    found = re.fullmatch(r"\s*(-?[\d.]+)\s*(cm|mm|in|pt|pc|px)?\s*", said or "")
    units = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72, "pc": 2.54 / 6, "px": 2.54 / 96}
    try:
        return float(found[1]) * units.get(found[2] or "cm", 1.0) if found else 0.0
    except ValueError:
        return 0.0
