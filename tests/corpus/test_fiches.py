"""The starter fiches: whole, dated, sourced, and in our own words."""

import os
import re
from pathlib import Path

import pytest

import corpus
from corpus import Document, SourceFile, list_files, read_document

FOLDER = Path(corpus.__file__).parent / "fiches"
FICHES = sorted(path for path in FOLDER.glob("*.md") if not path.name.isupper() and path.stem != "LICENCE")
LONGEST_SHARED_RUN = 14

every_fiche = pytest.mark.parametrize("path", FICHES, ids=lambda path: path.stem)


def document(path: Path) -> Document:
    read = read_document(SourceFile(path, path.name, "fiches"), {})
    assert isinstance(read, Document), read
    return read


def body(path: Path) -> str:
    return path.read_text(encoding="utf-8").split("\n---\n", 1)[1]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def test_there_are_at_least_twelve() -> None:
    assert len(FICHES) >= 12


@every_fiche
def test_a_fiche_has_a_title_a_kind_and_references(path: Path) -> None:
    facts = document(path).metadata
    assert facts.title and not facts.title.isupper()
    assert facts.kind in ("regle", "role", "methode", "appui", "experience")
    assert facts.references
    assert all(reference.publisher for reference in facts.references)
    assert "kind:" in path.read_text(encoding="utf-8")


@every_fiche
def test_a_fiche_opens_with_its_essentials(path: Path) -> None:
    titles = [section.title for section in document(path).sections]
    assert "En bref" in titles[:2] or "\nEn bref\n" in document(path).sections[0].text


@every_fiche
def test_a_fiche_is_short(path: Path) -> None:
    assert 120 <= len(words(body(path))) <= 650


@every_fiche
def test_a_rule_names_its_law(path: Path) -> None:
    facts = document(path).metadata
    law = re.compile(r"\b(?:loi|code|article|décret|ordonnance)\b", re.I)
    assert facts.kind != "regle" or any(law.search(reference.title) for reference in facts.references)


@every_fiche
def test_the_dates_of_a_fiche_follow_one_another(path: Path) -> None:
    facts = document(path).metadata
    assert facts.written and facts.verified and facts.review_by
    assert facts.written <= facts.verified < facts.review_by
    assert facts.published is None or facts.published[:4] <= facts.written[:4]
    assert all(reference.date is None or reference.date <= facts.verified for reference in facts.references)


@every_fiche
def test_no_fiche_is_named_like_a_test_source(path: Path) -> None:
    assert not path.name[0].isdigit()


def test_the_folder_reads_without_a_failure() -> None:
    # What `make serve` does at its first start, where the licence beside the fiches must not become a document.
    read = [read_document(file, {}) for file in list_files(str(FOLDER)) if isinstance(file, SourceFile)]
    assert sorted(document.source for document in read if isinstance(document, Document)) == [p.name for p in FICHES]


def _runs(text: str, length: int) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[at : at + length]) for at in range(len(found) - length + 1)}


def _without_titles_and_laws(text: str) -> list[str]:
    """The pieces of a text between the titles it quotes and the laws it names."""
    law = r"(?:loi|décret|ordonnance) n° [\d-]+(?: du \d+(?:er)? \w+ \d{4})?[^.;()\n]{0,80}"
    return re.split(rf"«[^»]*»|\"[^\"]*\"|{law}", text)


@every_fiche
def test_a_fiche_is_in_our_own_words(path: Path) -> None:
    material = os.environ.get("ASSISTANT_ELUS_TEST_MATERIAL")
    if not material:
        pytest.skip("ASSISTANT_ELUS_TEST_MATERIAL is not set")
    length = LONGEST_SHARED_RUN + 1
    ours = set().union(*(_runs(piece, length) for piece in _without_titles_and_laws(body(path))))
    for folder in ("sources", "dossier"):
        for source in sorted((Path(material) / folder).iterdir()):
            shared = ours & _runs(source.read_text(encoding="utf-8"), length)
            assert not shared, f"{source.name}: {' '.join(min(shared))}"
