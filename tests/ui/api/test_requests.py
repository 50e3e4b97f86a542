"""Request ids, and a log that never holds what was asked."""

import logging
from typing import Any

import pytest
from starlette.testclient import TestClient


def test_each_answer_has_its_own_id(client: TestClient) -> None:
    first, second = client.get("/healthz"), client.get("/healthz")
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


def test_a_given_id_is_kept_when_it_is_one(client: TestClient) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": "abc-123"}).headers["x-request-id"] == "abc-123"
    assert client.get("/healthz", headers={"X-Request-ID": "a b<c>"}).headers["x-request-id"] != "a b<c>"


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [vars(record) for record in caplog.records if record.name == "assistant_elus.requests"]


def test_the_log_names_the_route_and_not_the_question(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="assistant_elus.requests"):
        client.post("/v1/ask", json={"question": "mon secret"})
        client.get("/v1/search", params={"query": "mon secret"})
        client.get("/v1/mon secret")
        client.get("/v1/documents/secret")
    written = lines(caplog)
    assert [line["route"] for line in written] == ["/v1/ask", "/v1/search", None, "/v1/documents/{document_id}"]
    assert [line["status"] for line in written] == [200, 200, 404, 404]
    assert "secret" not in caplog.text and "secret" not in str(written)


def test_the_line_of_a_question_says_what_became_of_it(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="assistant_elus.requests"):
        client.post("/v1/ask", json={"question": "Qui ?"})
        client.post("/v1/ask/stream", json={"question": "Qui ?"})
        client.post("/v1/ask", json={"question": ""})
    asked, streamed, refused = lines(caplog)
    assert (asked["outcome"], asked["composer"]) == (streamed["outcome"], streamed["composer"])
    assert (asked["outcome"], asked["composer"]) == ("answered", "extractive")
    assert refused["problem"] == "invalid_request" and "outcome" not in refused
