"""The chat as a person uses it, in a real browser, over the fake assistant. Skipped without playwright or Chromium."""

import contextlib
import shutil
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import pytest

from assistant.answer import Answer, Citation, Sentence
from assistant.pipeline import Assistant
from assistant.settings import Settings
from indexing import Progress
from tests.fakes import ABSTENTION, ANSWER, COMPARED, SCIC, FakeAssistant, passage_of
from ui.app import create_app

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.browser,
    # Gradio calls pandas in ways that pandas warns about, in its own threads.
    pytest.mark.filterwarnings("default"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]
expect = sync_api.expect

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
def fake() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture(scope="module")
def url(fake: FakeAssistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    import socket

    import uvicorn

    settings = Settings(home=tmp_path_factory.mktemp("home"))
    app = create_app(settings, cast(Assistant, fake))
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


@contextlib.contextmanager
def opened(browser: Any, url: str, **options: Any) -> Iterator[Any]:
    """A page of the chat; whatever happened in it, no console error and no call outside."""
    # An English browser: the page must be French all the same.
    context = browser.new_context(**{"locale": "en-US", "viewport": {"width": 1280, "height": 900}} | options)
    page = context.new_page()
    seen = Seen(page, url)
    page.goto(url)
    # The waiting page reloads itself until the chat is there.
    expect(page.get_by_label("Votre question")).to_be_visible(timeout=60_000)
    yield page
    context.close()
    assert seen.errors == []
    assert seen.outside == []


@pytest.fixture
def page(browser: Any, url: str, fake: FakeAssistant) -> Iterator[Any]:
    fake.reply, fake.records, fake.corpus, fake.progress = ANSWER, FakeAssistant().records, FakeAssistant().corpus, None
    with opened(browser, url) as shown:
        yield shown


def ask(page: Any, question: str = "Une commune peut-elle entrer au capital ?") -> None:
    box = page.get_by_label("Votre question")
    box.press_sequentially(question)
    box.press("Enter")


def test_an_answer_streams_and_its_marker_opens_the_right_passage(page: Any) -> None:
    ask(page)
    log = page.get_by_role("log")
    expect(log).to_contain_text("50 % du capital d'une SCIC")
    expect(log.get_by_role("listitem")).to_have_count(2)
    second = page.locator("#m1-s2")
    expect(second).to_have_count(1)
    assert second.get_attribute("open") is None
    log.get_by_role("link", name="[2]").first.click()
    expect(second).to_have_attribute("open", "")
    expect(second.locator("summary").first).to_be_focused()
    expect(second.locator("mark").first).to_have_text("La SCIC choisit l'une de ces formes commerciales\u00a0:")
    assert page.locator("#m1-s1").get_attribute("open") is None


def test_the_keyboard_opens_a_passage_too(page: Any) -> None:
    ask(page)
    marker = page.get_by_role("log").get_by_role("link", name="[1]")
    marker.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#m1-s1")).to_have_attribute("open", "")
    expect(page.locator("#m1-s1 > summary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#m1-s1")).not_to_have_attribute("open", "")


def test_the_first_stop_of_the_keyboard_leads_to_the_question(page: Any) -> None:
    # The question has the focus from the start: the first stop is found by walking back.
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.matches('a.skip')"):
            break
    link = page.get_by_role("link", name="Aller à la question")
    expect(link).to_be_focused()
    assert link.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    expect(page.get_by_label("Votre question")).to_be_focused()


def test_an_abstention_shows_the_nearest_passages(page: Any, fake: FakeAssistant) -> None:
    fake.reply = ABSTENTION
    ask(page)
    log = page.get_by_role("log")
    expect(log).to_contain_text("ne permettent pas de répondre")
    log.get_by_role("link").nth(2).click()
    expect(page.locator("#m1-s3")).to_have_attribute("open", "")
    expect(page.locator("#m1-s3")).to_contain_text("date inconnue")


def test_an_example_is_asked_and_a_new_conversation_begins_empty(page: Any, fake: FakeAssistant) -> None:
    example = page.get_by_role("button", name="Quelle différence entre une SCIC et une association")
    example.click()
    expect(page.get_by_role("log")).to_contain_text("Quelle différence")
    expect(example).to_be_hidden()
    page.get_by_role("button", name="Nouvelle conversation").click()
    expect(example).to_be_visible()
    expect(page.locator("details.source")).to_have_count(0)
    ask(page)
    expect(page.locator("#m1-s1")).to_have_count(1)
    assert fake.asked[-1][1] is None


def test_a_follow_up_stays_in_its_session_and_a_filter_is_passed(page: Any, fake: FakeAssistant) -> None:
    ask(page)
    expect(page.locator("#m1-s1")).to_have_count(1)
    page.get_by_role("button", name="Limiter à certains genres").click()
    page.get_by_label("Règles").check()
    ask(page, "Et son capital ?")
    expect(page.locator("#m2-s1")).to_have_count(1)
    assert fake.asked[-1][1] is not None and fake.asked[-1][2].kind == ("regle",)
    page.locator('a[href="#m1-s2"]').first.click()
    expect(page.locator("#m1-s2 > summary")).to_be_focused()


def compared_cells(page: Any) -> Any:
    ask(page, "SCIC ou association ?")
    expect(page.locator("#m1-s3")).to_have_count(1)
    return page.locator("#log table.compared td")


def test_a_comparison_is_a_table_that_opens_its_sources(page: Any, fake: FakeAssistant) -> None:
    fake.reply = COMPARED
    cells = compared_cells(page)
    expect(page.get_by_role("columnheader", name="Association")).to_be_visible()
    expect(cells.nth(1)).to_have_text("Rien d'assez sûr trouvé dans les documents.", use_inner_text=True)
    assert cells.nth(0).bounding_box()["y"] == cells.nth(1).bounding_box()["y"]
    page.get_by_role("log").get_by_role("link", name="[3]").click()
    expect(page.locator("#m1-s3")).to_have_attribute("open", "")
    expect(page.locator("#m1-s3")).to_contain_text("Ce document est remplacé")


def test_on_a_phone_each_cell_stands_under_the_name_of_what_it_tells_of(
    browser: Any, url: str, page: Any, fake: FakeAssistant
) -> None:
    fake.reply = COMPARED
    with opened(browser, url, viewport={"width": 390, "height": 844}) as phone:
        cells = compared_cells(phone)
        for number, column in enumerate(["SCIC", "Association", "SCIC", "Association"]):
            assert cells.nth(number).inner_text().startswith(f"{column}\n")
        assert cells.nth(0).bounding_box()["y"] < cells.nth(1).bounding_box()["y"]
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_hostile_text_does_nothing(page: Any, fake: FakeAssistant) -> None:
    document = replace(
        SCIC, metadata=replace(SCIC.metadata, title=HOSTILE, publisher=HOSTILE, url="javascript:alert(1)")
    )
    passage = passage_of(document, 0, HOSTILE, label=HOSTILE)
    citation = Citation(1, passage, document, (HOSTILE[:300],))
    fake.reply = Answer((Sentence(HOSTILE, (1,), 0.9),), (citation,))
    ask(page, HOSTILE)
    page.get_by_role("log").get_by_role("link", name="[1]").click()
    expect(page.locator("#m1-s1")).to_contain_text("window.pwned=1")
    time.sleep(0.5)
    assert page.evaluate("window.pwned") is None
    assert page.locator("#log img, #sources img, #log form, #sources form, #log script, #sources script").count() == 0
    assert page.locator("#sources a[href^=javascript], #sources a[href*=mechant], #log a[href*=mechant]").count() == 0


def test_the_page_is_french_and_says_that_a_machine_answers(page: Any) -> None:
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert page.title() == "Assistant des élus"
    expect(page.locator("#machine")).to_contain_text(
        "Une machine répond, d'après des documents à jour au 22 décembre 2025"
    )
    ask(page)
    expect(page.locator("#m1-s1")).to_have_count(1)
    spoken = page.evaluate(
        "[...document.querySelectorAll('button, [aria-label], [title]')].filter(e => e.offsetParent)"
        ".map(e => e.getAttribute('aria-label') || e.title || e.innerText).join(' | ')"
    )
    for english in ("Submit", "Stop", "Clear", "message:", "Scroll", "Copy", "Toggle", "Settings"):
        assert english not in spoken, spoken


def test_the_page_says_how_far_a_first_build_is(browser: Any, url: str, page: Any, fake: FakeAssistant) -> None:
    fake.corpus, fake.progress = None, Progress("embedding", 10, 40)
    with opened(browser, url) as waiting:
        expect(waiting.locator("#standing")).to_contain_text("10 sur 40")
        fake.corpus, fake.progress = FakeAssistant().corpus, None
        expect(waiting.locator("#standing")).to_be_hidden(timeout=10_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("reply", [ANSWER, COMPARED], ids=["answer", "table"])
def test_nothing_breaks_the_accessibility_rules(
    browser: Any, url: str, page: Any, width: int, scheme: str, reply: Answer, fake: FakeAssistant
) -> None:
    fake.reply = reply
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    with opened(browser, url, viewport={"width": width, "height": 844}, color_scheme=scheme) as shown:
        ask(shown)
        shown.locator('a[href="#m1-s1"]').first.click()
        expect(shown.locator("#m1-s1")).to_have_attribute("open", "")
        shown.get_by_role("button", name="Limiter à certains genres").click()
        found = axe.Axe().run(shown, options=options).response["violations"]
        assert [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found] == []
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
