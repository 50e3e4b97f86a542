"""What a question compares, and where a text names it."""

import pytest

from assistant.compared import compared_in, named_things, opens
from corpus import load_lexicon

KNOWN = named_things(["association", "regie", "scic", "spl"], load_lexicon(), ["La Régie personnalisée", "La SCIC"])


def labels(question: str) -> list[str]:
    return [thing.label for thing in compared_in(question, KNOWN)]


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("Quelle différence entre une SCIC et une association ?", ["SCIC", "Association"]),
        ("Association ou SCIC ?", ["Association", "SCIC"]),
        ("Comparer scic, spl et association", ["SCIC", "SPL", "Association"]),
        ("Une société coopérative d'intérêt collectif ou une SPL ?", ["SCIC", "SPL"]),
        ("Quelle différence entre le four et le moulin ?", ["Four", "Moulin"]),
        ("Comparez l'atelier relais avec la pépinière d'entreprises.", ["Atelier relais", "Pépinière d'entreprises"]),
    ],
)
def test_what_is_compared_is_read_in_the_question_s_order(question: str, things: list[str]) -> None:
    assert labels(question) == things


@pytest.mark.parametrize("question", ["Qu'est-ce qu'une SCIC ?", "Quelle différence ?", "Comparez.", ""])
def test_fewer_than_two_things_are_no_comparison(question: str) -> None:
    assert labels(question) == []


def test_at_most_four_things_are_compared() -> None:
    assert len(labels("Comparer SCIC, SPL, association, SEM, GIP et PTCE")) == 4


def test_a_status_is_shown_as_titles_write_it() -> None:
    assert labels("Régie ou SPL ?") == ["Régie", "SPL"]
    assert labels("regie ou spl") == ["Régie", "SPL"]


@pytest.mark.parametrize(
    ("text", "opened"),
    [
        ("SPL : les collectivités décident seules.", True),
        ("La SPL décide seule.", True),
        ("Dans la SPL, les collectivités décident seules.", True),
        ("Société publique locale (SPL) : un capital public.", True),
        ("La SPL Durance Habitat loge des jeunes.", False),
        ("SPL-U : un autre statut.", False),
        ("Les élus de la SPL décident.", False),
    ],
)
def test_a_text_opens_with_a_thing_not_with_one_that_bears_its_name(text: str, opened: bool) -> None:
    spl = next(thing for thing in KNOWN if thing.label == "SPL")
    assert opens(text, spl) is opened
