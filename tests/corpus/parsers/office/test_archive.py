"""What stands before the office parsers: wrong names, damage, passwords, and files made to harm."""

import random
import struct
import zlib
from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import pytest
from docx import Document
from pptx import Presentation

from corpus.parsed import Unreadable
from corpus.parsers.office.archive import check_archive

OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
ODT = "application/vnd.oasis.opendocument.text"


def docx(text: str = "Le conseil vote.") -> bytes:
    document = Document()
    document.add_paragraph(text)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def archive(entries: Mapping[str, bytes | str]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content, ZIP_STORED if name == "mimetype" else ZIP_DEFLATED)
    return stream.getvalue()


def with_entries(raw: bytes, entries: Mapping[str, bytes | str]) -> bytes:
    with ZipFile(BytesIO(raw)) as original:
        return archive({name: original.read(name) for name in original.namelist()} | dict(entries))


def refusal(raw: bytes, detail: bool = False) -> str:
    with pytest.raises(Unreadable) as raised:
        check_archive(raw, "docx")
    return f"{raised.value.code}: {raised.value.detail}" if detail else raised.value.code


def test_a_word_file_is_accepted_as_one_of_the_kinds_asked_for() -> None:
    assert check_archive(docx(), "pptx", "docx") == "docx"


# Other formats


def test_a_refused_file_is_called_by_what_it_seems_to_be() -> None:
    slides = BytesIO()
    Presentation().save(slides)
    assert refusal(slides.getvalue(), detail=True) == "wrong_format: pptx"
    assert refusal(b"%PDF-1.7\n...", detail=True) == "wrong_format: pdf"
    assert refusal(b"{\\rtf1 Bonjour}", detail=True) == "wrong_format: rtf"
    assert refusal(b"\n<!DOCTYPE html><html></html>", detail=True) == "wrong_format: html"
    assert refusal(archive({"notes.txt": "Bonjour"}), detail=True) == "wrong_format: zip"
    assert refusal(archive({"mimetype": ODT, "content.xml": "<a/>"}), detail=True) == "wrong_format: odt"


def test_an_old_word_file_is_no_docx() -> None:
    directory = "WordDocument".encode("utf-16-le")
    assert refusal(OLE2 + bytes(500) + directory, detail=True) == "wrong_format: doc"


def test_a_file_with_a_password_says_so() -> None:
    assert refusal(OLE2 + bytes(500) + "EncryptedPackage".encode("utf-16-le")) == "encrypted"
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    assert refusal(archive({"mimetype": ODT, "content.xml": b"\x07", "META-INF/manifest.xml": manifest})) == "encrypted"


def test_an_entry_with_a_password_says_so() -> None:
    raw = bytearray(docx())
    # The flags of the first entry, in its header and in the directory.
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(signature) + at] |= 1
    assert refusal(bytes(raw)) == "encrypted"


# Damage


@pytest.mark.parametrize("raw", [b"", b"Bonjour", b"PK\x03\x04", docx()[:-200], docx()[:3000]])
def test_what_is_no_archive_or_was_cut_is_damaged(raw: bytes) -> None:
    assert refusal(raw) == "damaged"


def test_bytes_changed_within_an_entry_are_damage() -> None:
    raw = bytearray(docx())
    with ZipFile(BytesIO(raw)) as whole:
        at = whole.getinfo("word/document.xml").header_offset + 100
    raw[at : at + 8] = b"\xff" * 8
    assert refusal(bytes(raw)) == "damaged"


def test_a_package_without_its_main_part_is_damaged() -> None:
    with ZipFile(BytesIO(docx())) as original:
        kept = {name: original.read(name) for name in original.namelist() if name != "word/document.xml"}
    assert refusal(archive(kept)) == "damaged"


# Files made to harm


def test_an_entry_that_unpacks_to_far_more_than_it_weighs_is_unsafe() -> None:
    assert refusal(with_entries(docx(), {"word/bomb.bin": bytes(3_000_000)})) == "unsafe"


def test_a_compression_that_office_files_never_use_is_refused() -> None:
    stream = BytesIO(docx())
    with ZipFile(stream, "a", ZIP_LZMA) as made:
        made.writestr("word/bomb.bin", bytes(3_000_000))
    assert refusal(stream.getvalue()) == "damaged"


def test_many_entries_are_unsafe() -> None:
    assert refusal(archive({f"{number}.txt": "" for number in range(10_001)})) == "unsafe"


def test_entries_that_weigh_more_than_the_limit_together_are_unsafe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.parsers.office.archive.MAX_TOTAL", 20_000)
    assert refusal(docx()) == "unsafe"


def test_a_size_that_lies_does_not_open_the_door() -> None:
    """The directory says ten bytes, the entry unpacks to three million."""
    raw = with_entries(docx(), {"word/bomb.bin": bytes(3_000_000)})
    declared = struct.pack("<I", 3_000_000)
    assert raw.count(declared) == 2
    lying = raw.replace(declared, struct.pack("<I", 10)).replace(
        struct.pack("<I", zlib.crc32(bytes(3_000_000))), struct.pack("<I", zlib.crc32(bytes(10)))
    )
    # Only the ten bytes are ever unpacked.
    assert check_archive(lying, "docx") == "docx"


@pytest.mark.parametrize("name", ["../evil.xml", "word/../../evil.xml", "/etc/passwd", "..\\evil.xml", "C:\\evil.xml"])
def test_an_entry_that_points_outside_the_archive_is_unsafe(name: str) -> None:
    assert refusal(with_entries(docx(), {name: "x"})) == "unsafe"


ENTITY = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("name", ["word/document.xml", "word/extra.bin", "_rels/.rels"])
def test_a_declared_document_type_is_unsafe_whatever_the_encoding_and_the_name(name: str, encoding: str) -> None:
    assert refusal(with_entries(docx(), {name: ENTITY.encode(encoding)})) == "unsafe"


def test_a_document_type_far_behind_a_comment_is_found() -> None:
    # Noise, for a comment of spaces would be refused for its ratio.
    noise = "".join(random.Random(1).choices("abcdefgh", k=65_530))
    for shift in range(0, 20, 5):
        part = f"<!--{noise}{'x' * shift}--><!DOCTYPE x><x/>"
        assert refusal(with_entries(docx(), {"word/extra.xml": part})) == "unsafe"


def test_an_encoding_that_hides_a_declaration_is_unsafe() -> None:
    hidden = '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4-<x/>'
    assert refusal(with_entries(docx(), {"word/extra.xml": hidden})) == "unsafe"
    assert refusal(with_entries(docx(), {"word/extra.xml": '<?xml version="1.0"?><x/>'.encode("cp500")})) == "unsafe"


def test_a_drawing_with_a_document_type_among_the_pictures_is_no_danger() -> None:
    drawing = '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd"><svg/>'
    assert check_archive(with_entries(docx(), {"word/media/image1.svg": drawing}), "docx") == "docx"


def test_a_text_about_document_types_is_read() -> None:
    assert check_archive(docx("On écrit <!DOCTYPE html> en tête de page."), "docx") == "docx"
