"""What stands beside documents about them."""

from pathlib import Path
from typing import Any

import pytest

from corpus import Document, Failure, SourceFile, list_files, read_document
from corpus.side_metadata import MAX_BYTES

TEXT = "---\npublisher: De tête\n---\n# Guide des régies\n\nUne régie gère un service public."


def written(folder: Path, **contents: str) -> None:
    """`aides__eau_md` stands for aides/eau.md."""
    for name, content in contents.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def facts(place: Path) -> dict[str, Any]:
    """The facts of each file, or its failure, by source."""
    return {one.source: one.facts if isinstance(one, SourceFile) else one for one in list_files(str(place))}


def details(place: Path) -> dict[str, str]:
    found = facts(place)
    assert all(isinstance(one, Failure) and one.code == "metadata" for one in found.values()), found
    return {source: one.detail for source, one in found.items()}


def test_a_side_file_speaks_for_the_file_whose_whole_name_it_bears(tmp_path: Path) -> None:
    written(tmp_path, guide_md=TEXT, guide_txt=TEXT, guide_md_toml='title = "Régies"', guide_toml='title = "Personne"')
    assert facts(tmp_path) == {"guide.md": {"title": "Régies"}, "guide.txt": {}}
    assert facts(tmp_path / "guide.md") == {"guide.md": {"title": "Régies"}}


def test_every_field_of_a_head_can_stand_in_a_side_file(tmp_path: Path) -> None:
    side = """
        title = "Les régies"
        kind = "regle"
        published = 2024-05-01
        statuses = ["regie"]
        themes = "eau"
        licence = "Licence Ouverte 2.0"
        publish_original = true
        territory = { commune = "Vallon", region = "Bretagne" }
        review_by = "2027"

        [applies_to]
        population_max = 10000
        types = ["commune"]

        [[references]]
        title = "Code général des collectivités territoriales"
        date = 2024
    """
    written(tmp_path, guide_md=TEXT, guide_md_toml=side)
    (file,) = list_files(str(tmp_path))
    assert isinstance(file, SourceFile)
    document = read_document(file, {})
    assert isinstance(document, Document)
    known = document.metadata
    assert (known.title, known.kind, known.published, known.publisher) == (
        "Les régies", "regle", "2024-05-01", "De tête",
    )  # fmt: skip
    assert (known.statuses, known.themes, known.licence, known.publish_original) == (
        ("regie",), ("eau",), "Licence Ouverte 2.0", True,
    )  # fmt: skip
    assert known.territory is not None and known.territory.words == "Vallon Bretagne"
    assert known.applies_to is not None and known.applies_to.population_max == 10_000
    assert known.references[0].date == "2024"
    assert known.review_by == "2027"


def test_a_folder_says_what_all_its_documents_share(tmp_path: Path) -> None:
    written(tmp_path, corpus_toml='[defaults]\npublisher = "Val-Serein"', guide_md=TEXT, aides__eau_md=TEXT)
    assert facts(tmp_path) == {"aides/eau.md": {"publisher": "Val-Serein"}, "guide.md": {"publisher": "Val-Serein"}}


def test_the_nearest_word_wins(tmp_path: Path) -> None:
    written(
        tmp_path,
        corpus_toml='[defaults]\npublisher = "Haut"\nkind = "etude"\nlicence = "Haut"\n'
        '[[documents]]\nmatch = "*.md"\nkind = "methode"\n[[documents]]\nmatch = "eau.md"\nkind = "role"\n',
        aides__corpus_toml='[defaults]\npublisher = "Bas"\n',
        aides__eau_md=TEXT,
        aides__eau_md_toml='licence = "À côté"\n',
        guide_txt=TEXT,
    )
    assert facts(tmp_path) == {
        "aides/eau.md": {"publisher": "Bas", "kind": "role", "licence": "À côté"},
        "guide.txt": {"publisher": "Haut", "kind": "etude", "licence": "Haut"},
    }


def test_nothing_above_what_was_added_is_heard(tmp_path: Path) -> None:
    written(tmp_path, corpus_toml='[defaults]\npublisher = "Haut"', aides__eau_md=TEXT)
    assert facts(tmp_path / "aides") == {"eau.md": {}}
    assert facts(tmp_path / "aides" / "eau.md") == {"eau.md": {}}


