"""From the lines a parser read to titled sections: headings and what stands below them, lists with their lead-ins.

Every parser hands over `Line`s in reading order; what they mean together is decided here, once for all formats.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal

from corpus.cleaning import GAP, line_key, take_gaps
from corpus.document import Block, Locator, Section

LineKind = Literal["heading", "paragraph", "item", "row"]
NOTES = "Notes de l'orateur"
"""Heading of what a speaker wrote below a slide: no part of what the slide lists."""
MAX_OUTLINE = 10
MAX_SMALL = 400
MAX_JOINED = 950
ENDS_SENTENCE = re.compile(r"[.!?…]\s*[»\"”)]*\s*$")


@dataclass(slots=True)
class Line:
    """A heading, a whole paragraph, a list item or a table row, cleaned; GAP marks where words were left out.

    `level` is that of a heading (1 the highest) or the depth of an item (1 the shallowest). `at` says where the line
    stands when the format tells (a page, a slide, the anchor of a heading); else its heading's words are the anchor.
    A row with `blank_before` opens a table, and is its header.
    """

    kind: LineKind
    text: str
    level: int = 0
    blank_before: bool = False
    gap_before: bool = False
    hard_end: bool = False
    outline: bool = False
    at: Locator | None = None


@dataclass(slots=True)
class _Part:
    """A section being read: its heading, its level, and its lines."""

    title: str
    level: int
    lines: list[Line] = field(default_factory=list)

    @property
    def at(self) -> Locator | None:
        return self.lines[0].at if self.lines else None


def sections_of(lines: Iterable[Line], mend_levels: bool = False) -> tuple[Section, ...]:
    """Group lines under their headings; a section without any letter or digit is left out.

    `mend_levels` is for texts that lost the indentation of their lists: colons and semicolons then tell it.
    """
    parts = _with_small_parts_joined(list(_with_outlines(list(_parts(lines)))))
    sections = [_section(part, path, mend_levels) for part, path in _with_paths(parts)]
    return tuple(section for section in sections if any(map(str.isalnum, section.text)))


def _parts(lines: Iterable[Line]) -> Iterator[_Part]:
    part = _Part("", 0)
    for line in lines:
        if line.kind == "heading":
            if part.title or part.lines:
                yield part
            part = _Part(line.text, line.level, [line])
        else:
            part.lines.append(line)
    if part.title or part.lines:
        yield part


def _with_outlines(parts: Sequence[_Part]) -> Iterator[_Part]:
    """Give a heading without text the headings below it as a list: on slides, that list is often the answer.

    Slides repeat their heading: those of one heading and level count as one.
    """
    keys = [(line_key(part.title), part.level) for part in parts]
    places: dict[tuple[str, int], list[int]] = {}
    for index, key in enumerate(keys):
        places.setdefault(key, []).append(index)
    done: set[tuple[str, int]] = set()
    for index, (part, key) in enumerate(zip(parts, keys, strict=True)):
        if part.title and len(part.lines) == 1 and key not in done:
            done.add(key)
            below = list(islice((title for at in places[key] for title in _below(parts, at)), MAX_OUTLINE + 1))
            # The headings below a document's title, and long or asking ones, are a table of contents.
            if index and 2 <= len(below) <= MAX_OUTLINE and not any(title.endswith("?") for title in below):
                items = [Line("item", title, 1, gap_before=True, outline=True) for title in dict.fromkeys(below)]
                part = replace(part, lines=[*part.lines, *items])
        yield part


def _below(parts: Sequence[_Part], index: int) -> Iterator[str]:
    """The headings directly below that of part `index`."""
    level: int | None = None
    for part in parts[index + 1 :]:
        if part.level <= parts[index].level:
            return
        if (level is None or part.level <= level) and part.title != NOTES:
            level = part.level
            yield part.title


def _with_small_parts_joined(parts: Sequence[_Part]) -> list[_Part]:
    """Keep a heading and the small headed parts below it as one section: the boxes of a slide explain one another."""
    joined: list[_Part] = []
    index = 0
    while index < len(parts):
        part = parts[index]
        stop = index + 1
        while stop < len(parts) and parts[stop].level > part.level > 0:
            stop += 1
        below = parts[index + 1 : stop]
        fits = _length(part) + sum(map(_length, below)) <= MAX_JOINED
        together = all(other.at is None or other.at == part.at for other in below)
        if below and index and fits and together and all(_length(other) <= MAX_SMALL for other in below):
            own = [line for line in part.lines if not (line.kind == "item" and line.outline)]
            joined.append(
                replace(part, lines=[*own, *(line for other in below for line in other.lines if not line.outline)])
            )
            index = stop
        else:
            joined.append(part)
            index += 1
    return joined


def _length(part: _Part) -> int:
    return sum(len(line.text) + 1 for line in part.lines)


def _with_paths(parts: Iterable[_Part]) -> Iterator[tuple[_Part, tuple[str, ...]]]:
    above: list[tuple[int, str]] = []
    for part in parts:
        while above and above[-1][0] >= part.level > 0:
            above.pop()
        yield part, tuple(title for _, title in above)
        if part.level:
            above.append((part.level, take_gaps(part.title)[0]))


def _section(part: _Part, path: tuple[str, ...], mend_levels: bool) -> Section:
    lines: list[Line] = []
    pieces: list[str] = []
    gap = False
    for line in part.lines:
        gap = gap or line.gap_before
        if not line.text.strip(f"{GAP} \u00a0"):
            gap = gap or GAP in line.text
            continue
        pieces.append((GAP if gap and lines else "") + line.text.strip())
        lines.append(line)
        gap = False
    text, gaps = take_gaps("\n".join(pieces))
    blocks: list[Block] = []
    levels: list[int] = []
    turns: list[tuple[int, Locator]] = []
    title = take_gaps(part.title)[0]
    place = part.at or Locator("section", line_key(title).replace(" ", "-")[:80] or "debut", title)
    start = 0
    for line, piece in zip(lines, pieces, strict=True):
        if line.at is not None and line.at != (turns[-1][1] if turns else place):
            turns.append((start, line.at))
        end = start + len(piece.replace(GAP, ""))
        level = _true_level(blocks, levels, line.kind, line.level, text) if mend_levels else line.level
        opens_table = line.kind == "row" and line.blank_before
        lead = None if opens_table else _lead(blocks, levels, line.kind, level, text)
        blocks.append(Block(line.kind, start, end, lead))
        levels.append(level)
        start = end + 1
    return Section(title, path, text, place, tuple(blocks), gaps, tuple(turns))


def _true_level(blocks: Sequence[Block], levels: Sequence[int], kind: LineKind, level: int, text: str) -> int:
    """Mend the indentation slides lose: what follows an item ending with a colon stands below it."""
    if kind != "item" or not blocks or blocks[-1].kind != "item":
        return level
    before = text[blocks[-1].start : blocks[-1].end].rstrip()
    if before.endswith(":"):
        return max(level, levels[-1] + 1)
    promoted = blocks[-1].lead is not None and text[: blocks[blocks[-1].lead].end].rstrip().endswith(":")
    return (
        levels[-1]
        if promoted and level >= levels[-1] - 1 and before.endswith((";", ","))
        else min(level, levels[-1] + 1)
    )


def _lead(blocks: Sequence[Block], levels: Sequence[int], kind: LineKind, level: int, text: str) -> int | None:
    """The block that introduces an item or a row: a shallower item, the paragraph before the list, or the heading."""
    if kind not in ("item", "row") or not blocks:
        return None
    for index in range(len(blocks) - 1, -1, -1):
        block = blocks[index]
        if kind == "row":
            if block.kind == "row":
                return block.lead if block.lead is not None else index
            return None
        if block.kind == "item":
            if levels[index] < level:
                return index
            if levels[index] == level:
                return block.lead
            continue
        if block.kind == "paragraph":
            said = text[block.start : block.end]
            # A closed sentence that does not announce a list is not its lead-in, the heading above is.
            headings = [at for at in range(index) if blocks[at].kind == "heading"]
            return headings[-1] if ENDS_SENTENCE.search(said) and headings else index
        if block.kind == "heading":
            return index
        return None
    return None
