"""`privacy`: purge, erase, export, in French."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import docx
import pytest

from assistant.answer import Turn
from assistant.factory import open_store
from assistant.settings import Settings
from assistant.store import Store
from assistant.store.conversations import Conversations
from tests.fakes import ANSWER, FakeAssistant
from tests.ui.test_main import Captured, run


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr("ui.commands.privacy.open_assistant", lambda _: FakeAssistant())
    return open_store(Settings())


def keep(store: Store, session_id: str, days_ago: float = 0) -> None:
    at = datetime.now(UTC) - timedelta(days=days_ago)
    conversations = Conversations(store.database, str, 30, now=lambda: at)
    conversations.keep(Turn(f"t-{session_id}", session_id, "Une SCIC ?", "Une SCIC ?", ANSWER), "visitor:a")


def test_a_purge_says_what_went(store: Store, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        keep(store, f"vieille-{number}", days_ago=31)
    keep(store, "récente", days_ago=29)
    assert run("privacy", "purge") == 0
    assert "Rien n'avait dépassé sa durée." in capsys.readouterr().out
    monkeypatch.setenv("ASSISTANT_ELUS_RETENTION_DAYS", "30")
    assert run("privacy", "purge") == 0
    assert capsys.readouterr().out == "Effacé : 3 conversations.\n"
    assert run("privacy", "purge", "--json") == 0
    assert json.loads(capsys.readouterr().out)["conversations"] == 0
    assert [one.id for one in store.conversations.find("visitor:a")] == ["récente"]


def test_less_than_a_day_is_a_wrong_setting(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_ELUS_RETENTION_DAYS", "0")
    assert run("privacy", "purge") == 2
    assert "ASSISTANT_ELUS_RETENTION_DAYS" in capsys.readouterr().err


def test_a_conversation_is_erased_whoevers_it_is(store: Store, capsys: Captured) -> None:
    keep(store, "s1")
    assert run("privacy", "erase", "--session", "s1") == 0
    assert "s1 est effacée" in capsys.readouterr().out
    assert store.conversations.find("visitor:a") == ()
    assert [line.action for line in store.audit.latest()] == ["conversation.erased"]
    assert run("privacy", "erase", "--session", "s1") == 1
    assert "n'existe pas" in capsys.readouterr().err


def test_an_export_gives_all_that_is_kept(store: Store, capsys: Captured, tmp_path: Path) -> None:
    keep(store, "s1")
    assert run("privacy", "export", "--session", "s1") == 0
    kept = json.loads(capsys.readouterr().out)
    assert kept["owner"] == "visitor:a" and len(kept["conversation"]["turns"]) == 1
    assert run("privacy", "export", "--session", "s1", "--format", "md") == 0
    assert capsys.readouterr().out.startswith("# Une SCIC ?\n")
    out = tmp_path / "c.docx"
    assert run("privacy", "export", "--session", "s1", "--format", "docx", "--out", str(out)) == 0
    assert str(out) in capsys.readouterr().out
    assert docx.Document(io.BytesIO(out.read_bytes())).paragraphs[0].text == "Une SCIC ?"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--session", "s1", "--format", "docx"), 2, "--out"),
        (("--session", "nulle-part"), 1, "n'existe pas"),
        (("--session", "s1", "--out", "/nulle/part/c.json"), 1, "Impossible d'écrire"),
        ((), 2, "--session"),
    ],
)
def test_an_export_that_cannot_be_is_told(
    store: Store, capsys: Captured, arguments: tuple[str, ...], code: int, words: str
) -> None:
    keep(store, "s1")
    assert run("privacy", "export", *arguments) == code
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("command", [["privacy"], ["privacy", "purge"], ["privacy", "erase"], ["privacy", "export"]])
def test_help_is_in_french(command: list[str], capsys: Captured) -> None:
    assert run(*command, "--help") == 0
    assert "montre cette aide" in capsys.readouterr().out
