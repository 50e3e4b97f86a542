"""The API as other programs see it."""

import json
from typing import Any, cast

import pytest
from starlette.testclient import TestClient

from assistant.answer import Sentence
from assistant.applicability import Asker
from assistant.factory import open_store
from assistant.pipeline import Assistant
from assistant.settings import Settings
from indexing import Filters, IndexMismatch, Progress, UnknownDocument
from tests.fakes import ABSTENTION, COMPARED, FakeAssistant
from tests.ui.conftest import Serve, client_here
from ui.app import create_app

QUESTION = {"question": "Une commune peut-elle entrer au capital d'une SCIC ?"}


def events_of(text: str) -> list[tuple[str, Any]]:
    found = []
    for block in text.replace("\r\n", "\n").strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        found.append((lines["event"], json.loads(lines["data"])))
    return found


def test_ask_answers_with_citations(client: TestClient) -> None:
    body = client.post("/v1/ask", json=QUESTION).json()
    assert body["question"] == QUESTION["question"]
    assert body["outcome"] == "answered" and "[1]" in body["answer"]
    assert [citation["n"] for citation in body["citations"]] == [1, 2]
    assert body["sentences"][0]["citations"] == [1]


def test_ask_passes_what_it_is_given(serve: Serve) -> None:
    assistant = FakeAssistant()
    asked = QUESTION | {
        "session_id": "s-9",
        "filters": {"kind": ["regle", "role"], "statuses": ["scic"]},
        "k": 20,
        "profile": {"population": 900, "type": "commune_nouvelle", "departement": "39"},
    }
    body = serve(assistant).post("/v1/ask", json=asked).json()
    assert body["session_id"] == "s-9"
    assert assistant.asked == [(QUESTION["question"], "s-9", Filters(kind=("regle", "role"), statuses=("scic",)), 20)]
    assert assistant.askers == [Asker(900, "commune_nouvelle", "jura")]


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/ask/stream"])
@pytest.mark.parametrize(
    ("profile", "asker"),
    [
        (None, Asker()),
        ({}, Asker()),
        ({"departement": "2a"}, Asker(departement="corse du sud")),
        ({"departement": "974"}, Asker(departement="reunion")),
        ({"type": "epci"}, Asker(type="epci")),
    ],
)
def test_who_asks_is_passed_on(serve: Serve, path: str, profile: Any, asker: Asker) -> None:
    assistant = FakeAssistant()
    assert serve(assistant).post(path, json=QUESTION | {"profile": profile}).status_code == 200
    assert assistant.askers == [asker]


def test_an_unknown_session_gets_a_new_one(client: TestClient) -> None:
    body = client.post("/v1/ask", json=QUESTION | {"session_id": "à quelqu'un d'autre"}).json()
    assert body["session_id"] == "s-1"


def test_an_abstention_shows_the_nearest_passages(serve: Serve) -> None:
    body = serve(FakeAssistant(reply=ABSTENTION)).post("/v1/ask", json=QUESTION).json()
    assert body["outcome"] == "abstained" and body["citations"] == []
    assert body["nearest"][0]["passage"]["text"].startswith("Les collectivités")


