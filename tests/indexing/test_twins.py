"""Passages of several documents that say the same, but for what could change their meaning."""

import random

import pytest

from corpus import Locator
from indexing import Passage
from indexing.twins import find_twins

SLIDE = (
    "La société coopérative d'intérêt collectif réunit autour d'un même projet des salariés, des usagers, des "
    "bénévoles et des collectivités. Chaque associé dispose d'une voix en assemblée générale, quel que soit le montant "
    "de ses parts sociales. Les excédents sont mis en réserve pour consolider le projet commun, et la commune peut "
    "entrer au capital après une délibération motivée de son conseil municipal. La gouvernance partagée demande du "
    "temps, et chacun doit connaître les comptes avant de voter les décisions importantes."
)


def passage(number: int, text: str, document: str | None = None) -> Passage:
    return Passage(f"p{number}", document or f"d{number}", 0, (), Locator("slide", "1"), text, ((0, len(text)),), 0, ())


def twins(*texts: str) -> list[tuple[str, ...]]:
    return find_twins([passage(number, text) for number, text in enumerate(texts)])


def test_the_same_slide_of_two_decks_is_one_group() -> None:
    assert twins(SLIDE, "La régie gère le service public de l'eau de la commune.", SLIDE) == [("p0", "p2")]


@pytest.mark.parametrize(
    "other",
    [
        SLIDE.upper(),
        SLIDE.replace("é", "e"),
        SLIDE.replace(". ", ".\n\n- "),
        SLIDE.replace("consolider", "renforcer"),
        SLIDE[:-1] + ", comme chaque année.",
        SLIDE.replace("collectivités", "col lectivités"),
    ],
    ids=["capitals", "accents", "layout", "a word", "an ending", "a spot of bad OCR"],
)
def test_small_differences_do_not_part_twins(other: str) -> None:
    assert twins(SLIDE, other) == [("p0", "p1")]


@pytest.mark.parametrize(
    ("said", "otherwise"),
    [
        ("d'une voix", "d'1 voix"),
        ("la commune peut", "la commune ne peut pas"),
        ("un même projet", "un même projet sans but lucratif"),
        ("et la commune", "et la commune de Figeac"),
    ],
    ids=["a figure", "a negation", "an exclusion", "a name"],
)
def test_what_changes_the_meaning_parts_them(said: str, otherwise: str) -> None:
    assert said in SLIDE
    assert twins(SLIDE, SLIDE.replace(said, otherwise)) == []


def test_another_amount_is_another_text() -> None:
    aid = SLIDE + " Le département verse une aide de 42 000 € par an."
    assert twins(aid, aid.replace("42 000", "45 000")) == []
    assert twins(aid, aid.replace("€", "%")) == []
    assert twins(aid, aid) == [("p0", "p1")]


def test_texts_that_share_much_but_not_nine_tenths_stay_apart() -> None:
    first, _, rest = SLIDE.partition(". ")
    assert twins(SLIDE, rest) == []
    assert (
        twins(
            SLIDE, f"{first}. {rest.replace('réserve', 'banque').replace('parts', 'actions')}".replace("temps", "tact")
        )
        == []
    )


def test_short_passages_are_twins_only_when_equal() -> None:
    assert twins("Qui finance la régie de l'eau ?", "Qui finance la régie de l'eau ?") == [("p0", "p1")]
    assert twins("Qui finance la régie de l'eau ?", "Qui finance la régie du bois ?") == []
    assert twins("Merci", "Merci", "Questions", "") == [("p0", "p1")]


def test_what_one_document_repeats_is_no_group() -> None:
    assert find_twins([passage(0, SLIDE, "d"), passage(1, SLIDE, "d")]) == []
    assert find_twins([passage(0, SLIDE, "d"), passage(1, SLIDE, "d"), passage(2, SLIDE, "e")]) == [("p0", "p1", "p2")]


def test_all_of_a_group_are_twins_of_its_first() -> None:
    words = SLIDE.split()
    drifting = [" ".join(words[start : start + 70]) for start in range(0, 8, 2)]
    assert twins(*drifting) == [("p0", "p1"), ("p2", "p3")], "p1 and p2 are near, p0 and p2 are not"


def test_groups_are_the_same_each_time_and_never_share_a_passage() -> None:
    texts = [SLIDE, "Merci", SLIDE.replace("consolider", "renforcer"), "Merci", SLIDE, "La régie gère l'eau."]
    found = twins(*texts)
    assert found == twins(*texts) == [("p0", "p2", "p4"), ("p1", "p3")]


def test_nothing_has_no_twins() -> None:
    assert twins() == []
    assert twins("", "") == [], "a passage without words says nothing that another could say"


def test_twins_are_found_among_thousands_that_share_their_formulas() -> None:
    chance = random.Random(5)
    words = [f"mot{letter}{other}" for letter in "abcdefghijklmnop" for other in "abcdefghijklmnopqrstuv"]
    common = "Sous réserve de la décision de l'assemblée délibérante et dans la limite des crédits ouverts au budget"
    texts = [f"{common} {' '.join(chance.choices(words, k=60))}" for _ in range(2000)]
    texts += [text.replace("crédits", "moyens") for text in texts[:50]]
    assert twins(*texts) == [(f"p{number}", f"p{2000 + number}") for number in range(50)]


def test_hundreds_of_nearly_equal_copies_make_one_group() -> None:
    copies = [f"{SLIDE} Version {chr(97 + n // 26)}{chr(97 + n % 26)}." for n in range(300)]
    assert [len(group) for group in twins(*copies)] == [300]
