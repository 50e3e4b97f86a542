"""A question that asks several things is cut into questions that each stand alone."""

import pytest

from assistant.parts import MOST, split_parts


def said(question: str) -> list[str]:
    return [part.said for part in split_parts(question)]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Combien de salariés emploie la conserverie et qui paie la chaleur du gymnase ?",
            ["Combien de salariés emploie la conserverie ?", "Qui paie la chaleur du gymnase ?"],
        ),
        (
            "Combien coûte la halle du bourg ? Qui tient la buvette ?",
            ["Combien coûte la halle du bourg ?", "Qui tient la buvette ?"],
        ),
        (
            "Comment créer une régie, combien de voix a le maire et faut-il une délibération ?",
            ["Comment créer une régie ?", "Combien de voix a le maire ?", "Faut-il une délibération ?"],
        ),
        # Letters that fold into two: the cut must not slip.
        (
            "Comment œuvre le bœuf fermier et quel maître l'élève ?",
            ["Comment œuvre le bœuf fermier ?", "Quel maître l'élève ?"],
        ),
    ],
)
def test_each_thing_asked_is_a_part_in_its_own_words(question: str, parts: list[str]) -> None:
    assert said(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "Quel est le prix de la chaleur ?",
        "Quels rôles et quels statuts ?",
        "Qui finance et qui anime la halle ?",
        "La commune et l'association peuvent-elles louer la salle ?",
        "Combien coûte la chaleur du gymnase ? Merci !",
        "Bonjour, je suis maire. Mon village a une halle. Qui peut aider ?",
        "conserverie salaries prix",
        "",
        "?",
    ],
)
def test_a_question_that_asks_one_thing_is_left_as_it_is(question: str) -> None:
    assert [(part.said, part.question) for part in split_parts(question)] == [(question, question)]


def test_a_part_that_leans_on_the_first_is_completed_from_it() -> None:
    first, second = split_parts("Qu'est-ce qu'une SCIC et combien de communes peuvent y entrer ?")
    assert first.question == "Qu'est-ce qu'une SCIC ?"
    assert second.said == "Combien de communes peuvent y entrer ?"
    assert "SCIC" in second.question


def test_what_is_told_around_the_questions_stays_with_each() -> None:
    story = "Nous avons une halle vide."
    parts = split_parts(f"{story} Qui peut aider à ouvrir la halle ? Combien de mois dure le chantier ?")
    assert len(parts) == 2
    assert all(part.question.startswith(story) and story not in part.said for part in parts)


def test_more_parts_than_can_be_answered_well_stay_one_question() -> None:
    many = ", ".join(f"qui paie le toit numéro {n}" for n in range(MOST)) + " et qui paie la route ?"
    assert said(many) == [many]
