"""From a place on disk to documents, whatever the place holds."""

import multiprocessing
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import Document, Failure, Reader, ReadLimits, SourceFile, list_files, read_document

TEXT = "# La régie de l'eau\n\nL'œuvre coûte 12 000 € aux élus."


def read(path: Path, given: dict[str, Any] | None = None) -> Document | Failure:
    return read_document(SourceFile(path, path.name, "essai"), given or {})


def read_with(limits: ReadLimits, path: Path) -> Document | Failure:
    with Reader(limits) as reader:
        return reader.read(SourceFile(path, path.name, "essai"), {})


def written(folder: Path, content: bytes | str, name: str = "guide.txt") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def documents(place: Path) -> list[Document]:
    found = [read_document(file, {}) for file in list_files(str(place)) if isinstance(file, SourceFile)]
    return [document for document in found if isinstance(document, Document)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_usual_encodings_read_the_same(tmp_path: Path, encoding: str) -> None:
    document = read(written(tmp_path, TEXT.encode(encoding)))
    assert isinstance(document, Document)
    assert document.sections[0].text == "La régie de l'eau\nL'œuvre coûte 12 000 € aux élus."


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"  \n\n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"---\ntitle: Guide\n---\n", "empty"),
        (b"![plan](plan.png)\n", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "wrong_format"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 8, "wrong_format"),
        (b"PK\x03\x04" + bytes(range(32)) * 20, "encoding"),
        (b"la\0 mai\0rie\0" * 30, "encoding"),
        (TEXT.encode() * 200 + b"\0", "encoding"),
        (TEXT.encode("utf-16-le"), "encoding"),
        (b"\xff\xfea", "encoding"),
        (b"---\nkind: roman\n---\nTexte", "metadata"),
        (b"---\npublished: 2026-02-31\n---\nTexte", "metadata"),
        (b"---\nthemes: " + b"[" * 5000 + b"\n---\nTexte", "metadata"),
    ],
)
def test_a_file_that_is_no_document_says_why(tmp_path: Path, content: bytes, code: str) -> None:
    failure = read(written(tmp_path, content))
    assert isinstance(failure, Failure)
    assert (failure.source, failure.code) == ("guide.txt", code)


def test_a_wrong_head_names_the_field(tmp_path: Path) -> None:
    failure = read(written(tmp_path, "---\nkind: roman\n---\nTexte"))
    assert isinstance(failure, Failure)
    assert failure.detail.startswith("kind:")


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    assert read(tmp_path / "absent.md") == Failure("absent.md", "missing")
    assert [f.code for f in list_files(str(tmp_path / "absent.md")) if isinstance(f, Failure)] == ["missing"]


def test_a_folder_named_like_a_file_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "x.txt").mkdir()
    assert read(tmp_path / "x.txt") == Failure("x.txt", "unreadable")


def test_a_pipe_named_like_a_file_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.txt")
    assert read(tmp_path / "x.txt") == Failure("x.txt", "unreadable")


def test_a_file_without_permission_is_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Patched: tests may run as root, who may read everything.
    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    path = written(tmp_path, TEXT)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert read(path) == Failure("guide.txt", "unreadable", "Permission denied")


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "gros.txt"
    with path.open("wb") as file:
        file.truncate(300_000_000)
    assert read(path) == Failure("gros.txt", "too_large", "100 Mo")
    assert read_with(ReadLimits(max_bytes=2_500_000), path) == Failure("gros.txt", "too_large", "2.5 Mo")


def test_a_source_is_relative_to_what_was_added(tmp_path: Path) -> None:
    written(tmp_path, TEXT, "aides/eau.md")
    assert [document.source for document in documents(tmp_path)] == ["aides/eau.md"]
    assert [document.source for document in documents(tmp_path / "aides" / "eau.md")] == ["eau.md"]


def test_nothing_of_a_document_holds_an_absolute_path(tmp_path: Path) -> None:
    written(tmp_path, TEXT, "aides/eau.md")
    assert str(tmp_path) not in repr(documents(tmp_path)[0])


def test_an_id_is_readable_and_stays(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT, "L'eau à Vallon.md")
    first = documents(tmp_path)[0].id
    path.write_text("Un tout autre texte.")
    assert documents(tmp_path)[0].id == first
    assert first.startswith("l-eau-a-vallon-")


