"""French texts: dates, places, and a text for every code."""

from typing import get_args

import pytest

from assistant.answer import NoteCode, WarningCode
from assistant.applicability import AskerType
from assistant.comparison import Criterion
from corpus import KINDS, Applicability, FailureCode, FindingCode
from corpus.formats import CONVERTIBLE
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
    assert set(messages.WARNINGS) == set(get_args(WarningCode))
    assert set(messages.CRITERIA) == set(get_args(Criterion))
    assert set(messages.ASKER_TYPES) == set(get_args(AskerType)) - {"autre"}


@pytest.mark.parametrize(
    ("holds_for", "said"),
    [
        (Applicability(None, 3499, ("commune",)), "Vaut pour les communes de 3\u202f499 habitants au plus."),
        (Applicability(10000), "Vaut pour les collectivités d'au moins 10\u202f000 habitants."),
        (Applicability(500, 2000, ("epci",)), "Vaut pour les intercommunalités de 500 à 2\u202f000 habitants."),
        (Applicability(types=("petr", "pnr")), "Vaut pour les PETR, les parcs naturels régionaux."),
    ],
)
def test_for_whom_a_document_holds_is_one_sentence(holds_for: Applicability, said: str) -> None:
    assert messages.holds_for(holds_for) == said


@pytest.mark.parametrize("topics", [(), ("Val-Serein", "SCIC")])
def test_an_abstention_names_its_topics_and_holds_no_figure(topics: tuple[str, ...]) -> None:
    said = messages.abstention(topics)
    assert "ne permettent pas de répondre" in said and messages.HANDOFF in said
    assert not any(character.isdigit() for character in said)
    assert all(topic in said for topic in topics)
    assert ("sujets voisins" in said) is bool(topics)
    assert set(messages.FINDINGS) == set(get_args(FindingCode))


def test_a_build_says_how_far_it_is() -> None:
    assert messages.progress("embedding", 120, 800) == "calcul des vecteurs, 120 sur 800 (15 %)"
    assert messages.progress("preparing", 0, 0) == "préparation du modèle"


def test_an_unknown_kind_of_invalid_value_still_has_a_sentence() -> None:
    assert messages.invalid_field("k", "some_new_type", {}) == "Le champ « k » n'est pas valable."


def test_every_problem_has_a_title() -> None:
    assert Problem("unexpected", 500, "x").body()["title"] == "Erreur inattendue"


def test_a_file_that_is_not_read_says_what_to_do() -> None:
    assert messages.failure("bilan.ppt", "unsupported", ".ppt") == (
        "bilan.ppt : format non pris en charge (.ppt : enregistrez-le au format .pptx)"
    )
    assert "tesseract-ocr-fra" in messages.failure("scan.pdf", "ocr_missing", "tesseract-ocr tesseract-ocr-fra")
    assert set(messages.FAILURE_DETAILS["unsupported"]) == set(CONVERTIBLE)


def test_the_technical_words_of_a_parser_are_left_out() -> None:
    assert messages.failure("x.docx", "damaged", "BadZipFile") == "x.docx : fichier abîmé ou tronqué"
    assert messages.failure("x.docx", "unsafe", "12000 entries") == "x.docx : fichier refusé par sécurité"
