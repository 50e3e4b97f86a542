"""The starter fiches: whole, dated, sourced, covering our subjects, and in our own words."""

import os
import re
from pathlib import Path

import pytest

import corpus
from corpus import Review, coverage, line_key, list_files, review

FOLDER = Path(corpus.__file__).parent / "fiches"
FICHES = sorted(FOLDER.glob("*.md"))
LONGEST_SHARED_RUN = 14

every_fiche = pytest.mark.parametrize("path", FICHES, ids=lambda path: path.stem)


def body(path: Path) -> str:
    return path.read_text(encoding="utf-8").split("\n---\n", 1)[1]


@pytest.fixture(scope="module")
def reviewed() -> Review:
    return review(list_files(str(FOLDER)))


def test_there_are_at_least_a_hundred_and_fifty() -> None:
    assert len(FICHES) >= 150


def test_the_folder_reads_without_a_failure(reviewed: Review) -> None:
    # What `make serve` does at its first start, where the licence beside the fiches must not become a document.
    assert reviewed.failures == ()
    assert [document.source for document in reviewed.documents] == [path.name for path in FICHES]


def test_no_fiche_breaks_a_rule(reviewed: Review) -> None:
    assert reviewed.findings == ()


def test_each_subject_has_its_fiches(reviewed: Review) -> None:
    covered = coverage(document.metadata for document in reviewed.documents)
    for kind in ("regle", "role", "methode", "appui", "experience"):
        assert covered.kinds[kind] >= 10, kind
    for status in ("scic", "association", "scop", "ptce", "sem", "spl", "gip", "regie"):
        assert covered.statuses[status]["regle"], status
    for role in ("financeur", "partenaire", "initiateur", "acteur", "regulateur", "facilitatrice", "pilote"):
        assert covered.roles[role]["role"], role


def _runs(text: str) -> set[tuple[str, ...]]:
    """Every run of words one longer than allowed, accents and case left out."""
    found, length = line_key(text).split(), LONGEST_SHARED_RUN + 1
    return {tuple(found[at : at + length]) for at in range(len(found) - length + 1)}


def _joined(text: str) -> str:
    """The text with « 18 500 » as one number."""
    return re.sub(r"(?<=\d)[ \u202f\u00a0](?=\d{3}\b)", "", text)


def _figures(text: str) -> set[str]:
    """The whole numbers of a text; « 03 » is « 3 »."""
    return {found.lstrip("0") or "0" for found in re.findall(r"\d+", text)}


def _without_titles_and_laws(text: str) -> list[str]:
    """The pieces of a text between the titles it quotes and the laws it names."""
    law = r"(?:loi|décret|ordonnance) n° [\d-]+(?: du \d+(?:er)? \w+ \d{4})?[^.;()\n]{0,80}"
    return re.split(rf"«[^»]*»|\"[^\"]*\"|{law}", text)


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """What the fiches are written from: the sources and the dossier, by file name."""
    material = os.environ.get("ASSISTANT_ELUS_TEST_MATERIAL")
    if not material:
        pytest.skip("ASSISTANT_ELUS_TEST_MATERIAL is not set")
    files = [path for folder in ("sources", "dossier") for path in sorted((Path(material) / folder).iterdir())]
    return {path.name: path.read_text(encoding="utf-8") for path in files}


@pytest.fixture(scope="module")
def runs(texts: dict[str, str]) -> dict[tuple[str, ...], str]:
    return {run: name for name, text in texts.items() for run in _runs(text)}


@pytest.fixture(scope="module")
def figures(texts: dict[str, str]) -> set[str]:
    # A space also separates two numbers: both readings are in the material.
    return {figure for text in texts.values() for read in (text, _joined(text)) for figure in _figures(read)}


@every_fiche
def test_a_fiche_is_in_our_own_words(path: Path, runs: dict[tuple[str, ...], str]) -> None:
    shared = {run for piece in _without_titles_and_laws(body(path)) for run in _runs(piece) if run in runs}
    assert not shared, [f"{runs[run]}: {' '.join(run)}" for run in sorted(shared)]


@every_fiche
def test_a_fiche_holds_no_figure_of_its_own(path: Path, figures: set[str]) -> None:
    assert _figures(_joined(body(path))) <= figures
