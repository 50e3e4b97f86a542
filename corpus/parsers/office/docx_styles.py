"""What a Word paragraph is, by its style or by itself: a heading, an item, an entry of a table of contents."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"(?:heading|titre|title)\s*([1-9])\b", re.I)
_TITLE = re.compile(r"title|titre", re.I)
_CONTENTS = re.compile(
    r"(?:toc|tm|contents|table des matières)\s*(?:heading|niveau)?\s*\d*|en-tête de table des matières"
    r"|table of figures|illustration index.*",
    re.I,
)
_LIST = re.compile(r"(?:list(?:e)? (?:bullet|number|à puces|à numéros))\s*([1-9]?)", re.I)
_BODY_OUTLINE = 9


@dataclass(frozen=True, slots=True)
class Role:
    """`heading` is a level from 1, 0 for the title of the document; `depth` that of an item from 1, 0 outside lists."""

    heading: int | None = None
    depth: int = 0
    contents: bool = False
    bold: bool = False


class Styles:
    """The roles the styles of one file give; lxml elements stand behind `Any`, lxml has no types."""

    def __init__(self, root: Any) -> None:
        self._styles = {style.get(f"{_W}styleId"): style for style in root.iter(f"{_W}style")}
        defaults = (
            style.get(f"{_W}styleId")
            for style in self._styles.values()
            if style.get(f"{_W}default") in ("1", "true") and style.get(f"{_W}type") == "paragraph"
        )
        self._default = next(defaults, None)
        self._roles: dict[str | None, Role] = {}

    def role(self, paragraph: Any) -> Role:
        """What `paragraph` (a w:p) is; what it says of itself counts before what its style says."""
        own = paragraph.find(f"{_W}pPr")
        style_id = _value(own, "pStyle") if own is not None else None
        style = self._role_of_style(style_id or self._default)
        if own is None:
            return style
        heading = style.heading
        if heading is None or heading > 0:
            heading = _outline_level(own, heading)
        depth = _list_depth(own)
        return Role(heading, style.depth if depth is None else depth, style.contents, style.bold)

    def _role_of_style(self, style_id: str | None) -> Role:
        if style_id not in self._roles:
            self._roles[style_id] = _role_of_chain(list(self._chain(style_id)))
        return self._roles[style_id]

    def _chain(self, style_id: str | None) -> Iterator[Any]:
        """A style and those it is based on, nearest first; a circle ends where it closes."""
        passed: set[str | None] = set()
        while style_id in self._styles and style_id not in passed:
            passed.add(style_id)
            style = self._styles[style_id]
            yield style
            style_id = _value(style, "basedOn")


def is_on(properties: Any, name: str) -> bool | None:
    """Whether a toggle such as bold is on, off, or not said."""
    toggle = properties.find(f"{_W}{name}") if properties is not None else None
    return None if toggle is None else toggle.get(f"{_W}val", "1") not in ("0", "false", "off", "none")


def _role_of_chain(chain: list[Any]) -> Role:
    heading: int | None = None
    depth: int | None = None
    bold: bool | None = None
    contents = decided = False
    for style in chain:
        name = _value(style, "name") or ""
        own = style.find(f"{_W}pPr")
        contents = contents or bool(_CONTENTS.fullmatch(name))
        if not decided:
            heading, decided = _heading_of_style(name, own)
        # The name first: each depth of Word's own list styles has a numbering of its own, all at its first level.
        if depth is None and (listed := _LIST.fullmatch(name)):
            depth = int(listed[1] or 1)
        if depth is None and own is not None:
            depth = _list_depth(own)
        if bold is None:
            bold = is_on(style.find(f"{_W}rPr"), "b")
    return Role(heading, depth or 0, contents, bool(bold))


def _heading_of_style(name: str, own: Any) -> tuple[int | None, bool]:
    """The heading level a style gives by itself, and whether it says anything of it."""
    if match := _HEADING.match(name):
        return int(match[1]), True
    if _TITLE.fullmatch(name):
        return 0, True
    if own is not None and own.find(f"{_W}outlineLvl") is not None:
        return _outline_level(own, None), True
    return None, False


def _outline_level(properties: Any, otherwise: int | None) -> int | None:
    level = _value(properties, "outlineLvl")
    if level is None or not level.isdigit():
        return otherwise
    return int(level) + 1 if int(level) < _BODY_OUTLINE else None


def _list_depth(properties: Any) -> int | None:
    """The depth numbering gives, 0 where it is taken off (numId 0), None when nothing is said."""
    numbering = properties.find(f"{_W}numPr")
    if numbering is None:
        return None
    if _value(numbering, "numId") == "0":
        return 0
    level = _value(numbering, "ilvl") or "0"
    return int(level) + 1 if level.isdigit() else 1


def _value(parent: Any, name: str) -> str | None:
    child = parent.find(f"{_W}{name}")
    value = None if child is None else child.get(f"{_W}val")
    return None if value is None else str(value)
