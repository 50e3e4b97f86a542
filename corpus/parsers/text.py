"""Plain and lightly marked text: web pages saved as text, slides turned into Markdown, Markdown proper.

A tolerant line reader rather than a Markdown library, because the real inputs are broken Markdown (lines cut in
mid-sentence, headings without marks, bullets on a line of their own) and every span must stay verbatim in the text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from corpus.cleaning import GAP, clean_characters, clean_markup, furniture, line_key, take_gaps
from corpus.document import Block, Locator, Section

LineKind = Literal["heading", "paragraph", "item", "row"]
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_BULLET = re.compile(r"(\s*)(?:(?:[-*+•▶►▪◦‣✓–]|[⇒→]|=>|->)\s+)+(?=\S)|(\s*)(?:\d{1,2}[.)]|[a-z]\))\s+(?=\S)")
_LONE_BULLET = re.compile(r"\s*[-*+•▶►]\s*$")
_ROW = re.compile(r"\s*\|.*\|\s*$")
_RULE = re.compile(r"\s*\|?\s*:?-{3,}.*$|\s*([-*_=]\s*){3,}$")
_BOLD_LINE = re.compile(r"\s*\*\*([^*]+)\*\*\s*:?\s*$")
_TERMINAL = re.compile(r"[.!?…;:»\"”)]\s*$")
_ENDS_SENTENCE = re.compile(r"[.!?…]\s*[»\"”)]*\s*$")
_FUNCTION_WORD = re.compile(
    r"(?:^|\s)(?:à|au|aux|avec|ce|cette|dans|de|des|du|en|et|la|le|les|l['’]|d['’]|ou|par|pour|que|qui|sans|se|ses|son|sa|sur|un|une|vers)$",
    re.I,
)
_INLINE_BULLET = re.compile(r"\s+[•▪]\s+")
MAX_HEADING = 140
MAX_OUTLINE = 10
MAX_SMALL = 400
MAX_JOINED = 950


@dataclass(slots=True)
class _Line:
    kind: LineKind
    text: str
    level: int = 0
    blank_before: bool = False
    gap_before: bool = False
    hard_end: bool = False
    outline: bool = False


@dataclass(slots=True)
class _Part:
    """A section being read: its heading, its level, and its lines."""

    title: str
    level: int
    lines: list[_Line] = field(default_factory=list)


def parse_text(text: str) -> tuple[Section, ...]:
    """Cut a text into titled sections; empty when the text holds no letter or digit."""
    lines = list(_joined(_classified(clean_characters(text).split("\n"))))
    lines = list(_with_inferred_headings(_split_inline_bullets(lines)))
    parts = _with_small_parts_joined(list(_with_outlines(list(_parts(lines)))))
    sections = [_section(part, path) for part, path in _with_paths(parts)]
    return tuple(section for section in sections if any(map(str.isalnum, section.text)))


def _classified(raw: Sequence[str]) -> Iterator[_Line]:
    """Give each line its kind, dropping furniture, rules and image-only lines."""
    dropped = furniture(raw)
    blank = gap = fenced = False
    pending: str | None = None  # the indentation of a bullet that stands alone on its line
    for index, line in enumerate(raw):
        if line.strip().startswith("```"):
            fenced = not fenced
            continue
        text = clean_markup(line)
        if index in dropped or (not any(map(str.isalnum, text)) and GAP in text):
            gap = True
            blank = True
            continue
        if not text.strip() or (_HEADING.match(line) and not any(map(str.isalnum, text))):
            blank = True
            continue
        if _LONE_BULLET.match(line):
            pending = ""
            continue
        if _RULE.match(line) and not any(map(str.isalnum, text)):
            continue
        found = _line(line, text, pending, fenced)
        found.blank_before, found.gap_before, found.hard_end = blank, gap, line.endswith("  ") or line.endswith("\\")
        blank = gap = False
        pending = None
        yield found


def _line(line: str, text: str, pending: str | None, fenced: bool) -> _Line:
    if fenced:
        return _Line("paragraph", text)
    if heading := _HEADING.match(line):
        return _Line("heading", clean_markup(heading[2]), len(heading[1]))
    if _ROW.match(line):
        return _Line("row", text.strip("| ").replace(" | ", " | "))
    if pending is not None:
        return _Line("item", text, 1)
    if bullet := _BULLET.match(line):
        indent = bullet[1] if bullet[1] is not None else bullet[2]
        rest = clean_markup(line[bullet.end() :])
        if rest:
            # The number of an item is a mark, but its digit stands in the original: no excerpt may run across it.
            mark = GAP if any(map(str.isalnum, bullet[0])) else ""
            return _Line("item", mark + rest, 1 + len(indent.expandtabs(4)) // 2)
    if bold := _BOLD_LINE.match(line):
        label = clean_markup(bold[1])
        if len(label) <= MAX_HEADING and not _ENDS_SENTENCE.search(label):
            return _Line("paragraph", text, level=-1)
    return _Line("paragraph", text)


def _joined(lines: Iterable[_Line]) -> Iterator[_Line]:
    """Mend lines broken in mid-sentence."""
    held: _Line | None = None
    for line in lines:
        if held is not None and _continues(held, line):
            mark = GAP if line.gap_before else ""
            held.text = f"{held.text} {mark}{line.text}"
            held.hard_end = line.hard_end
            held.level = 0 if held.kind == "paragraph" else held.level
            continue
        if held is not None:
            yield held
        held = line
    if held is not None:
        yield held


def _continues(before: _Line, line: _Line) -> bool:
    if line.kind != "paragraph" or line.blank_before or before.kind not in ("paragraph", "item"):
        return False
    previous, first = before.text.rstrip(GAP).rstrip(), line.text.lstrip(GAP)[:1]
    if re.fullmatch(r"[\d\s.,%€]+", previous):
        return before.kind == "item"  # a figure above its caption
    if _ENDS_SENTENCE.search(previous):
        return False
    if first.islower() or first in ",;.)»":
        return True
    return bool(_FUNCTION_WORD.search(previous)) or (first in "«(" and not _TERMINAL.search(previous))


def _split_inline_bullets(lines: Sequence[_Line]) -> list[_Line]:
    """Turn « En 2015 : 80 appuis • 26 sessions » into a lead-in and its items."""
    result: list[_Line] = []
    for line in _runs_joined(lines):
        pieces = _INLINE_BULLET.split(line.text) if line.kind == "paragraph" else [line.text]
        if len(pieces) < 3:
            result.append(line)
            continue
        lead, colon, first = pieces[0].partition(" : ")
        if colon:
            result.append(replace(line, text=f"{lead} :", level=0))
            pieces[0] = first
        items = [_Line("item", piece.lstrip("• ").strip(), 1) for piece in pieces if piece.strip("• ")]
        if items and not colon:
            items[0].gap_before = line.gap_before
        result += items
    return result


def _runs_joined(lines: Sequence[_Line]) -> Iterator[_Line]:
    """Join a line that begins with an inline bullet to the run of bullets above it."""
    held: _Line | None = None
    for line in lines:
        if (
            held is not None
            and held.kind == "paragraph"
            and line.kind in ("paragraph", "item")
            and not line.blank_before
            and _INLINE_BULLET.search(held.text)
            and _INLINE_BULLET.search(line.text)
        ):
            mark = GAP if line.gap_before else ""
            held = replace(held, text=f"{held.text} • {mark}{line.text.lstrip('• ')}")
            continue
        if held is not None:
            yield held
        held = line
    if held is not None:
        yield held


def _with_inferred_headings(lines: Sequence[_Line]) -> Iterator[_Line]:
    """Promote lines that read as headings though nothing marks them.

    In a text with Markdown headings only a bold line or a capital line above a list is promoted; in a text without any,
    also a short line without final punctuation above a longer one.
    """
    marked = any(line.kind == "heading" for line in lines)
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else None
        if line.kind != "paragraph" or following is None or index == 0:
            yield line
            continue
        before = lines[index - 1]
        text = line.text.strip(GAP).strip()
        standalone = line.blank_before and following.blank_before
        capital = text.isupper() and sum(map(str.isalpha, text)) >= 4 and len(text.split()) <= 5
        if line.level == -1 and standalone:
            yield replace(line, kind="heading", level=7)
        elif capital and standalone and any(near.kind == "item" for near in lines[index + 1 : index + 3]):
            yield replace(line, kind="heading", level=8)
        elif not marked and _reads_as_heading(text, line, following, before, first=index == 1):
            yield replace(line, kind="heading", level=2)
        else:
            yield line


def _reads_as_heading(text: str, line: _Line, following: _Line, before: _Line, first: bool) -> bool:
    if len(text) > MAX_HEADING or (_TERMINAL.search(text) and not text.endswith("?")):
        return False
    if not (text[:1].isupper() or text[:1].isdigit()) or _FUNCTION_WORD.search(text):
        return False
    if len(text.split()) < 2 and len(following.text) < 10 * len(text):
        return False
    closed = first or before.kind != "paragraph" or line.blank_before or bool(_TERMINAL.search(before.text))
    opens = following.kind != "paragraph" or len(following.text) > 1.2 * len(text) or following.text.isupper()
    return closed and opens and not text.startswith(("http", "www."))


def _parts(lines: Iterable[_Line]) -> Iterator[_Part]:
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
    done: set[tuple[str, int]] = set()
    for index, part in enumerate(parts):
        key = (line_key(part.title), part.level)
        if part.title and len(part.lines) == 1 and key not in done:
            below = [title for at, other in enumerate(parts) if (line_key(other.title), other.level) == key
                     for title in _below(parts, at)]  # fmt: skip
            done.add(key)
            # The headings below a document's title, and long or asking ones, are a table of contents.
            if index and 2 <= len(below) <= MAX_OUTLINE and not any(title.endswith("?") for title in below):
                items = [_Line("item", title, 1, gap_before=True, outline=True) for title in dict.fromkeys(below)]
                part = replace(part, lines=[*part.lines, *items])
        yield part


def _below(parts: Sequence[_Part], index: int) -> Iterator[str]:
    """The headings directly below that of part `index`."""
    level: int | None = None
    for part in parts[index + 1 :]:
        if part.level <= parts[index].level:
            return
        if level is None or part.level <= level:
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
        if below and index and fits and all(_length(other) <= MAX_SMALL for other in below):
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


def _section(part: _Part, path: tuple[str, ...]) -> Section:
    joined: list[str] = []
    marks: list[tuple[LineKind, int, bool]] = []
    for line in part.lines:
        text = line.text.strip()
        marks.append((line.kind, line.level, line.blank_before))
        joined.append((GAP if line.gap_before and joined else "") + text)
    text, gaps = take_gaps("\n".join(joined))
    blocks: list[Block] = []
    start = 0
    levels: list[int] = []
    for (kind, level, _blank), piece in zip(marks, joined, strict=True):
        length = len(piece.replace(GAP, ""))
        if piece.strip(f"{GAP} \u00a0"):
            level = _true_level(blocks, levels, kind, level, text)
            blocks.append(Block(kind, start, start + length, _lead(blocks, levels, kind, level, text)))
            levels.append(level)
        start += length + 1
    title = take_gaps(part.title)[0]
    anchor = line_key(title).replace(" ", "-")[:80] or "debut"
    return Section(title, path, text, Locator("section", anchor, title), tuple(blocks), gaps)


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
            return headings[-1] if _ENDS_SENTENCE.search(said) and headings else index
        if block.kind == "heading":
            return index
        return None
    return None
