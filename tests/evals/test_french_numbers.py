"""What a number in words is worth."""

import pytest

from evals.french_numbers import value_of


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("un", 1),
        ("dix-sept", 17),
        ("vingt et un", 21),
        ("vingt-et-une", 21),
        ("soixante-dix", 70),
        ("soixante et onze", 71),
        ("quatre-vingts", 80),
        ("quatre-vingt-dix-neuf", 99),
        ("nonante-deux", 92),
        ("cent", 100),
        ("deux cents", 200),
        ("deux cent quarante-trois", 243),
        ("mille", 1000),
        ("Douze mille", 12_000),
        ("trois mille cinq cents", 3500),
        ("quatre-vingt mille", 80_000),
        ("neuf cent quatre-vingt-dix-neuf mille neuf cent quatre-vingt-dix-neuf", 999_999),
        ("vingtaine", 20),
        ("milliers", 1000),
        ("troisième", 3),
        ("quatrième", 4),
        ("cinquième", 5),
        ("onzième", 11),
        ("commune", None),
        ("deux trois", None),
        ("cent mille mille", None),
        ("", None),
    ],
)
def test_the_value_of_a_number_in_words(words: str, value: int | None) -> None:
    assert value_of(words) == value
