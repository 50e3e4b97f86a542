"""OpenDocument presentations: a section a slide, its boxes in reading order, tables and the speaker's notes."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from corpus.parsed import Parsed, Unreadable
from corpus.parsers.office.odf import DRAW, OFFICE, PRESENTATION, STYLE, Walk, length, read_odf, read_part
from corpus.parsers.office.slides import Box, Slide, reading_order, slide_lines
from corpus.sections import Line

_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_FURNITURE = ("header", "footer", "date-time", "page-number")
_DEFAULT_HEIGHT = 15.75
_TRANSLATE = re.compile(r"translate\s*\(\s*(\S+?)(?:[\s,]+(\S+?))?\s*\)")


def parse_odp(raw: bytes) -> Parsed:
    """Raises Unreadable, as `check_archive` does, or "damaged" when the markup makes no presentation."""
    return read_odf(raw, "odp", _lines)


def _lines(raw: bytes) -> Iterator[Line]:
    content = read_part(raw, "content.xml")
    body = content.find(f"{OFFICE}body/{OFFICE}presentation")
    if body is None:
        raise Unreadable("damaged", "office:presentation")
    hidden = {
        style.get(f"{STYLE}name")
        for style in content.iter(f"{STYLE}style")
        if any(said.get(f"{PRESENTATION}visibility") == "hidden" for said in style)
    }
    pages = list(enumerate(body.iterfind(f"{DRAW}page"), start=1))
    shown = [(number, page) for number, page in pages if page.get(f"{DRAW}style-name") not in hidden]
    slides = [_slide(number, page) for number, page in shown]
    yield from slide_lines(slides, _height(raw, [page for _, page in shown]))


def _height(raw: bytes, pages: list[Element]) -> float:
    """The height of the first slide's layout, in centimetres; handouts and notes have layouts of their own."""
    try:
        styles = read_part(raw, "styles.xml")
    except (KeyError, SyntaxError):
        return _DEFAULT_HEIGHT
    wanted = pages[0].get(f"{DRAW}master-page-name") if pages else None
    masters = {master.get(f"{STYLE}name"): master for master in styles.iter(f"{STYLE}master-page")}
    name = masters[wanted].get(f"{STYLE}page-layout-name") if wanted in masters else None
    for layout in styles.iter(f"{STYLE}page-layout"):
        if layout.get(f"{STYLE}name") == name:
            for properties in layout.iter(f"{STYLE}page-layout-properties"):
                return length(properties.get(f"{_FO}page-height")) or _DEFAULT_HEIGHT
    return _DEFAULT_HEIGHT


def _slide(number: int, page: Element) -> Slide:
    shapes = [shape for shape in page if shape.get(f"{PRESENTATION}class") not in _FURNITURE]
    title = next((shape for shape in shapes if shape.get(f"{PRESENTATION}class") == "title"), None)
    boxes = tuple(_boxes([shape for shape in shapes if shape is not title]))
    words = "" if title is None else " ".join(line.text for line in _shape_lines(title))
    opens = any(shape.get(f"{PRESENTATION}class") == "subtitle" for shape in shapes)
    return Slide(number, words, boxes, tuple(_notes(page)), opens)


def _boxes(shapes: list[Element]) -> Iterator[Box]:
    for shape in shapes:
        if shape.tag == f"{PRESENTATION}notes":
            continue
        if shape.tag == f"{DRAW}g":
            inside = reading_order(list(_boxes(list(shape))))
            if inside:
                # A group has no place of its own: it stands where its boxes do.
                yield Box(
                    tuple(line for box in inside for line in box.lines),
                    min(box.left for box in inside),
                    min(box.top for box in inside),
                    max(box.right for box in inside),
                    max(box.bottom for box in inside),
                )
        elif lines := tuple(_shape_lines(shape)):
            yield Box(lines, *_place(shape))


def _shape_lines(shape: Element) -> Iterator[Line]:
    walk = Walk()
    yield from walk.blocks(shape)


def _place(shape: Element) -> tuple[float, float, float, float]:
    left, top = length(shape.get(f"{_SVG}x")), length(shape.get(f"{_SVG}y"))
    # A turned shape says its place in the transformation.
    if moved := _TRANSLATE.search(shape.get(f"{DRAW}transform", "")):
        left, top = left + length(moved[1]), top + length(moved[2])
    return left, top, left + length(shape.get(f"{_SVG}width")), top + length(shape.get(f"{_SVG}height"))


def _notes(page: Element) -> Iterator[Line]:
    for notes in page.iterfind(f"{PRESENTATION}notes"):
        for frame in notes:
            if frame.get(f"{PRESENTATION}class") == "notes" and frame.get(f"{PRESENTATION}placeholder") != "true":
                yield from _shape_lines(frame)
