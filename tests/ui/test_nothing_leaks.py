"""No log, no error body and no error file holds what was asked, a key, a cookie or an address of a person."""

import logging
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from assistant.settings import Settings
from tests.fakes import FakeAssistant
from tests.ui.conftest import Serve

WORDS = "zinzinulant"
KEY = "elus_cle-inventee-0123456789"
COOKIE = "biscuit-invente"
MAIL = "marie.zinzin@exemple.fr"
QUESTION = f"Le mot {WORDS} de {MAIL}"


@pytest.fixture
def said(capfd: pytest.CaptureFixture[str], settings: Settings) -> Iterator[list[str]]:
    """All that was logged at any level, printed, and written in the home; filled when the test ends."""
    told: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            # The client that asks is ours, and no part of the service.
            if not record.name.startswith("httpx"):
                told.append(self.format(record))

    handler = Keeping(logging.DEBUG)
    handler.setFormatter(logging.Formatter("%(message)s %(args)s %(exc_text)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield told
    root.removeHandler(handler)
    root.setLevel(level)
    told += [*capfd.readouterr()]
    told += [path.read_text(errors="replace") for path in settings.home.glob("*.log")]
    text = "\n".join(told)
    for secret in (WORDS, KEY, COOKIE, MAIL, "zinzin"):
        assert secret not in text, secret


def send_everything(client: TestClient) -> list[int]:
    headers = {"Authorization": f"Bearer {KEY}"}
    cookies = {"Cookie": f"elus_visiteur={COOKIE}; elus_compte={COOKIE}"}
    statuses = []
    for given in ({}, headers, cookies):
        for method, path, body in (
            ("POST", "/v1/ask", {"question": QUESTION}),
            ("POST", "/v1/ask/stream", {"question": QUESTION}),
            ("GET", f"/v1/search?query={WORDS}+{MAIL}", None),
            ("POST", "/v1/search", {"query": QUESTION, "k": WORDS}),
            ("GET", f"/v1/conversations?q={WORDS}", None),
            ("GET", f"/v1/conversations/{WORDS}", None),
            ("GET", f"/v1/documents/{WORDS}", None),
            ("GET", f"/{WORDS}?q={MAIL}", None),
            ("POST", f"/connexion?suite=/{WORDS}", None),
        ):
            answer = client.request(method, path, json=body, headers=given)
            statuses.append(answer.status_code)
    return statuses


def test_answers_and_refusals_say_nothing_of_what_was_asked(serve: Serve, said: list[str]) -> None:
    assert {200, 401, 404, 422} <= set(send_everything(serve()))


def test_an_unexpected_error_says_nothing_of_what_was_asked(serve: Serve, said: list[str], settings: Settings) -> None:
    statuses = send_everything(serve(FakeAssistant(error=RuntimeError("interne"))))
    assert 500 in statuses
    assert "interne" in (settings.home / "erreurs.log").read_text()


def test_a_store_that_is_away_says_nothing_of_what_was_asked(serve: Serve, said: list[str], settings: Settings) -> None:
    client = serve()
    (settings.home / "store.db").rename(settings.home / "elsewhere")
    assert 503 in send_everything(client)
