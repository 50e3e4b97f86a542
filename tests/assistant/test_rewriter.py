"""A follow-up is completed; a question that stands alone is left as it is."""

import pytest

from assistant.rewriter import each_standalone, standalone

BEFORE = ["Que fait la conserverie mobile du Val-Serein ?"]
SUBJECT = "conserverie mobile du Val-Serein"


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
        "Quel est le prix de la chaleur aux Trois-Combes ?",
        "Y a-t-il une subvention du département pour la SCIC ?",
        "Faut-il une délibération motivée du conseil municipal avant le vote ?",
        "Est-il possible de prêter la grande halle aux écoles du canton ?",
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
    assert standalone("et la conserverie fixe ?", BEFORE) == "et la conserverie fixe ? (mobile du Val-Serein)"


@pytest.mark.parametrize("question", ["", "   ", "?", "👍"])
def test_a_question_without_words_does_no_harm(question: str) -> None:
    assert standalone(question, BEFORE).startswith(question)


@pytest.mark.parametrize(
    "question", ["Quel est le prix de la chaleur ?", "Faut-il un vote du conseil ?", "Qui loue la salle ?"]
)
def test_a_short_question_without_a_name_leans_on_a_conversation_that_has_one(question: str) -> None:
    assert standalone(question, BEFORE) == f"{question} ({SUBJECT})"
    assert standalone(question, ["Quelles aides pour les communes rurales ?"]) == question


def test_lequel_is_one_of_those_of_the_question_before() -> None:
    before = ["Quelle différence entre une SCIC et une association ?"]
    completed = standalone("Lequel choisir pour un café ?", before)
    assert completed == "Lequel choisir pour un café ? (différence SCIC association)"


@pytest.mark.parametrize(
    "question",
    [
        "Revenons à la conserverie : combien de salariés emploie-t-elle à la halle du village ?",
        "Pour en revenir à la conserverie, combien de salariés ?",
        "Je reviens à la conserverie : qui la paie ?",
    ],
)
def test_a_conversation_returns_to_an_earlier_turn(question: str) -> None:
    before = [*BEFORE, "Quel est le prix de la chaleur bois aux Trois-Combes ?", "Qui tient le four de Larmont ?"]
    completed = standalone(question, before)
    assert completed == f"{question} (mobile du Val-Serein)"


def test_the_beginning_of_a_conversation_is_its_first_turn() -> None:
    before = [*BEFORE, "Quel est le prix de la chaleur bois aux Trois-Combes ?"]
    assert standalone("Revenons au début : qui paie ?", before) == f"Revenons au début : qui paie ? ({SUBJECT})"


def test_a_question_that_names_another_subject_leaves_the_old_one() -> None:
    question = "Qui préside la SEM des Trois-Combes ?"
    assert standalone(question, BEFORE) == question


def test_what_a_subject_keeps_reads_as_french() -> None:
    completed = standalone("et son maire ?", ["Parlez-moi de la gestion de fait de la commune."])
    assert completed == "et son maire ? (gestion de fait de la commune)"


def test_the_questions_of_a_conversation_are_completed_one_after_the_other() -> None:
    asked = [*BEFORE, "Qui la finance ?", "pourquoi ?"]
    assert each_standalone(asked) == [*BEFORE, f"Qui la finance ? ({SUBJECT})", f"pourquoi ? ({SUBJECT})"]
