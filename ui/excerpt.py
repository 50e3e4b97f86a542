"""The part of a passage shown around its quotes: verbatim pieces joined by « … », none running across a gap."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from indexing import Passage

ELLIPSIS = " … "
Span = tuple[int, int]


def excerpt(passage: Passage, quotes: Sequence[str], limit: int) -> str:
    """At most `limit` characters: the whole passage when it fits, else its quotes and as many units around them.

    The first quote is always there whole; a later one that no longer fits is left out.
    """
    return ELLIPSIS.join(passage.text[start:end] for start, end in excerpt_spans(passage, quotes, limit))


def excerpt_spans(passage: Passage, quotes: Sequence[str], limit: int) -> list[Span]:
    """The pieces of the excerpt, as spans of the passage's text in reading order."""
    whole = pieces(passage, [(0, len(passage.text))])
    if length(whole) <= limit:
        return whole
    quoted = [(passage.text.index(quote), passage.text.index(quote) + len(quote)) for quote in quotes]
    chosen: list[Span] = []
    for candidate in quoted + neighbours(passage, quoted):
        if length(pieces(passage, [*chosen, candidate])) <= limit:
            chosen.append(candidate)
    if not chosen:
        # Nothing fits whole: a passage without quotes nor units of its own, shown from its beginning.
        return cut(passage.text, whole, limit)
    return pieces(passage, chosen)


def neighbours(passage: Passage, quoted: Sequence[Span]) -> list[Span]:
    """The passage's units, nearest to a quote first; without quotes, from the beginning."""
    units = [(unit.start, unit.end) for unit in passage.units]
    anchors = quoted or [(0, 0)]
    return sorted(units, key=lambda unit: min(max(start - unit[1], unit[0] - end, 0) for start, end in anchors))


def pieces(passage: Passage, spans: Iterable[Span]) -> list[Span]:
    """Join the spans that touch or are parted by blanks only, then part them at the gaps; blank ends are left out."""
    text = passage.text
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    parted: list[Span] = []
    for start, end in joined:
        inside = sorted({gap for gap in passage.gaps if start < gap < end})
        edges = [start, *inside, end]
        parted.extend(trim(text, span) for span in pairwise(edges))
    return [span for span in parted if span[0] < span[1]]


def trim(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def length(spans: Sequence[Span]) -> int:
    return sum(end - start for start, end in spans) + len(ELLIPSIS) * max(0, len(spans) - 1)


def cut(text: str, spans: Sequence[Span], limit: int) -> list[Span]:
    """The first spans that fit, the last one cut after a whole word."""
    kept: list[Span] = []
    for start, end in spans:
        room = limit - length(kept) - (len(ELLIPSIS) if kept else 0)
        if end - start <= room:
            kept.append((start, end))
            continue
        stop = text.rfind(" ", start, start + room)
        if stop > start:
            kept.append((start, stop))
        break
    return kept
