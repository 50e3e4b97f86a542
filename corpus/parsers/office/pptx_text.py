"""The paragraphs of a PowerPoint shape: their text, and whether they are items, which four layers of styles decide."""

from collections.abc import Iterator, Sequence
from typing import Any

from corpus.parsers.office.lines import body_line, text_of
from corpus.sections import Line

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_BULLETS = {f"{A}buChar", f"{A}buAutoNum", f"{A}buBlip"}
_DEEPEST = 8


def children(parent: Any) -> Iterator[Any]:
    """The children of an element; of alternatives only the first, which new programs show."""
    for child in parent:
        if child.tag == f"{_MC}AlternateContent":
            chosen = child.find(f"{_MC}Choice")
            if chosen is None:
                chosen = child.find(f"{_MC}Fallback")
            yield from children(() if chosen is None else chosen)
        elif isinstance(child.tag, str):
            yield child


def paragraph_text(paragraph: Any) -> str:
    """The text of an a:p; the number of the slide and the date of the day are no text of the document."""
    return text_of(_pieces(paragraph))


def _pieces(parent: Any) -> Iterator[str | None]:
    for child in children(parent):
        if child.tag in (f"{A}t", _MATH_TEXT):
            yield child.text or ""
        elif child.tag in (f"{A}br", f"{A}tab"):
            yield "\n"
        elif child.tag == f"{A}fld" and child.get("type", "").startswith(("slidenum", "datetime")):
            yield None
        elif child.tag not in (f"{A}pPr", f"{A}rPr", f"{A}endParaRPr"):
            yield from _pieces(child)


def body_lines(body: Any, inherited: Sequence[Any]) -> Iterator[Line]:
    """The lines of a text body; `inherited` are the list styles above its own, nearest first."""
    own = body.find(f"{A}lstStyle")
    styles = [*([] if own is None else [own]), *inherited]
    for paragraph in body.iterchildren(f"{A}p"):
        properties = paragraph.find(f"{A}pPr")
        level = _level(properties)
        depth = level + 1 if _has_bullet(properties, level, styles) else 0
        if line := body_line(paragraph_text(paragraph), depth):
            yield line


def _level(properties: Any) -> int:
    said = "0" if properties is None else properties.get("lvl", "0")
    return min(int(said), _DEEPEST) if said.isdigit() else 0


def _has_bullet(properties: Any, level: int, styles: Sequence[Any]) -> bool:
    layers = [properties, *(style.find(f"{A}lvl{level + 1}pPr") for style in styles)]
    for layer in layers:
        for child in () if layer is None else layer:
            if child.tag in _BULLETS:
                return True
            if child.tag == f"{A}buNone":
                return False
    return False
