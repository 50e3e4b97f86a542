"""Questions offered beside an answer: headings of the documents, word for word."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answer import Abstention
from assistant.related import question_headings, related_questions, stands_alone
from indexing import Filters
from tests.fakes import ANSWER, CAPITAL, FORMS, HITS, ROLES, SCIC, passage_of
from tests.small_index import assistant_over, publish

DOCUMENTS = {SCIC.id: SCIC, ROLES.id: ROLES}
VOTES = "Qui vote dans une SCIC ?"
MONEY = "Que deviennent les bénéfices d'une SCIC ?"
COST = "Combien coûte une SCIC ?"
HEADINGS = {SCIC.id: ("La commune peut-elle entrer au capital ?", VOTES, MONEY, COST), ROLES.id: ("Quels rôles ?",)}


@pytest.mark.parametrize(
    ("heading", "alone"),
    [
        ("Qui vote dans une SCIC ?", True),
        ("Une SCIC peut-elle embaucher ?", True),
        ("Quels sont les plafonds en vigueur ?", False),
        ("Jusqu'à quand cette SCIC est-elle aidée ?", False),
        ("SCIC ?", False),
    ],
)
def test_a_heading_read_alone_must_name_what_it_is_about(heading: str, alone: bool) -> None:
    assert stands_alone(heading, "La SCIC, société coopérative d'intérêt collectif") is alone


def test_only_questions_of_documents_that_nothing_replaces_are_kept_each_once() -> None:
    passages = [
        passage_of(SCIC, 0, "Un associé, une voix.", label=VOTES),
        passage_of(SCIC, 1, "Sans condition de capital.", label=VOTES),
        passage_of(SCIC, 2, "Une société.", label="En bref sur la SCIC"),
        passage_of(ROLES, 0, "Elle finance.", label="Quels rôles d'une collectivité ?"),
    ]
    assert ROLES.metadata.superseded_by
    assert question_headings(passages, DOCUMENTS) == {SCIC.id: (VOTES,)}


def test_what_the_answer_quotes_from_is_not_offered_again_nor_the_question_itself() -> None:
    assert CAPITAL.heading[-1] in HEADINGS[SCIC.id]
    found = related_questions("Qui vote, dans une scic", ANSWER, HITS, HEADINGS, DOCUMENTS)
    assert found == (MONEY, "Quels rôles ?", COST)


def test_the_heading_nearest_the_question_comes_first_of_its_document() -> None:
    found = related_questions("Le coût d'une SCIC ?", ANSWER, (), HEADINGS, DOCUMENTS)
    assert found[0] == VOTES
    found = related_questions("Les bénéfices d'une SCIC ?", ANSWER, (), HEADINGS, DOCUMENTS)
    assert found[0] == MONEY


def test_an_abstention_offers_what_the_nearest_documents_answer() -> None:
    found = related_questions("Le prix du pain ?", Abstention(HITS), HITS, HEADINGS, DOCUMENTS)
    assert found == ("La commune peut-elle entrer au capital ?", "Quels rôles ?", VOTES)


def test_a_document_that_the_filters_hide_offers_nothing() -> None:
    found = related_questions("Quoi ?", Abstention(HITS), HITS, HEADINGS, DOCUMENTS, Filters(kind=("role",)))
    assert found == ("Quels rôles ?",)


def test_a_document_no_longer_there_offers_nothing() -> None:
    gone = replace(FORMS, document_id="d-autre")
    assert gone.document_id not in DOCUMENTS
    assert related_questions("Quoi ?", ANSWER, HITS, HEADINGS, {ROLES.id: ROLES}) == ("Quels rôles ?",)


def test_an_answer_comes_with_other_questions_of_its_documents(tmp_path: Path) -> None:
    publish(
        tmp_path / "home",
        {
            "chaufferie.md": "# La chaufferie de Bellecombe\n\n"
            "## Qui paie la chaufferie de Bellecombe ?\n\nLa chaufferie de Bellecombe est payée par la commune.\n\n"
            "## Que brûle la chaufferie de Bellecombe ?\n\nLa chaufferie de Bellecombe brûle du bois local.\n\n"
            "## Et ensuite ?\n\nRien n'est décidé pour la chaufferie de Bellecombe."
        },
    )
    assistant = assistant_over(tmp_path / "home")
    turn = assistant.ask("Qui paie la chaufferie de Bellecombe ?")
    assert turn.related == ("Que brûle la chaufferie de Bellecombe ?",)
    assert [len(headings) for headings in assistant.headings().values()] == [2]
