"""A real `serve`, in one process and in two: how it stops, what its workers share, what is published meanwhile."""

import http.client
import json
import signal
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.factory import open_library, open_store
from assistant.settings import Settings
from assistant.store import Quota
from evals.fake_provider import misbehaving
from evals.serving import Server, post, serving
from tests.small_index import DOCUMENTS

pytestmark = pytest.mark.integration
ONE, TWO = ("--no-ui",), ("--no-ui", "--workers", "2")
QUESTION = "Combien le département verse-t-il à la conserverie ?"
TRIES = 200


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two documents, indexed with the embedded model."""
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    home = tmp_path / "home"
    monkeypatch.setenv("ASSISTANT_ELUS_HOME", str(home))
    open_library(Settings()).add([str(folder)], {}, lambda progress: None)
    return home


@pytest.fixture
def two_workers(home: Path) -> Iterator[Server]:
    with serving(home, TWO) as server:
        yield server


@pytest.mark.parametrize("options", [ONE, TWO], ids=["one process", "two processes"])
def test_sigterm_lets_answers_finish_turns_questions_away_and_exits_0(options: tuple[str, ...], home: Path) -> None:
    answered: list[tuple[int, dict[str, Any]]] = []
    with misbehaving("nonsense", seconds=4) as url:
        settings = {"llm": "openai:m", "llm_url": url, "llm_key": "secret-of-nobody"}
        with serving(home, options, settings) as server:
            asking = threading.Thread(
                target=lambda: answered.append(post(f"{server.url}/v1/ask", {"question": QUESTION}))
            )
            asking.start()
            until(lambda: figure(server, "assistant_elus_questions_present") == 1)
            server.process.send_signal(signal.SIGTERM)
            turned_away = until(lambda: refused(server))
            asking.join(60)
            assert server.process.wait(60) == 0
            said = server.said()
    assert turned_away["code"] == "stopping" and "réessayez" in turned_away["detail"]
    ((status, body),) = answered
    assert status == 200 and "42 000 €" in body["answer"]
    assert "Traceback" not in said and said.rstrip().endswith("Service arrêté.")


def test_a_connection_let_in_before_sigterm_is_answered_not_reset(home: Path) -> None:
    with serving(home, ONE) as server:
        let_in = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        let_in.connect()
        # Connections are let in in their order: this one's answer means the other is in too.
        assert post(f"{server.url}/v1/search", {"query": "conserverie"})[0] == 200
        server.process.send_signal(signal.SIGTERM)
        until(lambda: not listening(server))
        let_in.request("POST", "/v1/search", json.dumps({"query": "conserverie"}), {"Content-Type": "application/json"})
        answer = let_in.getresponse()
        assert answer.status == 503 and json.load(answer)["code"] == "stopping"
        assert server.process.wait(60) == 0


def test_workers_share_conversations_quotas_figures_and_what_is_published(two_workers: Server, home: Path) -> None:
    server = two_workers
    ask = f"{server.url}/v1/ask"
    _, first = post(ask, {"question": QUESTION})
    pids: set[int] = set()
    asked = 1
    while len(pids) < 2 and asked < TRIES:
        _, body = post(ask, {"question": "Et qui y travaille ?", "session_id": first["session_id"]})
        asked += 1
        assert body["session_id"] == first["session_id"], "a worker did not know the other one's conversation"
        pids = {line["process"] for line in lines(server) if line.get("route") == "/v1/ask"}
    assert len(pids) == 2
    assert figure(server, "assistant_elus_answers_total") == asked

    new = home.parent / "tuk-tuk.md"
    new.write_text(
        "# Le tuk-tuk solaire\n\n## Qui le conduit\n\nTrois bénévoles conduisent le tuk-tuk solaire.\n", "utf-8"
    )
    open_library(Settings()).add([str(new)], {}, lambda progress: None)
    for _ in range(20):
        status, body = post(f"{server.url}/v1/search", {"query": "tuk-tuk solaire", "k": 1})
        assert status == 200 and body["hits"][0]["passage"]["source"] == "tuk-tuk.md"

    store = open_store(Settings())
    _, secret = store.keys.create("Portail", scopes={"search"}, quota=Quota(5, "day"))
    store.database.close()
    statuses = [with_key(server, secret) for _ in range(12)]
    assert sorted(statuses) == [200] * 5 + [429] * 7


def until(look: Any) -> Any:
    """What `look` gives once it gives something."""
    for _ in range(TRIES):
        if found := look():
            return found
        threading.Event().wait(0.05)
    raise AssertionError("it never came")


def refused(server: Server) -> dict[str, Any] | None:
    status, body = post(f"{server.url}/v1/search", {"query": "conserverie"})
    return body if status == 503 else None


def listening(server: Server) -> bool:
    try:
        socket.create_connection(("127.0.0.1", server.port), timeout=30).close()
    except OSError:
        return False
    return True


def figure(server: Server, name: str) -> float:
    """The sum of a metric over its labels."""
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=30) as answer:
        found = [line for line in answer.read().decode().splitlines() if line.startswith((f"{name} ", f"{name}{{"))]
    return sum(float(line.rsplit(" ", 1)[1]) for line in found)


def lines(server: Server) -> list[dict[str, Any]]:
    return [json.loads(line) for line in server.said().splitlines() if line.startswith("{")]


def with_key(server: Server, secret: str) -> int:
    request = urllib.request.Request(
        f"{server.url}/v1/search?query=halle", headers={"Authorization": f"Bearer {secret}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
