"""`corpus add|sync|list|show|sources|remove|forget|rollback`: what an editor reads, and the exit codes of a night."""

import io
import json
import threading
from pathlib import Path

import pytest

from indexing import Library, SnapshotStore
from tests.fakes import FakeEmbedder
from tests.local_site import open_fetcher
from ui.__main__ import main

Captured = pytest.CaptureFixture[str]
NAMES = ("eau", "bois", "école", "voirie")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    for name in NAMES:
        text = f"---\npublished: 2025-12-22\n---\n# Compétence {name}\n\nLa commune s'occupe de {name}.\n"
        (folder / f"{name}.md").write_text(text)
    return folder


@pytest.fixture(autouse=True)
def embedder(home: Path, monkeypatch: pytest.MonkeyPatch) -> FakeEmbedder:
    embedder = FakeEmbedder()
    library = Library(home, embedder, open_fetcher=open_fetcher)  # type: ignore[arg-type]
    monkeypatch.setattr("ui.commands.corpus.open_library", lambda _: library)
    # A row is a line, whoever runs the tests.
    monkeypatch.setenv("COLUMNS", "200")
    return embedder


@pytest.fixture
def followed(folder: Path, capsys: Captured) -> Path:
    assert run("add", str(folder)) == 0
    capsys.readouterr()
    return folder


def run(*arguments: str) -> int:
    try:
        return main(["corpus", *arguments])
    except SystemExit as stop:
        assert isinstance(stop.code, int)
        return stop.code


def said_in_json(capsys: Captured, *arguments: str) -> dict[str, object]:
    run(*arguments, "--json")
    body: dict[str, object] = json.loads(capsys.readouterr().out)
    return body


def identifier(capsys: Captured, source: str) -> str:
    documents = said_in_json(capsys, "list")["documents"]
    assert isinstance(documents, list)
    return str(next(one["id"] for one in documents if one["source"] == source))


# Sync


def test_a_sync_of_nothing_new_says_so_in_a_line(followed: Path, capsys: Captured) -> None:
    assert run("sync") == 0
    assert capsys.readouterr().out == "Rien à changer : 4 documents regardés.\n"


def test_without_any_source_a_sync_says_how_to_add_one(capsys: Captured) -> None:
    assert run("sync") == 0
    assert "corpus add" in capsys.readouterr().out


def test_a_sync_tells_what_it_did_and_only_counts_the_rest(followed: Path, capsys: Captured) -> None:
    (followed / "eau.md").write_text("# Compétence eau\n\nAutre chose.\n")
    (followed / "bois.md").unlink()
    (followed / "crèche.md").write_text("# Compétence crèche\n\nUne crèche ouvre.\n")
    assert run("sync") == 0
    lines = [line.split(maxsplit=2) for line in capsys.readouterr().out.splitlines()]
    assert lines[:5] == [
        ["document", "résultat"],
        ["crèche.md", "ajouté"],
        ["eau.md", "modifié"],
        ["bois.md", "retiré"],
        ["2", "documents", "inchangé"],
    ]
    assert lines[5][:2] == ["5", "documents"]


def test_one_failure_is_named_with_what_still_stands_and_exits_1(followed: Path, capsys: Captured) -> None:
    (followed / "eau.md").write_bytes(b"")
    (followed / "nouveau.md").write_bytes(b"")
    assert run("sync") == 1
    captured = capsys.readouterr()
    assert "eau.md : fichier vide ; sa dernière version lisible reste publiée\n" in captured.err
    assert "nouveau.md : fichier vide\n" in captured.err
    assert "2 en échec" in captured.out


def test_json_says_the_same(followed: Path, capsys: Captured) -> None:
    (followed / "eau.md").write_bytes(b"")
    (followed / "bois.md").unlink()
    body = said_in_json(capsys, "sync")
    assert body["removed"] == ["bois.md"] and body["unchanged"] == ["voirie.md", "école.md"]
    assert body["failed"] == [
        {"source": "eau.md", "code": "empty", "detail": "", "text": "eau.md : fichier vide"},
    ]
    assert body["standing"] == ["eau.md"] and body["kept"] == []


def empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def test_an_emptied_folder_removes_nothing_when_nobody_can_be_asked(followed: Path, capsys: Captured) -> None:
    empty(followed)
    assert run("sync") == 1
    captured = capsys.readouterr()
    assert f"{followed} : 4 documents sur 4 auraient disparu" in captured.err and "--yes" in captured.err
    assert len(said_in_json(capsys, "list")["documents"]) == 4  # type: ignore[arg-type]
    assert run("list") == 0
    assert capsys.readouterr().out.count("retiré à la source") == 4


def test_yes_removes_them(followed: Path, capsys: Captured) -> None:
    empty(followed)
    assert run("sync", "--yes") == 0
    assert capsys.readouterr().out.count("retiré") == 4


class Typed(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "code"), [("o\n", 0), ("Oui\n", 0), ("\n", 1), ("n\n", 1), ("", 1)])
def test_somebody_at_the_terminal_is_asked(
    followed: Path, monkeypatch: pytest.MonkeyPatch, typed: str, code: int
) -> None:
    empty(followed)
    error = Typed()
    monkeypatch.setattr("sys.stdin", Typed(typed))
    monkeypatch.setattr("sys.stderr", error)
    assert run("sync") == code
    assert "4 documents sur 4" in error.getvalue() and "Les retirer ? [o/N]" in error.getvalue()


def test_a_rehearsal_says_that_it_is_one(followed: Path, home: Path, capsys: Captured) -> None:
    (followed / "crèche.md").write_text("# Compétence crèche\n\nUne crèche ouvre.\n")
    before = SnapshotStore(home).current()
    assert run("sync", "--dry-run") == 0
    said = capsys.readouterr().out
    assert "crèche.md" in said and "ajouté" in said and "rien n'a été publié" in said
    assert SnapshotStore(home).current() == before


def test_an_unknown_source_is_said_in_french(followed: Path, capsys: Captured) -> None:
    assert run("sync", "ailleurs") == run("forget", "ailleurs") == 1
    assert capsys.readouterr().err.count("« ailleurs » n'est pas une source suivie") == 2


def test_a_second_writer_reads_who_is_at_it_or_waits(followed: Path, home: Path, capsys: Captured) -> None:
    held, free = threading.Event(), threading.Event()

    def hold() -> None:
        with SnapshotStore(home).writing():
            held.set()
            free.wait(10)

    other = threading.Thread(target=hold)
    other.start()
    held.wait(10)
    assert run("sync") == 1
    assert "processus" in capsys.readouterr().err
    threading.Timer(0.3, free.set).start()
    assert run("sync", "--wait", "10") == 0
    other.join()


@pytest.mark.parametrize("seconds", ["-1", "longtemps", "inf"])
def test_a_wait_is_a_number_of_seconds(seconds: str, capsys: Captured) -> None:
    assert run("sync", f"--wait={seconds}") == 2
    assert f"« {seconds} » n'est pas valable" in capsys.readouterr().err


