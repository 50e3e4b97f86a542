"""What the command line changes in the documents is in the journal, and no store away makes a command fail."""

from pathlib import Path

import pytest

from assistant.factory import open_store
from assistant.settings import Settings
from indexing import Library
from tests.fakes import FakeEmbedder
from tests.local_site import open_fetcher
from ui.__main__ import main
from ui.messages import AUDIT_ACTIONS, EDITION_WHO

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    monkeypatch.setenv("ASSISTANT_ELUS_HOME", str(home))
    library = Library(home, FakeEmbedder(), open_fetcher=open_fetcher)  # type: ignore[arg-type]
    monkeypatch.setattr("ui.commands.corpus.open_library", lambda _: library)
    return home


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    for name in ("eau", "bois", "voirie", "halle"):
        (folder / f"{name}.md").write_text(f"# Compétence {name}\n\nLa commune s'occupe de {name}.\n")
    return folder


def journal() -> list[tuple[str, str, str, str]]:
    lines = open_store(Settings()).audit.latest()
    assert {EDITION_WHO[one.who] for one in lines} <= {"ligne de commande"}
    return [(AUDIT_ACTIONS[one.action], one.object, one.detail, one.who) for one in lines]


def ids(home: Path) -> dict[str, str]:
    return {one.source: one.id for one in Library(home, FakeEmbedder()).documents()}  # type: ignore[arg-type]


def test_each_command_that_changes_the_documents_leaves_a_line(home: Path, folder: Path) -> None:
    assert main(["corpus", "add", str(folder)]) == 0
    (folder / "eau.md").write_text("# Compétence eau\n\nLa commune a une régie de l'eau.\n")
    (folder / "école.md").write_text("# Compétence école\n\nLa commune bâtit une école.\n")
    assert main(["corpus", "sync"]) == 0
    bois = ids(home)["bois.md"]
    assert main(["corpus", "remove", bois]) == 0
    assert main(["corpus", "rollback"]) == 0
    assert main(["corpus", "rebuild"]) == 0
    assert main(["corpus", "forget", str(folder)]) == 0
    lines = journal()
    snapshot = lines[2][1]
    assert lines == [
        ("source oubliée", str(folder), "5 retirés", "command"),
        ("index refait", "", "rien de changé", "command"),
        ("retour à l'index précédent", snapshot, "", "command"),
        ("document retiré", "bois.md", bois, "command"),
        ("synchronisation", "Toutes les sources suivies", "1 ajouté, 1 modifié", "command"),
        ("documents ajoutés", str(folder), "4 ajoutés", "command"),
    ]
    assert snapshot


def test_what_changes_nothing_leaves_no_line(home: Path, folder: Path) -> None:
    main(["corpus", "add", str(folder)])
    before = journal()
    (folder / "eau.md").write_text("# Compétence eau\n\nLa commune a une régie de l'eau.\n")
    for arguments in (["sync", "--dry-run"], ["list"], ["sources"], ["remove", "inconnu"], ["forget", "inconnue"]):
        main(["corpus", *arguments])
    main(["corpus", "sync"])
    main(["corpus", "sync"])
    assert len(journal()) == len(before) + 1


def test_without_its_database_a_command_does_its_work_and_says_it_is_not_noted(
    home: Path, folder: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_ELUS_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/rien")
    assert main(["corpus", "add", str(folder), "--json"]) == 0
    said = capsys.readouterr()
    assert "pas noté au journal" in said.err and "Traceback" not in said.err
    assert said.out.startswith('{"added":[') and len(ids(home)) == 4
    assert main(["corpus", "remove", ids(home)["eau.md"]]) == 0
    monkeypatch.setenv("ASSISTANT_ELUS_DATABASE_URL", "n'importe quoi")
    assert main(["corpus", "rollback"]) == 0
    assert capsys.readouterr().err.count("pas noté au journal") == 2
