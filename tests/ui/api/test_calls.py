"""The phone desk's log over HTTP."""

from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.store import CallNotes
from assistant.store.days import day_of
from tests.fakes import CAPITAL, FINANCER
from tests.ui.api.test_feedback import kept, store_of

CALL = {"question": "part maxi commune capital scic"}


def opened(client: TestClient, **fields: Any) -> dict[str, Any]:
    answer = client.post("/v1/calls", json=CALL | fields)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_a_call_is_noted_with_its_themes_and_found_in_the_days_log(client: TestClient) -> None:
    call = opened(
        client,
        profile={"type": "commune", "population": 900},
        passages=[CAPITAL.id, FINANCER.id, "disparu"],
        outcome="a_rappeler",
        note="Rappeler Mme Lefèvre au 06 98 76 54 32",
        callback_number="06.12.34.56.78",
    )
    assert call["themes"] == ["cooperation", "capital"]
    assert call["theme_labels"] == ["Coopération", "Capital"]
    assert (call["callback_number"], call["callback_text"]) == ("+33612345678", "06 12 34 56 78")
    assert "Lefèvre" not in call["note"] and "98 76" not in call["note"]
    assert call["profile"] == {"type": "commune", "population": 900}
    assert call["closed_at"] is not None
    today = day_of(datetime.now(UTC)).isoformat()
    assert client.get("/v1/calls").json() == client.get(f"/v1/calls?day={today}").json()
    assert client.get("/v1/calls").json()["calls"] == [call]
    assert client.get("/v1/calls?day=2020-01-01").json() == {"day": "2020-01-01", "calls": []}


def test_a_call_of_a_turn_takes_its_themes(client: TestClient) -> None:
    kept(client)
    assert opened(client, turn_id="t-1")["themes"] == ["cooperation", "capital"]
    kept(client, "t-foreign", "visitor:b")
    assert client.post("/v1/calls", json=CALL | {"turn_id": "t-foreign"}).status_code == 404


def test_a_parked_call_is_taken_up_again(client: TestClient) -> None:
    call = opened(client, parked=True)
    opened(client)
    assert [one["id"] for one in client.get("/v1/calls?parked=true").json()["calls"]] == [call["id"]]
    changed = client.patch(f"/v1/calls/{call['id']}", json={"outcome": "repondu", "parked": False})
    assert changed.status_code == 200 and changed.json()["closed_at"]
    assert client.get("/v1/calls?parked=true").json() == {"day": None, "calls": []}
    assert len(client.get("/v1/calls?parked=false").json()["calls"]) == 2


def test_what_is_looked_up_after_a_call_is_taken_up_again_is_added_to_it(client: TestClient) -> None:
    kept(client)
    call = opened(client, parked=True, profile={"type": "commune"})
    assert call["themes"] == []
    path = f"/v1/calls/{call['id']}"
    asked = [{"question": CALL["question"]}, {"question": "délai de dépôt", "turn_id": "t-1"}]
    again = client.patch(path, json={"asked": asked, "passages": [CAPITAL.id], "parked": True}).json()
    assert (again["themes"], again["turn_id"], again["passages"]) == (["cooperation", "capital"], "t-1", [CAPITAL.id])
    ended = client.patch(path, json={"passages": [FINANCER.id], "outcome": "repondu", "parked": False}).json()
    assert ended["question"] == f"{CALL['question']}\ndélai de dépôt"
    assert ended["passages"] == [CAPITAL.id, FINANCER.id] and ended["profile"] == {"type": "commune"}
    assert client.get("/v1/calls").json()["calls"] == [ended]
    assert {"theme": "capital", "label": "Capital", "calls": 1} in client.get("/v1/calls/report").json()["themes"]
    kept(client, "t-foreign", "visitor:b")
    foreign = client.patch(path, json={"asked": [{"question": "q", "turn_id": "t-foreign"}]})
    assert foreign.status_code == 404 and client.get("/v1/calls").json()["calls"] == [ended]


def test_who_calls_is_changed_or_forgotten(client: TestClient) -> None:
    path = f"/v1/calls/{opened(client, profile={'type': 'commune'})['id']}"
    assert client.patch(path, json={"profile": {"type": "epci"}}).json()["profile"] == {"type": "epci"}
    assert client.patch(path, json={"profile": None}).json()["profile"] is None


def test_a_patch_without_the_number_keeps_it_and_null_forgets_it(client: TestClient) -> None:
    path = f"/v1/calls/{opened(client, callback_number='0612345678')['id']}"
    assert client.patch(path, json={"note": "occupé"}).json()["callback_number"] == "+33612345678"
    assert client.patch(path, json={"callback_number": None}).json()["callback_number"] is None


def test_calls_of_another_operator_are_neither_shown_nor_changed(client: TestClient) -> None:
    call = store_of(client).calls.open("account:b", CallNotes("à quelqu'un d'autre"))
    assert client.get("/v1/calls").json()["calls"] == []
    for call_id in (call.id, "inconnu"):
        answer = client.patch(f"/v1/calls/{call_id}", json={"note": "à moi"})
        assert answer.status_code == 404
        assert answer.json()["detail"] == "Aucun de vos appels n'a cet identifiant."


def test_a_months_report_counts_everybodys_calls_and_says_no_word(client: TestClient) -> None:
    opened(client, passages=[CAPITAL.id], outcome="repondu")
    store_of(client).calls.open("account:b", CallNotes("secret du maire"))
    answer = client.get("/v1/calls/report")
    report = answer.json()
    assert report["calls"] == 2 and sum(day["calls"] for day in report["days"]) == 2
    assert {"theme": "cooperation", "label": "Coopération", "calls": 1} in report["themes"]
    assert {"theme": None, "label": None, "calls": 1} in report["themes"]
    assert report["outcomes"] == [
        {"outcome": "repondu", "calls": 1},
        {"outcome": "a_rappeler", "calls": 0},
        {"outcome": "transmis", "calls": 0},
        {"outcome": "sans_reponse", "calls": 0},
        {"outcome": None, "calls": 1},
    ]
    assert "maire" not in answer.text and "scic" not in answer.text
    assert client.get("/v1/calls/report?month=2020-02").json()["calls"] == 0


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"question": " "}, "« question » est vide"),
        ({"callback_number": "demain"}, "« callback_number » doit être un numéro de téléphone"),
        ({"outcome": "fini"}, "repondu, a_rappeler, transmis, sans_reponse"),
        ({"parked": "peut-être"}, "« parked » doit être vrai ou faux"),
        ({"passages": ["../../etc"]}, "n'a pas la forme attendue"),
        ({"nom": "x"}, "« nom » est inconnu"),
    ],
)
def test_a_wrong_call_is_told_in_french(client: TestClient, changed: dict[str, Any], words: str) -> None:
    answer = client.post("/v1/calls", json=CALL | changed)
    assert answer.status_code == 422 and words in answer.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        *("/v1/calls?day=hier", "/v1/calls?day=0001-01-01", "/v1/calls?day=20261122", "/v1/calls?day=1700000000"),
        *("/v1/calls?parked=bof", "/v1/calls?jour=2026-11-22", "/v1/calls/report?month=2026-13"),
        *("/v1/calls/report?month=0000-01", "/v1/calls/report?month=2026-11-01"),
    ],
)
def test_a_wrong_day_or_month_is_refused(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 422
