"""A folder as institutions have them: one line for each file that cannot be read, and all the others are read."""

import os
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from corpus import Document, Failure, Reader, ReadLimits, SourceFile, list_files
from corpus.parsed import Parsed
from tests.corpus.parsers.office.test_archive import ENTITY, docx, with_entries
from tests.corpus.parsers.pdf.pdf_maker import PROSE, pdf

GOOD = "# La régie de l'eau\n\nLa commune gère l'eau en régie depuis 2019."
LIMITS = ReadLimits(max_bytes=50_000_000, seconds=60)


def a_pdf(password: str | None = None) -> bytes:
    return pdf(lambda sheet: sheet.prose(PROSE), password=password)


def a_pptx() -> bytes:
    from pptx import Presentation

    deck, raw = Presentation(), BytesIO()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "La régie de l'eau"
    slide.placeholders[1].text = "La commune gère l'eau en régie."
    deck.save(raw)
    return raw.getvalue()


def encrypted_docx() -> bytes:
    """How Word writes a file with a password: an OLE2 container around the encrypted package."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1024) + "EncryptedPackage".encode("utf-16-le") + bytes(1024)


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "vide.txt": (lambda: b"", "empty"),
    "vide.pdf": (lambda: b"", "empty"),
    "blanc.md": (lambda: b" \n\t\n", "empty"),
    "tronqué.pdf": (lambda: a_pdf()[: len(a_pdf()) // 2], "damaged"),
    "tronqué.docx": (lambda: docx()[:-200], "damaged"),
    "bruit.pptx": (lambda: bytes(range(256)) * 40, "damaged"),
    "secret.pdf": (lambda: a_pdf(password="mairie"), "encrypted"),
    "secret.docx": (encrypted_docx, "encrypted"),
    "bombe.docx": (lambda: with_entries(docx(), {"word/media/plan.bin": bytes(20_000_000)}), "unsafe"),
    "chemin.docx": (lambda: with_entries(docx(), {"../../etc/cron.d/tache": b"* * * * * root"}), "unsafe"),
    "entités.docx": (lambda: with_entries(docx(), {"customXml/item1.xml": ENTITY}), "unsafe"),
    "pdf devenu word.docx": (a_pdf, "wrong_format"),
    "word devenu pdf.pdf": (docx, "wrong_format"),
    "présentation devenue texte.odt": (a_pptx, "wrong_format"),
    "page.pdf": (lambda: b"<!DOCTYPE html><html><body><p>404</p></body></html>", "wrong_format"),
    "nuls.txt": (lambda: b"La commune\0\0\0 vote.\n" * 50, "encoding"),
    "binaire.md": (lambda: bytes(range(1, 32)) * 100, "encoding"),
    "ancien.doc": (encrypted_docx, "unsupported"),
}
ODD_NAMES = ("deux mots et un é.txt", "l'\"aide\" «d'été».md", "tarifs (2024) [v2] #1 100%.md", "deux\nlignes.md")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "dossier"
    (place / "sous dossier").mkdir(parents=True)
    for name, (make, _) in BAD.items():
        (place / name).write_bytes(make())
    with (place / "énorme.pdf").open("wb") as file:
        # Whoever reads it does not come back.
        file.truncate(10**12)
    (place / "sous dossier" / "retour").symlink_to(place)
    (place / "moi-même.pdf").symlink_to(place / "moi-même.pdf")
    for name in ODD_NAMES:
        (place / name).write_text(GOOD, encoding="utf-8")
    (place / "bon.docx").write_bytes(docx("La commune gère l'eau en régie."))
    (place / "bon.pdf").write_bytes(a_pdf())
    (place / "sous dossier" / "bon.pptx").write_bytes(a_pptx())
    return place


def read_all(place: Path, limits: ReadLimits = LIMITS) -> tuple[list[str], list[tuple[str, str]]]:
    """The sources read, and the failures with their codes, both sorted."""
    read, failed = [], []
    with Reader(limits) as reader:
        for one in list_files(str(place)):
            outcome = reader.read(one, {}) if isinstance(one, SourceFile) else one
            if isinstance(outcome, Document):
                read.append(outcome.source)
            else:
                failed.append((outcome.source, outcome.code))
    return sorted(read), sorted(failed)


def test_each_bad_file_is_one_line_with_its_reason_and_the_rest_is_read(folder: Path) -> None:
    read, failed = read_all(folder)
    expected = [(name, code) for name, (_, code) in BAD.items()]
    expected += [("énorme.pdf", "too_large"), ("sous dossier/retour", "loop"), ("moi-même.pdf", "loop")]
    assert failed == sorted(expected)
    assert read == sorted([*ODD_NAMES, "bon.docx", "bon.pdf", "sous dossier/bon.pptx"])


def test_the_limit_on_size_is_asked_for_before_anything_is_read(folder: Path) -> None:
    failed = dict(read_all(folder, ReadLimits(max_bytes=100))[1])
    assert (failed["énorme.pdf"], failed["bon.pdf"], failed["vide.pdf"]) == ("too_large", "too_large", "empty")


def test_a_file_without_permission_is_one_line(folder: Path) -> None:
    os.chmod(folder / "bon.pdf", 0)
    try:
        (folder / "bon.pdf").read_bytes()
    except PermissionError:
        pass
    else:
        pytest.skip("root reads everything; tests/corpus/test_reading.py plays the refusal")
    read, failed = read_all(folder)
    assert ("bon.pdf", "unreadable") in failed
    assert "bon.docx" in read


def never_ends(name: str, raw: bytes, url: str | None) -> Parsed:
    time.sleep(60)
    return Parsed(())


def test_a_parser_that_never_ends_costs_its_own_file_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Reader(ReadLimits(seconds=1)) as reader:
        with monkeypatch.context() as patched:
            patched.setattr("corpus.reading.parse", never_ends)
            slow = reader.read(SourceFile(folder / "bon.docx", "bon.docx", "essai"), {})
        assert slow == Failure("bon.docx", "too_slow", "1 s")
        for name in (ODD_NAMES[0], "bon.docx"):
            assert isinstance(reader.read(SourceFile(folder / name, name, "essai"), {}), Document)


def test_nothing_was_written_outside_and_nothing_of_the_system_was_read(folder: Path) -> None:
    before = sorted(path.name for path in folder.parent.iterdir())
    with Reader(LIMITS) as reader:
        for name in ("chemin.docx", "entités.docx"):
            assert isinstance(reader.read(SourceFile(folder / name, name, "essai"), {}), Failure)
    assert sorted(path.name for path in folder.parent.iterdir()) == before
