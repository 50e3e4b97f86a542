"""When the store is away, conversations go on in memory, and are written once it is back."""

import logging
from pathlib import Path

import pytest

from assistant.answer import Abstention, Turn
from assistant.session import MemorySessions
from assistant.store import Database, LastingSessions, Store


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Away:
    """A store whose file is moved away and back."""

    def __init__(self, folder: Path) -> None:
        self.path, self.elsewhere = folder / "store.db", folder / "elsewhere.db"
        database = Database.in_file(self.path, wait=0.05)
        database.migrate()
        self.store = Store(database, str, session_turns=30)
        self.clock = Clock()
        self.sessions = LastingSessions(self.store.conversations, MemorySessions(10, 30), self.clock)

    def leave(self) -> None:
        self.path.rename(self.elsewhere)

    def come_back(self) -> None:
        self.elsewhere.rename(self.path)
        self.clock.now += 60


@pytest.fixture
def away(tmp_path: Path) -> Away:
    return Away(tmp_path)


def turn(session_id: str, number: int) -> Turn:
    return Turn(f"t-{number}", session_id, f"question {number}", f"question {number}", Abstention())


def questions(sessions: LastingSessions, session_id: str) -> list[str]:
    return [one.question for one in sessions.turns(session_id)]


def test_a_conversation_goes_on_while_the_store_is_away_and_nothing_is_lost_when_it_is_back(away: Away) -> None:
    session_id = away.sessions.open(None, "visitor:a")
    assert away.sessions.keep(turn(session_id, 1), "visitor:a")
    away.leave()
    assert not away.sessions.keep(turn(session_id, 2), "visitor:a")
    assert away.sessions.open(session_id, "visitor:a") == session_id
    assert questions(away.sessions, session_id) == ["question 2"]
    away.come_back()
    assert questions(away.sessions, session_id) == ["question 1", "question 2"]
    assert away.sessions.keep(turn(session_id, 3), "visitor:a")
    assert questions(away.sessions, session_id) == ["question 1", "question 2", "question 3"]
    kept = away.store.conversations.read(session_id, "visitor:a")
    assert [one.turn.id for one in kept] == ["t-1", "t-2", "t-3"]


def test_a_session_begun_while_the_store_was_away_is_its_owners_alone(away: Away) -> None:
    away.leave()
    session_id = away.sessions.open(None, "visitor:a")
    away.sessions.keep(turn(session_id, 1), "visitor:a")
    assert away.sessions.open(session_id, "visitor:b") != session_id
    away.come_back()
    assert away.sessions.open(session_id, "visitor:a") == session_id
    assert away.sessions.open(session_id, "visitor:b") != session_id


def test_an_outage_is_told_once_in_the_log_and_not_waited_for_at_each_question(
    away: Away, caplog: pytest.LogCaptureFixture
) -> None:
    session_id = away.sessions.open(None)
    away.leave()
    with caplog.at_level(logging.ERROR):
        for number in range(5):
            away.sessions.open(session_id)
            away.sessions.keep(turn(session_id, number))
    assert len(caplog.records) == 1
    assert "question" not in caplog.text


def test_a_foreign_session_is_never_written_to(away: Away) -> None:
    session_id = away.sessions.open(None, "visitor:a")
    away.sessions.keep(turn(session_id, 1), "visitor:a")
    away.sessions.keep(turn(session_id, 2), "visitor:b")
    assert [one.turn.id for one in away.store.conversations.read(session_id, "visitor:a")] == ["t-1"]
    assert away.sessions.open(session_id, "visitor:b") != session_id
