"""Probes that say what stands, and figures for Prometheus."""

from typing import Any, cast

from starlette.testclient import TestClient

from tests.fakes import FakeAssistant
from tests.ui.conftest import Serve


class Away:
    """A store that does not answer."""

    def up(self) -> bool:
        return False


def value(client: TestClient, name: str) -> float:
    lines = client.get("/metrics").text.splitlines()
    return next(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(f"{name} "))


def test_ready_says_the_corpus_its_date_and_the_store(client: TestClient) -> None:
    ready = client.get("/readyz").json()
    assert ready["ready"] and ready["store"] == "ok"
    assert {"documents", "passages", "published_at", "newest"} <= set(ready["corpus"])


def test_without_its_store_the_service_is_ready_and_says_so(client: TestClient) -> None:
    cast(Any, client.app).state.store_state = Away()
    ready = client.get("/readyz")
    assert ready.status_code == 200 and ready.json()["store"] == "unavailable"
    assert value(client, "assistant_elus_store_up") == 0


def test_figures_are_in_the_format_of_prometheus(client: TestClient) -> None:
    client.post("/v1/ask", json={"question": "Qui ?"})
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert value(client, 'assistant_elus_answers_total{composer="extractive",outcome="answered"}') == 1
    assert value(client, 'assistant_elus_requests_total{method="POST",route="/v1/ask",status="200"}') == 1
    assert value(client, "assistant_elus_ready") == 1
    assert value(client, "assistant_elus_corpus_documents") > 0
    assert value(client, "assistant_elus_questions_waiting") == 0


def test_figures_never_hold_an_address(client: TestClient) -> None:
    client.get("/v1/secret")
    client.get("/secret", params={"question": "secret"})
    client.request("SECRET", "/v1/ask")
    assert "secret" not in client.get("/metrics").text.lower()


def test_a_service_without_documents_is_not_ready_and_still_gives_its_figures(serve: Serve) -> None:
    client = serve(FakeAssistant(corpus=None))
    assert client.get("/readyz").status_code == 503
    assert value(client, "assistant_elus_ready") == 0