def test_two_folders_with_the_same_file_name_make_two_documents(tmp_path: Path) -> None:
    for folder in ("nord", "sud"):
        written(tmp_path / folder, TEXT)
    north, south = documents(tmp_path / "nord")[0], documents(tmp_path / "sud")[0]
    assert north.source == south.source
    assert north.id != south.id


def test_a_named_origin_makes_ids_that_do_not_depend_on_the_machine(tmp_path: Path) -> None:
    ids = set()
    for folder in ("ici", "ailleurs"):
        written(tmp_path / folder, TEXT)
        for file in list_files(str(tmp_path / folder), origin="fiches"):
            assert isinstance(file, SourceFile)
            document = read_document(file, {})
            assert isinstance(document, Document)
            ids.add(document.id)
    assert len(ids) == 1


def test_a_file_and_its_folder_name_the_same_document(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT)
    assert documents(path)[0].id == documents(tmp_path)[0].id


def test_a_title_falls_back_on_the_file_name(tmp_path: Path) -> None:
    document = read(written(tmp_path, "- un\n- deux\n", "Mémo régie.txt"))
    assert isinstance(document, Document)
    assert document.metadata.title == "Mémo régie"


def test_what_is_given_outranks_the_file(tmp_path: Path) -> None:
    document = read(written(tmp_path, "---\nkind: role\n---\nTexte du guide."), {"kind": "regle"})
    assert isinstance(document, Document)
    assert document.metadata.kind == "regle"


def test_a_large_text_reads_like_a_small_one(tmp_path: Path) -> None:
    paragraphs = "\n\n".join(
        f"La commune numéro {n} réunit ses habitants, puis le conseil vote." for n in range(20_000)
    )
    document = read(written(tmp_path, f"# Guide des régies\n\n{paragraphs}"))
    assert isinstance(document, Document)
    assert document.metadata.title == "Guide des régies"
    assert document.sections[0].text.count("habitants") == 20_000


def test_what_stands_beside_a_file_outranks_its_head_but_not_what_is_given(tmp_path: Path) -> None:
    written(tmp_path, "---\ntitle: De tête\nkind: role\npublisher: Tête\n---\nTexte du guide.")
    written(tmp_path, 'title = "De côté"\nkind = "methode"\n', "guide.txt.toml")
    (file,) = list_files(str(tmp_path))
    assert isinstance(file, SourceFile)
    document = read_document(file, {"kind": "regle"})
    assert isinstance(document, Document)
    facts = document.metadata
    assert (facts.title, facts.kind, facts.publisher) == ("De côté", "regle", "Tête")


def test_a_web_page_keeps_its_address_unless_another_is_given(tmp_path: Path) -> None:
    said = "Une régie gère un service public local pour le compte de la commune."
    path = written(tmp_path, f"<!doctype html><title>Les régies</title><body><p>{said}</p></body>", "page.html")
    page = SourceFile(path, "https://vallon.example/regies", "web", url="https://vallon.example/regies")
    known, named = read_document(page, {}), read_document(page, {"url": "https://vallon.example/autre"})
    assert isinstance(known, Document) and isinstance(named, Document)
    assert known.metadata.url == "https://vallon.example/regies"
    assert named.metadata.url == "https://vallon.example/autre"


def test_the_content_decides_when_the_name_lies(tmp_path: Path) -> None:
    assert read(written(tmp_path, TEXT, "guide.docx")) == Failure("guide.docx", "wrong_format", "text")
    assert read(written(tmp_path, "<!DOCTYPE html><p>Une page.", "guide.pdf")) == Failure(
        "guide.pdf", "wrong_format", "html"
    )


def test_no_worker_starts_for_small_texts_alone(tmp_path: Path) -> None:
    with Reader() as reader:
        assert isinstance(reader.read(SourceFile(written(tmp_path, TEXT), "guide.txt", "essai"), {}), Document)
        assert not multiprocessing.active_children()


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_a_file_holds_reading_never_raises(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "arbitraire.txt"
    path.write_bytes(content)
    assert isinstance(read(path), Document | Failure)