def test_an_interruption_during_embedding_leaves_the_index_as_it_was(
    followed: Path, home: Path, embedder: FakeEmbedder, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    (followed / "crèche.md").write_text("# Compétence crèche\n\nUne crèche ouvre.\n")
    before, registry = SnapshotStore(home).current(), (home / "registry.json").read_bytes()
    with monkeypatch.context() as stopped:
        stopped.setattr(embedder, "embed_passages", interrupted)
        assert run("sync") == 130
    assert capsys.readouterr().err.splitlines()[-1] == "Interrompu."
    assert SnapshotStore(home).current() == before
    assert (home / "registry.json").read_bytes() == registry
    assert run("sync") == 0
    capsys.readouterr()
    assert len(said_in_json(capsys, "list")["documents"]) == 5  # type: ignore[arg-type]


# What is there


def test_the_list_tells_the_state_of_each_document(followed: Path, capsys: Captured) -> None:
    (followed / "eau.md").write_text("---\nreview_by: 2025-01\n---\n# Compétence eau\n\nAutre chose.\n")
    (followed / "bois.md").write_bytes(b"")
    run("sync")
    capsys.readouterr()
    assert run("list") == 0
    told = [line.rstrip().split("  ")[-1].strip() for line in capsys.readouterr().out.splitlines()]
    assert told == ["état", "échec", "relecture dépassée, date inconnue", "à jour", "à jour"]
    assert [one["states"] for one in said_in_json(capsys, "list")["documents"]] == [  # type: ignore[attr-defined]
        ["failed"],
        ["past_review", "undated"],
        ["current"],
        ["current"],
    ]


def test_a_document_is_shown_with_its_passages(followed: Path, capsys: Captured) -> None:
    assert run("show", identifier(capsys, "eau.md")) == 0
    said = capsys.readouterr().out
    assert said.startswith("Compétence eau\n") and "22 décembre 2025" in said
    assert "    La commune s'occupe de eau." in said


def test_a_file_not_published_is_previewed(folder: Path, home: Path, capsys: Captured) -> None:
    assert run("show", str(folder / "eau.md")) == 0
    assert "La commune s'occupe de eau." in capsys.readouterr().out
    assert not home.exists()


def test_what_cannot_be_previewed_says_why(folder: Path, capsys: Captured) -> None:
    (folder / "eau.md").write_bytes(b"")
    assert run("show", str(folder / "eau.md")) == 1
    assert "eau.md : fichier vide" in capsys.readouterr().err


def test_an_unknown_document_is_said(followed: Path, capsys: Captured) -> None:
    assert run("show", "girafe") == 1
    assert "identifiant" in capsys.readouterr().err


def test_sources_are_listed_and_can_be_forgotten(followed: Path, capsys: Captured) -> None:
    assert run("sources") == 0
    said = capsys.readouterr().out
    assert "dossier" in said and str(followed) in said and " 4 " in said
    assert run("forget", str(followed)) == 0
    capsys.readouterr()
    assert run("sources") == 0
    assert capsys.readouterr().out.startswith("Aucune source n'est suivie")


# By hand


def test_a_removed_document_stays_removed_until_it_is_added_by_name(followed: Path, capsys: Captured) -> None:
    assert run("remove", identifier(capsys, "eau.md")) == 0
    assert run("sync") == 0
    capsys.readouterr()
    assert len(said_in_json(capsys, "list")["documents"]) == 3  # type: ignore[arg-type]
    assert run("add", str(followed / "eau.md")) == 0
    assert "ajouté" in capsys.readouterr().out


def test_patterns_and_metadata_are_kept_with_the_source(folder: Path, capsys: Captured) -> None:
    assert run("add", str(folder), "--include", "é*", "--include", "e*", "--exclude", "eau*", "--kind", "regle") == 0
    capsys.readouterr()
    (source,) = said_in_json(capsys, "sources")["sources"]  # type: ignore[misc]
    assert (source["include"], source["exclude"], source["given"]) == (["é*", "e*"], ["eau*"], {"kind": "regle"})
    assert (source["documents"], source["type"]) == (1, "folder")


def test_a_rollback_says_which_index_is_back(followed: Path, capsys: Captured) -> None:
    (followed / "eau.md").unlink()
    assert run("sync") == 0
    capsys.readouterr()
    assert run("rollback") == 0
    said = capsys.readouterr().out
    assert said.startswith("L'index du ") and "remis en place : 4 documents" in said
    assert run("rollback", "--json") == 0
    assert json.loads(capsys.readouterr().out)["documents"] == 3


def test_there_may_be_nothing_to_go_back_to(followed: Path, capsys: Captured) -> None:
    assert run("rollback") == 1
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1 and "inattendue" not in captured.err


@pytest.mark.parametrize("action", ["sync", "show", "sources", "forget", "rollback"])
def test_help_is_in_french(action: str, capsys: Captured) -> None:
    assert run(action, "--help") == 0
    said = capsys.readouterr().out
    assert said.startswith("usage : assistant-elus corpus") and "montre cette aide" in said
    assert "%%" not in said
