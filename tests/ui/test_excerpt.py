"""Excerpts: verbatim pieces, around the quotes, never across a gap."""

import pytest

from indexing import Passage
from tests.fakes import SCIC, passage_of
from ui.excerpt import ELLIPSIS, excerpt

LINES = [f"Phrase numéro {n} du passage, assez longue pour compter vraiment." for n in range(40)]
LONG = "\n".join(LINES)


def assert_pieces_are_verbatim(shown: str, passage: Passage) -> None:
    for piece in shown.split(ELLIPSIS):
        start = passage.text.find(piece)
        assert piece and start >= 0, piece
        assert not [gap for gap in passage.gaps if start < gap < start + len(piece)], piece


def test_a_short_passage_is_shown_whole() -> None:
    passage = passage_of(SCIC, 0, "Première phrase.\nDeuxième phrase.")
    assert excerpt(passage, ("Deuxième phrase.",), 1000) == passage.text


def test_a_gap_is_shown_and_never_run_across() -> None:
    text = "Avant le trou.\nAprès le trou."
    passage = passage_of(SCIC, 0, text, gaps=(text.index("\n"),))
    assert excerpt(passage, ("Avant le trou.",), 1000) == "Avant le trou. … Après le trou."


def test_a_gap_inside_a_line_parts_it() -> None:
    passage = passage_of(SCIC, 0, "Le début la suite.", gaps=(9,))
    assert excerpt(passage, (), 1000) == "Le début … la suite."


@pytest.mark.parametrize("at", [0, 17, 39])
def test_a_long_passage_is_cut_around_its_quote(at: int) -> None:
    passage = passage_of(SCIC, 0, LONG)
    shown = excerpt(passage, (LINES[at],), 1000)
    assert 800 < len(shown) <= 1000
    assert LINES[at] in shown
    assert_pieces_are_verbatim(shown, passage)


def test_two_distant_quotes_are_both_there_and_whole() -> None:
    passage = passage_of(SCIC, 0, LONG)
    shown = excerpt(passage, (LINES[2], LINES[35]), 1000)
    assert LINES[2] in shown and LINES[35] in shown and ELLIPSIS in shown
    assert len(shown) <= 1000
    assert_pieces_are_verbatim(shown, passage)


def test_gaps_in_a_long_passage_are_kept() -> None:
    gaps = tuple(LONG.index(line) for line in LINES[1:])
    passage = passage_of(SCIC, 0, LONG, gaps=gaps)
    shown = excerpt(passage, (LINES[20], LINES[21]), 1000)
    assert LINES[20] + ELLIPSIS + LINES[21] in shown
    assert len(shown) <= 1000
    assert_pieces_are_verbatim(shown, passage)


def test_many_gaps_may_make_a_short_passage_too_long_to_show_whole() -> None:
    text = "ab " * 333
    passage = passage_of(SCIC, 0, text, gaps=tuple(range(3, 999, 3)))
    shown = excerpt(passage, (), 1000)
    assert 0 < len(shown) <= 1000
    assert_pieces_are_verbatim(shown, passage)


def test_a_passage_that_is_one_long_line_is_cut_after_a_word() -> None:
    passage = passage_of(SCIC, 0, "mot " * 500)
    shown = excerpt(passage, (), 1000)
    assert shown.endswith("mot") and len(shown) <= 1000


def test_a_quote_in_one_long_line_is_shown_at_least() -> None:
    passage = passage_of(SCIC, 0, "mot " * 500 + "la preuve " + "mot " * 500)
    assert excerpt(passage, ("la preuve",), 1000) == "la preuve"
