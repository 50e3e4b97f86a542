"""Around an answer: marks, related questions, examples, who asks, what helps when there is no answer."""

from typing import Any

from assistant.answer import Answer
from assistant.applicability import Asker
from assistant.store import Store
from tests.fakes import ABSTENTION, ANSWER, SCIC
from tests.ui.chat.conftest import KeepingAssistant
from tests.ui.chat.visit import HOSTILE, ask, asked, expect, is_there, type_in

RELATED = ("Qui vote dans une SCIC ?", HOSTILE[:110])


def test_a_mark_is_noted_changed_and_found_again(page: Any, store: Store, fake: KeepingAssistant) -> None:
    asked(page)
    turn_id = f"t-{len(fake.asked)}"
    owner = fake.owners[-1]
    page.get_by_role("radio", name="Utile").check()
    expect(page.locator("#thanks")).to_contain_text("Merci")
    assert store.feedback.of_turns([turn_id], owner)[turn_id].reason == "utile"
    page.get_by_role("radio", name="Source périmée").check()
    comment = page.get_by_label("Un mot de plus")
    type_in(comment, "La loi a changé.")
    page.get_by_role("button", name="Ajouter").click()
    expect(page.locator("#thanks")).to_contain_text("Merci")
    page.reload()
    expect(page.get_by_role("radio", name="Source périmée")).to_be_checked()
    mark = store.feedback.of_turns([turn_id], owner)[turn_id]
    assert (mark.reason, mark.comment) == ("source_perimee", "La loi a changé.")


def test_a_mark_is_given_by_keyboard(page: Any, store: Store, fake: KeepingAssistant) -> None:
    asked(page)
    page.get_by_role("radio", name="Utile").focus()
    page.keyboard.press("Space")
    expect(page.locator("#thanks")).to_contain_text("Merci")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="Incomplète")).to_be_checked()


def test_a_related_question_is_asked_word_for_word(page: Any, fake: KeepingAssistant) -> None:
    fake.related = RELATED
    asked(page)
    page.get_by_role("button", name="Qui vote dans une SCIC").click()
    expect(page.locator("#m2-s1")).to_have_count(1)
    assert fake.asked[-1][0] == RELATED[0]
    expect(page.get_by_role("button", name="<img src=")).to_be_visible()
    assert page.evaluate("window.pwned") is None and page.locator("#after img").count() == 0


def test_the_examples_are_questions_of_the_documents(page: Any, fake: KeepingAssistant) -> None:
    fake.questions = {SCIC.id: ("Qui vote dans une SCIC ?",)}
    page.reload()
    example = page.locator("#examples").get_by_role("button", name="Qui vote dans une SCIC ?")
    example.click()
    expect(page.locator("#m1-s1")).to_have_count(1)
    assert fake.asked[-1][0] == "Qui vote dans une SCIC ?"


def test_who_asks_is_said_once_shown_kept_and_passed(page: Any, fake: KeepingAssistant) -> None:
    page.get_by_role("button", name="Ma collectivité").click()
    page.get_by_role("radio", name="Commune", exact=True).check()
    type_in(page.get_by_label("Habitants"), "3 500 habitants")
    type_in(page.get_by_label("Numéro du département"), "39")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#asker")).to_contain_text("Commune de 3\u202f500 habitants, département 39")
    page.reload()
    is_there(page)
    expect(page.locator("#asker")).to_contain_text("Commune de 3\u202f500 habitants")
    asked(page)
    assert fake.askers[-1] == Asker(3500, "commune", "jura")
    page.get_by_role("link", name="modifier").click()
    expect(page.get_by_label("Habitants")).to_have_value("3500")
    page.get_by_role("button", name="Oublier").click()
    expect(page.locator("#asker")).to_be_hidden()
    asked(page, "Et encore ?", 2)
    assert fake.askers[-1] == Asker()


def test_a_profile_that_cannot_be_is_refused_in_french(page: Any) -> None:
    page.get_by_role("button", name="Ma collectivité").click()
    type_in(page.get_by_label("Numéro du département"), "99")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#profile-said")).to_contain_text("Aucun département n'a ce numéro.")
    expect(page.locator("#asker")).to_be_hidden()


def test_an_abstention_says_how_to_ask_better_and_that_the_gap_is_noted(page: Any, fake: KeepingAssistant) -> None:
    fake.reply, fake.related = ABSTENTION, RELATED[:1]
    ask(page)
    log = page.get_by_role("log")
    expect(log).to_contain_text("Ils traitent de sujets voisins : capital, gouvernance.")
    expect(log).to_contain_text("posez une question à la fois")
    expect(log).to_contain_text("Votre question est notée, sans votre nom")
    expect(page.locator("#related-title")).to_contain_text("Questions proches")
    expect(page.get_by_role("button", name="Qui vote dans une SCIC")).to_be_visible()


def test_the_answer_is_read_aloud_once_whole(page: Any, fake: KeepingAssistant) -> None:
    ask(page)
    said = page.locator("#said[role=status]")
    expect(said).to_contain_text("Réponse reçue.")
    expect(said).to_contain_text("Sources citées : 2.")
    assert isinstance(ANSWER, Answer) and page.locator("[role=log]").get_attribute("aria-live") == "off"


def test_the_foot_leads_to_the_other_pages(page: Any) -> None:
    for name, path in [("Confidentialité", "/confidentialite"), ("Accessibilité", "/accessibilite")]:
        link = page.locator("#foot").get_by_role("link", name=name)
        assert link.get_attribute("href") == path
        assert page.request.get(link.evaluate("a => a.href")).status == 200
