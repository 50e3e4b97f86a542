"""Two keys, two accounts, two visitors: nobody ever sees another's conversations."""

from collections.abc import Callable
from typing import cast

import pytest
from starlette.testclient import TestClient

from assistant.factory import lasting_sessions, open_store
from assistant.pipeline import Assistant
from assistant.settings import Settings
from corpus import load_lexicon
from indexing import Embedder, SnapshotStore
from tests.fakes import FakeEmbedder
from tests.small_index import DOCUMENTS, SIMPLE, publish
from tests.ui.api.test_identity import again, new_key, new_login
from tests.ui.conftest import Serve

QUESTION = {"question": "Combien de salariés emploie la conserverie mobile ?"}
FOLLOW_UP = {"question": "Et qui la finance ?"}
Pair = Callable[[TestClient], tuple[TestClient, TestClient]]


def two_keys(client: TestClient) -> tuple[TestClient, TestClient]:
    first, second = again(client), again(client)
    first.headers.update(new_key(client))
    second.headers.update(new_key(client))
    return first, second


def two_accounts(client: TestClient) -> tuple[TestClient, TestClient]:
    first, second = again(client), again(client)
    first.headers.update(new_login(client, "operator", "agnès"))
    second.headers.update(new_login(client, "admin", "basile"))
    return first, second


def two_visitors(client: TestClient) -> tuple[TestClient, TestClient]:
    new_key(client)
    first, second = again(client), again(client)
    for visitor in (first, second):
        visitor.get("/")
    return first, second


def two_visitors_of_an_open_service(client: TestClient) -> tuple[TestClient, TestClient]:
    first, second = again(client), again(client)
    for visitor in (first, second):
        visitor.get("/")
    return first, second


def a_visitor_and_a_key(client: TestClient) -> tuple[TestClient, TestClient]:
    return two_visitors(client)[0], two_keys(client)[0]


@pytest.fixture
def client(serve: Serve, settings: Settings) -> TestClient:
    publish(settings.home, DOCUMENTS)
    sessions = lasting_sessions(settings, open_store(settings))
    embedder = cast(Embedder, FakeEmbedder())
    return serve(Assistant(SnapshotStore(settings.home), embedder, SIMPLE, load_lexicon(), sessions))


EVERY_PAIR = pytest.mark.parametrize(
    "pair", [two_keys, two_accounts, two_visitors, two_visitors_of_an_open_service, a_visitor_and_a_key]
)


@EVERY_PAIR
def test_a_foreign_session_is_not_taken_over(client: TestClient, pair: Pair) -> None:
    first, second = pair(client)
    mine = first.post("/v1/ask", json=QUESTION).json()
    followed = first.post("/v1/ask", json=FOLLOW_UP | {"session_id": mine["session_id"]}).json()
    assert followed["session_id"] == mine["session_id"] and "conserverie" in followed["standalone_question"]
    for path in ("/v1/ask", "/v1/ask/stream"):
        told = second.post(path, json=FOLLOW_UP | {"session_id": mine["session_id"]})
        assert told.status_code == 200 and mine["session_id"] not in told.text
    alone = second.post("/v1/ask", json=FOLLOW_UP | {"session_id": mine["session_id"]}).json()
    assert "conserverie" not in alone["standalone_question"]


@EVERY_PAIR
def test_a_foreign_conversation_is_as_unknown_as_one_that_never_was(client: TestClient, pair: Pair) -> None:
    first, second = pair(client)
    session = first.post("/v1/ask", json=QUESTION).json()["session_id"]
    second.post("/v1/ask", json=FOLLOW_UP)
    assert session in first.get("/v1/conversations").text
    assert session not in second.get("/v1/conversations").text
    assert "salariés" not in second.get("/v1/conversations?q=salariés").text
    same = {"X-Request-ID": "r"}
    calls = [
        ("GET", "", None),
        ("PATCH", "", {"title": "À moi"}),
        ("DELETE", "", None),
        ("GET", "/export?format=json", None),
        ("GET", "/export?format=md", None),
    ]
    for method, rest, body in calls:
        told = second.request(method, f"/v1/conversations/{session}{rest}", json=body, headers=same)
        never = second.request(method, f"/v1/conversations/jamais{rest}", json=body, headers=same)
        assert told.status_code == 404 and told.text == never.text
    second.delete("/v1/conversations")
    assert first.get(f"/v1/conversations/{session}").status_code == 200


@EVERY_PAIR
def test_a_foreign_answer_cannot_be_marked(client: TestClient, pair: Pair) -> None:
    first, second = pair(client)
    turn = first.post("/v1/ask", json=QUESTION).json()["id"]
    marked = {"turn_id": turn, "reason": "faux"}
    told = second.post("/v1/feedback", json=marked, headers={"X-Request-ID": "r"})
    never = second.post("/v1/feedback", json=marked | {"turn_id": "jamais"}, headers={"X-Request-ID": "r"})
    assert told.status_code in (403, 404) and told.text == never.text
