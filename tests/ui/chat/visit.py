"""What a visitor of the chat does."""

import contextlib
from collections.abc import Iterator
from typing import Any

from tests.ui.browsing import HOSTILE, Seen, expect

__all__ = ["HOSTILE", "QUESTION", "ask", "asked", "expect", "is_there", "opened"]
QUESTION = "Une commune peut-elle entrer au capital ?"


@contextlib.contextmanager
def opened(browser: Any, url: str, address: str = "", **options: Any) -> Iterator[Any]:
    """A page of the chat; whatever happened in it, no console error and no call outside."""
    # An English browser: the page must be French all the same.
    context = browser.new_context(**{"locale": "en-US", "viewport": {"width": 1280, "height": 900}} | options)
    page = context.new_page()
    seen = Seen(page, url)
    page.goto(url + address)
    is_there(page)
    yield page
    context.close()
    assert seen.errors == []
    assert seen.outside == []


def is_there(page: Any) -> None:
    """The page is drawn and has asked the server what it shows: its foot comes with that."""
    # The waiting page reloads itself until the chat is there.
    expect(page.get_by_label("Votre question")).to_be_visible(timeout=60_000)
    expect(page.locator("#foot")).to_contain_text("Accessibilité", timeout=60_000)


def type_in(field: Any, text: str) -> None:
    """No faster than hands: Gradio fills a field a moment after it draws it, and learns later what is typed."""
    field.page.wait_for_timeout(400)
    field.fill(text)
    field.page.wait_for_timeout(200)


def ask(page: Any, question: str = QUESTION) -> None:
    box = page.get_by_label("Votre question")
    box.press_sequentially(question)
    box.press("Enter")


def asked(page: Any, question: str = QUESTION, number: int = 1) -> None:
    """The same, and its answer is whole."""
    ask(page, question)
    expect(page.locator(f"#m{number}-s1")).to_have_count(1)
    expect(page.locator("#print")).to_be_visible()
