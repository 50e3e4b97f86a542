"""The editors' backlog over HTTP, and the table they open in a spreadsheet."""

import csv
import io
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.answer import Turn
from assistant.session import LOCAL
from tests.fakes import ABSTENTION, ROLES, SCIC, FakeAssistant
from tests.ui.api.test_feedback import store_of
from tests.ui.conftest import Serve
from ui.backlog import harmless

BREAD = ("Quelles subventions pour un four à pain ?", "aides four à pain communal")


def unanswered(client: TestClient, *questions: str) -> None:
    conversations = store_of(client).conversations
    for question in questions:
        session_id = conversations.open(None, LOCAL)
        conversations.keep(Turn(f"t-{session_id}", session_id, question, question, ABSTENTION), LOCAL)


def listed(client: TestClient, query: str = "") -> dict[str, Any]:
    answer = client.get(f"/v1/backlog{query}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_what_was_not_answered_is_listed_by_need(client: TestClient) -> None:
    unanswered(client, *BREAD)
    body = listed(client)
    (group,) = body["groups"]
    assert (group["count"], group["state"], group["causes"]) == (2, "nouveau", {"abstained": 2})
    assert {gap["question"] for gap in group["gaps"]} == set(BREAD) and group["label"] in BREAD
    assert [one["id"] for one in group["documents"]] == [SCIC.id, ROLES.id]
    assert (body["waiting"], body["reopened"]) == (0, [])
    assert "owner" not in group and "session_id" not in str(body)


def test_a_removed_document_is_named_no_more(serve: Serve) -> None:
    client = serve(FakeAssistant(records=(ROLES,)))
    unanswered(client, BREAD[0])
    assert [one["id"] for one in listed(client)["groups"][0]["documents"]] == [ROLES.id]


def test_a_group_is_taken_up_and_who_did_is_noted(client: TestClient) -> None:
    unanswered(client, BREAD[0])
    group_id = listed(client)["groups"][0]["id"]
    changed = client.patch(f"/v1/backlog/{group_id}", json={"state": "en_cours", "assignee": "Équipe pain"})
    assert (changed.json()["state"], changed.json()["assignee"]) == ("en_cours", "Équipe pain")
    assert [one["id"] for one in listed(client, "?state=en_cours")["groups"]] == [group_id]
    assert listed(client, "?state=nouveau&state=traite")["groups"] == []
    noted = store_of(client).audit.latest()
    assert {(line.who, line.action, line.object) for line in noted} >= {(LOCAL, "backlog.state", group_id)}


def test_a_group_that_was_done_comes_back_and_the_reading_says_so(client: TestClient) -> None:
    unanswered(client, BREAD[0])
    group_id = listed(client)["groups"][0]["id"]
    client.patch(f"/v1/backlog/{group_id}", json={"state": "traite"})
    unanswered(client, BREAD[1])
    body = listed(client)
    assert body["reopened"] == [group_id]
    assert body["groups"][0]["state"] == "nouveau" and body["groups"][0]["reopened_at"]
    assert "backlog.reopened" in {line.action for line in store_of(client).audit.latest()}


def test_an_unknown_group_is_told(client: TestClient) -> None:
    answer = client.patch("/v1/backlog/g-9", json={"state": "traite"})
    assert answer.status_code == 404 and answer.json()["title"] == "Groupe inconnu"


@pytest.mark.parametrize("body", [{"state": "fini"}, {"etat": "traite"}, {"assignee": "a" * 129}])
def test_a_wrong_change_is_refused(client: TestClient, body: Any) -> None:
    assert client.patch("/v1/backlog/g-9", json=body).status_code == 422


def test_the_table_opens_in_a_french_spreadsheet_and_runs_nothing(client: TestClient) -> None:
    unanswered(client, '=HYPERLINK("http://mal.example";"Cliquez")', "Où est l'« école » ; et la mairie ?")
    answer = client.get("/v1/backlog.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    needs = {row["besoin"] for row in rows}
    assert needs == {'\'=HYPERLINK("http://mal.example";"Cliquez")', "Où est l'« école » ; et la mairie ?"}
    assert {row["état"] for row in rows} == {"nouveau"} and rows[0]["causes"] == "sans réponse (1)"


@pytest.mark.parametrize("cell", ["=1+1", "+33", "-2", "@SUM", "\t=1", "\r=1", "  =1", "＝1", "\u00a0=1", "\n=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless("a=1") == "a=1" and harmless("") == ""
