"""Plain and lightly marked text: web pages saved as text, slides turned into Markdown, Markdown proper.

A tolerant line reader rather than a Markdown library, because the real inputs are broken Markdown (lines cut in
mid-sentence, headings without marks, bullets on a line of their own) and every span must stay verbatim in the text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from corpus.cleaning import GAP, clean_characters, clean_markup, furniture
from corpus.document import Section
from corpus.sections import ENDS_SENTENCE, Line, sections_of

_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_BULLET = re.compile(r"(\s*)(?:(?:[-*+•▶►▪◦‣✓–]|[⇒→]|=>|->)\s+)+(?=\S)|(\s*)(?:\d{1,2}[.)]|[a-z]\))\s+(?=\S)")
_LONE_BULLET = re.compile(r"\s*[-*+•▶►]\s*$")
_ROW = re.compile(r"\s*\|.*\|\s*$")
_RULE = re.compile(r"\s*\|?\s*:?-{3,}.*$|\s*([-*_=]\s*){3,}$")
_BOLD_LINE = re.compile(r"\s*\*\*([^*]+)\*\*\s*:?\s*$")
_TERMINAL = re.compile(r"[.!?…;:»\"”)]\s*$")
_FUNCTION_WORD = re.compile(
    r"(?:^|\s)(?:à|au|aux|avec|ce|cette|dans|de|des|du|en|et|la|le|les|l['’]|d['’]|ou|par|pour|que|qui|sans|se|ses|son|sa|sur|un|une|vers)$",
    re.I,
)
_INLINE_BULLET = re.compile(r"\s+[•▪]\s+")
MAX_HEADING = 140


def parse_text(text: str) -> tuple[Section, ...]:
    """Cut a text into titled sections; empty when the text holds no letter or digit."""
    lines = list(_joined(_classified(clean_characters(text).split("\n"))))
    return sections_of(_with_inferred_headings(_split_inline_bullets(lines)), mend_levels=True)


def _classified(raw: Sequence[str]) -> Iterator[Line]:
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


def _line(line: str, text: str, pending: str | None, fenced: bool) -> Line:
    if fenced:
        return Line("paragraph", text)
    if heading := _HEADING.match(line):
        return Line("heading", clean_markup(heading[2]), len(heading[1]))
    if _ROW.match(line):
        return Line("row", text.strip("| ").replace(" | ", " | "))
    if pending is not None:
        return Line("item", text, 1)
    if bullet := _BULLET.match(line):
        indent = bullet[1] if bullet[1] is not None else bullet[2]
        rest = clean_markup(line[bullet.end() :])
        if rest:
            # The number of an item is a mark, but its digit stands in the original: no excerpt may run across it.
            mark = GAP if any(map(str.isalnum, bullet[0])) else ""
            return Line("item", mark + rest, 1 + len(indent.expandtabs(4)) // 2)
    if bold := _BOLD_LINE.match(line):
        label = clean_markup(bold[1])
        if len(label) <= MAX_HEADING and not ENDS_SENTENCE.search(label):
            return Line("paragraph", text, level=-1)
    return Line("paragraph", text)


def _joined(lines: Iterable[Line]) -> Iterator[Line]:
    """Mend lines broken in mid-sentence."""
    held: Line | None = None
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


def _continues(before: Line, line: Line) -> bool:
    if line.kind != "paragraph" or line.blank_before or before.kind not in ("paragraph", "item"):
        return False
    previous, first = before.text.rstrip(GAP).rstrip(), line.text.lstrip(GAP)[:1]
    if re.fullmatch(r"[\d\s.,%€]+", previous):
        return before.kind == "item"  # a figure above its caption
    if ENDS_SENTENCE.search(previous):
        return False
    if first.islower() or first in ",;.)»":
        return True
    return bool(_FUNCTION_WORD.search(previous)) or (first in "«(" and not _TERMINAL.search(previous))


def _split_inline_bullets(lines: Sequence[Line]) -> list[Line]:
    """Turn « En 2015 : 80 appuis • 26 sessions » into a lead-in and its items."""
    result: list[Line] = []
    for line in _runs_joined(lines):
        pieces = _INLINE_BULLET.split(line.text) if line.kind == "paragraph" else [line.text]
        if len(pieces) < 3:
            result.append(line)
            continue
        lead, colon, first = pieces[0].partition(" : ")
        if colon:
            result.append(replace(line, text=f"{lead} :", level=0))
            pieces[0] = first
        items = [Line("item", piece.lstrip("• ").strip(), 1) for piece in pieces if piece.strip("• ")]
        if items and not colon:
            items[0].gap_before = line.gap_before
        result += items
    return result


def _runs_joined(lines: Sequence[Line]) -> Iterator[Line]:
    """Join a line that begins with an inline bullet to the run of bullets above it."""
    held: Line | None = None
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


def _with_inferred_headings(lines: Sequence[Line]) -> Iterator[Line]:
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


def _reads_as_heading(text: str, line: Line, following: Line, before: Line, first: bool) -> bool:
    if len(text) > MAX_HEADING or (_TERMINAL.search(text) and not text.endswith("?")):
        return False
    if not (text[:1].isupper() or text[:1].isdigit()) or _FUNCTION_WORD.search(text):
        return False
    if len(text.split()) < 2 and len(following.text) < 10 * len(text):
        return False
    closed = first or before.kind != "paragraph" or line.blank_before or bool(_TERMINAL.search(before.text))
    opens = following.kind != "paragraph" or len(following.text) > 1.2 * len(text) or following.text.isupper()
    return closed and opens and not text.startswith(("http", "www."))
