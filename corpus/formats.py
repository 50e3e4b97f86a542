"""Which format a file is in, by its name and by its first bytes, and the parser that reads it."""

import re
from collections.abc import Mapping
from typing import Literal

from corpus.parsed import Parsed, Unreadable

Format = Literal["text", "pdf", "docx", "pptx", "odt", "odp", "html"]
FORMATS: Mapping[str, Format] = {
    ".txt": "text",
    ".md": "text",
    ".markdown": "text",
    ".pdf": "pdf",
    ".docx": "docx",
    ".pptx": "pptx",
    ".odt": "odt",
    ".odp": "odp",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
CONVERTIBLE = frozenset(
    {".doc", ".docm", ".rtf", ".ppt", ".pps", ".ppsx", ".pptm", ".xls", ".xlsx", ".xlsm", ".ods", ".odg"}
)
"""Office files that no parser reads, but whose own program can save them in a format that one does."""

_ARCHIVES: frozenset[str] = frozenset({"docx", "pptx", "odt", "odp"})
_PDF = re.compile(rb"%PDF-\d\.\d")
_PDF_WITHIN = 1024
_HTML = re.compile(r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html[\s>])", re.I | re.S)
_SIGNATURES = (
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF8", "gif"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
)
_ARCHIVE_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def sniff(raw: bytes) -> str | None:
    """What the content is, whatever the file's name: a Format or a suffix such as "xls"; None when nothing tells."""
    if _PDF.search(raw[: _PDF_WITHIN + 8]):
        return "pdf"
    if raw.startswith(_ARCHIVE_SIGNATURES):
        return _archive_kind(raw)
    for signature, name in _SIGNATURES:
        if raw.startswith(signature):
            return name
    marked = raw.startswith(_UTF16_MARKS)
    opening = raw[:4096].decode("utf-16" if marked else "latin-1", errors="replace")
    if _HTML.match(opening.removeprefix("ï»¿").removeprefix("\ufeff")):
        return "html"
    return "text" if marked else None


def _archive_kind(raw: bytes) -> str | None:
    from corpus.parsers.office.archive import check_archive

    try:
        # No kind is wanted, so the refusal names what the archive holds; nothing but its directory is read.
        check_archive(raw)
    except Unreadable as error:
        return error.detail if error.code == "wrong_format" else None
    return None


def check_format(wanted: Format, raw: bytes) -> None:
    """Raise Unreadable `wrong_format`, with what it seems to be, when the content is clearly not of the wanted format.

    Content that nothing tells apart passes: its parser says what is wrong with it.
    """
    found = sniff(raw)
    # Parsers of archives look closer than the first bytes: an encrypted document is refused as such.
    if wanted in _ARCHIVES and raw.startswith(_ARCHIVE_SIGNATURES):
        return
    # A page saved as UTF-16 has the mark of a text.
    if wanted == "html" and found == "text":
        return
    if found is None and wanted not in ("text", "html") and _reads_as_text(raw):
        found = "text"
    if found is not None and found != wanted:
        raise Unreadable("wrong_format", found)


def _reads_as_text(raw: bytes) -> bool:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return False
    return not any(character < " " and character not in "\t\n\r\f" for character in text)


def parse(name: Format, raw: bytes, url: str | None = None) -> Parsed:
    """Hand the content over to the parser of a format. Raises Unreadable."""
    match name:
        case "text":
            from corpus.parsers.plain import parse_plain

            return parse_plain(raw)
        case "pdf":
            from corpus.parsers.pdf.parser import parse_pdf

            return parse_pdf(raw)
        case "docx":
            from corpus.parsers.office.docx import parse_docx

            return parse_docx(raw)
        case "pptx":
            from corpus.parsers.office.pptx import parse_pptx

            return parse_pptx(raw)
        case "odt":
            from corpus.parsers.office.odt import parse_odt

            return parse_odt(raw)
        case "odp":
            from corpus.parsers.office.odp import parse_odp

            return parse_odp(raw)
        case "html":
            from corpus.parsers.html.parser import parse_html

            return parse_html(raw, url)
