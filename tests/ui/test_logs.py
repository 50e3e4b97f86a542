"""One JSON object a line, whoever writes it, and never what was asked."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from ui import logs


@pytest.fixture(autouse=True)
def loggers_as_they_were() -> Iterator[None]:
    """As in a process of our own: a server of another test may have given its loggers handlers and a level."""
    loggers = [logging.getLogger(name) for name in (None, "uvicorn", "uvicorn.error", "assistant_elus")]
    before = [(list(one.handlers), one.level, one.propagate) for one in loggers]
    for one in loggers[1:]:
        one.handlers[:], one.propagate = [], True
        one.setLevel(logging.NOTSET)
    yield
    for one, (handlers, level, propagate) in zip(loggers, before, strict=True):
        one.handlers[:], one.propagate = handlers, propagate
        one.setLevel(level)


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_our_lines_and_those_of_libraries_have_one_form(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    logging.getLogger("assistant_elus.requests").info("request", extra={"route": "/v1/ask", "ms": 12.5})
    logging.getLogger("uvicorn.error").warning("Invalid %s", "HTTP", extra={"color_message": "\x1b[31mInvalid"})
    ours, theirs = written(capsys)
    assert ours["event"] == "request" and ours["route"] == "/v1/ask" and ours["ms"] == 12.5
    assert (theirs["event"], theirs["logger"], theirs["level"]) == ("Invalid HTTP", "uvicorn.error", "warning")
    assert "color_message" not in theirs
    assert all(line["timestamp"].endswith("Z") for line in (ours, theirs))


def test_a_traceback_stays_on_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    try:
        raise ValueError("étrange")
    except ValueError:
        logging.getLogger("alembic").exception("failed")
    (line,) = written(capsys)
    assert "ValueError: étrange" in line["exception"]


def test_a_chatty_library_is_not_heard(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    logging.getLogger("httpx").info("GET http://exemple.fr/?q=secret")
    assert written(capsys) == []


def test_what_is_noted_outside_of_a_request_goes_nowhere() -> None:
    logs.note(outcome="answered")
    line = logs.begin_line()
    logs.note(outcome="partial")
    assert line == {"outcome": "partial"}
