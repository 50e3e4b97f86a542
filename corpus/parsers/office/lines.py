"""From the paragraphs and tables of an office file to lines: what typed bullets and merged cells mean."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from corpus.cleaning import GAP, clean_characters
from corpus.parsed import Parsed
from corpus.sections import Line, sections_of

MAX_HEADING = 250
# Symbol fonts put their bullets in a private range; anything else of that range has no reading.
_TYPED_BULLET = re.compile(r"(?:[-*•·▶►▪◦‣✓–⇒→➢➤❖\uf000-\uf0ff]\s+|[•▶►▪◦‣➢➤❖\uf000-\uf0ff])+(?=\S)")
_SYMBOL = re.compile(r"[\uf000-\uf0ff]")
_SPACES = re.compile(r"[ \t\n]+")


def text_of(pieces: Iterable[str | None]) -> str:
    """Join the pieces of a paragraph into clean running text; None is a place where words were left out."""
    runs: list[list[str]] = [[]]
    for piece in pieces:
        if piece is None:
            runs.append([])
        else:
            runs[-1].append(piece)
    # Marks come after cleaning, which drops the mark itself from what a document says.
    text = _SPACES.sub(" ", GAP.join(clean_characters("".join(run)) for run in runs))
    # No space is left at either end, nor two around a mark, once the marks are taken out.
    body = text.strip(f" {GAP}")
    before, _, after = text.partition(body) if body else (text, "", "")
    marks = (GAP if GAP in end else "" for end in (before, after))
    return body.replace(f" {GAP} ", f" {GAP}").join(marks)


def body_line(text: str, depth: int = 0) -> Line | None:
    """A paragraph, or an item at `depth` from 1; an item too when a bullet was typed. None without letter or digit."""
    if not any(map(str.isalnum, text)):
        return None
    bullet = _TYPED_BULLET.match(text)
    rest = _SYMBOL.sub("", text[bullet.end() :] if bullet else text).strip()
    return Line("item", rest, max(depth, 1)) if bullet or depth else Line("paragraph", rest)


def heading_line(text: str, level: int) -> Line | None:
    """A heading, or the paragraph somebody styled as one for its looks."""
    if not any(map(str.isalnum, text)):
        return None
    return Line("heading", text, level) if len(text) <= MAX_HEADING else Line("paragraph", text)


def row_lines(rows: Iterable[Sequence[str]]) -> Iterator[Line]:
    """The rows of a table, header first; a merged cell counts once, at its place.

    A first row of a single cell above wider rows is the title of the table, not its header.
    """
    filled = [cells for cells in rows if any(map(str.isalnum, "".join(cells)))]
    widest = max(map(len, filled), default=0)
    header_seen = False
    for cells in filled:
        opens = not header_seen
        header_seen = header_seen or len(cells) > 1 or widest == 1
        if header_seen:
            text = " | ".join(_SYMBOL.sub("", cell).strip() for cell in cells).strip()
            yield Line("row", text, blank_before=opens)
        else:
            yield Line("paragraph", cells[0])


def parsed_of(lines: Sequence[Line], stated: Mapping[str, str], produced: str | None) -> Parsed:
    """Nothing at all when no line holds a letter: a picture, a form left blank, rows of figures without words."""
    if not any(map(str.isalpha, "".join(line.text for line in lines))):
        return Parsed(())
    return Parsed(sections_of(lines), stated=stated, produced=produced)
