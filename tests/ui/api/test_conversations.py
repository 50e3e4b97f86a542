"""A caller finds their own conversations again, carries them away, erases them; another's are as if they never were."""

import io
import zipfile
from dataclasses import replace
from typing import Any, cast

import docx
import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.answer import Turn
from assistant.store import Store
from tests.fakes import ABSTENTION, ANSWER, COMPARED, ROLES, FakeAssistant
from tests.ui.conftest import Serve
from ui.api.caller import SCOPES, Caller

MINE, THEIRS = "visitor:a", "visitor:b"


class As:
    """Stands for the middleware that says who calls."""

    def __init__(self, app: ASGIApp, caller: Caller) -> None:
        self.app, self.caller = app, caller

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope.setdefault("state", {})["caller"] = self.caller
        await self.app(scope, receive, send)


def calling(client: TestClient, owner: str, *, scopes: Any = SCOPES) -> TestClient:
    caller = Caller(owner, frozenset(scopes))
    return TestClient(As(client.app, caller), raise_server_exceptions=False, base_url=str(client.base_url))


def store_of(client: TestClient) -> Store:
    store: Store = cast(Any, client.app).state.store
    return store


def keep(client: TestClient, *replies: Any, owner: str = MINE, question: str = "Une SCIC à la halle ?") -> str:
    conversations = store_of(client).conversations
    session_id = conversations.open(None, owner)
    for number, reply in enumerate(replies or (ANSWER,)):
        conversations.keep(Turn(f"t-{session_id}-{number}", session_id, question, question, reply), owner)
    return session_id


def test_conversations_are_listed_with_the_day_they_go(client: TestClient) -> None:
    session_id = keep(client, ANSWER, ABSTENTION)
    keep(client, owner=THEIRS)
    (listed,) = calling(client, MINE).get("/v1/conversations").json()["conversations"]
    assert (listed["id"], listed["title"], listed["turns"]) == (session_id, "Une SCIC à la halle ?", 2)
    assert listed["kept_until"] > listed["last_at"]


def test_words_find_a_conversation(client: TestClient) -> None:
    keep(client)
    me = calling(client, MINE)
    assert len(me.get("/v1/conversations", params={"q": "halle"}).json()["conversations"]) == 1
    assert me.get("/v1/conversations", params={"q": "piscine"}).json() == {"conversations": []}
    assert me.get("/v1/conversations", params={"q": "a" * 201}).status_code == 422


def test_a_conversation_is_shown_as_it_was_answered(client: TestClient) -> None:
    asked = client.post("/v1/ask", json={"question": "Une SCIC à la halle ?"}).json()
    session_id = keep(client, ANSWER, ABSTENTION, COMPARED)
    answer = calling(client, MINE).get(f"/v1/conversations/{session_id}")
    assert answer.headers["cache-control"] == "no-store"
    turns = answer.json()["turns"]
    assert [turn["outcome"] for turn in turns] == ["answered", "abstained", "answered"]
    assert turns[0]["answer"] == asked["answer"] and turns[0]["citations"] == asked["citations"]
    assert turns[2]["table"]["columns"] == ["SCIC", "Association"]
    assert turns[0]["asked_at"].endswith("+00:00")


def test_the_words_of_a_retired_source_are_no_longer_shown_nor_exported(serve: Serve) -> None:
    client = serve(FakeAssistant(records=(ROLES,)))
    session_id = keep(client)
    me = calling(client, MINE)
    shown = me.get(f"/v1/conversations/{session_id}").text
    exported = [me.get(f"/v1/conversations/{session_id}/export", params={"format": f}).text for f in ("md", "json")]
    for text in (shown, *exported):
        assert "50 %" not in text and "Source retirée le 22 novembre 2026" in text


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"title": "À moi"}),
        ("DELETE", "", None),
        ("GET", "/export", None),
        ("GET", "/export?format=json", None),
    ],
)
def test_anothers_conversation_is_told_like_one_that_never_was(
    client: TestClient, method: str, path: str, body: Any
) -> None:
    session_id = keep(client)
    other = calling(client, THEIRS)
    foreign = other.request(method, f"/v1/conversations/{session_id}{path}", json=body)
    unknown = other.request(method, f"/v1/conversations/nulle-part{path}", json=body)
    assert foreign.status_code == unknown.status_code == 404
    assert {**foreign.json(), "instance": ""} == {**unknown.json(), "instance": ""}
    assert len(store_of(client).conversations.read(session_id, MINE)) == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/conversations"),
        ("DELETE", "/v1/conversations"),
        ("GET", "/v1/conversations/x"),
        ("PATCH", "/v1/conversations/x"),
        ("DELETE", "/v1/conversations/x"),
        ("GET", "/v1/conversations/x/export"),
    ],
)
def test_who_may_not_ask_may_not_look_either(client: TestClient, method: str, path: str) -> None:
    reader = calling(client, MINE, scopes=("search", "documents"))
    assert reader.request(method, path, json={"title": "À moi"} if method == "PATCH" else None).status_code == 403


