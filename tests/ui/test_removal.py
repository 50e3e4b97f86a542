"""A document that leaves its folder can no longer be found, quoted or cited, by any way in."""

import json
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import cast

import pytest
from starlette.testclient import TestClient

from assistant.factory import open_store
from assistant.pipeline import Assistant
from assistant.settings import Settings
from indexing import Embedder, Library
from tests.corpus.parsers.pdf.pdf_maker import pdf, written
from tests.fakes import FakeEmbedder
from tests.small_index import CHALEUR, CONSERVERIE, assistant_over
from tests.ui.conftest import Serve
from ui.api.doors import Doors
from ui.api.limits import Limits
from ui.preparation import Preparation
from ui.web.conversation import Chat, Conversation

QUESTION = "Combien de salariés emploie la conserverie mobile ?"
SECRET = "six salariés"


def confirm(_: object) -> bool:
    return True


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "conserverie.md").write_text(CONSERVERIE, encoding="utf-8")
    (folder / "chaleur.md").write_text(CHALEUR, encoding="utf-8")
    return folder


@pytest.fixture
def library(settings: Settings, folder: Path) -> Library:
    library = Library(settings.home, cast(Embedder, FakeEmbedder()))
    assert not library.add([str(folder)], {}, lambda progress: None).failed
    return library


@pytest.fixture
def assistant(settings: Settings, library: Library) -> Assistant:
    return assistant_over(settings.home)


def test_the_api_forgets_it_in_an_open_session_too(
    serve: Serve, assistant: Assistant, library: Library, folder: Path
) -> None:
    client = serve(assistant)
    before = client.post("/v1/ask", json={"question": QUESTION}).json()
    assert SECRET in before["answer"]
    cited = before["citations"][0]

    (folder / "conserverie.md").unlink()
    assert library.sync(confirm=confirm).removed == ("conserverie.md",)

    session = {"session_id": before["session_id"]}
    told = [
        client.post("/v1/ask", json={"question": QUESTION}).text,
        client.post("/v1/ask", json={"question": QUESTION} | session).text,
        client.post("/v1/ask", json={"question": "Et depuis quand ?"} | session).text,
        client.post("/v1/ask/stream", json={"question": QUESTION} | session).text,
        client.post("/v1/search", json={"query": "six salariés conserverie mobile", "k": 100}).text,
        client.get("/v1/search", params={"query": "conserverie"}).text,
        client.get("/v1/documents").text,
    ]
    for text in told:
        assert SECRET not in text and cited["passage_id"] not in text and cited["document_id"] not in text
    assert client.get(f"/v1/documents/{cited['document_id']}").status_code == 404


def test_the_chat_takes_back_what_it_had_quoted(
    settings: Settings, assistant: Assistant, library: Library, folder: Path
) -> None:
    preparation = Preparation(assistant, lambda: None, settings.home / "erreurs.log")
    preparation.run()
    store = open_store(settings)
    chat = Chat(assistant, preparation, "", settings.home / "erreurs.log", Limits(store.usage, Doors(store)))

    def last(steps: Iterator[Conversation]) -> Conversation:
        return list(steps)[-1]

    first = last(chat.answer(QUESTION, [], Conversation()))
    assert SECRET in shown(first)

    (folder / "conserverie.md").unlink()
    library.sync(confirm=confirm)

    second = last(chat.answer("Quel est le prix de la chaleur ?", [], first))
    assert SECRET not in shown(second)
    assert "Source retirée le" in unescape(second.exchanges[0].answer)
    assert "Source retirée le" in unescape(second.exchanges[0].sources)
    assert "78 €" in shown(second)


def shown(conversation: Conversation) -> str:
    page = " ".join(message["content"] for message in conversation.history()) + conversation.sources()
    return unescape(page).replace("\u00a0", " ")


# Originals


def original_of(client: TestClient) -> str:
    (document,) = client.get("/v1/documents").json()["documents"]
    return f"/v1/documents/{document['id']}/original"


def test_an_original_that_may_be_published_opens_at_its_page_and_leaves_with_its_document(
    serve: Serve, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "pdf"
    folder.mkdir()
    (folder / "été 2024.pdf").write_bytes(
        pdf(*map(written, ["La commune accueille.", "Le prix de la chaleur est de 78 euros par mégawattheure."]))
    )
    (folder / "corpus.toml").write_text("[defaults]\npublish_original = true\n", encoding="utf-8")
    library = Library(settings.home, cast(Embedder, FakeEmbedder()))
    assert not library.add([str(folder)], {}, lambda progress: None).failed
    client = serve(assistant_over(settings.home))

    hits = client.post("/v1/search", json={"query": "prix de la chaleur"}).json()["hits"]
    link = next(hit["passage"]["link"] for hit in hits if "78" in hit["passage"]["text"])
    address = original_of(client)
    assert link.startswith(f"{address}#page=")
    answer = client.get(address)
    assert answer.status_code == 200 and answer.content == (folder / "été 2024.pdf").read_bytes()
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("inline")

    (folder / "été 2024.pdf").unlink()
    library.sync(confirm=confirm)
    assert client.get(address).status_code == 404


def test_an_original_nobody_allowed_to_publish_is_not_served(
    serve: Serve, settings: Settings, assistant: Assistant, library: Library
) -> None:
    client = serve(assistant)
    for document in client.get("/v1/documents").json()["documents"]:
        answer = client.get(f"/v1/documents/{document['id']}/original")
        assert answer.status_code == 404
        assert json.loads(answer.text)["code"] == "not_found"
