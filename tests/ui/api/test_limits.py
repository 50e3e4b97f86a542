"""Rate, quota and concurrency, told with the time to come back."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any, cast

import pytest
from starlette.testclient import TestClient

from assistant.answer import Turn
from assistant.factory import open_store
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.store import Quota, Rate
from indexing import Filters
from tests.fakes import FakeAssistant
from tests.ui.api.test_identity import QUESTION, again, new_key, new_login
from tests.ui.conftest import Serve
from ui.api import limits
from ui.api.caller import Caller
from ui.api.doors import Doors
from ui.api.limits import Limits, RecentRequests
from ui.preparation import Preparation
from ui.web.conversation import Chat, Conversation


def refusal(answer: Any) -> str:
    """What a refused request is told, once it has said when to come back."""
    assert answer.status_code == 429 and answer.headers["content-type"].startswith("application/problem+json")
    assert int(answer.headers["retry-after"]) >= 1
    body = answer.json()
    assert body["code"] == "too_many_requests" and "Réessayez dans" in body["detail"]
    return str(body["detail"])


def test_a_key_is_held_to_its_rate(client: TestClient) -> None:
    key = new_key(client, rate=Rate(3, 60))
    for _ in range(3):
        assert client.get("/v1/documents", headers=key).status_code == 200
    refused = client.get("/v1/search?query=scic", headers=key)
    assert "rythme" in refusal(refused) and int(refused.headers["retry-after"]) <= 120
    assert client.get("/v1/documents", headers=new_key(client)).status_code == 200


def test_a_key_is_held_to_its_quota(client: TestClient) -> None:
    key = new_key(client, quota=Quota(2, "month"))
    for _ in range(2):
        assert client.post("/v1/ask", json=QUESTION, headers=key).status_code == 200
    assert "quota" in refusal(client.post("/v1/ask", json=QUESTION, headers=key))


def test_what_is_refused_does_not_count(client: TestClient) -> None:
    key = new_key(client, "search", quota=Quota(1, "day"))
    assert client.get("/v1/documents", headers=key).status_code == 403
    assert client.get("/v1/usage", headers=key).json()["quota"]["left"] == 1
    assert client.get("/v1/search?query=scic", headers=key).status_code == 200


def test_a_stream_counts_once(client: TestClient) -> None:
    key = new_key(client, quota=Quota(5, "day"))
    assert client.post("/v1/ask/stream", json=QUESTION, headers=key).status_code == 200
    assert client.get("/v1/usage", headers=key).json()["quota"]["left"] == 4


@dataclass
class SlowAssistant(FakeAssistant):
    """Answers when it is let."""

    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    let: threading.Event = field(default_factory=threading.Event)

    def ask(self, *asked: Any, **options: Any) -> Turn:
        self.begun.release()
        assert self.let.wait(20)
        return super().ask(*asked, **options)


@pytest.fixture
def slow() -> Iterator[SlowAssistant]:
    assistant = SlowAssistant()
    yield assistant
    assistant.let.set()


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/ask/stream"])
def test_a_key_has_as_many_requests_at_once_as_it_may(serve: Serve, slow: SlowAssistant, path: str) -> None:
    client = serve(slow)
    key = new_key(client, concurrency=1)
    answered = []
    first = threading.Thread(target=lambda: answered.append(client.post(path, json=QUESTION, headers=key).status_code))
    first.start()
    assert slow.begun.acquire(timeout=20)
    assert "en cours" in refusal(client.post("/v1/ask", json=QUESTION, headers=key))
    assert client.get("/v1/documents", headers=new_key(client, concurrency=1)).status_code == 200
    slow.let.set()
    first.join(20)
    assert answered == [200]
    assert client.post(path, json=QUESTION, headers=key).status_code == 200


def test_an_answer_that_fails_gives_its_place_back(serve: Serve) -> None:
    client = serve(FakeAssistant(error=ValueError("x")))
    key = new_key(client, concurrency=1)
    for _ in range(3):
        assert client.post("/v1/ask", json=QUESTION, headers=key).status_code == 500


def test_the_rate_holds_without_the_store(client: TestClient, settings: Settings) -> None:
    key = new_key(client, rate=Rate(2, 60))
    assert client.get("/v1/documents", headers=key).status_code == 200
    (settings.home / "store.db").unlink()
    assert [client.get("/v1/documents", headers=key).status_code for _ in range(3)] == [200, 200, 429]


def test_people_have_a_generous_rate_each(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "A_PERSON_S_QUESTIONS", 2)
    login = new_login(client)
    first, second = again(client), again(client)
    for visitor in (first, second):
        visitor.get("/")
        for _ in range(2):
            assert visitor.post("/v1/ask", json=QUESTION).status_code == 200
        assert "trop" in refusal(visitor.post("/v1/ask", json=QUESTION))
        assert visitor.get("/v1/search?query=scic").status_code == 200
    assert again(client).post("/v1/ask", json=QUESTION, headers=login).status_code == 200


def test_the_chat_holds_people_to_the_same_rate(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "A_PERSON_S_QUESTIONS", 1)
    store = open_store(settings)
    doors = Doors(store)
    doors.close()
    fake = FakeAssistant()
    assistant, log = cast(Assistant, fake), tmp_path / "erreurs.log"
    chat = Chat(assistant, Preparation(assistant, lambda: None, log), "", log, Limits(store.usage, doors))
    visitor = Caller("visitor:1", frozenset({"ask"}), Filters(kind=("regle",)))
    first, second = (list(chat.answer("Une SCIC ?", [], Conversation(), visitor))[-1] for _ in range(2))
    assert "d'une SCIC" in unescape(first.exchanges[-1].answer)
    assert "trop de questions" in unescape(second.exchanges[-1].answer)
    assert fake.owners == ["visitor:1"] and fake.asked[0][2].kind == ("regle",)


def test_an_open_service_has_no_limit(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "A_PERSON_S_QUESTIONS", 1)
    assert [client.post("/v1/ask", json=QUESTION).status_code for _ in range(3)] == [200, 200, 200]


def test_no_window_of_any_minute_holds_more_than_the_rate() -> None:
    now = [0.0]
    recent = RecentRequests(lambda: now[0])
    accepted = []
    for step in range(600):
        now[0] = step * 0.5
        if not recent.wait("a", "", 10, 60):
            accepted.append(now[0])
    for begins in accepted:
        assert sum(begins <= at < begins + 60 for at in accepted) <= 10
    assert len(accepted) == 50


def test_the_time_to_wait_is_enough() -> None:
    now = [0.0]
    recent = RecentRequests(lambda: now[0])
    assert recent.wait("a", "", 1, 60) == 0
    now[0] = 12.0
    assert recent.wait("a", "", 1, 60) == 48
    assert recent.wait("b", "", 1, 60) == 0
    now[0] = 60.0
    assert recent.wait("a", "", 1, 60) == 0


def test_memory_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_REMEMBERED", 3)
    recent = RecentRequests(lambda: 0.0)
    for who in "abcd":
        recent.wait(who, "", 1, 60)
    assert recent.wait("d", "", 1, 60) and not recent.wait("a", "", 1, 60)
