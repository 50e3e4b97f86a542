"""A real browser for the tests of the pages, what it saw, and a text that tries to do harm. Skipped without either."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    # Gradio calls pandas in ways that pandas warns about, in its own threads.
    pytest.mark.filterwarnings("default"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]
expect = sync_api.expect
# A busy machine takes its time; what never comes is still found out.
expect.set_options(timeout=20_000)

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
HOSTILE = (
    '<img src="https://mechant.example/a.png" onerror="window.pwned=1"><script>window.pwned=1</script> '
    "![i](https://mechant.example/b.png) <form action='https://mechant.example'><button>x</button></form> "
    "<p style='position:fixed;inset:0'>x</p> [l](javascript:window.pwned=1) https://mechant.example/c"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


class Seen:
    """What the browser complained of, and whom it called."""

    def __init__(self, page: Any, url: str) -> None:
        self.errors: list[str] = []
        self.outside: list[str] = []
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._note(request.url, url))

    def _note(self, called: str, url: str) -> None:
        if not called.startswith((url, "data:", "blob:")):
            self.outside.append(called)
