"""French texts: dates, places, and a text for every code."""

from typing import get_args

import pytest

from assistant.answer import NoteCode
from corpus import KINDS, FailureCode
from ui import messages
from ui.problem import Problem


@pytest.mark.parametrize(
    ("published", "said"),
    [
        ("2025-12-22", "22 décembre 2025"),
        ("2026-01-01", "1er janvier 2026"),
        ("2025-08", "août 2025"),
        ("2024", "2024"),
        (None, "date inconnue"),
        ("", "date inconnue"),
        ("bientôt", "date inconnue"),
        ("2025-13", "date inconnue"),
    ],
)
def test_dates_are_said_in_french(published: str | None, said: str) -> None:
    assert messages.date(published) == said


def test_a_place_without_a_label_is_named() -> None:
    assert messages.locator("page", "3", "") == "page 3"
    assert messages.locator("slide", "12", "") == "diapositive 12"
    assert messages.locator("section", "x", "En bref") == "En bref"


def test_every_code_has_its_text() -> None:
    assert set(messages.NOTES) == set(get_args(NoteCode))
    assert set(messages.KINDS) == set(messages.KINDS_PLURAL) == set(KINDS)
    assert set(get_args(FailureCode)) <= set(messages.FAILURES)


def test_a_build_says_how_far_it_is() -> None:
    assert messages.progress("embedding", 120, 800) == "calcul des vecteurs, 120 sur 800 (15 %)"
    assert messages.progress("preparing", 0, 0) == "préparation du modèle"


def test_an_unknown_kind_of_invalid_value_still_has_a_sentence() -> None:
    assert messages.invalid_field("k", "some_new_type", {}) == "Le champ « k » n'est pas valable."


def test_every_problem_has_a_title() -> None:
    assert Problem("unexpected", 500, "x").body()["title"] == "Erreur inattendue"