def test_a_conversation_is_renamed(client: TestClient) -> None:
    session_id = keep(client)
    me = calling(client, MINE)
    renamed = me.patch(f"/v1/conversations/{session_id}", json={"title": "La halle"}).json()
    assert (renamed["title"], renamed["turns"]) == ("La halle", 1)
    assert me.get("/v1/conversations").json()["conversations"][0]["title"] == "La halle"
    for wrong in ({"title": "  "}, {"title": "a" * 121}, {}, {"titre": "x"}):
        assert me.patch(f"/v1/conversations/{session_id}", json=wrong).status_code == 422


def test_a_title_is_masked_like_a_question(client: TestClient) -> None:
    session_id = keep(client)
    me = calling(client, MINE)
    named = me.patch(f"/v1/conversations/{session_id}", json={"title": "Rappeler le 06 12 34 56 78"}).json()
    assert "06 12" not in named["title"]


def test_erasing_erases_one_or_all_of_ones_own(client: TestClient) -> None:
    first, _, _ = keep(client), keep(client), keep(client)
    theirs = keep(client, owner=THEIRS)
    me = calling(client, MINE)
    assert me.delete(f"/v1/conversations/{first}").status_code == 204
    assert me.get(f"/v1/conversations/{first}").status_code == 404
    assert me.delete("/v1/conversations").json() == {"erased": 2}
    assert me.get("/v1/conversations").json() == {"conversations": []}
    assert len(store_of(client).conversations.read(theirs, THEIRS)) == 1


def test_an_export_is_a_file_that_names_its_sources_and_their_dates(client: TestClient) -> None:
    session_id = keep(client, ANSWER, ABSTENTION)
    me = calling(client, MINE)
    file = me.get(f"/v1/conversations/{session_id}/export")
    assert file.headers["content-type"].startswith("text/markdown")
    assert file.headers["content-disposition"].startswith('attachment; filename="conversation-')
    assert file.headers["cache-control"] == "no-store"
    for words in ("22 décembre 2025", "<https://exemple.fr/scic>", "machine, à vérifier", "Une SCIC à la halle ?"):
        assert words in file.text
    word = me.get(f"/v1/conversations/{session_id}/export", params={"format": "docx"})
    said = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(word.content)).paragraphs)
    assert "22 décembre 2025" in said and "50 % du capital" in said
    assert zipfile.is_zipfile(io.BytesIO(word.content))


def test_the_json_export_holds_all_that_is_kept(client: TestClient) -> None:
    session_id = keep(client, ABSTENTION)
    store = store_of(client)
    store.feedback.give(f"t-{session_id}-0", MINE, "faux", "date dépassée")
    kept = calling(client, MINE).get(f"/v1/conversations/{session_id}/export", params={"format": "json"}).json()
    assert kept["owner"] == MINE
    assert kept["conversation"]["turns"][0]["question"] == "Une SCIC à la halle ?"
    assert [mark["comment"] for mark in kept["feedback"]] == ["date dépassée"]
    assert {gap["cause"] for gap in kept["gaps"]} == {"abstained", "faux"}


def test_an_unknown_format_is_refused_in_french(client: TestClient) -> None:
    answer = calling(client, MINE).get(f"/v1/conversations/{keep(client)}/export", params={"format": "pdf"})
    assert answer.status_code == 422 and "md, json" in answer.json()["detail"]


def test_without_documents_nothing_is_shown_but_everything_can_be_erased(serve: Serve) -> None:
    client = serve(FakeAssistant(corpus=None))
    session_id = keep(client)
    me = calling(client, MINE)
    assert me.get(f"/v1/conversations/{session_id}").status_code == 503
    assert me.delete(f"/v1/conversations/{session_id}").status_code == 204


def test_an_exported_turn_says_what_was_not_answered(client: TestClient) -> None:
    session_id = keep(client, replace(ANSWER, unanswered=("et la fiscalité ?",)))
    text = calling(client, MINE).get(f"/v1/conversations/{session_id}/export").text
    assert "et la fiscalité ?" in text
