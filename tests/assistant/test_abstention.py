"""What can be read off the evidence, by name, to tell enough from not enough."""

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.abstention import SIGNALS, known_topics
from assistant.answer import Answer
from assistant.factory import open_assistant, open_library
from assistant.pipeline import Assistant
from assistant.question import Query
from assistant.settings import Settings

Read = Callable[[str], Query]


@pytest.mark.parametrize(
    "question",
    [
        "Combien de salariés emploie la conserverie mobile ?",
        "Qui finance ?",
        "zorglub",
        "What is the price of heat for the village in 2023 and who pays for it?",
    ],
)
def test_signals_are_those_of_the_calibration_and_finite(assistant: Assistant, question: str) -> None:
    signals = assistant.weigh(question).signals
    assert list(signals) == list(SIGNALS)
    assert all(map(math.isfinite, signals.values()))


def test_what_the_evidence_lacks_is_seen(assistant: Assistant) -> None:
    signals = assistant.weigh("Combien de salariés la conserverie de Montferrand-sur-Lune avait-elle en 1987 ?").signals
    assert signals["figures_missing"] == 1.0
    assert signals["names_missing"] >= 1.0
    assert signals["unknown"] > 0
    covered = assistant.weigh("Combien de salariés emploie la conserverie mobile depuis 2019 ?").signals
    assert covered["figures_missing"] == covered["names_missing"] == covered["unknown"] == 0.0
    assert covered["covered_in_passage"] > signals["covered_in_passage"]


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Que fait la conserverie depuis 2019 ?", 0.0),
        ("Que fait la conserverie depuis 1987 ?", 1.0),
        ("Que fait la conserverie depuis le 3 mars 2019 ?", 1.0),
        ("Que fait la conserverie entre mai 1987 et le 3 mars 1988 ?", 2.0),
        ("Que fait la conserverie ?", 0.0),
    ],
)
def test_a_date_taken_for_granted_that_the_passage_does_not_state_is_seen(
    assistant: Assistant, question: str, missing: float
) -> None:
    assert assistant.weigh(question).signals["dates_missing"] == missing


def test_a_value_that_is_asked_and_not_given_is_seen(assistant: Assistant) -> None:
    names = ("value_asked", "amount_or_contact_asked", "value_not_in_unit", "value_not_in_passage")
    price = assistant.weigh("Quel est le prix de la chaleur ?").signals
    assert [price[name] for name in names] == [1.0, 1.0, 0.0, 0.0]
    phone = assistant.weigh("Quel est le téléphone de la conserverie mobile ?").signals
    assert [phone[name] for name in names] == [1.0, 1.0, 1.0, 1.0]
    assert phone["value_farther"] > price["value_farther"]
    explained = assistant.weigh("Pourquoi une conserverie mobile ?").signals
    assert [explained[name] for name in (*names, "value_farther")] == [0.0] * 5


def test_a_question_no_document_treats_is_far_from_all(assistant: Assistant) -> None:
    near = assistant.weigh("La conserverie mobile transforme les légumes invendus des maraîchers").signals
    far = assistant.weigh("Quelle équipe a gagné le championnat de football ?").signals
    assert 1 >= near["closeness"] > far["closeness"] >= -1


def test_a_number_far_from_what_is_counted_is_seen(assistant: Assistant) -> None:
    assert assistant.weigh("Combien de salariés emploie la conserverie ?").signals["count_not_beside"] == 0.0
    assert assistant.weigh("Combien de fondations aident ?").signals["count_not_beside"] == 1.0


def test_topics_are_names_the_corpus_knows(read: Read) -> None:
    assert known_topics(read("Que fait la Conserverie avec le DLA et Zorglub ?")) == ("Conserverie",)
    assert known_topics(read("Que fait la conserverie ?")) == ()


def test_topics_never_hold_a_figure(read: Read) -> None:
    topics = known_topics(read("Que dit la loi ESS-2014 du Département en 2019, 42 000 € et Régie2023 ?"))
    assert topics
    assert not any(character.isdigit() for topic in topics for character in topic)


def test_a_name_with_a_hyphen_is_a_topic_too(read: Read) -> None:
    assert known_topics(read("Que fait le maire du Val-Serein ?")) == ("Val-Serein",)


@pytest.mark.integration
def test_two_short_notes_are_enough_to_answer_from(tmp_path: Path) -> None:
    notes = {
        "lavoir.md": "# Le lavoir restauré\n\nLe lavoir a été restauré par douze bénévoles du village en 2021.\n",
        "fournil.md": "# Le fournil partagé\n\nLe fournil partagé cuit cent pains chaque dimanche au feu de bois.\n",
    }
    for name, text in notes.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    settings = Settings()
    open_library(settings).add([str(tmp_path / name) for name in notes], {}, lambda progress: None)
    reply = open_assistant(settings).ask("Combien de bénévoles ont restauré le lavoir ?").reply
    assert isinstance(reply, Answer)
