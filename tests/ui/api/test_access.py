"""What a caller may do: scopes, and filters that nothing gets around."""

import itertools
from pathlib import Path
from typing import Any, cast

import pytest
from starlette.testclient import TestClient

from assistant.pipeline import Assistant
from assistant.settings import Settings
from corpus import Metadata
from indexing import DocumentRecord, Embedder, Filters, Library
from tests.fakes import FakeAssistant, FakeEmbedder
from tests.small_index import CHALEUR, CONSERVERIE, assistant_over
from tests.ui.api.test_identity import again, new_key
from tests.ui.conftest import Serve
from ui.api.access import within
from ui.api.caller import Caller

QUESTION = "Qui finance la conserverie mobile ?"
ROUTES = {
    "ask": [("POST", "/v1/ask"), ("POST", "/v1/ask/stream")],
    "search": [("GET", "/v1/search?query=scic"), ("POST", "/v1/search")],
    "documents": [("GET", "/v1/documents"), ("GET", "/v1/documents/d-scic"), ("GET", "/v1/documents/d-scic/original")],
}


@pytest.mark.parametrize("scope", ROUTES)
def test_a_key_does_what_its_scopes_say_and_nothing_else(client: TestClient, scope: str) -> None:
    key = new_key(client, scope)
    for of, routes in ROUTES.items():
        for method, path in routes:
            answer = client.request(method, path, json={"question": "scic ?"} if of == "ask" else None, headers=key)
            if of == scope:
                assert answer.status_code in (200, 404, 422)
            else:
                assert answer.status_code == 403 and answer.json()["code"] == "forbidden"


def record(name: str, kind: Any, themes: tuple[str, ...] = (), statuses: tuple[str, ...] = ()) -> DocumentRecord:
    return DocumentRecord(name, f"{name}.md", Metadata(name, kind=kind, themes=themes, statuses=statuses), 1)


DOCUMENTS = [
    record(f"d{number}", kind, themes, statuses)
    for number, (kind, themes, statuses) in enumerate(
        itertools.product(("regle", "appui"), ((), ("a",), ("a", "b"), ("b",)), ((), ("scic",)))
    )
]
ASKED = [
    Filters(),
    Filters(kind=("regle",)),
    Filters(kind=("regle", "etude")),
    Filters(themes=("a",)),
    Filters(themes=("b", "c"), kind=("appui",)),
    Filters(document_id=("d1", "d9")),
    Filters(statuses=("scic",), themes=("nulle part",)),
]


@pytest.mark.parametrize(("asked", "forced"), itertools.product(ASKED, ASKED))
def test_a_document_passes_when_the_key_and_the_request_accept_it(asked: Filters, forced: Filters) -> None:
    joined = within(asked, Caller("key:1", frozenset(), forced), DOCUMENTS)
    for one in DOCUMENTS:
        assert joined.accept(one) == (asked.accept(one) and forced.accept(one))


@pytest.fixture
def assistant(settings: Settings, tmp_path: Path) -> Assistant:
    """A rule on heat, and a story of canned food."""
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "conserverie.md").write_text(CONSERVERIE, encoding="utf-8")
    (folder / "chaleur.md").write_text(CHALEUR, encoding="utf-8")
    Library(settings.home, cast(Embedder, FakeEmbedder())).add([str(folder)], {}, lambda progress: None)
    return assistant_over(settings.home)


def test_a_key_for_rules_sees_no_story_in_any_way(serve: Serve, assistant: Assistant) -> None:
    client = serve(assistant)
    hidden = next(one for one in client.get("/v1/documents").json()["documents"] if one["kind"] == "experience")
    passage = client.get(f"/v1/documents/{hidden['id']}").json()["passages"][0]
    assert client.post("/v1/ask", json={"question": QUESTION}).json()["outcome"] == "answered"
    key = new_key(client, filters={"kind": ("regle",)})
    told = [
        client.post("/v1/ask", json={"question": QUESTION} | filters, headers=key)
        for filters in (
            {},
            {"filters": {"kind": ["experience"]}},
            {"filters": {"kind": ["experience", "regle"]}},
            {"filters": {"document_id": [hidden["id"]]}},
            {"filters": {"themes": ["alimentation"]}},
        )
    ]
    told += [
        client.post("/v1/ask", json={"question": "Quelles communes ont créé une conserverie ?"}, headers=key),
        client.post("/v1/ask/stream", json={"question": QUESTION}, headers=key),
        client.post("/v1/search", json={"query": "conserverie mobile", "k": 100}, headers=key),
        client.get("/v1/search?query=conserverie&kind=experience", headers=key),
        client.get("/v1/documents", headers=key),
    ]
    for answer in told:
        assert answer.status_code == 200
        for secret in (hidden["id"], hidden["title"], passage["id"], "maraîchers", "42 000"):
            assert secret not in answer.text
    for path in (f"/v1/documents/{hidden['id']}", f"/v1/documents/{hidden['id']}/original"):
        unknown = client.get(path.replace(hidden["id"], "inconnu"), headers=key | {"X-Request-ID": "r"})
        answer = client.get(path, headers=key | {"X-Request-ID": "r"})
        assert answer.status_code == 404 and answer.text == unknown.text
    assert client.get("/v1/search?query=chaleur", headers=key).json()["hits"]


def test_a_key_without_filters_sees_everything(serve: Serve, assistant: Assistant) -> None:
    client = serve(assistant)
    assert len(client.get("/v1/documents", headers=new_key(client)).json()["documents"]) == 2


OPEN_TO_ALL = {"/healthz", "/readyz", "/v1/docs"}


def test_the_contract_says_who_may_call_and_how_they_are_refused(client: TestClient) -> None:
    contract = client.get("/v1/openapi.json").json()
    assert contract["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    asked = {path for path in contract["paths"] if path not in OPEN_TO_ALL}
    assert {"/v1/ask", "/v1/search", "/v1/documents", "/v1/usage"} <= asked
    wanting = []
    for path in asked:
        for method, operation in contract["paths"][path].items():
            refusals = {"401", "403"} if path == "/v1/usage" else {"401", "403", "429"}
            if operation.get("security") != [{"bearer": []}] or not refusals <= set(operation["responses"]):
                wanting.append(f"{method} {path}")
    assert not wanting


def test_every_route_of_the_api_is_refused_to_nobody(serve: Serve) -> None:
    client = serve(FakeAssistant())
    new_key(client)
    nobody = again(client)
    for path, operations in client.get("/v1/openapi.json").json()["paths"].items():
        for method in operations:
            if path not in OPEN_TO_ALL:
                assert nobody.request(method, path.replace("{", "").replace("}", "")).status_code == 401, path
