"""A request that takes too long is a 504 in French, and what began in time is left alone."""

from typing import Any

import anyio
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from ui.api.deadline import Deadline


async def late(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["path"].endswith("/begun"):
        await send({"type": "http.response.start", "status": 200, "headers": []})
    await anyio.sleep(0.3)
    if not scope["path"].endswith("/begun"):
        await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"late"})


def client(seconds: float) -> TestClient:
    app: Any = Deadline(late, seconds)
    return TestClient(app)


def test_what_has_not_begun_in_time_is_a_504_in_french() -> None:
    answer = client(0.05).post("/v1/ask")
    assert answer.status_code == 504
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["code"] == "too_slow" and "trop de temps" in answer.json()["detail"]
    assert answer.headers["retry-after"] == "5"


def test_a_stream_that_has_begun_is_not_cut() -> None:
    assert client(0.05).post("/v1/begun").text == "late"


def test_what_ends_in_time_is_passed_on() -> None:
    assert client(30).post("/v1/ask").text == "late"


def test_pages_keep_their_streams_open_as_long_as_they_like() -> None:
    assert client(0.05).get("/gradio_api/queue/data").text == "late"