@pytest.mark.parametrize(
    ("match", "matched"),
    [
        ('"*.md"', {"eau [1].md", "aides/eau.md", "aides/forêt/bois.md"}),
        ('"eau.md"', {"aides/eau.md"}),
        ('"aides/*"', {"aides/eau.md", "aides/forêt/bois.md"}),
        ('"aides/*/bois.md"', {"aides/forêt/bois.md"}),
        ('"./aides/eau.md"', {"aides/eau.md"}),
        ('["bois.md", "eau [[]1].md"]', {"aides/forêt/bois.md", "eau [1].md"}),
        ('"eau [1].md"', {"eau [1].md"}),
        ('"aides/fore\u0302t/*"', {"aides/forêt/bois.md"}),
        ('"*.pdf"', set()),
    ],
)
def test_a_pattern_names_files_in_the_folder_and_below(tmp_path: Path, match: str, matched: set[str]) -> None:
    written(tmp_path, corpus_toml=f'[[documents]]\nmatch = {match}\nkind = "role"', aides__eau_md=TEXT)
    for name in ("eau [1].md", "aides/forêt/bois.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    assert {source for source, known in facts(tmp_path).items() if known == {"kind": "role"}} == matched


def test_an_empty_date_says_that_nobody_knows_it(tmp_path: Path) -> None:
    text = "# Guide des régies\n\nVallon, le 5 février 2019\n\nSuite."
    written(tmp_path, guide_md=text, guide_md_toml='published = ""')
    (file,) = list_files(str(tmp_path))
    assert isinstance(file, SourceFile)
    document = read_document(file, {})
    assert isinstance(document, Document) and document.metadata.published is None


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        ('kind = "roman"', "guide.md.toml: kind: "),
        ('titre = "Régies"', "guide.md.toml: titre: "),
        ("published = 2024-05-01T10:00:00", "guide.md.toml: published: "),
        ("[applies_to]\npopulation_max = -1", "guide.md.toml: applies_to.population_max: "),
        ("title = ", "guide.md.toml: TOML: "),
        ("a = " + "[" * 5000, "guide.md.toml: TOML: "),
        ("#" * (MAX_BYTES + 1), "guide.md.toml: more than 1 MB"),
    ],
    ids=lambda value: value[:20],
)
def test_a_wrong_side_file_fails_its_own_document_and_names_the_field(
    tmp_path: Path, content: str, detail: str
) -> None:
    written(tmp_path, guide_md=TEXT, guide_md_toml=content, autre_md=TEXT)
    found = facts(tmp_path)
    assert found["autre.md"] == {}
    assert isinstance(found["guide.md"], Failure)
    assert found["guide.md"].code == "metadata"
    assert found["guide.md"].detail.startswith(detail)


def test_a_side_file_that_is_no_text_fails_its_document(tmp_path: Path) -> None:
    written(tmp_path, guide_md=TEXT)
    (tmp_path / "guide.md.toml").write_bytes(b'title = "r\xe9gie"')
    assert details(tmp_path)["guide.md"].startswith("guide.md.toml: TOML: ")


def test_a_wrong_entry_fails_the_documents_it_concerns(tmp_path: Path) -> None:
    written(
        tmp_path, aides__corpus_toml='[[documents]]\nmatch = "eau.*"\nkind = "roman"', aides__eau_md=TEXT, a_md=TEXT
    )
    found = facts(tmp_path)
    assert found["a.md"] == {}
    assert isinstance(found["aides/eau.md"], Failure)
    assert found["aides/eau.md"].detail.startswith("aides/corpus.toml: documents 1.kind: ")


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        ('[default]\nkind = "role"', "corpus.toml: default: "),
        ("defaults = 3", "corpus.toml: defaults: "),
        ("documents = 3", "corpus.toml: documents: "),
        ('[[documents]]\nkind = "role"', "corpus.toml: documents 1.match: "),
        ("[[documents]]\nmatch = []", "corpus.toml: documents 1.match: "),
        ("[defaults]\nkind = 3", "corpus.toml: defaults.kind: "),
        ("[defaults", "corpus.toml: TOML: "),
    ],
)
def test_a_corpus_file_nobody_can_follow_fails_all_its_documents(tmp_path: Path, content: str, detail: str) -> None:
    written(tmp_path, corpus_toml=content, guide_md=TEXT, aides__eau_md=TEXT)
    told = details(tmp_path)
    assert set(told) == {"guide.md", "aides/eau.md"}
    assert all(said.startswith(detail) for said in told.values())
