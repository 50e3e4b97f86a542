"""The values everything else is made of."""

import pytest

from corpus import Territory


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (Territory("Figeac", "Lot", "Occitanie"), "Figeac Lot Occitanie"),
        (Territory(departement="Jura"), "Jura"),
        (Territory(commune="Figeac", region="Occitanie"), "Figeac Occitanie"),
        (Territory(), ""),
    ],
)
def test_a_place_is_named_from_the_smallest(place: Territory, words: str) -> None:
    assert place.words == words
