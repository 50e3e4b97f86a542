"""French words for numbers, measures and départements, and the patterns that know how French asks."""

import re
import tomllib
from importlib.resources import files

import pytest

from assistant.french import departements, measures, number_words, patterns, words_of
from indexing import fold


def numbers(text: str) -> list[int]:
    return [value for _, _, value in number_words(fold(text))]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("deux", 2),
        ("seize", 16),
        ("dix-sept", 17),
        ("vingt et un", 21),
        ("vingt-et-une", 21),
        ("soixante-dix", 70),
        ("soixante et onze", 71),
        ("quatre-vingts", 80),
        ("quatre-vingt-onze", 91),
        ("nonante-neuf", 99),
        ("cent", 100),
        ("cent un", 101),
        ("deux cents", 200),
        ("deux cent vingt", 220),
        ("cent quatre-vingts", 180),
        ("mille", 1000),
        ("mille neuf cent quarante-sept", 1947),
        ("deux mille dix-huit", 2018),
        ("douze mille", 12_000),
        ("trois cent mille", 300_000),
        ("zéro", 0),
        ("une vingtaine", 20),
        ("une centaine", 100),
        ("un millier", 1000),
        ("la cinquième", 5),
        ("un million", 1),
    ],
)
def test_a_number_in_words_has_its_value(words: str, value: int) -> None:
    assert numbers(words) == [value]


@pytest.mark.parametrize("words", ["un", "une", "la commune", "les communs", "dixit", "pour cent", "l'un et l'une"])
def test_an_article_or_a_part_of_a_word_is_no_number(words: str) -> None:
    assert numbers(words) == []


def test_two_numbers_in_a_row_stay_two() -> None:
    assert numbers("entre cinq et six communes") == [5, 6]
    assert numbers("deux ou trois ans, puis quatre") == [2, 3, 4]


def test_numbers_come_in_reading_order_with_their_place() -> None:
    text = fold("La troisième année, une vingtaine d'élus et douze mille habitants")
    found = list(number_words(text))
    assert [text[start:end] for start, end, _ in found] == ["troisieme", "vingtaine", "douze mille"]


def test_each_unit_of_measure_has_one_form_and_no_other_unit_has_it() -> None:
    forms = measures()
    assert forms["heures"] == forms["h"] == forms["heure"]
    assert len({forms[unit] for unit in ("an", "mois", "jour", "heure", "m", "m2", "km", "kw", "kwh")}) == 9
    # A form listed under two units would silently change the meaning of the first.
    listed = [form for entry in words_of("measures", "words") for form in entry.split("|")]
    assert sorted(listed) == sorted(set(listed))


def test_the_departements_are_a_hundred_and_one_folded_names() -> None:
    names = departements()
    assert len(names) == len(set(names.values())) == 101
    assert (names["2A"], names["43"], names["976"]) == ("corse du sud", "haute loire", "mayotte")
    assert all(re.fullmatch("[a-z ]+", name) for name in names.values())


def test_opposites_have_two_sides_that_share_no_word() -> None:
    for pair in words_of("opposites", "pairs"):
        one, other = (set(side.split("|")) for side in pair.split("/"))
        assert not one & other, pair


def test_every_piece_is_written_as_the_text_it_is_tried_on() -> None:
    tables = tomllib.loads(files("assistant").joinpath("french.toml").read_text(encoding="utf-8"))
    # Words put before a name to ask a question, and the one list tried on words with their accents.
    unfolded = [*tables.pop("criteria_asked").values(), tables["openers"].pop("forms")]
    assert all(unfolded)
    pieces = [piece for lists in tables.values() for entries in lists.values() for piece in entries]
    assert [piece for piece in pieces if re.search("[àâäçéèêëîïôöùûü’]", piece)] == []


def test_a_pattern_matches_any_of_its_pieces() -> None:
    negation = patterns("negation")["words"]
    for text in ("ne vote pas", "jamais", "sans apport", "n'est plus membre", "aucune voix", "sont exclus"):
        assert negation.search(fold(text)), text
    for text in ("de plus", "non lucratif", "plus de voix", "passer", "sensé"):
        assert not negation.search(fold(text)), text
