"""Conversations found again: reloaded, listed, searched, renamed, erased, carried away, and never another's."""

import io
import re
from typing import Any

import docx

from assistant.store import Store
from tests.ui.chat.visit import HOSTILE, QUESTION, asked, expect, is_there, opened, type_in


def session_of(page: Any) -> str:
    expect(page).to_have_url(re.compile(r"\?conversation=[\w-]{10,}$"))
    return str(page.url.split("=")[-1])


def with_past(page: Any) -> None:
    page.get_by_role("button", name="Mes conversations").click()
    expect(page.get_by_label("Chercher un mot")).to_be_focused()


def test_reloading_finds_the_conversation_again_with_its_sources(page: Any) -> None:
    asked(page)
    page.reload()
    expect(page.get_by_role("log")).to_contain_text("50 % du capital d'une SCIC")
    page.get_by_role("log").get_by_role("link", name="[2]").first.click()
    expect(page.locator("#m1-s2 > summary")).to_be_focused()


def test_coming_back_finds_the_latest_conversation_and_goes_on_with_it(page: Any, url: str, store: Store) -> None:
    asked(page)
    session_id = session_of(page)
    page.goto(url)
    expect(page.locator("#m1-s1")).to_have_count(1)
    asked(page, "Et son capital ?", 2)
    assert session_of(page) == session_id


def test_an_empty_page_stays_empty_when_reloaded(page: Any) -> None:
    asked(page)
    page.get_by_role("button", name="Nouvelle conversation").click()
    expect(page.locator("#m1-s1")).to_have_count(0)
    page.reload()
    is_there(page)
    expect(page.locator("#m1-s1")).to_have_count(0)


def test_an_older_conversation_is_looked_for_and_opened(page: Any) -> None:
    asked(page, "Qui gouverne une régie ?")
    first = session_of(page)
    page.get_by_role("button", name="Nouvelle conversation").click()
    expect(page.locator("#m1-s1")).to_have_count(0)
    asked(page, "Une seconde question ?")
    with_past(page)
    expect(page.get_by_role("radio", name="Une seconde question")).to_be_checked()
    page.get_by_label("Chercher un mot").press_sequentially("régie")
    expect(page.get_by_role("radio", name="Une seconde question")).to_have_count(0)
    page.get_by_role("radio", name="Qui gouverne une régie").check(force=True)
    expect(page.get_by_role("log")).to_contain_text("Qui gouverne une régie")
    assert session_of(page) == first


def test_a_conversation_is_renamed_then_erased_after_a_confirmation(page: Any, store: Store) -> None:
    asked(page)
    session_of(page)
    with_past(page)
    title = page.get_by_label("Titre de la conversation ouverte")
    type_in(title, "La halle")
    page.get_by_role("button", name="Renommer").click()
    expect(page.get_by_role("radio", name="La halle")).to_be_checked()
    expect(page.locator("#past-said")).to_have_text("C'est renommé.")
    page.get_by_role("button", name="Effacer cette conversation").click()
    page.get_by_role("button", name="La garder").click()
    expect(page.get_by_role("button", name="Effacer pour de bon")).to_be_hidden()
    page.get_by_role("button", name="Effacer cette conversation").click()
    page.get_by_role("button", name="Effacer pour de bon").click()
    expect(page.locator("#past-said")).to_have_text("C'est effacé.")
    expect(page.locator("#m1-s1")).to_have_count(0)
    page.reload()
    is_there(page)
    expect(page.locator("#m1-s1")).to_have_count(0)


def test_two_browsers_never_see_each_other_s_conversations(browser: Any, url: str, page: Any) -> None:
    asked(page, "Celle du premier navigateur ?")
    session_id = session_of(page)
    with opened(browser, url, f"/?conversation={session_id}") as other:
        expect(other.locator("#m1-s1")).to_have_count(0)
        with_past(other)
        expect(other.locator("#past-said")).to_contain_text("Aucune conversation")
        answer = other.request.get(f"{url}/v1/conversations/{session_id}/export?format=md")
        assert answer.status == 404


def test_a_conversation_is_carried_away_as_text_and_for_word(page: Any) -> None:
    asked(page)
    with page.expect_download() as waited:
        page.get_by_role("link", name="texte").click()
    text = waited.value.path().read_text(encoding="utf-8")
    assert QUESTION in text and "La SCIC, société coopérative" in text and "22 décembre 2025" in text
    with page.expect_download() as waited:
        page.get_by_role("link", name="Word").click()
    document = docx.Document(io.BytesIO(waited.value.path().read_bytes()))
    assert any(QUESTION in paragraph.text for paragraph in document.paragraphs)


def test_on_paper_there_are_the_question_the_answer_and_every_source_open(page: Any) -> None:
    asked(page)
    page.evaluate("window.print = () => { window.printed = true }")
    page.get_by_role("button", name="Imprimer").click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("#m1-s1")).to_contain_text("22 décembre 2025")
    assert page.locator("#m1-s1 blockquote").is_visible() and page.locator("#m1-s2 blockquote").is_visible()
    expect(page.get_by_label("Votre question")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(page.locator("#m1-s1 blockquote")).to_be_hidden()


def test_a_hostile_question_and_title_do_nothing_when_found_again(page: Any) -> None:
    asked(page, HOSTILE)
    with_past(page)
    title = page.get_by_label("Titre de la conversation ouverte")
    type_in(title, HOSTILE[:100])
    title.press("Enter")
    expect(page.locator("#past-said")).to_have_text("C'est renommé.")
    page.reload()
    expect(page.locator("#m1-s1")).to_have_count(1)
    with_past(page)
    expect(page.get_by_role("radio", name="<img src=")).to_have_count(1)
    assert page.evaluate("window.pwned") is None
    assert page.locator("#past img, #past form, #past script, #log img, #log form, #log script").count() == 0


def test_a_source_removed_since_is_not_shown_again(page: Any, fake: Any) -> None:
    asked(page)
    fake.records = fake.records[1:]
    page.reload()
    expect(page.get_by_role("log")).to_contain_text("Source retirée le 22 novembre 2026")
    expect(page.get_by_role("log")).not_to_contain_text("50 % du capital")
