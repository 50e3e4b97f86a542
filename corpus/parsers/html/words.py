"""The words below an element of a page, on one line."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
GONE = "x-gone"  # what cleaning leaves of a node
INLINE = frozenset([
    GONE,
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "img", "ins", "kbd", "label", "mark", "nobr", "output", "q", "rp", "rt", "ruby", "s", "samp", "small", "span",
    "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
])  # fmt: skip
SPACES = re.compile(r"[ \t\n]+")


def flat_text(element: HtmlElement) -> str:
    """The words of an element on one line, its blocks set apart by a space."""
    pieces: list[str] = []
    for event, node in _walk(element):
        # A block opens and closes with a space; so does a line break.
        if node.tag not in INLINE:
            pieces.append(" ")
        text = node.text if event == "start" else (node.tail if node is not element else None)
        pieces.append(text or "")
    return one_line("".join(pieces))


def _walk(element: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    yield "start", element
    for child in element:
        yield from _walk(child)
    yield "end", element


def one_line(text: str) -> str:
    return SPACES.sub(" ", text).strip(" ")


def first_text(element: HtmlElement) -> tuple[HtmlElement, bool] | None:
    """The first node below `element` whose text (False) or tail (True) holds a letter or digit."""
    for event, node in _walk(element):
        text = node.text if event == "start" else (node.tail if node is not element else None)
        if text and any(map(str.isalnum, text)):
            return node, event == "end"
    return None


def letters(element: HtmlElement) -> int:
    """How many letters and digits an element holds."""
    return sum(map(str.isalnum, "".join(element.itertext())))


def link_share(element: HtmlElement) -> float:
    """The share of its letters that stand in links, 0 to 1."""
    whole = letters(element)
    return min(1.0, sum(map(letters, element.iter("a"))) / whole) if whole else 0.0
