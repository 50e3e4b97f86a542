"""The nearest word of the corpus to a word typed wrong or cut short."""

import pytest

from indexing import Vocabulary, stem

TEXTS = [
    "La coopérative accompagne les communes nouvelles.",
    "La commune développe une coopérative de développement local.",
    "La commune soutient l'association et la conférence web des élus.",
    "La circulaire de 2012 rappelle le rôle du conseil.",
]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary.of(TEXTS)


def test_words_are_counted_once_a_passage() -> None:
    counted = Vocabulary.of(["eau eau EAU", "l'eau"])
    assert dict(counted.counts) == {"eau": 2}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("coperative", "cooperative"),
        ("assocation", "association"),
        ("assoicatoin", "association"),
        ("comune", "commune"),
        ("Circulaiire", "circulaire"),
        ("conseli", "conseil"),
    ],
)
def test_a_wrong_letter_finds_its_word(vocabulary: Vocabulary, typed: str, meant: str) -> None:
    assert vocabulary.nearest(typed) == meant


@pytest.mark.parametrize("typed", ["coopérative", "commune", "hippopotame", "rôl", "elu", "20122", "L1111"])
def test_known_far_short_and_numbered_words_are_left_alone(vocabulary: Vocabulary, typed: str) -> None:
    assert vocabulary.nearest(typed) is None


def test_a_short_word_is_corrected_by_one_edit_only(vocabulary: Vocabulary) -> None:
    assert vocabulary.nearest("conmume") is None


def test_the_commonest_of_equally_near_words_wins() -> None:
    assert Vocabulary({"partie": 1, "parmie": 4, "paroie": 2}).nearest("parzie") == "parmie"


def test_a_wrong_first_letter_comes_last() -> None:
    assert Vocabulary({"barrage": 9, "garrige": 1}).nearest("garrage") == "garrige"


def test_completions_are_the_commonest_first(vocabulary: Vocabulary) -> None:
    assert vocabulary.completions("com") == ["commune", "communes"]
    assert vocabulary.completions("dev", most=1) == ["developpe"]
    assert vocabulary.completions("co") == []
    assert vocabulary.completions("zzz") == []


def test_words_run_together_are_parted(vocabulary: Vocabulary) -> None:
    assert vocabulary.parts("webconference") == ("web", "conference")
    assert vocabulary.parts("webconf") == ("web", "conference")
    assert vocabulary.parts("hippopotame") is None


def test_a_term_is_known_by_any_of_its_words(vocabulary: Vocabulary) -> None:
    assert vocabulary.knows(stem("cooperatives"))
    assert not vocabulary.knows(stem("hippopotame"))


def test_an_empty_vocabulary_knows_nothing() -> None:
    empty = Vocabulary.of([])
    assert empty.nearest("commune") is None
    assert empty.completions("com") == []
