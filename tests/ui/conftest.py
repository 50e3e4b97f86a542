"""The application over a fake assistant."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

import pytest
from starlette.testclient import TestClient

from assistant.factory import open_store
from assistant.pipeline import Assistant
from assistant.settings import Settings
from tests.fakes import FakeAssistant
from ui.app import create_app

Serve = Callable[..., TestClient]


def client_here(app: Any, **options: Any) -> TestClient:
    """A client on the same machine as the application: it is open to no other until it has a key or an account."""
    return TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50000), **options)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("ASSISTANT_ELUS_HOME", str(tmp_path / "home"))
    return Settings()


@pytest.fixture
def serve(settings: Settings) -> Iterator[Serve]:
    """serve(assistant) gives a client of the API over it; without one, over a fake that answers."""
    with ExitStack() as stack:

        def start(assistant: Any = None, **options: Any) -> TestClient:
            app = create_app(
                settings,
                cast(Assistant, assistant or FakeAssistant()),
                open_store(settings),
                with_chat=False,
                **options,
            )
            client = stack.enter_context(client_here(app, raise_server_exceptions=False))
            # What serve waits for in the background takes no time here, but it takes a thread.
            app.state.preparation.ended.wait(5)
            return client

        yield start


@pytest.fixture
def client(serve: Serve) -> TestClient:
    return serve()
