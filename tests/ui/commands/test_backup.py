"""`backup` and `restore`, in French."""

import json
from pathlib import Path

import pytest

from assistant.answer import Turn
from assistant.factory import open_store
from assistant.settings import Settings
from assistant.store import Store
from tests.fakes import ANSWER
from tests.ui.test_main import Captured, run


@pytest.fixture
def store() -> Store:
    store = open_store(Settings())
    store.conversations.keep(Turn("t", "s", "Une SCIC ?", "Une SCIC ?", ANSWER), "visitor:a")
    return store


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "sauvegarde.tar.gz"


def test_a_backup_is_made_and_put_back_elsewhere(
    store: Store, archive: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("backup", str(archive)) == 0
    said = capsys.readouterr()
    assert "1 conversation, aucun document" in said.out and "gardez-la" in said.out
    assert "copie de la base…" in said.err
    monkeypatch.setenv("ASSISTANT_ELUS_HOME", str(tmp_path / "autre"))
    assert run("restore", str(archive)) == 0
    assert "remise en place : 1 conversation" in capsys.readouterr().out
    restored = open_store(Settings())
    assert [one.id for one in restored.conversations.find("visitor:a")] == ["s"]
    assert [line.action for line in restored.audit.latest()] == ["backup.restored"]
    assert [line.action for line in store.audit.latest()] == ["backup.made"]


def test_json_is_the_manifest(store: Store, archive: Path, capsys: Captured) -> None:
    assert run("backup", str(archive), "--json") == 0
    assert json.loads(capsys.readouterr().out)["rows"]["turns"] == 1


def test_what_is_there_is_not_replaced_unless_asked(store: Store, archive: Path, capsys: Captured) -> None:
    run("backup", str(archive))
    capsys.readouterr()
    assert run("restore", str(archive)) == 1
    assert "--force" in capsys.readouterr().err
    assert run("restore", str(archive), "--force") == 0


def test_what_cannot_be_is_told_in_one_line(
    store: Store, archive: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("backup", str(archive))
    broken = tmp_path / "abîmée.tar.gz"
    broken.write_bytes(archive.read_bytes()[:500])
    for arguments, words in (
        (("backup", str(archive)), "existe déjà"),
        (("backup", "/nulle/part/x.tar.gz"), "Impossible d'écrire"),
        (("restore", "/nulle/part/x.tar.gz"), "introuvable"),
        (("restore", str(broken), "--force"), "ne se lit pas"),
    ):
        capsys.readouterr()
        assert run(*arguments) == 1
        last = capsys.readouterr().err.strip().splitlines()[-1]
        assert words in last and last.startswith("assistant-elus : ")


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_help_is_in_french(command: str, capsys: Captured) -> None:
    assert run(command, "--help") == 0
    assert "montre cette aide" in capsys.readouterr().out
