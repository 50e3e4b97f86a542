"""First-hand texts and fiches: room for both, a head start for the first."""

import pytest

from assistant.evidence import FEATURES, Candidate
from assistant.origin import HEAD_START, alternated, first_hand, mixed, put_ahead
from assistant.ranking import Scored
from assistant.retriever import Found
from corpus import Locator, Metadata, Reference
from indexing import Passage, Unit

TEXT = "La commune prête la halle."


def scored(name: str, value: float) -> Scored:
    unit = Unit("sentence", 0, len(TEXT))
    passage = Passage(name, name, 0, (), Locator("section", "debut"), TEXT, ((0, len(TEXT)),), 0, (unit,))
    return Scored(Candidate(Found(0, 1.0, 1.0, 1.0, 1.0, 1.0), passage, unit, 0, (0.0,) * len(FEATURES)), value)


def is_publication(one: Scored) -> bool:
    return one.candidate.passage.id.startswith("publication")


def names(ranked: list[Scored]) -> list[str]:
    return [one.candidate.passage.id for one in ranked]


def test_a_document_that_names_the_texts_behind_it_is_not_first_hand() -> None:
    assert first_hand(Metadata("Étude"))
    assert not first_hand(Metadata("Fiche", references=(Reference("Étude"),)))


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        ("FFFFFFFFPP", "FFPP"),
        ("PPPPPPPPFF", "PPFF"),
        ("FFFFFFFF", "FFFF"),
        ("PPPP", "PPPP"),
        ("FFFFFFFP", "FFFP"),
        ("PF", "PF"),
    ],
)
def test_half_of_the_room_is_held_for_each_origin_as_far_as_it_has_some(found: str, kept: str) -> None:
    numbered = list(enumerate(found))
    chosen = mixed(numbered, 4, lambda one: one[1] == "P")
    assert "".join(letter for _, letter in chosen) == kept
    assert chosen == sorted(chosen)


def test_a_publication_nearly_as_good_comes_before_a_fiche() -> None:
    ranked = [scored("fiche", 5.0), scored("publication", 5.1 - HEAD_START)]
    assert names(put_ahead(ranked, is_publication)) == ["publication", "fiche"]


def test_a_fiche_that_answers_much_better_stays_first() -> None:
    ranked = [scored("fiche", 5.0), scored("publication", 4.9 - HEAD_START)]
    assert names(put_ahead(ranked, is_publication)) == ["fiche", "publication"]


def test_scores_are_left_alone_when_all_come_from_one_origin() -> None:
    ranked = [scored("publication 1", 5.0), scored("publication 2", 4.0)]
    assert put_ahead(ranked, is_publication) == ranked


def test_what_completes_an_answer_comes_from_both_in_turn() -> None:
    ranked = [scored(name, 5.0) for name in ("fiche 1", "fiche 2", "fiche 3", "publication 1", "publication 2")]
    assert names(alternated(ranked, is_publication)) == [
        "fiche 1",
        "publication 1",
        "fiche 2",
        "publication 2",
        "fiche 3",
    ]
