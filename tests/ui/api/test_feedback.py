"""Marks over HTTP: one's own turns only, told alike; editors see everybody's without who gave them."""

from typing import Any, cast

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.answer import Turn
from assistant.session import LOCAL
from assistant.store import Store
from tests.fakes import ANSWER, ROLES, FakeAssistant
from tests.ui.conftest import Serve


def store_of(client: TestClient) -> Store:
    store: Store = cast(FastAPI, client.app).state.store
    return store


def kept(client: TestClient, turn_id: str = "t-1", owner: str = LOCAL, question: str = "Quel capital ?") -> str:
    conversations = store_of(client).conversations
    conversations.keep(Turn(turn_id, conversations.open(None, owner), question, question, ANSWER), owner)
    return turn_id


def test_a_mark_is_given_and_changed(client: TestClient) -> None:
    kept(client)
    given = client.post("/v1/feedback", json={"turn_id": "t-1", "reason": "faux", "comment": " Mme Lefèvre le dit "})
    assert given.status_code == 200
    assert given.json()["reason"] == "faux" and "Lefèvre" not in given.json()["comment"]
    client.post("/v1/feedback", json={"turn_id": "t-1", "reason": "utile"})
    (shown,) = client.get("/v1/feedback").json()["feedback"]
    assert (shown["reason"], shown["comment"], shown["turn"]["question"]) == ("utile", "", "Quel capital ?")
    assert shown["turn"]["citations"] and "author" not in shown


@pytest.mark.parametrize("turn_id", ["t-foreign", "t-nobody"])
def test_a_foreign_turn_and_an_unknown_one_are_told_alike(client: TestClient, turn_id: str) -> None:
    kept(client, "t-foreign", "visitor:b")
    answer = client.post("/v1/feedback", json={"turn_id": turn_id, "reason": "faux"})
    assert answer.status_code == 404
    assert answer.json()["detail"] == "Aucune réponse de vos conversations n'a cet identifiant."
    assert store_of(client).feedback.latest() == ()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"reason": "bof"}, "utile, incomplet, faux, source_perimee, hors_sujet"),
        ({"comment": "a" * 2001}, "« comment » dépasse 2000 caractères"),
        ({"turn_id": "' OR 1=1"}, "« turn_id » n'a pas la forme attendue"),
        ({"note": 3}, "« note » est inconnu"),
    ],
)
def test_a_wrong_mark_is_told_in_french(client: TestClient, changed: dict[str, Any], words: str) -> None:
    answer = client.post("/v1/feedback", json={"turn_id": "t-1", "reason": "faux"} | changed)
    assert answer.status_code == 422 and words in answer.json()["detail"]


def test_a_character_no_database_takes_is_dropped(client: TestClient) -> None:
    kept(client)
    given = client.post("/v1/feedback", json={"turn_id": "t-1", "reason": "faux", "comment": "a\0b"})
    assert given.json()["comment"] == "ab"


def test_a_removed_source_is_not_shown_to_editors_either(serve: Serve) -> None:
    client = serve(FakeAssistant(records=(ROLES,)))
    kept(client)
    client.post("/v1/feedback", json={"turn_id": "t-1", "reason": "faux"})
    shown = client.get("/v1/feedback?reason=faux").text
    assert "Source retirée" in shown and "50 % du capital" not in shown
    assert client.get("/v1/feedback?reason=utile").json() == {"feedback": []}
