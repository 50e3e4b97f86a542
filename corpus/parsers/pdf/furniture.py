"""What a person skips on a page: running headers and footers, page numbers, tables of contents."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from corpus.cleaning import line_key
from corpus.parsers.pdf.layout import Row

MARGIN = 0.12
SAME_HEIGHT = 4.0
# A line as large as a heading is one, unless it runs through most of the document.
LARGE = 1.15
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"(?:page|p\.)?\s*[-–—|]?\s*(\d{1,4})\s*(?:(?:/|sur|de)\s*\d{1,4})?\s*[-–—|]?", re.I)
_ROMAN = re.compile(r"[-–]?\s*[ivxl]{1,6}\s*[-–]?")
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*\d{1,4}\s*$|(?:…\s?){2,}\s*\d{1,4}\s*$|_{4,}\s*\d{1,4}\s*$")
_ENTRY = re.compile(r"\S.*\D\s(\d{1,4})$")
_CONTENTS = {"sommaire", "table des matieres", "contents", "table of contents", "plan du document", "index"}
MAX_ENTRY_LINES = 2


def without_furniture(pages: Sequence[Sequence[Row]], heights: Mapping[int, float], body: float) -> list[list[Row]]:
    """The rows of each page that are its text; the first row after a dropped one has `gap` set."""
    running = _running([row for rows in pages for row in rows], heights, body, len(pages))
    result: list[list[Row]] = []
    gap = False
    for rows in pages:
        dropped = running | _contents(rows, len(pages))
        kept: list[Row] = []
        for row in rows:
            if id(row) in dropped:
                gap = True
                continue
            kept.append(replace(row, gap=True) if gap else row)
            gap = False
        result.append(kept)
    return result


def _running(rows: Sequence[Row], heights: Mapping[int, float], body: float, count: int) -> set[int]:
    """Rows of the margins that come back at the same height, with the same words or a number that follows the pages."""
    margin = [row for row in rows if _in_margin(row, heights[row.page]) and not row.rows]
    groups: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in margin:
        for key in _keys(row):
            groups[key, round(row.top / SAME_HEIGHT)].append(row)
            # A line near the edge of two classes belongs to both.
            groups[key, round(row.top / SAME_HEIGHT + 0.5) + 1_000_000].append(row)
    dropped: set[int] = set()
    for group in groups.values():
        seen = len({row.page for row in group})
        needed = 2 if count <= 4 else 3
        if seen >= needed:
            large = [row for row in group if row.size >= LARGE * body]
            dropped |= {id(row) for row in group if row not in large or seen > 0.5 * count}
    return dropped | {id(row) for row in margin if _tells_page(row, count)}


def _in_margin(row: Row, height: float) -> bool:
    return row.bottom < MARGIN * height or row.top > (1 - MARGIN) * height


def _keys(row: Row) -> Iterator[str]:
    """The words of a row, those words with each number as its distance to the page, and that distance at either end.

    The last tells a header that names the chapter: its words change, its page number goes on.
    """
    words = line_key(row.text)
    if any(map(str.isalpha, words)):
        yield words
    for match in list(_NUMBER.finditer(words))[:4]:
        if len(match[0]) <= 4:
            yield f"{words[: match.start()]}#{int(match[0]) - row.page}{words[match.end() :]}"
            if match.start() == 0 or match.end() == len(words):
                yield f"#{int(match[0]) - row.page}"


def _tells_page(row: Row, count: int) -> bool:
    """« Page 3 », « 3/12 », « - 3 - »: a number that stands alone and is that of the page."""
    if _ROMAN.fullmatch(row.text):
        return True
    match = _PAGE_NUMBER.fullmatch(row.text.strip())
    if not match:
        return False
    return not row.text.strip().isdigit() or (int(match[1]) == row.page and count > 1)


def _contents(rows: Sequence[Row], count: int) -> set[int]:
    """A table of contents: rows with dot leaders, or the rows ending with page numbers below « Sommaire »."""
    if not any(row.text[-1:].isdigit() for row in rows):
        return set()
    starts = [index for index, row in enumerate(rows) if line_key(row.text) in _CONTENTS]
    leaders = [index for index, row in enumerate(rows) if _LEADERS.search(row.text)]
    entries = leaders if len(leaders) > 1 else []
    if starts:
        entries = sorted({*entries, *_numbered(rows, starts[0] + 1, count)})
    if not entries or (len(entries) < 3 and not starts):
        return set()
    dropped = {id(rows[index]) for index in entries}
    # An entry of two lines has its number on the second; a heading of the contents stands just above.
    for before, after in zip(
        [*[start for start in starts if start < entries[0]][-1:], *entries], entries, strict=False
    ):
        if 0 < after - before <= MAX_ENTRY_LINES + 1:
            dropped |= {id(row) for row in rows[before:after]}
    return dropped


def _numbered(rows: Sequence[Row], start: int, count: int) -> list[int]:
    """The rows from `start` that end with a page number, in rising order; at least three, close to one another."""
    found: list[int] = []
    last = 0
    for index in range(start, len(rows)):
        match = _ENTRY.match(rows[index].text)
        number = int(match[1]) if match else 0
        if match and last <= number <= max(count + 20, last):
            found.append(index)
            last = number
        elif index - (found[-1] if found else start) > MAX_ENTRY_LINES:
            break
    return found if len(found) >= 3 else []
