"""A server of the chat over a fake assistant that keeps its conversations, and a browser. Skipped without either."""

import contextlib
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import pytest

from assistant.answer import Turn
from assistant.applicability import Asker
from assistant.factory import open_store
from assistant.pipeline import Assistant
from assistant.session import LOCAL
from assistant.settings import Settings
from assistant.store import Store
from assistant.stream import StreamEvent, StreamPassages
from indexing import Filters
from tests.fakes import ANSWER, FakeAssistant
from tests.ui.browsing import browser, pytestmark
from tests.ui.chat.visit import opened
from ui.app import create_app

__all__ = ["browser"]
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            for mark in pytestmark:
                item.add_marker(mark)


@dataclass
class KeepingAssistant(FakeAssistant):
    """Writes its turns in the store, as the real one does."""

    store: Store | None = None
    slow: bool = False
    """It reads for ten seconds in many steps, unless it is stopped."""

    def ask(
        self,
        question: str,
        session_id: str | None = None,
        filters: Filters = Filters(),
        k: int = 8,
        profile: Asker = Asker(),
        owner: str = LOCAL,
        before: Sequence[str] = (),
    ) -> Turn:
        turn = super().ask(question, session_id, filters, k, profile, owner, before)
        assert self.store is not None
        turn = replace(turn, session_id=self.store.conversations.open(session_id, owner))
        assert self.store.conversations.keep(turn, owner)
        return turn

    def ask_stream(
        self,
        question: str,
        session_id: str | None = None,
        filters: Filters = Filters(),
        k: int = 8,
        profile: Asker = Asker(),
        owner: str = LOCAL,
        before: Sequence[str] = (),
    ) -> Generator[StreamEvent]:
        for _ in range(1000 if self.slow else 0):
            yield StreamPassages(self.hits)
            time.sleep(0.01)
        yield from super().ask_stream(question, session_id, filters, k, profile, owner, before)

    def begin_again(self) -> None:
        fresh = FakeAssistant()
        self.reply, self.records, self.corpus, self.progress = ANSWER, fresh.records, fresh.corpus, None
        self.related, self.questions, self.slow = (), {}, False


@pytest.fixture(scope="package")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="package")
def store(settings: Settings) -> Store:
    return open_store(settings)


@pytest.fixture(scope="package")
def assistant(store: Store) -> KeepingAssistant:
    return KeepingAssistant(store=store)


@pytest.fixture
def fake(assistant: KeepingAssistant) -> KeepingAssistant:
    """The assistant behind the page, as good as new."""
    assistant.begin_again()
    return assistant


@pytest.fixture(scope="package")
def url(assistant: KeepingAssistant, settings: Settings, store: Store) -> Iterator[str]:
    import uvicorn

    app = create_app(settings, cast(Assistant, assistant), store)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        wait_for_the_chat(address)
        yield address
        server.should_exit = True
        thread.join(20)


def wait_for_the_chat(address: str) -> None:
    """Gradio takes seconds to import, more on a busy machine."""
    for _ in range(240):
        with contextlib.suppress(urllib.error.URLError), urllib.request.urlopen(address, timeout=10) as answer:
            if answer.status == 200:
                return
        time.sleep(0.25)
    raise TimeoutError(address)


@pytest.fixture
def page(browser: Any, url: str, fake: KeepingAssistant) -> Iterator[Any]:
    """The chat as a visitor who comes for the first time opens it."""
    with opened(browser, url) as shown:
        yield shown
