"""The chat knows its visitors apart, and the login page is one anybody can use. In a real browser."""

from typing import Any

import pytest

from assistant.answer import Answer
from tests.ui.chat.conftest import KeepingAssistant
from tests.ui.chat.visit import asked, expect, opened


def test_each_visitor_asks_under_a_name_of_its_own(browser: Any, url: str, fake: KeepingAssistant, page: Any) -> None:
    fake.owners.clear()
    assert isinstance(fake.reply, Answer)
    asked(page)
    page.reload()
    expect(page.locator("#m1-s1")).to_have_count(1)
    asked(page, number=2)
    with opened(browser, url) as another:
        asked(another)
    mine, mine_again, theirs = fake.owners
    assert mine.startswith("visitor:") and mine == mine_again
    assert theirs.startswith("visitor:") and theirs != mine


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_login_page_by_keyboard_and_by_the_accessibility_rules(
    browser: Any, url: str, width: int, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    shown = context.new_page()
    errors: list[str] = []
    shown.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    shown.goto(f"{url}/connexion?suite=/poste")
    options = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
    assert axe.Axe().run(shown, options=options).response["violations"] == []
    shown.get_by_label("Nom du compte").focus()
    shown.keyboard.type("inconnue")
    shown.keyboard.press("Tab")
    shown.keyboard.type("faux")
    shown.keyboard.press("Enter")
    expect(shown.get_by_role("alert")).to_contain_text("mot de passe n'est pas le bon")
    assert axe.Axe().run(shown, options=options).response["violations"] == []
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # The answer 401 itself is an error of the console.
    assert all("401" in error for error in errors)
    context.close()
