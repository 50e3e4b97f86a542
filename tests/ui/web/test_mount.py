"""A waiting page until the chat is there, and the API at the same time."""

from typing import cast

from assistant.factory import open_store
from assistant.pipeline import Assistant
from assistant.settings import Settings
from tests.fakes import FakeAssistant
from tests.ui.conftest import client_here
from ui.app import create_app


def test_the_chat_says_it_is_coming_while_the_api_answers(settings: Settings) -> None:
    # Not entered, the client does not start the application: this is what is seen before the chat has come.
    client = client_here(create_app(settings, cast(Assistant, FakeAssistant()), open_store(settings)))
    page = client.get("/")
    assert page.status_code == 503 and "encore quelques secondes" in page.text and 'lang="fr"' in page.text
    assert client.get("/healthz").status_code == 200
    assert client.get("/gradio_api/queue/data").status_code == 503
    assert client.get("/v1/nope").headers["content-type"].startswith("application/problem+json")


def test_files_of_the_pages_are_served(settings: Settings) -> None:
    client = client_here(create_app(settings, cast(Assistant, FakeAssistant()), open_store(settings)))
    for name in ("cite.js", "francais.js", "waiting.css", "style.css", "favicon.png"):
        assert client.get(f"/interface/{name}").status_code == 200
    assert client.get("/interface/../theme.py").status_code in (404, 503)
