"""`backlog list|export|set` and `evals replay`, in French, over a small index and a real store."""

import json
from pathlib import Path

import pytest

from assistant.answer import Turn
from assistant.factory import open_store
from assistant.settings import Settings
from assistant.store import Store
from tests.fakes import ABSTENTION, ANSWER, FakeAssistant
from ui.__main__ import main
from ui.commands import backlog
from ui.commands import evals as evals_command

Captured = pytest.CaptureFixture[str]
BREAD = ("Quelles subventions pour un four à pain ?", "aides four à pain communal")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store of two unanswered questions of one need and an answered one; the assistant is a fake that answers."""
    monkeypatch.setenv("ASSISTANT_ELUS_HOME", str(tmp_path))
    monkeypatch.setattr(backlog, "open_assistant", lambda settings: FakeAssistant())
    monkeypatch.setattr("assistant.factory.open_assistant", lambda settings: FakeAssistant())
    store = open_store(Settings())
    for number, (question, reply) in enumerate([(BREAD[0], ABSTENTION), (BREAD[1], ABSTENTION), ("Quel ?", ANSWER)]):
        session_id = store.conversations.open(None)
        store.conversations.keep(Turn(f"t-{number}", session_id, question, question, reply))
    return store


def test_the_groups_are_listed_and_changed(store: Store, capsys: Captured) -> None:
    assert main(["backlog", "list", "--json"]) == 0
    (group,) = json.loads(capsys.readouterr().out)["groups"]
    assert group["count"] == 2
    assert main(["backlog", "set", group["id"], "--state", "en_cours", "--assignee", "Équipe pain"]) == 0
    assert capsys.readouterr().out == f"en cours · Équipe pain · {group['label']}\n"
    assert main(["backlog", "list", "--state", "en_cours"]) == 0
    assert "Équipe pain" in capsys.readouterr().out
    assert main(["backlog", "list", "--state", "traite"]) == 0
    assert capsys.readouterr().out == "Aucune question sans bonne réponse.\n"
    assert store.audit.latest()[0].who == "local"


def test_the_table_is_written_to_a_file(store: Store, tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "manques.csv"
    assert main(["backlog", "export", str(file)]) == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbf") and "1 groupe écrit" in capsys.readouterr().out
    assert main(["backlog", "export", str(tmp_path / "absent" / "manques.csv")]) == 1
    assert "Impossible d'écrire" in capsys.readouterr().err


def test_a_wrong_use_is_told(store: Store, capsys: Captured) -> None:
    assert main(["backlog", "set", "g-9"]) == 2
    assert "--state ou --assignee" in capsys.readouterr().err
    assert main(["backlog", "set", "g-9", "--state", "traite"]) == 1
    assert "Aucun groupe de questions" in capsys.readouterr().err


def test_a_replay_lists_what_flipped_and_writes_nothing(store: Store, capsys: Captured) -> None:
    before = (store.conversations.find("local"), store.feedback.latest())
    assert main(["evals", "replay", "--last", "2"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "2 questions reposées, 1 change."
    assert f"« {BREAD[1]} »" in said[1] and "s'abstenait, répond désormais" in said[1]
    assert main(["evals", "replay", "--last", "0", "--backlog", "--json"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert body["asked"] == 2 and {flip["question"] for flip in body["flips"]} == set(BREAD)
    assert (store.conversations.find("local"), store.feedback.latest()) == before
    assert main(["evals", "replay", "--last", "0"]) == 0
    assert capsys.readouterr().out == "Aucune question gardée à reposer.\n"
    assert evals_command.count_of("3") == 3


@pytest.mark.parametrize("wrong", ["-1", "beaucoup"])
def test_a_count_is_a_number(wrong: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["evals", "replay", "--last", wrong])
    assert stopped.value.code == 2
