"""A portal on another origin puts the chat in its page and asks; a page of an origin not allowed is refused."""

import contextlib
import http.server
import threading
from collections.abc import Iterator
from typing import Any, cast

import pytest

from assistant.factory import open_store
from assistant.pipeline import Assistant
from assistant.settings import Settings
from tests.fakes import ABSTENTION, ANSWER, COMPARED, FakeAssistant
from tests.live_server import serving
from tests.ui.browsing import browser, expect, pytestmark
from ui.app import create_app

__all__ = ["browser", "pytestmark"]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
PAGE = """<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>Portail</title>
<link rel="icon" href="data:,"></head><body><main><h1>Portail</h1>
<script src="{url}/embed.js" data-cle="{key}" data-couleur="#7a1f5c"></script></main></body></html>"""


@contextlib.contextmanager
def portal(page: list[str]) -> Iterator[str]:
    """A site of one page on a port, hence an origin, of its own."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page[0].encode())

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def fake() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture(scope="module")
def sites(fake: FakeAssistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The addresses of a portal whose key it is, and of another with the same page."""
    settings = Settings(home=tmp_path_factory.mktemp("embed"))
    store = open_store(settings)
    page = [""]
    with portal(page) as allowed, portal(page) as stranger:
        _, secret = store.keys.create("Portail", ("ask",), origins=(allowed,))
        app = create_app(settings, cast(Assistant, fake), store, with_chat=False)
        with serving(app) as url:
            page[0] = PAGE.format(url=url, key=secret)
            yield allowed, stranger


@contextlib.contextmanager
def opened(browser: Any, url: str, **options: Any) -> Iterator[tuple[Any, list[str]]]:
    context = browser.new_context(**{"locale": "en-US", "viewport": {"width": 1280, "height": 900}} | options)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(url)
    yield page, errors
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_portal_asks_and_its_citations_open_in_place(
    browser: Any, sites: tuple[str, str], fake: FakeAssistant, width: int, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    allowed, _ = sites
    fake.asked.clear()
    with opened(browser, allowed, viewport={"width": width, "height": 900}, color_scheme=scheme) as (page, errors):
        chat = page.frame_locator("iframe")
        for reply in (ANSWER, COMPARED, ABSTENTION):
            fake.reply = reply
            chat.get_by_label("Votre question").focus()
            page.keyboard.type("Une commune au capital ?")
            page.keyboard.press("Enter")
            expect(chat.get_by_label("Votre question")).to_have_value("")
        log = chat.get_by_role("log")
        expect(log).to_contain_text("50 % du capital d'une SCIC")
        expect(log.get_by_role("table")).to_be_visible()
        expect(log).to_contain_text("Passages les plus proches")
        expect(log.get_by_role("listitem").first).to_contain_text("la société anonyme (SA)")
        marker = log.get_by_role("link", name="Voir la source 1").first
        marker.focus()
        page.keyboard.press("Enter")
        opened_source = log.locator("details[open]")
        expect(opened_source).to_contain_text("Les collectivités peuvent détenir ensemble")
        expect(opened_source).to_contain_text("22 décembre 2025 · règle")
        expect(opened_source.locator("summary")).to_be_focused()
        found = axe.run(page, options=RULES).response
        assert found["violations"] == []
        frame = page.frames[1]
        assert axe.run(frame, options=RULES).response["violations"] == []
        assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.screenshot(path=f"/tmp/edition-embed-{width}-{scheme}.png")
        sessions = [session for _, session, _, _ in fake.asked]
        assert sessions[0] is None and sessions[1] is not None and sessions[2] == sessions[1]
        assert errors == []


def test_a_page_of_another_origin_shows_nothing(browser: Any, sites: tuple[str, str]) -> None:
    _, stranger = sites
    with opened(browser, stranger) as (page, errors):
        expect(page.locator("iframe")).to_be_visible()
        page.wait_for_timeout(500)
        assert page.frame_locator("iframe").get_by_label("Votre question").count() == 0
        assert any("frame-ancestors" in error for error in errors)


def test_what_goes_wrong_is_said_in_french(browser: Any, sites: tuple[str, str], fake: FakeAssistant) -> None:
    allowed, _ = sites
    fake.error_after_passages = RuntimeError("boom")
    try:
        with opened(browser, allowed) as (page, _errors):
            chat = page.frame_locator("iframe")
            chat.get_by_label("Votre question").fill("Une SCIC ?")
            chat.get_by_role("button", name="Envoyer").click()
            expect(chat.get_by_role("log")).to_contain_text("Une erreur inattendue")
            expect(chat.get_by_label("Votre question")).to_have_value("Une SCIC ?")
    finally:
        fake.error_after_passages = None
