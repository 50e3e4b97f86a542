"""One slide in two decks: cited once, the other deck beside it, until one of them is removed."""

from pathlib import Path
from typing import Any, cast

import pytest
from starlette.testclient import TestClient

from indexing import Embedder, Library
from tests.fakes import FakeEmbedder
from tests.small_index import CHALEUR, CONSERVERIE, assistant_over, publish
from tests.ui.conftest import Serve

SLIDE = """## Qui finance l'atelier de réparation ?

Le département verse à l'atelier de réparation une subvention de 12 500 € par an. La commune prête le local, et les
habitants cotisent selon leurs moyens. Une fondation a offert les outils du premier atelier de réparation du canton.
"""
DECKS = {
    "deck-2024.md": f"---\ntitle: Rencontre des élus\nkind: publication\npublished: 2024\n---\n# Rencontre\n\n{SLIDE}",
    "deck-2025.md": f"---\ntitle: Journée des maires\nkind: etude\npublished: 2025\n---\n# Journée\n\n{SLIDE}",
}
QUESTION = "Qui verse une subvention à l'atelier de réparation ?"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "decks"
    publish(home, {"conserverie.md": CONSERVERIE, "chaleur.md": CHALEUR, **DECKS})
    return home


@pytest.fixture
def client(home: Path, serve: Serve) -> TestClient:
    return serve(assistant_over(home))


def searched(client: TestClient, **filters: Any) -> list[dict[str, Any]]:
    """The passages found that hold the slide."""
    body = client.post("/v1/search", json={"query": QUESTION, "k": 100, "filters": filters}).json()
    passages = [hit["passage"] for hit in body["hits"]]
    return [passage for passage in passages if "12 500" in passage["text"]]


def cited(client: TestClient, **filters: Any) -> list[dict[str, Any]]:
    body = client.post("/v1/ask", json={"question": QUESTION, "filters": filters}).json()
    assert body["outcome"] == "answered" and "12 500 €" in body["answer"]
    return [citation for citation in body["citations"] if "12 500" in citation["quote"]]


@pytest.mark.parametrize("found_by", [searched, cited])
def test_a_slide_of_two_decks_comes_once_and_names_the_other(client: TestClient, found_by: Any) -> None:
    (found,) = found_by(client)
    (other,) = found["also_in"]
    assert {found["source"], other["source"]} == set(DECKS)
    assert set(other) == {"document_id", "title", "url", "source", "locator"}
    assert other["document_id"] != found["document_id"]
    assert other["locator"]["type"] == "section"


@pytest.mark.parametrize("found_by", [searched, cited])
def test_a_deck_that_the_filters_refuse_is_not_named(client: TestClient, found_by: Any) -> None:
    (found,) = found_by(client, kind=["etude"])
    assert (found["source"], found["also_in"]) == ("deck-2025.md", [])


@pytest.mark.parametrize("found_by", [searched, cited])
def test_the_twin_comes_back_when_one_is_removed(client: TestClient, home: Path, found_by: Any) -> None:
    (shown,) = found_by(client)
    Library(home, cast(Embedder, FakeEmbedder())).remove([shown["document_id"]], lambda progress: None)
    (left,) = found_by(client)
    assert left["source"] == shown["also_in"][0]["source"]
    assert left["also_in"] == []


def test_a_stream_names_the_other_deck_with_its_sentence(client: TestClient) -> None:
    text = client.post("/v1/ask/stream", json={"question": QUESTION}).text
    sentence = next(
        line for line in text.splitlines() if line.startswith("data:") and "12 500" in line and "support" in line
    )
    assert "deck-2024.md" in sentence and "deck-2025.md" in sentence
