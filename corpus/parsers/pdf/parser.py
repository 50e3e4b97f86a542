"""PDF: the text in reading order with the page of each line; pages that are pictures go to optical recognition."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from corpus.cleaning import clean_characters
from corpus.parsed import Parsed, Unreadable
from corpus.parsers.pdf import ocr
from corpus.parsers.pdf.furniture import without_furniture
from corpus.parsers.pdf.headings import body_size
from corpus.parsers.pdf.layout import Row, rows_in_order
from corpus.parsers.pdf.lines import lines_of
from corpus.parsers.pdf.page import Page, read_page
from corpus.sections import sections_of

MAX_PAGES = 3_000
TAIL = 4_096
_DATE = re.compile(r"(?:D:)?(\d{4})(\d{2})(\d{2})")
# The first PDF was made in 1993: earlier dates are those of a clock that was never set.
FIRST_YEAR = 1993
_PROGRAM = re.compile(r"microsoft |untitled|sans titre|sans nom|document ?\d|présentation powerpoint|powerpoint ", re.I)
_FILE_NAME = re.compile(r"\.[a-z0-9]{2,5}$|[\\/]|\w_\w", re.I)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The rows of the pages that could be read, and the height of each page by its number."""

    pages: tuple[tuple[Row, ...], ...]
    heights: dict[int, float]
    scanned: bool
    ocr_missing: bool


def parse_pdf(raw: bytes) -> Parsed:
    """Read a PDF.

    Raises Unreadable: `encrypted`, `damaged` (truncated, no page, not a PDF), `too_long`, `no_text` (neither letters
    nor a picture of some), `ocr_missing` when it is only pictures and Tesseract or its French data is not installed.
    """
    # pdfium rebuilds a file that lost its end, and shows the pages that are left as if they were all.
    tail = raw[-TAIL:] if len(raw.rstrip(b"\x00\r\n\t ")) > len(raw) - TAIL else raw.rstrip(b"\x00\r\n\t ")[-TAIL:]
    if b"%%EOF" not in tail and b"startxref" not in tail:
        raise Unreadable("damaged")
    document = _opened(raw)
    try:
        count = len(document)
        if count > MAX_PAGES:
            raise Unreadable("too_long", f"{MAX_PAGES} pages")
        properties = _properties(document)
        reading = _read(document, count)
    finally:
        document.close()
    return _parsed(reading, properties)


def _opened(raw: bytes) -> Any:
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        locked = error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        raise Unreadable("encrypted" if locked else "damaged") from error
    if len(document) == 0:
        document.close()
        raise Unreadable("damaged")
    return document


def _properties(document: Any) -> dict[str, str]:
    try:
        return {key: clean_characters(value).strip() for key, value in document.get_metadata_dict().items()}
    # Whatever a damaged text string makes the binding raise, a file without properties can be read.
    except Exception:
        return {}


def _read(document: Any, count: int) -> _Reading:
    pages: list[tuple[Row, ...]] = []
    heights: dict[int, float] = {}
    lost = scanned = missing = False
    damaged = 0
    for index in range(count):
        try:
            page, was_scanned = _page(document, index)
        except ocr.OcrMissing:
            missing = lost = True
            continue
        # The one place where pdfium and Tesseract meet a hostile page: it is left out, and the gap is marked.
        except Exception:
            damaged += 1
            lost = True
            continue
        scanned = scanned or was_scanned
        rows = rows_in_order(page)
        if lost and rows:
            rows[0] = replace(rows[0], gap=True)
            lost = False
        # Characters without an encoding, or a picture nothing was recognised in.
        lost = lost or (was_scanned and not rows)
        pages.append(tuple(rows))
        heights[page.number] = page.height
    if damaged == count:
        raise Unreadable("damaged")
    return _Reading(tuple(pages), heights, scanned, missing)


def _page(document: Any, index: int) -> tuple[Page, bool]:
    """The page, read or recognised, and whether it is a picture."""
    source = document[index]
    try:
        page = read_page(source, index + 1)
        if not page.scanned:
            return page, False
        recognised = ocr.recognise(source)
    finally:
        source.close()
    if recognised.pieces or page.garbled:
        page = replace(page, pieces=recognised.pieces, aside=(), width=recognised.width, height=recognised.height)
    return page, True


def _parsed(reading: _Reading, properties: dict[str, str]) -> Parsed:
    if not any(any(map(str.isalpha, text)) for text in _texts(reading.pages)):
        if reading.ocr_missing:
            raise Unreadable("ocr_missing", "tesseract-ocr tesseract-ocr-fra")
        if reading.scanned or not any(_texts(reading.pages)):
            raise Unreadable("no_text")
        return Parsed(())
    body = body_size(reading.pages)
    lines = lines_of(without_furniture(reading.pages, reading.heights, body), body)
    title = _title(properties.get("Title", ""))
    return Parsed(
        sections_of(lines),
        stated={"title": title} if title else {},
        produced=_produced(properties.get("CreationDate", ""), date.today()),
    )


def _texts(pages: Sequence[Sequence[Row]]) -> Iterator[str]:
    for row in (row for rows in pages for row in rows):
        yield row.text
        yield from (cell for cells in row.rows for cell in cells)


def _title(stated: str) -> str | None:
    """The title a person gave; None for the name of a file or what a program writes by itself."""
    title = " ".join(stated.split(" "))
    if len(title.split()) < 2 or _PROGRAM.match(title) or _FILE_NAME.search(title):
        return None
    return title if sum(map(str.isalpha, title)) > len(title) / 2 else None


def _produced(stated: str, today: date) -> str | None:
    """The day of a date like D:20240315093000+01'00'."""
    match = _DATE.match(stated)
    if not match:
        return None
    try:
        day = date(*map(int, match.groups()))
    except ValueError:
        return None
    return day.isoformat() if day.year >= FIRST_YEAR and day <= today else None
