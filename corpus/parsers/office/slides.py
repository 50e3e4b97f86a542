"""From the text boxes of slides to lines: their reading order, the heading of each slide, notes, running lines."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.cleaning import GAP, line_key
from corpus.document import Locator
from corpus.parsers.office.lines import MAX_HEADING
from corpus.sections import ENDS_SENTENCE, NOTES, Line

MAX_LABEL = 80
MAX_FIRST = 100
MAX_BOXES = 300
# The margins where running lines stand, as shares of the height of a slide.
TOP_MARGIN, BOTTOM_MARGIN = 0.1, 0.88
REPEATS = 3
_NUMBER = re.compile(r"(?:(?:page|p\.|slide|diapo(?:sitive)?)\s*)?\d{1,4}(?:\s*(?:/|sur)\s*\d{1,4})?", re.I)


@dataclass(frozen=True, slots=True)
class Box:
    """Lines that stand together on a slide, and where, in the unit of the slide's height."""

    lines: tuple[Line, ...]
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Slide:
    """`number` counts hidden slides too. A slide that `opens` is the title of the talk or of one of its parts."""

    number: int
    title: str
    boxes: tuple[Box, ...]
    notes: tuple[Line, ...] = ()
    opens: bool = False


def slide_lines(slides: Sequence[Slide], height: float) -> Iterator[Line]:
    """One heading a slide, even an empty one (a slide begins a section), what its boxes hold, then its notes."""
    ranks = [_rank(slide, first=not index) for index, slide in enumerate(slides)]
    levels = {rank: level for level, rank in enumerate(sorted(set(ranks)), start=1)}
    running = Counter(line_key(box.lines[0].text) for slide in slides for box in slide.boxes if _may_run(box, height))
    seen: set[str] = set()
    for slide, rank in zip(slides, ranks, strict=True):
        place = Locator("slide", str(slide.number), f"diapositive {slide.number}")
        kept = [box for box in reading_order(slide.boxes) if not _runs(box, height, running, seen)]
        yield from (replace(line, at=place) for line in _lines(slide, kept, levels[rank]))


def _rank(slide: Slide, first: bool) -> int:
    if not slide.opens:
        return 3
    return 1 if first else 2


def _lines(slide: Slide, boxes: Sequence[Box], level: int) -> Iterator[Line]:
    lines = [line for box in boxes for line in box.lines]
    title = slide.title
    if len(title) > MAX_HEADING:
        title, lines = "", [Line("paragraph", title), *lines]
    elif not title and len(lines) > 1 and len(boxes) > 1 and _is_label(boxes[0], MAX_FIRST):
        title, lines = lines[0].text, lines[1:]
    yield Line("heading", title, level)
    yield from lines
    if slide.notes:
        # The words of this heading are ours: no excerpt may hold them together with what is said around them.
        yield Line("heading", NOTES, level + 1 if title else level, gap_before=True)
        yield replace(slide.notes[0], gap_before=True)
        yield from slide.notes[1:]


def _is_label(box: Box, longest: int) -> bool:
    line = box.lines[0]
    alone = len(box.lines) == 1 and line.kind == "paragraph"
    return alone and GAP not in line.text and len(line.text) <= longest and not ENDS_SENTENCE.search(line.text)


def _may_run(box: Box, height: float) -> bool:
    in_margin = box.top >= BOTTOM_MARGIN * height or box.bottom <= TOP_MARGIN * height
    return in_margin and _is_label(box, MAX_LABEL)


def _runs(box: Box, height: float, running: Counter[str], seen: set[str]) -> bool:
    """A typed page number, or a line the margins of other slides repeat; its first occurrence stays."""
    if not _may_run(box, height):
        return False
    text = box.lines[0].text
    if _NUMBER.fullmatch(text):
        return True
    key = line_key(text)
    repeated = running[key] >= REPEATS and key in seen
    seen.add(key)
    return repeated


def reading_order(boxes: Sequence[Box]) -> list[Box]:
    """Top to bottom, left to right, as the empty space between the boxes tells; a label stays with what it labels."""
    if len(boxes) > MAX_BOXES:  # no slide that somebody reads: a drawing, or a file made to harm
        return sorted(boxes, key=lambda box: (box.top, box.left))
    units = _with_labels(boxes)
    return [box for unit in _ordered([(_around(unit), unit) for unit in units]) for box in unit]


def _around(boxes: Sequence[Box]) -> Box:
    return Box(
        (),
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


_Unit = tuple[Box, Sequence[Box]]


def _ordered(units: Sequence[_Unit]) -> list[Sequence[Box]]:
    """Cut along empty horizontal bands, else along empty columns, and so on within each part."""
    if len(units) < 2:
        return [boxes for _, boxes in units]
    for start, end in ((_top, _bottom), (_left, _right)):
        parts = _cut(units, start, end)
        if len(parts) > 1:
            return [boxes for part in parts for boxes in _ordered(part)]
    # Boxes that overlap both ways: lines of a twentieth of the height they cover.
    around = _around([unit[0] for unit in units])
    step = max((around.bottom - around.top) / 20, 1e-9)
    return [boxes for _, boxes in sorted(units, key=lambda unit: (round(unit[0].top / step), unit[0].left))]


def _cut(units: Sequence[_Unit], start: Callable[[_Unit], float], end: Callable[[_Unit], float]) -> list[list[_Unit]]:
    parts: list[list[_Unit]] = []
    reach = 0.0
    for unit in sorted(units, key=start):
        # Boxes are drawn larger than their text: a slight overlap still parts them.
        slack = 0.15 * (end(unit) - start(unit))
        if parts and start(unit) < reach - slack:
            parts[-1].append(unit)
            reach = max(reach, end(unit))
        else:
            parts.append([unit])
            reach = max(reach, end(unit)) if parts[:-1] else end(unit)
    return parts


def _top(unit: _Unit) -> float:
    return unit[0].top


def _bottom(unit: _Unit) -> float:
    return unit[0].bottom


def _left(unit: _Unit) -> float:
    return unit[0].left


def _right(unit: _Unit) -> float:
    return unit[0].right


def _with_labels(boxes: Sequence[Box]) -> list[list[Box]]:
    """Put each short line without a final stop together with the box just below it."""
    units: list[list[Box]] = []
    taken: set[int] = set()
    by_top = sorted(range(len(boxes)), key=lambda index: (boxes[index].top, boxes[index].left))
    for index in by_top:
        if index in taken:
            continue
        taken.add(index)
        below = None
        if _is_label(boxes[index], MAX_LABEL):
            near = (other for other in by_top if other not in taken and _stands_on(boxes[index], boxes[other]))
            below = next(near, None)
        if below is None:
            units.append([boxes[index]])
        else:
            taken.add(below)
            units.append([boxes[index], boxes[below]])
    return units


def _stands_on(label: Box, box: Box) -> bool:
    width, box_width = label.right - label.left, box.right - box.left
    shared = min(label.right, box.right) - max(label.left, box.left)
    tall = label.bottom - label.top
    near = -0.4 * tall <= box.top - label.bottom <= tall
    return near and shared >= 0.5 * min(width, box_width) and width <= 1.5 * box_width
