"""The kind of value a question waits for, and the texts that hold one."""

from typing import get_args

import pytest

from assistant.expectation import Value, expected_value, holds_value, number_beside
from assistant.french import patterns
from indexing import stem


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("Quel est le prix de la chaleur ?", "amount"),
        ("Combien ça coûte ?", "amount"),
        ("Quel budget pour la halle ?", "amount"),
        ("À quel taux le département aide-t-il ?", "percentage"),
        ("Combien de salariés emploie la régie ?", "count"),
        ("Quand la halle a-t-elle ouvert ?", "date"),
        ("En quelle année ?", "date"),
        ("À quelle heure ouvre la mairie ?", "hour"),
        ("Quels sont les horaires de la halle ?", "hour"),
        ("Quelle est l'adresse mail de la régie ?", "email"),
        ("Quel est le courriel de la mairie ?", "email"),
        ("Quelle est l'adresse de la régie ?", "contact"),
        ("Comment joindre la régie ?", "contact"),
        ("Quel est le téléphone de la régie ?", "phone"),
        ("À quel numéro de téléphone la joindre ?", "phone"),
        ("Combien de temps dure le mandat ?", "duration"),
        ("Quel est le délai de paiement ?", "duration"),
        ("Combien d'années dure le bail ?", "duration"),
        ("Qui préside la régie ?", "person"),
        ("Par qui la halle est-elle animée ?", "person"),
        ("Pourquoi créer une régie ?", None),
        ("La commune peut-elle adhérer ?", None),
        ("La commune peut-elle entrer au capital ?", None),
        ("Le budget est-il voté en séance ?", None),
        ("capital minimum d'une SCIC", "amount"),
    ],
)
def test_a_question_waits_for_a_kind_of_value_or_for_an_explanation(question: str, value: Value | None) -> None:
    assert expected_value(question) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Le bocal vaut 4,50 €.", "amount"),
        ("La subvention atteint 42 000 euros.", "amount"),
        ("Le département paie 30 % des travaux.", "percentage"),
        ("La commune en paie la moitié.", "percentage"),
        ("Elle emploie six salariés.", "count"),
        ("Elle emploie 6 salariés.", "count"),
        ("Ouverte en 2019.", "date"),
        ("Ouverte le 1er août.", "date"),
        ("La halle ouvre à 8 h 30.", "hour"),
        ("La halle ouvre à 8 heures.", "hour"),
        ("Écrire à halle@vallon.example.", "contact"),
        ("Appeler le 03 00 00 00 00.", "contact"),
        ("Appeler le 03 00 00 00 00.", "phone"),
        ("Écrire à halle@vallon.example.", "email"),
        ("Le bail dure neuf ans.", "duration"),
        ("Le préavis est de 15 jours ouvrés.", "duration"),
        ("La régie est animée par Odile Vaubrun.", "person"),
    ],
)
def test_a_text_that_holds_the_value_is_seen(text: str, value: Value) -> None:
    assert holds_value(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Écrire à halle@vallon.example.", "phone"),
        ("Appeler le 03 00 00 00 00.", "email"),
        ("Appeler le 03 00 00 00 00.", "duration"),
        ("Le bocal vaut 4,50 €.", "percentage"),
        ("Le département paie 30 % des travaux.", "amount"),
        ("Elle emploie six salariés.", "duration"),
    ],
)
def test_a_value_of_another_kind_is_not_the_one_that_is_asked(text: str, value: Value) -> None:
    assert not holds_value(text, value)


@pytest.mark.parametrize("value", get_args(Value))
def test_a_text_without_any_value_holds_none(value: Value) -> None:
    assert not holds_value("La halle accueille des ateliers de cuisine pour les habitants.", value)


def test_the_question_s_own_figure_is_no_answer() -> None:
    text = "En 2023, la halle reçoit des écoles."
    assert holds_value(text, "count")
    assert not holds_value(text, "count", ["2023"])
    assert holds_value("En 20234, la halle.", "count", ["2023"])


def test_a_number_counts_when_it_stands_beside_what_is_counted() -> None:
    wanted = [frozenset({stem("salaries")})]
    assert number_beside("La conserverie emploie six salariés.", wanted)
    assert number_beside("La conserverie emploie 6 salariés.", wanted)
    far = "Les salariés de la conserverie mobile préparent chaque semaine avec soin et patience 300 bocaux."
    assert not number_beside(far, wanted)
    assert not number_beside("En 2023, des salariés arrivent.", wanted, ["2023"])
    assert not number_beside("Elle emploie six salariés.", [])


def test_every_value_has_its_patterns() -> None:
    assert set(patterns("values")) == set(get_args(Value))
    assert set(patterns("given")) == set(get_args(Value)) - {"person"}
