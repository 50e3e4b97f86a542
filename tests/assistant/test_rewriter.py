"""A follow-up is completed; a question that stands alone is left as it is."""

import pytest

from assistant.rewriter import standalone

BEFORE = ["Que fait la conserverie mobile du Val-Serein ?"]
SUBJECT = "conserverie mobile Val-Serein"


@pytest.mark.parametrize(
    "question",
    [
        "et son capital ?",
        "qui l'anime avec eux ?",
        "Qui la finance ?",
        "qui l'anime ?",
        "Et le budget ?",
        "pourquoi ?",
        "Combien de salariés ?",
        "mais qui paie ?",
        "Quel est son budget ?",
        "Combien d'habitants sert-elle ?",
    ],
)
def test_a_follow_up_keeps_its_words_and_gains_the_subject(question: str) -> None:
    assert standalone(question, BEFORE) == f"{question} ({SUBJECT})"


def test_another_subject_gains_what_was_asked_of_the_one_before() -> None:
    completed = standalone("et pour les associations ?", ["Quelles aides pour les communes rurales ?"])
    assert completed == "et pour les associations ? (aides communes rurales)"


@pytest.mark.parametrize(
    "question",
    [
        "Quel est le prix de la chaleur ?",
        "Y a-t-il une subvention du département ?",
        "Faut-il une délibération du conseil municipal ?",
        "Est-il possible de prêter la halle aux écoles ?",
        "Une commune peut-elle entrer au capital d'une coopérative ?",
        "Nous voulons ouvrir une épicerie associative dans notre village de montagne cet hiver : qui peut leur prêter "
        "un local communal chauffé ?",
    ],
)
def test_a_question_that_stands_alone_is_untouched(question: str) -> None:
    assert standalone(question, BEFORE) == question


@pytest.mark.parametrize(
    "question", ["Qui préside la SEM et quels sont ses actionnaires ?", "La SCIC et son capital social ?"]
)
def test_a_possessive_whose_owner_is_in_the_question_points_at_nothing_before(question: str) -> None:
    assert standalone(question, BEFORE) == question


def test_the_first_question_is_never_completed() -> None:
    assert standalone("et son capital ?", []) == "et son capital ?"


def test_the_subject_is_kept_over_three_turns() -> None:
    before = list(BEFORE)
    for question in ["et son budget ?", "qui l'anime ?", "et ses salariés ?"]:
        before.append(standalone(question, before))
        assert before[-1] == f"{question} ({SUBJECT})"


def test_a_new_subject_replaces_the_old_one() -> None:
    before = [*BEFORE, "Quel est le prix de la chaleur bois aux Trois-Combes ?"]
    completed = standalone("et son budget ?", before)
    assert "chaleur bois" in completed
    assert "conserverie" not in completed


def test_what_only_opens_a_question_is_no_part_of_its_subject() -> None:
    assert standalone("et son prix ?", ["Parlez-moi de la halle couverte."]) == "et son prix ? (halle couverte)"


def test_a_word_already_said_is_not_said_again() -> None:
    assert standalone("et la conserverie fixe ?", BEFORE) == "et la conserverie fixe ? (mobile Val-Serein)"


@pytest.mark.parametrize("question", ["", "   ", "?", "👍"])
def test_a_question_without_words_does_no_harm(question: str) -> None:
    assert standalone(question, BEFORE).startswith(question)
