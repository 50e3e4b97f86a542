"""Asking, reading, opening a passage, following up, abstaining, stopping."""

import time
from dataclasses import replace
from typing import Any

from assistant.answer import Answer, Citation, Sentence
from indexing import Progress
from tests.fakes import ABSTENTION, COMPARED, SCIC, FakeAssistant, passage_of
from tests.ui.chat.conftest import KeepingAssistant
from tests.ui.chat.visit import HOSTILE, ask, expect, opened


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


def test_an_abstention_shows_the_nearest_passages(page: Any, fake: KeepingAssistant) -> None:
    fake.reply = ABSTENTION
    ask(page)
    log = page.get_by_role("log")
    expect(log).to_contain_text("ne permettent pas de répondre")
    log.get_by_role("link").nth(2).click()
    expect(page.locator("#m1-s3")).to_have_attribute("open", "")
    expect(page.locator("#m1-s3")).to_contain_text("date inconnue")


def test_an_answer_is_stopped_and_the_next_question_asked(page: Any, fake: KeepingAssistant) -> None:
    fake.slow = True
    ask(page)
    expect(page.locator("#sources h2")).to_have_text("Passages trouvés")
    # A question sent before Gradio has let go of the stopped one would be dropped.
    with page.expect_response("**/gradio_api/reset"):
        page.get_by_role("button", name="Arrêter").click()
    expect(page.get_by_role("log")).to_contain_text("Réponse arrêtée.")
    fake.slow = False
    ask(page, "Et maintenant ?")
    expect(page.locator("#m2-s1")).to_have_count(1)
    expect(page.get_by_role("button", name="Arrêter")).to_be_hidden()


def test_no_step_of_a_stopped_answer_comes_after_the_word_that_it_is_stopped(page: Any, fake: KeepingAssistant) -> None:
    fake.slow = True
    for stopped in (1, 2, 3):
        ask(page)
        expect(page.locator("#sources h2").first).to_have_text("Passages trouvés")
        with page.expect_response("**/gradio_api/reset"):
            page.get_by_role("button", name="Arrêter").click()
        expect(page.get_by_text("Réponse arrêtée.")).to_have_count(stopped)
        expect(page.get_by_text("Lecture des documents")).to_have_count(0)
    example = page.get_by_role("button", name="Quelle différence entre une SCIC")
    page.get_by_role("button", name="Nouvelle conversation").click()
    expect(example).to_be_visible()
    ask(page, "Et ensuite ?")
    expect(page.get_by_role("log")).to_contain_text("Lecture des documents")
    page.get_by_role("button", name="Nouvelle conversation").click()
    expect(example).to_be_visible()
    expect(page.get_by_text("Et ensuite ?")).to_have_count(0)


def test_an_example_is_asked_and_a_new_conversation_begins_empty(page: Any, fake: KeepingAssistant) -> None:
    example = page.get_by_role("button", name="Quelle différence entre une SCIC et une association")
    example.click()
    expect(page.get_by_role("log")).to_contain_text("Quelle différence")
    expect(example).to_be_hidden()
    expect(page.locator("#print")).to_be_visible()
    page.get_by_role("button", name="Nouvelle conversation").click()
    expect(example).to_be_visible()
    expect(page.locator("details.source")).to_have_count(0)
    ask(page)
    expect(page.locator("#m1-s1")).to_have_count(1)
    assert fake.asked[-1][1] is None


def test_a_follow_up_stays_in_its_session_and_a_filter_is_passed(page: Any, fake: KeepingAssistant) -> None:
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


def test_a_comparison_is_a_table_that_opens_its_sources(page: Any, fake: KeepingAssistant) -> None:
    fake.reply = COMPARED
    cells = compared_cells(page)
    expect(page.get_by_role("columnheader", name="Association")).to_be_visible()
    expect(cells.nth(1)).to_have_text("Rien d'assez sûr trouvé dans les documents.", use_inner_text=True)
    assert cells.nth(0).bounding_box()["y"] == cells.nth(1).bounding_box()["y"]
    page.get_by_role("log").get_by_role("link", name="[3]").click()
    expect(page.locator("#m1-s3")).to_have_attribute("open", "")
    expect(page.locator("#m1-s3")).to_contain_text("Ce document est remplacé")


def test_on_a_phone_each_cell_stands_under_the_name_of_what_it_tells_of(
    browser: Any, url: str, page: Any, fake: KeepingAssistant
) -> None:
    fake.reply = COMPARED
    with opened(browser, url, viewport={"width": 390, "height": 844}) as phone:
        cells = compared_cells(phone)
        for number, column in enumerate(["SCIC", "Association", "SCIC", "Association"]):
            assert cells.nth(number).inner_text().startswith(f"{column}\n")
        assert cells.nth(0).bounding_box()["y"] < cells.nth(1).bounding_box()["y"]
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_hostile_text_does_nothing(page: Any, fake: KeepingAssistant) -> None:
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


def test_the_page_says_how_far_a_first_build_is(browser: Any, url: str, page: Any, fake: KeepingAssistant) -> None:
    fake.corpus, fake.progress = None, Progress("embedding", 10, 40)
    with opened(browser, url) as waiting:
        expect(waiting.locator("#standing")).to_contain_text("10 sur 40")
        fake.corpus, fake.progress = FakeAssistant().corpus, None
        expect(waiting.locator("#standing")).to_be_hidden(timeout=10_000)
