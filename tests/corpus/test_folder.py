"""Which files a place holds."""

import os
from pathlib import Path

import pytest

from corpus import Failure, SourceFile, list_files

TEXT = "La commune aide les associations."


def written(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT, encoding="utf-8")


def listed(place: Path) -> list[str | tuple[str, str]]:
    """The source of each file, or what is wrong with it and its code."""
    return [one.source if isinstance(one, SourceFile) else (one.source, one.code) for one in list_files(str(place))]


def test_a_folder_gives_its_documents_in_order(tmp_path: Path) -> None:
    written(
        tmp_path, "b.md", "a.txt", "sous/dossier/c.markdown", "sous.pdf", "d.DOCX", "e.htm", "f.odp", "g.pptx", "h.odt"
    )
    assert listed(tmp_path) == [
        "a.txt", "b.md", "d.DOCX", "e.htm", "f.odp", "g.pptx", "h.odt", "sous/dossier/c.markdown", "sous.pdf",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        "image.png", "corpus.toml", "guide.md.toml", "Thumbs.db", ".cache.md", ".git/config.md", "sous/.x/d.md",
        "~$rapport.docx", "~WRL0003.docx", ".~lock.rapport.odt#", "__MACOSX/guide.md", "sans-suffixe",
    ],
)  # fmt: skip
def test_what_is_no_document_is_passed_over_in_silence(tmp_path: Path, name: str) -> None:
    written(tmp_path, "guide.md")
    if name not in ("corpus.toml", "guide.md.toml"):
        written(tmp_path, name)
    else:
        (tmp_path / name).write_text("", encoding="utf-8")
    assert listed(tmp_path) == ["guide.md"]


@pytest.mark.parametrize("name", ["lettre.doc", "budget.XLSX", "bilan.ppt", "note.rtf"])
def test_an_office_file_nothing_reads_is_not_missing_in_silence(tmp_path: Path, name: str) -> None:
    written(tmp_path, name)
    expected = Failure(name, "unsupported", Path(name).suffix.lower())
    assert list(list_files(str(tmp_path))) == list(list_files(str(tmp_path / name))) == [expected]


def test_a_file_of_another_kind_is_unsupported_when_it_is_named(tmp_path: Path) -> None:
    written(tmp_path, "plan.png")
    assert list(list_files(str(tmp_path / "plan.png"))) == [Failure("plan.png", "unsupported", ".png")]
    assert listed(tmp_path) == []


@pytest.mark.parametrize(
    "name",
    [
        "deux mots.txt",
        "été à Sète.md",
        'l\'"aide" «x».MD',
        "-option.txt",
        "a%20b#c.txt",
        "deux\nlignes.md",
        "e\u0301te\u0301.md",
    ],
)
def test_odd_names_are_kept_as_they_are(tmp_path: Path, name: str) -> None:
    written(tmp_path, name)
    assert listed(tmp_path) == listed(tmp_path / name) == [name]


def test_a_name_that_is_no_utf8_is_reported_and_the_rest_listed(tmp_path: Path) -> None:
    written(tmp_path, "guide.md")
    for name in (b"r\xe9gie.md", b"ann\xe9e"):
        if name.endswith(b".md"):
            Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).write_text(TEXT, encoding="utf-8")
        else:
            written(Path(os.fsdecode(bytes(tmp_path) + b"/" + name)), "perdu.md")
    assert sorted(map(str, listed(tmp_path))) == sorted(
        map(str, ["guide.md", ("r\ufffdgie.md", "name"), ("ann\ufffde", "name")])
    )
    assert listed(Path(os.fsdecode(bytes(tmp_path) + b"/r\xe9gie.md")))[0][1] == "name"


def test_a_missing_place_and_a_name_too_long_are_reported(tmp_path: Path) -> None:
    place = str(tmp_path / "absent.md")
    assert list(list_files(place)) == [Failure(place, "missing")]
    assert [type(found) for found in list_files(str(tmp_path / ("é" * 300 + ".md")))] == [Failure]


def test_a_sub_folder_that_cannot_be_read_is_one_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Patched: tests may run as root, who may read everything.
    written(tmp_path, "a.md", "secret/b.md", "secret/plus/c.md", "z.md")
    scan = os.scandir

    def refuse(path: Path) -> "os._ScandirIterator[str]":
        if Path(path).name == "secret":
            raise PermissionError(13, "Permission denied")
        return scan(path)  # type: ignore[arg-type, return-value]

    monkeypatch.setattr(os, "scandir", refuse)
    assert listed(tmp_path) == ["a.md", ("secret", "unreadable"), "z.md"]
    assert list(list_files(str(tmp_path / "secret"))) == [
        Failure(str(tmp_path / "secret"), "unreadable", "Permission denied")
    ]


# Symbolic links


def test_loops_are_told_and_what_they_hold_is_listed_once(tmp_path: Path) -> None:
    written(tmp_path, "guide.md", "aides/eau.md")
    (tmp_path / "aides" / "retour").symlink_to(tmp_path)
    (tmp_path / "boucle").symlink_to(tmp_path)
    (tmp_path / "soi.md").symlink_to(tmp_path / "soi.md")
    assert listed(tmp_path) == [
        "aides/eau.md",
        ("aides/retour", "loop"),
        ("boucle", "loop"),
        "guide.md",
        ("soi.md", "loop"),
    ]
    assert listed(tmp_path / "soi.md") == [(str(tmp_path / "soi.md"), "loop")]


def test_a_link_to_what_is_listed_anyway_is_passed_over(tmp_path: Path) -> None:
    written(tmp_path, "guide.md", "aides/eau.md")
    (tmp_path / "alias.md").symlink_to(tmp_path / "guide.md")
    (tmp_path / "raccourci").symlink_to(tmp_path / "aides")
    assert listed(tmp_path) == ["aides/eau.md", "guide.md"]


def test_two_links_to_a_file_hidden_from_the_list_give_it_once(tmp_path: Path) -> None:
    written(tmp_path, "versions/guide-v2")
    (tmp_path / "guide.md").symlink_to(tmp_path / "versions" / "guide-v2")
    (tmp_path / "guide-courant.md").symlink_to(tmp_path / "guide.md")
    assert listed(tmp_path) == ["guide-courant.md"]


def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    written(tmp_path, "dehors/secret.md", "dossier/guide.md")
    (tmp_path / "dossier" / "fichier.md").symlink_to(tmp_path / "dehors" / "secret.md")
    (tmp_path / "dossier" / "sous").symlink_to(tmp_path / "dehors")
    assert listed(tmp_path / "dossier") == [("fichier.md", "unsafe"), "guide.md", ("sous", "unsafe")]


def test_a_place_that_is_itself_a_link_is_followed(tmp_path: Path) -> None:
    written(tmp_path, "vrai/guide.md")
    (tmp_path / "lien").symlink_to(tmp_path / "vrai")
    assert listed(tmp_path / "lien") == ["guide.md"]


def test_a_dead_link_is_listed_for_its_reader_to_miss_it(tmp_path: Path) -> None:
    (tmp_path / "mort.md").symlink_to(tmp_path / "absent.md")
    assert listed(tmp_path) == ["mort.md"]
