"""Word files: paragraphs and tables in reading order, as they stand once tracked changes are accepted.

python-docx opens the package; the walk over the markup is ours, since its paragraphs and tables pass over inserted
text, content controls, text boxes and notes. Headers and footers stand in parts of their own, which are not read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

from corpus.cleaning import GAP
from corpus.parsed import Parsed, Unreadable
from corpus.parsers.office.archive import check_archive
from corpus.parsers.office.docx_styles import Styles
from corpus.parsers.office.docx_text import Fields, Inline, W, read_inline, visible_children
from corpus.parsers.office.lines import body_line, heading_line, parsed_of, row_lines, text_of
from corpus.parsers.office.package import without_dangling_relationships
from corpus.parsers.office.properties import read_properties
from corpus.sections import ENDS_SENTENCE, Line

MAX_BOLD_HEADING = 140


def parse_docx(raw: bytes) -> Parsed:
    """Raises Unreadable, as `check_archive` does, or "damaged" when the markup makes no document."""
    check_archive(raw, "docx")
    try:
        properties = read_properties(raw, "docProps/core.xml", "docProps/app.xml", "docProps/custom.xml")
        lines = _with_bold_headings(_Reader(raw).lines())
    # Damaged markup makes python-docx and lxml raise anything, from KeyError to RecursionError.
    except Exception as error:
        raise Unreadable("damaged", type(error).__name__) from error
    return parsed_of(lines, properties.stated, properties.produced)


class _Reader:
    """One pass over a file: what is left open at one paragraph (fields, notes to come) weighs on the next."""

    def __init__(self, raw: bytes) -> None:
        from docx import Document

        document = Document(BytesIO(without_dangling_relationships(raw)))
        self._body = document.element.body
        self._styles = Styles(document.styles.element)
        self._notes = _notes(document.part)
        self._fields = Fields()
        self._pending: list[tuple[str, str]] = []
        self._gap = False
        self._titled = False

    def lines(self) -> list[Line]:
        """Lines in reading order; the notes of a section stand at its end."""
        lines: list[Line] = []
        for line in self._blocks(self._body):
            if line.kind == "heading":
                lines += self._notes_due()
            if self._gap:
                line.gap_before, self._gap = True, False
            lines.append(line)
        return lines + self._notes_due()

    def _blocks(self, parent: Any) -> Iterator[Line]:
        for child in visible_children(parent):
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            elif child.tag == f"{W}sdt":
                if _holds_contents(child):
                    self._gap = True
                else:
                    yield from self._blocks(child)
            elif child.tag == f"{W}altChunk":  # a file within the file
                self._gap = True
            else:
                yield from self._blocks(child)

    def _paragraph(self, paragraph: Any) -> Iterator[Line]:
        role = self._styles.role(paragraph)
        if role.heading is not None and not role.contents and paragraph.find(f".//{W}fldChar") is None:
            # A field that never ended would swallow the rest of the document: no table of contents holds a heading.
            self._fields.close()
        inside = self._fields.in_contents
        inline = read_inline(paragraph, self._fields)
        text = text_of(inline.pieces)
        if role.contents or (not text and (inside or self._fields.in_contents)):
            self._gap = True
            return
        if line := self._line(text, role.heading, role.depth):
            if line.kind == "paragraph" and _all_bold(inline, role.bold):
                line.level = -1
            yield line
        elif GAP in text:  # nothing but a page number
            self._gap = True
        self._pending += inline.notes
        for box in inline.boxes:
            yield from self._blocks(box)

    def _line(self, text: str, heading: int | None, depth: int) -> Line | None:
        if heading is None:
            return body_line(text, depth)
        if heading == 0:
            self._titled = True
        # Below the title of a document its headings go one deeper.
        return heading_line(text, 1 if heading == 0 else heading + self._titled)

    def _table(self, table: Any) -> Iterator[Line]:
        rows = [list(_cells(row)) for row in _rows(table)]
        if all(len(cells) < 2 for cells in rows) or self._is_layout(table):
            for cells in rows:
                for cell in cells:
                    yield from self._blocks(cell)
        else:
            yield from row_lines([[self._cell(cell) for cell in cells] for cells in rows])

    def _is_layout(self, table: Any) -> bool:
        """A table that holds headings or tables sets a page out: its cells are read one after another."""
        if next(table.iterdescendants(f"{W}tbl"), None) is not None:
            return True
        return any(self._styles.role(paragraph).heading is not None for paragraph in table.iter(f"{W}p"))

    def _cell(self, cell: Any) -> str:
        return " ".join(line.text for line in self._blocks(cell))

    def _notes_due(self) -> list[Line]:
        due, self._pending = self._pending, []
        found = (note for key in due for note in self._notes.get(key, ()))
        lines = [line for note in found for line in self._blocks([note])]
        for line in lines:
            line.gap_before = True
        return lines


def _notes(part: Any) -> dict[tuple[str, str], list[Any]]:
    """The paragraphs of each footnote and endnote, by part and id."""
    from docx.oxml import parse_xml

    notes: dict[tuple[str, str], list[Any]] = {}
    for relation in part.rels.values():
        kind = relation.reltype.rpartition("/")[2]
        if kind in ("footnotes", "endnotes") and not relation.is_external:
            for note in parse_xml(relation.target_part.blob):
                notes[kind, note.get(f"{W}id", "")] = list(note.iterchildren(f"{W}p"))
    return notes


def _rows(parent: Any) -> Iterator[Any]:
    for child in visible_children(parent):
        if child.tag == f"{W}tr":
            if child.find(f"{W}trPr/{W}del") is None:
                yield child
        elif child.tag not in (f"{W}tblPr", f"{W}tblGrid"):
            yield from _rows(child)


def _cells(parent: Any) -> Iterator[Any]:
    for child in visible_children(parent):
        if child.tag == f"{W}tc":
            yield child
        elif child.tag not in (f"{W}trPr", f"{W}tblPrEx"):
            yield from _cells(child)


def _holds_contents(control: Any) -> bool:
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(f"{W}val") in ("Table of Contents", "Table des matières")


def _all_bold(inline: Inline, by_style: bool) -> bool:
    said = sum(map(str.isalpha, "".join(filter(None, inline.pieces))))
    return bool(said) and (not inline.light if by_style else inline.bold == said)


def _with_bold_headings(lines: Sequence[Line]) -> list[Line]:
    """Where no style marks a heading, a short bold paragraph above plain text is one."""
    marked = any(line.kind == "heading" and line.level > 1 for line in lines)
    result = []
    for index, line in enumerate(lines):
        if line.level == -1:
            below = lines[index + 1] if index + 1 < len(lines) else None
            stands_above = below is not None and below.level != -1 and below.kind in ("paragraph", "item")
            short = len(line.text) <= MAX_BOLD_HEADING and not ENDS_SENTENCE.search(line.text)
            promoted = not marked and stands_above and short and not line.text.endswith((":", ",", ";"))
            line = replace(line, kind="heading", level=2) if promoted else replace(line, level=0)
        result.append(line)
    return result
