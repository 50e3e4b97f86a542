"""The accessibility rules that a program can check, in every state; the keyboard alone; zoom."""

from typing import Any

import pytest

from assistant.answer import Reply
from tests.fakes import ABSTENTION, ANSWER, COMPARED
from tests.ui.chat.conftest import KeepingAssistant
from tests.ui.chat.visit import ask, expect, opened

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def check(page: Any, width: int) -> None:
    # Where the question box lies over the links that scroll under it, axe takes these for too near.
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    found = axe.Axe().run(page, options=RULES).response["violations"]
    assert [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("reply", [ANSWER, COMPARED, ABSTENTION], ids=["answer", "table", "abstention"])
def test_nothing_breaks_the_accessibility_rules(
    browser: Any, url: str, width: int, scheme: str, reply: Reply, fake: KeepingAssistant
) -> None:
    fake.reply, fake.related = reply, ("Qui vote dans une SCIC ?",)
    with opened(browser, url, viewport={"width": width, "height": 844}, color_scheme=scheme) as shown:
        check(shown, width)
        ask(shown)
        expect(shown.locator("#print")).to_be_visible()
        shown.locator('a[href="#m1-s1"]').first.click()
        expect(shown.locator("#m1-s1")).to_have_attribute("open", "")
        shown.get_by_role("radio", name="Incomplète").check()
        expect(shown.get_by_label("Un mot de plus")).to_be_visible()
        shown.get_by_role("button", name="Limiter à certains genres").click()
        shown.get_by_role("button", name="Ma collectivité").click()
        shown.get_by_role("button", name="Mes conversations").click()
        shown.get_by_role("button", name="Effacer cette conversation").click()
        expect(shown.get_by_role("button", name="Effacer pour de bon")).to_be_visible()
        check(shown, width)


def test_at_twice_the_size_nothing_is_lost(browser: Any, url: str, fake: KeepingAssistant) -> None:
    # A window of 1280 x 800 enlarged to 200 % shows 640 x 400 of the page.
    with opened(browser, url, viewport={"width": 640, "height": 400}, device_scale_factor=2) as shown:
        ask(shown)
        expect(shown.locator("#print")).to_be_visible()
        assert shown.evaluate("document.documentElement.scrollWidth") <= 640
        marker = shown.locator('a[href="#m1-s1"]').first
        marker.focus()
        shown.keyboard.press("Enter")
        expect(shown.locator("#m1-s1 > summary")).to_be_focused()
        expect(shown.locator("#m1-s1 > summary")).to_be_in_viewport()


def test_everything_is_done_with_the_keyboard_alone(page: Any, fake: KeepingAssistant) -> None:
    page.keyboard.type("Une commune peut-elle entrer au capital ?")
    page.keyboard.press("Enter")
    expect(page.locator("#print")).to_be_visible()

    def to(selector: str, key: str = "Shift+Tab") -> None:
        for _ in range(60):
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            page.keyboard.press(key)
        raise AssertionError(selector)

    page.get_by_label("Votre question").focus()
    to("#print")
    to("#reason input")
    page.keyboard.press("Space")
    expect(page.locator("#thanks")).to_contain_text("Merci")
    to('a[href="#m1-s2"]')
    page.keyboard.press("Enter")
    expect(page.locator("#m1-s2 > summary")).to_be_focused()
    to("#past-button")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Chercher un mot")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#past-button")).to_be_focused()
    expect(page.get_by_label("Chercher un mot")).to_be_hidden()
    expect(page.locator("#past-button")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Nouvelle conversation")).to_be_focused()
