"""How common a French word is in general."""

from indexing import zipf
from indexing.frequency import UNKNOWN


def test_function_words_are_commoner_than_words_of_the_field() -> None:
    assert zipf("de") > zipf("commune") > zipf("intercommunalité") > UNKNOWN


def test_accents_and_case_do_not_count() -> None:
    assert zipf("élu") == zipf("ELU") == zipf("elu")


def test_a_word_the_list_does_not_hold_is_unknown() -> None:
    assert zipf("zxqvkj") == UNKNOWN


def test_the_scale_is_that_of_zipf() -> None:
    assert 6.5 < zipf("de") < 8
    assert all(0 < zipf(word) < 8 for word in ("mairie", "budget", "subvention"))
