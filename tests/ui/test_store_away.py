"""A store that is locked, gone or stopped: answers go on and say so, what needs it waits, the log says it once."""

import logging
import sqlite3
from contextlib import ExitStack
from typing import Any

import pytest

from assistant.factory import lasting_sessions
from assistant.session import MemorySessions
from assistant.settings import Settings
from assistant.store import Database, LastingSessions, Store
from indexing import SnapshotStore
from tests.assistant.store.test_sessions import Clock
from tests.postgres import postgres_cluster
from tests.small_index import DOCUMENTS, assistant_over, publish
from tests.ui.conftest import client_here
from ui.app import create_app

QUESTION = {"question": "Combien de salariés emploie la conserverie mobile ?"}


class Service:
    """The application over a database that waits for nobody, and a clock that a test moves."""

    def __init__(self, settings: Settings, database: Database) -> None:
        database.migrate()
        self.clock = Clock()
        self.store = Store(database, str, 30)
        assistant = assistant_over(settings.home)
        assistant._sessions = LastingSessions(self.store.conversations, MemorySessions(10, 30), self.clock)
        self.client = client_here(create_app(settings, assistant, self.store, with_chat=False))

    def ask(self, session_id: str | None = None) -> Any:
        answer = self.client.post("/v1/ask", json=QUESTION | {"session_id": session_id})
        assert answer.status_code == 200
        return answer.json()

    def kept_count(self, session_id: str) -> int:
        return len(self.client.get(f"/v1/conversations/{session_id}").json()["turns"])


def notes(body: Any) -> set[str]:
    return {note["code"] for note in body["notes"]}


@pytest.fixture
def published(settings: Settings) -> Settings:
    publish(settings.home, DOCUMENTS)
    return settings


@pytest.fixture
def service(published: Settings) -> Service:
    return Service(published, Database.in_file(published.home / "store.db", wait=0.05))


def test_a_locked_file_keeps_nobody_from_an_answer_and_what_was_asked_is_written_later(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    before = service.ask()
    session_id = before["session_id"]
    assert "not_kept" not in notes(before)
    other = sqlite3.connect(str(service.store.database.file), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with caplog.at_level(logging.WARNING, "assistant_elus.store"):
        for _ in range(4):
            during = service.ask(session_id)
            assert during["outcome"] == "answered" and "not_kept" in notes(during)
            assert during["session_id"] == session_id
            service.clock.now += 6
    told = [record.getMessage().split(",")[0] for record in caplog.records if record.name == "assistant_elus.store"]
    assert told == ["store unavailable"]
    for method, path, body in (
        ("PATCH", f"/v1/conversations/{session_id}", {"title": "Autre"}),
        ("DELETE", f"/v1/conversations/{session_id}", None),
        ("DELETE", "/v1/conversations", None),
    ):
        refused = service.client.request(method, path, json=body)
        assert refused.status_code == 503 and refused.json()["code"] == "store_unavailable"
    other.execute("ROLLBACK")
    other.close()
    service.clock.now += 6
    assert "not_kept" not in notes(service.ask(session_id))
    assert service.kept_count(session_id) == 6


def test_a_file_that_is_gone_is_told_by_every_route_that_needs_it(service: Service) -> None:
    file = service.store.database.file
    assert file is not None
    file.rename(file.with_name("elsewhere"))
    assert "not_kept" in notes(service.ask())
    for path in ("/v1/conversations", "/v1/conversations/x", "/v1/conversations/x/export"):
        refused = service.client.get(path)
        assert refused.status_code == 503 and "ne répond pas" in refused.json()["detail"]


@pytest.mark.postgres
def test_a_postgresql_that_stops_keeps_nobody_from_an_answer(
    published: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with ExitStack() as cluster:
        url = cluster.enter_context(postgres_cluster(tmp_path_factory))
        if "/postgres?host=" not in url:
            pytest.skip("this PostgreSQL is not ours to stop")
        service = Service(published, Database(url, wait=0.5))
        session_id = service.ask()["session_id"]
        assert service.kept_count(session_id) == 1
    during = service.ask(session_id)
    assert during["outcome"] == "answered" and "not_kept" in notes(during)
    assert service.client.get("/v1/conversations").status_code == 503


def test_sessions_of_the_settings_last(published: Settings) -> None:
    database = Database.in_file(published.home / "store.db")
    database.migrate()
    assert isinstance(lasting_sessions(published, Store(database, str, 30)), LastingSessions)
    assert SnapshotStore(published.home).current() is not None
