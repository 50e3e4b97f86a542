"""The questions an empty page offers."""

from datetime import date

from tests.fakes import ROLES, SCIC
from ui import messages
from ui.web.examples import SHOWN, examples_of

MANY = {SCIC.id: tuple(f"Question {n} sur la SCIC ?" for n in range(9)), ROLES.id: ("Quels rôles ?",)}
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def test_they_are_headings_of_every_kind_there_is() -> None:
    shown = examples_of(MANY, (SCIC, ROLES), "s1", MONDAY)
    assert len(set(shown)) == SHOWN
    assert "Quels rôles ?" in shown
    assert set(shown) <= {*MANY[SCIC.id], *MANY[ROLES.id]}


def test_they_stay_all_day_and_change_with_the_day_and_the_corpus() -> None:
    shown = examples_of(MANY, (SCIC, ROLES), "s1", MONDAY)
    assert shown == examples_of(MANY, (SCIC, ROLES), "s1", MONDAY)
    assert shown != examples_of(MANY, (SCIC, ROLES), "s1", TUESDAY)
    assert shown != examples_of(MANY, (SCIC, ROLES), "s2", MONDAY)


def test_a_corpus_without_questions_has_ours() -> None:
    assert examples_of({}, (SCIC, ROLES), "s1", MONDAY) == messages.EXAMPLE_QUESTIONS


def test_a_removed_document_offers_none() -> None:
    assert "Quels rôles ?" not in examples_of(MANY, (SCIC,), "s1", MONDAY)
