"""Which format a file is in."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from corpus.formats import CONVERTIBLE, FORMATS, check_format, parse, sniff
from corpus.parsed import Unreadable
from corpus.parsers.office.archive import check_archive

PAGE = "<!DOCTYPE html><html><head><title>Régie</title></head><body><p>La régie gère l'eau.</p></body></html>"
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


def archive(**parts: str) -> bytes:
    raw = BytesIO()
    with ZipFile(raw, "w") as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return raw.getvalue()


def docx() -> bytes:
    from docx import Document

    made, raw = Document(), BytesIO()
    made.add_paragraph("La commune aide les associations.")
    made.save(raw)
    return raw.getvalue()


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"%PDF-1.7\n...", "pdf"),
        (b"\n" * 1000 + b"%PDF-1.4", "pdf"),
        (PAGE.encode(), "html"),
        (b"\xef\xbb\xbf  <html lang='fr'>", "html"),
        (b"<?xml version='1.0'?>\n<!-- page --><!DOCTYPE HTML PUBLIC '-//W3C//DTD'>", "html"),
        (PAGE.encode("utf-16"), "html"),
        ("La régie".encode("utf-16"), "text"),
        (OLE2 + "WordDocument".encode("utf-16-le"), "doc"),
        (OLE2 + "Workbook".encode("utf-16-le"), "xls"),
        (archive(lisezmoi="rien"), "zip"),
        (archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "ods"),
        (docx(), "docx"),
        (b"{\\rtf1\\ansi", "rtf"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff\xe0", "jpg"),
        ("La régie gère l'eau.".encode(), None),
        (b"PK\x03\x04 tronqu", None),
        (b"Un PDF commence par %PDF- suivi de sa version.", None),
        (b"", None),
    ],
)
def test_content_tells_its_format(raw: bytes, found: str | None) -> None:
    assert sniff(raw) == found


@pytest.mark.parametrize(
    ("wanted", "raw", "found"),
    [
        ("text", b"%PDF-1.7\n", "pdf"),
        ("pdf", docx(), "docx"),
        ("pdf", PAGE.encode(), "html"),
        ("docx", b"%PDF-1.7\n", "pdf"),
        ("docx", "La régie gère l'eau.".encode(), "text"),
        ("html", b"\x89PNG\r\n\x1a\n", "png"),
    ],
)
def test_content_of_another_format_is_refused_by_its_name(wanted: str, raw: bytes, found: str) -> None:
    with pytest.raises(Unreadable) as refused:
        check_format(wanted, raw)  # type: ignore[arg-type]
    assert (refused.value.code, refused.value.detail) == ("wrong_format", found)


@pytest.mark.parametrize(
    ("wanted", "raw"),
    [
        ("text", "# Régie".encode()),
        ("html", PAGE.encode("utf-16")),
        ("html", "Une page sans balises.".encode("utf-16")),
        ("html", b"<div>Un fragment de page</div>"),
        ("docx", docx()),
        ("pptx", OLE2 + "EncryptedPackage".encode("utf-16-le")),
        ("pdf", b"\x00\x01\x02\x03"),
    ],
)
def test_content_that_may_be_right_is_left_to_its_parser(wanted: str, raw: bytes) -> None:
    check_format(wanted, raw)  # type: ignore[arg-type]


def test_a_suffix_is_read_or_can_be_converted_never_both() -> None:
    assert not CONVERTIBLE & set(FORMATS)


def test_each_format_has_its_parser() -> None:
    for name in sorted(set(FORMATS.values()) - {"text", "html"}):
        with pytest.raises(Unreadable):
            parse(name, b"rien de tel")
    assert parse("text", "La régie gère l'eau.".encode()).sections
    assert parse("html", PAGE.encode(), "https://vallon.example/regie").sections
    assert parse("docx", docx()).sections


def test_the_names_of_other_formats_are_those_of_the_archives(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as refused:
        check_archive(archive(mimetype="application/vnd.oasis.opendocument.graphics"))
    assert refused.value.detail == sniff(archive(mimetype="application/vnd.oasis.opendocument.graphics")) == "odg"
