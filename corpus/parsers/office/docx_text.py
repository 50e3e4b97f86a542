"""The running text of a Word paragraph as a reader sees it, and what hangs on it: notes, text boxes, fields."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from corpus.parsers.office.docx_styles import is_on

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_BREAKS = {f"{W}tab", f"{W}br", f"{W}cr", f"{W}ptab"}
# Deleted or moved away, hidden from readers, or said elsewhere.
_LEFT_OUT = {f"{W}{name}" for name in ("del", "moveFrom", "instrText", "delText", "delInstrText", "rPr", "pPr", "rt")}
_NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}


@dataclass(slots=True)
class Inline:
    """What the runs of one paragraph held; `bold` and `light` count the letters said to be so.

    `pieces` as in `text_of`; `notes` are (part, id) pairs; `boxes` are w:txbxContent elements.
    """

    pieces: list[str | None] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)
    bold: int = 0
    light: int = 0


class Fields:
    """The complex fields that are open, in document order: one begins in a paragraph and may end in another."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._in_code: list[bool] = []

    def pass_mark(self, mark: str | None) -> None:
        if mark == "begin":
            self._open.append("")
            self._in_code.append(True)
        elif mark == "separate" and self._open:
            self._in_code[-1] = False
        elif mark == "end" and self._open:
            self._open.pop()
            self._in_code.pop()

    def pass_code(self, code: str) -> None:
        if self._open and self._in_code[-1]:
            self._open[-1] += code

    def close(self) -> None:
        """Forget fields that never ended."""
        self._open.clear()
        self._in_code.clear()

    @property
    def in_contents(self) -> bool:
        return any(is_contents(code) for code in self._open)

    @property
    def in_page_number(self) -> bool:
        return any(is_page_number(code) for code in self._open)

    @property
    def in_code(self) -> bool:
        return any(self._in_code)


def is_contents(code: str) -> bool:
    return code.split()[:1] in (["TOC"], ["INDEX"])


def is_page_number(code: str) -> bool:
    return code.split()[:1] in (["PAGE"], ["NUMPAGES"], ["SECTIONPAGES"], ["PAGEREF"])


def read_inline(paragraph: Any, fields: Fields) -> Inline:
    """Read a w:p; `fields` is carried from one paragraph to the next."""
    inline = Inline()
    _read(paragraph, fields, inline)
    return inline


def _read(parent: Any, fields: Fields, inline: Inline) -> None:
    for child in visible_children(parent):
        tag = child.tag
        if tag == f"{W}r":
            _read_run(child, fields, inline)
        elif tag == f"{W}fldSimple" and is_page_number(child.get(f"{W}instr", "")):
            inline.pieces.append(None)
        elif tag == _MATH_TEXT:
            inline.pieces.append(child.text or "")
        else:
            _read(child, fields, inline)


def _read_run(run: Any, fields: Fields, inline: Inline) -> None:
    properties = run.find(f"{W}rPr")
    if is_on(properties, "vanish"):
        _read_hidden(run, fields)
        return
    before = len(inline.pieces)
    for child in visible_children(run, with_code=True):
        tag = child.tag
        if tag == f"{W}fldChar":
            fields.pass_mark(child.get(f"{W}fldCharType"))
        elif tag == f"{W}instrText":
            fields.pass_code(child.text or "")
        elif fields.in_code or fields.in_contents:
            continue
        elif fields.in_page_number:
            inline.pieces.append(None)
        elif tag in _NOTES:
            inline.notes.append((_NOTES[tag], child.get(f"{W}id", "")))
        else:
            _read_content(child, inline, fields)
    said = sum(map(str.isalpha, "".join(filter(None, inline.pieces[before:]))))
    if is_on(properties, "b"):
        inline.bold += said
    elif is_on(properties, "b") is False:
        inline.light += said


def _read_hidden(run: Any, fields: Fields) -> None:
    """Fields run through hidden text too: index entries, and the marks around a table of contents."""
    for child in run:
        if child.tag == f"{W}fldChar":
            fields.pass_mark(child.get(f"{W}fldCharType"))
        elif child.tag == f"{W}instrText":
            fields.pass_code(child.text or "")


def _read_content(child: Any, inline: Inline, fields: Fields) -> None:
    tag = child.tag
    if tag == f"{W}t":
        inline.pieces.append(child.text or "")
    elif tag in _BREAKS:
        inline.pieces.append("\n")
    elif tag == f"{W}noBreakHyphen":
        inline.pieces.append("-")
    elif tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
        inline.boxes += _boxes(child)
    elif tag == f"{W}ruby":
        _read(child, fields, inline)


def _boxes(parent: Any) -> Iterator[Any]:
    for child in visible_children(parent):
        if child.tag == f"{W}txbxContent":
            yield child
        else:
            yield from _boxes(child)


def visible_children(parent: Any, with_code: bool = False) -> Iterator[Any]:
    """The children a reader sees: what was deleted is passed over, of alternatives only the first counts."""
    for child in parent:
        if not isinstance(child.tag, str):  # a comment or a processing instruction
            continue
        if child.tag == f"{_MC}AlternateContent":
            # Word writes a text box twice, for new and old programs.
            chosen = child.find(f"{_MC}Choice")
            yield from visible_children(chosen if chosen is not None else _fallback(child), with_code)
        elif child.tag not in _LEFT_OUT or (with_code and child.tag == f"{W}instrText"):
            yield child


def _fallback(alternatives: Any) -> Any:
    found = alternatives.find(f"{_MC}Fallback")
    return () if found is None else found
