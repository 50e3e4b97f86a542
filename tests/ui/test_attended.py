"""Every question waits in line and is counted, however it came; a slow reader keeps nobody waiting."""

from typing import Any, cast

import pytest
from starlette.testclient import TestClient

from assistant.pipeline import Assistant
from assistant.stream import StreamPassages, StreamSentence, StreamTurn
from tests.fakes import ABSTENTION, FakeAssistant
from tests.ui.conftest import Serve
from ui.api.overload import Line
from ui.attended import attended
from ui.metrics import Metrics
from ui.problem import Refused


def figures(metrics: Metrics) -> dict[str, float]:
    lines = metrics.text({}).decode().splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}


@pytest.fixture
def line() -> Line:
    return Line(at_once=1, seconds=0.05)


@pytest.fixture
def metrics(line: Line) -> Metrics:
    return Metrics(line)


def over(fake: FakeAssistant, line: Line, metrics: Metrics) -> Assistant:
    return attended(cast(Assistant, fake), line, metrics)


def test_an_answer_is_that_of_the_assistant_and_is_counted(line: Line, metrics: Metrics) -> None:
    fake = FakeAssistant()
    turn = over(fake, line, metrics).ask("Qui ?", "s-7", owner="key:1")
    assert (turn.question, turn.session_id, fake.owners) == ("Qui ?", "s-7", ["key:1"])
    counted = figures(metrics)
    assert counted['assistant_elus_answers_total{composer="extractive",outcome="answered"}'] == 1
    assert counted['assistant_elus_step_seconds_count{step="total"}'] == 1
    assert not line.present()


def test_an_abstention_is_counted_as_one(line: Line, metrics: Metrics) -> None:
    over(FakeAssistant(reply=ABSTENTION), line, metrics).ask("Qui ?")
    assert figures(metrics)['assistant_elus_answers_total{composer="extractive",outcome="abstained"}'] == 1


def test_while_one_is_worked_on_a_question_and_a_search_wait_and_are_turned_away(line: Line, metrics: Metrics) -> None:
    assistant = over(FakeAssistant(), line, metrics)
    with line.place():
        with pytest.raises(Refused):
            assistant.ask("Qui ?")
        with pytest.raises(Refused):
            next(assistant.ask_stream("Qui ?"))
        with pytest.raises(Refused):
            assistant.search("qui")
    assert assistant.search("qui")


def test_who_reads_slowly_keeps_nobody_waiting(line: Line, metrics: Metrics) -> None:
    assistant = over(FakeAssistant(), line, metrics)
    slow = assistant.ask_stream("Qui ?")
    assert isinstance(next(slow), StreamPassages)
    assert assistant.ask("Un autre ?").question == "Un autre ?"
    assert isinstance(next(slow), StreamSentence)
    assert assistant.ask("Un troisième ?").question == "Un troisième ?"
    assert isinstance(list(slow)[-1], StreamTurn)
    assert not line.present() and line.working() == 0


def test_who_stops_reading_leaves_the_line(line: Line, metrics: Metrics) -> None:
    assistant = over(FakeAssistant(), line, metrics)
    gone = assistant.ask_stream("Qui ?")
    next(gone)
    assert line.present()
    cast(Any, gone).close()
    assert not line.present() and line.working() == 0


def test_a_question_that_fails_leaves_the_line(line: Line, metrics: Metrics) -> None:
    assistant = over(FakeAssistant(error=ValueError("!")), line, metrics)
    with pytest.raises(ValueError):
        assistant.ask("Qui ?")
    assert not line.present() and line.working() == 0


@pytest.mark.parametrize("address", ["/v1/ask", "/v1/ask/stream", "/v1/chat/completions"])
def test_a_full_line_is_a_503_in_french_with_a_time_to_come_back(
    address: str, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = busy(serve, monkeypatch)
    body = {"question": "Qui ?", "model": "assistant-elus", "messages": [{"role": "user", "content": "Qui ?"}]}
    wanted = ("model", "messages") if address.endswith("completions") else ("question",)
    refused = client.post(address, json={name: body[name] for name in wanted})
    assert refused.status_code == 503 and refused.headers["retry-after"] == "5"
    assert refused.headers["content-type"].startswith("application/problem+json")
    assert "Trop de questions" in refused.json()["detail"]
    assert client.get("/v1/search", params={"query": "scic"}).status_code == 503


def test_probes_answer_while_the_line_is_full(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    client = busy(serve, monkeypatch)
    assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200
    at_once = cast(Any, client.app).state.line.at_once
    assert f"assistant_elus_questions_working {at_once}.0" in client.get("/metrics").text


def busy(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A service whose places are taken, and whose line is full."""
    monkeypatch.setattr("ui.api.overload.MAX_WAITING", 0)
    client = serve()
    line: Line = cast(Any, client.app).state.line
    for _ in range(line.at_once):
        line.take(0, first=True)
    return client
