"""PowerPoint files: a section a slide, its boxes in reading order, tables, diagrams and the speaker's notes.

python-pptx opens the package and knows the layouts; the walk over the shapes is ours, since it passes over shapes
written as alternatives (those that hold formulas) and diagrams.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from corpus.parsed import Parsed, Unreadable
from corpus.parsers.office.archive import check_archive
from corpus.parsers.office.lines import body_line, parsed_of, row_lines, text_of
from corpus.parsers.office.package import without_dangling_relationships
from corpus.parsers.office.pptx_text import A, P, body_lines, children, paragraph_text
from corpus.parsers.office.properties import read_properties
from corpus.parsers.office.slides import Box, Slide, reading_order, slide_lines
from corpus.sections import Line

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_TITLES = ("title", "ctrTitle")
_FURNITURE = ("dt", "ftr", "hdr", "sldNum")
_OPENING_LAYOUTS = ("title", "secHead")
_NOWHERE = (0.0, 0.0, 0.0, 0.0)

Place = tuple[float, float, float, float]


def parse_pptx(raw: bytes) -> Parsed:
    """Raises Unreadable, as `check_archive` does, or "damaged" when the markup makes no presentation."""
    check_archive(raw, "pptx")
    try:
        properties = read_properties(raw, "docProps/core.xml", "docProps/app.xml", "docProps/custom.xml")
        lines = list(_lines(raw))
    # Damaged markup makes python-pptx and lxml raise anything, from KeyError to RecursionError.
    except Exception as error:
        raise Unreadable("damaged", type(error).__name__) from error
    return parsed_of(lines, properties.stated, properties.produced)


def _lines(raw: bytes) -> Iterator[Line]:
    from pptx import Presentation

    presentation = Presentation(BytesIO(without_dangling_relationships(raw)))
    layouts: dict[str, _Layout] = {}
    slides = []
    # PowerPoint counts hidden slides.
    for number, slide in enumerate(presentation.slides, start=1):
        if slide.element.get("show") in ("0", "false"):
            continue
        name = str(slide.slide_layout.part.partname)
        if name not in layouts:
            layouts[name] = _Layout(slide.slide_layout)
        slides.append(_SlideReader(slide, layouts[name]).slide(number))
    yield from slide_lines(slides, float(presentation.slide_height or 0))


class _Layout:
    """What the placeholders of a slide inherit: where they stand and how their paragraphs are marked."""

    def __init__(self, layout: Any) -> None:
        self.opens = layout.element.get("type") in _OPENING_LAYOUTS
        master = layout.slide_master
        texts = master.element.find(f"{P}txStyles")
        self._body = None if texts is None else texts.find(f"{P}bodyStyle")
        self._master_body = next((shape for shape in master.placeholders if _is_body(shape.element)), None)
        self._shapes = {shape.element.ph.get("idx", "0"): shape for shape in layout.placeholders}
        # Kept: python-pptx climbs to the master at each asking.
        self._places = {index: _inherited_place(shape) for index, shape in self._shapes.items()}

    def place(self, placeholder: Any) -> Place:
        return self._places.get(placeholder.get("idx", "0"), _NOWHERE)

    def styles(self, placeholder: Any) -> list[Any]:
        """The list styles of a body placeholder, from the layout's to the master's; none for a title."""
        kind = placeholder.get("type", "obj")
        if kind in _TITLES:
            return []
        shapes = [self._shapes.get(placeholder.get("idx", "0")), self._master_body]
        found = [shape.element.find(f"{P}txBody/{A}lstStyle") for shape in shapes if shape is not None]
        return [style for style in [*found, self._body] if style is not None]


@dataclass
class _SlideReader:
    _source: Any
    _layout: _Layout
    _title: str = ""
    _subtitled: bool = False

    def slide(self, number: int) -> Slide:
        boxes = tuple(self._boxes(self._source.shapes.element))
        notes = tuple(_notes(self._source))
        return Slide(number, self._title, boxes, notes, self._layout.opens or self._subtitled)

    def _boxes(self, tree: Any) -> Iterator[Box]:
        for shape in children(tree):
            lines = tuple(self._shape(shape))
            if lines:
                yield Box(lines, *self._place(shape))

    def _shape(self, shape: Any) -> Iterator[Line]:
        if _is_hidden(shape):
            return
        if shape.tag == f"{P}grpSp":
            # A group stands on the slide as one; inside it, places are in a measure of its own.
            for box in reading_order(list(self._boxes(shape))):
                yield from box.lines
        elif shape.tag == f"{P}graphicFrame":
            yield from _frame_lines(shape, self._source.part)
        elif shape.tag in (f"{P}sp", f"{P}cxnSp"):
            yield from self._text(shape)

    def _text(self, shape: Any) -> Iterator[Line]:
        body = shape.find(f"{P}txBody")
        placeholder = _placeholder(shape)
        if body is None:
            return
        if placeholder is None:
            yield from body_lines(body, [])
        elif placeholder.get("type") in _TITLES and not self._title:
            self._title = text_of([" ".join(paragraph_text(paragraph) for paragraph in body.iterchildren(f"{A}p"))])
        elif placeholder.get("type") not in _FURNITURE:
            # LibreOffice gives its layouts no type.
            self._subtitled = self._subtitled or placeholder.get("type") == "subTitle"
            yield from body_lines(body, self._layout.styles(placeholder))

    def _place(self, shape: Any) -> Place:
        own = _own_place(shape)
        placeholder = _placeholder(shape)
        if own is not None:
            return own
        return _NOWHERE if placeholder is None else self._layout.place(placeholder)


def _is_body(shape: Any) -> bool:
    placeholder = _placeholder(shape)
    return placeholder is not None and placeholder.get("type", "body") == "body"


def _inherited_place(shape: Any) -> Place:
    if shape.left is None:
        return _NOWHERE
    return (shape.left, shape.top, shape.left + shape.width, shape.top + shape.height)


def _placeholder(shape: Any) -> Any:
    return shape.find(f"./*/{P}nvPr/{P}ph")


def _is_hidden(shape: Any) -> bool:
    properties = shape.find(f"./*/{P}cNvPr")
    return properties is not None and properties.get("hidden") in ("1", "true")


def _own_place(shape: Any) -> Place | None:
    for path in (f"{P}spPr/{A}xfrm", f"{P}grpSpPr/{A}xfrm", f"{P}xfrm"):
        offset, extent = shape.find(f"{path}/{A}off"), shape.find(f"{path}/{A}ext")
        if offset is not None and extent is not None:
            left, top = float(offset.get("x", 0)), float(offset.get("y", 0))
            return (left, top, left + float(extent.get("cx", 0)), top + float(extent.get("cy", 0)))
    return None


def _frame_lines(frame: Any, part: Any) -> Iterator[Line]:
    for table in frame.iter(f"{A}tbl"):
        rows = [[_cell(cell) for cell in row.iterchildren(f"{A}tc") if cell.get("hMerge") not in ("1", "true")]
                for row in table.iterchildren(f"{A}tr")]  # fmt: skip
        if all(len(cells) < 2 for cells in rows):
            for cell in table.iter(f"{A}txBody"):
                yield from body_lines(cell, [])
        else:
            yield from row_lines(rows)
    for relation in frame.iter(f"{_DIAGRAM}relIds"):
        yield from _diagram_lines(part, relation.get(f"{_R}dm"))


def _cell(cell: Any) -> str:
    return text_of([" ".join(paragraph_text(paragraph) for paragraph in cell.iter(f"{A}p"))])


def _diagram_lines(part: Any, relation: str | None) -> Iterator[Line]:
    """The texts of a SmartArt diagram as items, each below the one that holds it."""
    from pptx.oxml import parse_xml

    if relation not in part.rels or part.rels[relation].is_external:
        return
    model = parse_xml(part.related_part(relation).blob)
    points = {point.get("modelId"): point for point in model.iter(f"{_DIAGRAM}pt")}
    links = sorted(
        (int(link.get("srcOrd", "0")), link.get("srcId"), link.get("destId"))
        for link in model.iter(f"{_DIAGRAM}cxn")
        if link.get("type", "parOf") == "parOf"
    )
    below: dict[str, list[str]] = {}
    for _, above, point in links:
        below.setdefault(above, []).append(point)
    roots = [key for key, point in points.items() if point.get("type") == "doc"]
    yield from _points(roots, points, below, 0)


def _points(keys: Sequence[str], points: dict[str, Any], below: dict[str, list[str]], depth: int) -> Iterator[Line]:
    for key in keys:
        for paragraph in points[key].iter(f"{A}p") if key in points else ():
            if line := body_line(paragraph_text(paragraph), depth):
                yield line
        yield from _points(below.pop(key, []), points, below, depth + 1)


def _notes(slide: Any) -> Iterator[Line]:
    if not slide.has_notes_slide:  # asking for the notes slide would make one
        return
    for shape in slide.notes_slide.shapes.element.iter(f"{P}sp"):
        placeholder, body = _placeholder(shape), shape.find(f"{P}txBody")
        if placeholder is not None and placeholder.get("type") == "body" and body is not None:
            yield from body_lines(body, [])