def test_the_contact_is_handed_over(settings: Settings) -> None:
    reachable = settings.model_copy(update={"contact": "accueil@exemple.fr"})
    app = create_app(
        reachable, cast(Assistant, FakeAssistant(reply=ABSTENTION)), open_store(reachable), with_chat=False
    )
    body = client_here(app).post("/v1/ask", json=QUESTION).json()
    assert body["handoff"]["contact"] == "accueil@exemple.fr"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"question": ""}, "« question » est vide"),
        ({"question": " \n\t "}, "« question » est vide"),
        ({"question": "\u200b"}, "« question » est vide"),
        ({"question": "a" * 4001}, "« question » dépasse 4000 caractères"),
        ({"question": None}, "« question » doit être un texte"),
        ({"question": 3}, "« question » doit être un texte"),
        ({}, "« question » est obligatoire"),
        ([], "doit être un objet JSON"),
        (QUESTION | {"k": 0}, "« k » doit être au moins 1"),
        (QUESTION | {"k": 101}, "« k » doit être au plus 100"),
        (QUESTION | {"k": "beaucoup"}, "« k » doit être un nombre entier"),
        (QUESTION | {"filters": {"kind": ["inconnu"]}}, "regle, role, methode, appui"),
        (QUESTION | {"filters": {"genre": ["regle"]}}, "« filters.genre » est inconnu"),
        (QUESTION | {"filtres": {}}, "« filtres » est inconnu"),
        (QUESTION | {"profile": {"type": "royaume"}}, "commune, commune_nouvelle"),
        (QUESTION | {"profile": {"population": -1}}, "au moins 0"),
        (QUESTION | {"profile": {"departement": "Jura"}}, "n'a pas la forme attendue"),
        (QUESTION | {"session_id": 3}, "« session_id » doit être un texte"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/ask/stream"])
def test_a_wrong_request_is_told_in_french(client: TestClient, path: str, body: Any, words: str) -> None:
    answer = client.post(path, json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert words in problem["detail"]
    assert problem["status"] == 422 and problem["errors"]
    assert problem["instance"] == f"urn:request:{answer.headers['x-request-id']}"


def test_a_question_of_4000_characters_is_accepted(client: TestClient) -> None:
    assert client.post("/v1/ask", json={"question": "a" * 4000}).status_code == 200


def test_what_is_not_json_is_told_in_french(client: TestClient) -> None:
    answer = client.post("/v1/ask", content=b"{nope", headers={"Content-Type": "application/json"})
    assert answer.status_code == 422 and "JSON valide" in answer.json()["detail"]


@pytest.mark.parametrize("content", [b'{"question": "\xff\xfe"}', b'{"question": "\\ud800"}'])
def test_unreadable_characters_are_told_in_french(client: TestClient, content: bytes) -> None:
    answer = client.post("/v1/ask", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_a_stream_gives_passages_then_sentences_then_the_reply(client: TestClient) -> None:
    answer = client.post("/v1/ask/stream", json=QUESTION)
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = events_of(answer.text)
    assert [name for name, _ in events] == ["passages", *["sentence"] * 4, "reply"]
    assert events[0][1]["hits"][0]["passage"]["id"] == "d-scic-p0"


def test_a_stream_ends_with_the_very_body_of_ask(client: TestClient) -> None:
    whole = client.post("/v1/ask", json=QUESTION).json()
    events = events_of(client.post("/v1/ask/stream", json=QUESTION).text)
    reply = events[-1][1]
    for own in ("id", "session_id"):
        reply.pop(own), whole.pop(own)
    assert reply == whole
    by_number = {citation["n"]: citation for citation in reply["citations"]}
    for (name, sentence), final in zip(events[1:-1], reply["sentences"], strict=True):
        assert name == "sentence" and sentence["text"] == final["text"]
        assert [citation["n"] for citation in sentence["citations"]] == final["citations"]
        assert all(by_number[citation["n"]] == citation for citation in sentence["citations"])


def test_a_stream_whose_sentences_are_replaced_says_when_to_drop_them(serve: Serve) -> None:
    reworded = (Sentence("Autrement dit.", (1,), 0.8), Sentence("Puis encore.", (2,), 0.8))
    events = events_of(serve(FakeAssistant(reworded=reworded)).post("/v1/ask/stream", json=QUESTION).text)
    names = [name for name, _ in events]
    assert names == ["passages", *["sentence"] * 4, "replace", "sentence", "sentence", "reply"]
    after = [data["text"] for name, data in events[names.index("replace") :] if name == "sentence"]
    assert after == [sentence["text"] for sentence in events[-1][1]["sentences"]] == ["Autrement dit.", "Puis encore."]


def test_a_comparison_is_sent_as_a_table(serve: Serve) -> None:
    body = serve(FakeAssistant(reply=COMPARED)).post("/v1/ask", json=QUESTION).json()
    assert body["table"]["columns"] == ["SCIC", "Association"]
    assert body["citations"][2]["warning"] == "Ce document est remplacé par « Les rôles, édition 2026 »."


def test_an_abstention_streams_no_sentence(serve: Serve) -> None:
    client = serve(FakeAssistant(reply=ABSTENTION))
    events = events_of(client.post("/v1/ask/stream", json=QUESTION).text)
    assert [name for name, _ in events] == ["passages", "reply"]


def test_an_error_before_the_first_event_keeps_its_status(serve: Serve) -> None:
    answer = serve(FakeAssistant(corpus=None)).post("/v1/ask/stream", json=QUESTION)
    assert answer.status_code == 503 and answer.json()["code"] == "no_index"


def test_an_error_in_the_stream_is_an_event(serve: Serve) -> None:
    client = serve(FakeAssistant(error_after_passages=RuntimeError("détail interne")))
    events = events_of(client.post("/v1/ask/stream", json=QUESTION).text)
    assert [name for name, _ in events] == ["passages", "error"]
    assert events[1][1]["status"] == 500 and "interne" not in json.dumps(events[1][1], ensure_ascii=False)


def test_search_by_address_and_by_body_agree(client: TestClient) -> None:
    by_address = client.get("/v1/search", params={"query": "capital", "k": 2, "kind": ["regle", "role"]})
    by_body = client.post("/v1/search", json={"query": "capital", "k": 2, "filters": {"kind": ["regle", "role"]}})
    assert by_address.status_code == 200
    assert by_address.json() == by_body.json()
    hit = by_address.json()["hits"][0]
    assert set(hit) == {"passage", "score", "scorer"}
    assert set(hit["passage"]) >= {
        *("id", "document_id", "title", "heading", "text", "source", "url", "published", "kind", "locator", "also_in")
    }


def test_a_filter_that_matches_nothing_returns_nothing(client: TestClient) -> None:
    assert client.get("/v1/search", params={"query": "capital", "statuses": "inconnu"}).json() == {"hits": []}


@pytest.mark.parametrize(
    "params",
    [{"query": ""}, {}, {"query": "x", "k": 0}, {"query": "x", "kind": "zz"}, {"query": "x", "genre": "regle"}],
)
def test_a_wrong_search_is_refused(client: TestClient, params: dict[str, Any]) -> None:
    answer = client.get("/v1/search", params=params)
    assert answer.status_code == 422 and answer.headers["content-type"].startswith("application/problem+json")


def test_a_misplaced_filter_is_an_error_not_silence(client: TestClient) -> None:
    assert client.post("/v1/search", json={"query": "capital", "kind": ["regle"]}).status_code == 422


def test_documents_are_listed_and_opened(client: TestClient) -> None:
    listed = client.get("/v1/documents").json()["documents"]
    assert [document["id"] for document in listed] == ["d-scic", "d-roles"]
    assert listed[0]["passages"] == 2 and listed[0]["references"][0]["title"] == "Loi n° 47-1775"
    opened = client.get("/v1/documents/d-scic").json()
    assert opened["title"] == listed[0]["title"]
    assert [passage["id"] for passage in opened["passages"]] == ["d-scic-p0", "d-scic-p1"]


def test_an_unknown_document_is_a_404_in_french(client: TestClient) -> None:
    answer = client.get("/v1/documents/nope")
    assert answer.status_code == 404 and answer.json()["title"] == "Document inconnu"


@pytest.mark.parametrize("path", ["/v1/nope", "/v1/", "/v1/ask/nope", "/v1/documents/", "/nope"])
def test_an_unknown_address_is_a_problem(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404 and answer.headers["content-type"].startswith("application/problem+json")


def test_a_wrong_method_is_a_problem(client: TestClient) -> None:
    answer = client.get("/v1/ask")
    assert answer.status_code == 405 and answer.headers["allow"] == "POST"
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_health_needs_nothing(serve: Serve) -> None:
    assert serve(FakeAssistant(corpus=None)).get("/healthz").json() == {"status": "ok"}


def test_ready_tells_what_the_corpus_holds(client: TestClient) -> None:
    body = client.get("/readyz").json()
    assert body["ready"] is True
    assert {"snapshot", "documents", "passages", "published_at"} <= set(body["corpus"])


def test_not_ready_without_an_index_says_what_to_run(serve: Serve) -> None:
    answer = serve(FakeAssistant(corpus=None)).get("/readyz")
    assert answer.status_code == 503 and answer.json()["ready"] is False
    assert "corpus add" in answer.json()["detail"]


def test_not_ready_during_a_build_says_how_far(serve: Serve) -> None:
    assistant = FakeAssistant(corpus=None, progress=Progress("embedding", 10, 40))
    client = serve(assistant)
    answer = client.get("/readyz")
    assert answer.status_code == 503 and answer.headers["retry-after"]
    assert "10 sur 40" in answer.json()["detail"]
    assert answer.json()["progress"] == {
        "stage": "embedding",
        "done": 10,
        "total": 40,
        "text": "calcul des vecteurs, 10 sur 40 (25 %)",
    }
    assert "10 sur 40" in client.post("/v1/ask", json=QUESTION).json()["detail"]


@pytest.mark.parametrize(
    ("error", "status"),
    [(IndexMismatch("ancien", "nouveau"), 503), (UnknownDocument("x"), 404), (ValueError("x"), 500)],
)
def test_errors_of_the_assistant_are_problems(serve: Serve, error: Exception, status: int) -> None:
    answer = serve(FakeAssistant(error=error)).post("/v1/ask", json=QUESTION)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert "Traceback" not in answer.text


def test_an_unexpected_error_is_in_the_log_file_only(serve: Serve, settings: Settings) -> None:
    answer = serve(FakeAssistant(error=ValueError("détail interne"))).post("/v1/ask", json=QUESTION)
    assert answer.status_code == 500 and "interne" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "détail interne" in (settings.home / "erreurs.log").read_text(encoding="utf-8")


def test_the_contract_is_published(client: TestClient) -> None:
    schema = client.get("/v1/openapi.json").json()
    assert {"/v1/ask", "/v1/ask/stream", "/v1/search", "/v1/documents", "/readyz"} <= set(schema["paths"])
    assert "unanswered" in schema["components"]["schemas"]["TurnBody"]["properties"]
