"""French text to search terms."""

import pytest

from indexing import fold, stem, terms, tokens


def words(text: str) -> list[str]:
    return [token.word for token in tokens(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("régie", "REGIE"),
        ("œuvre", "oeuvre"),
        ("l’élu", "l'elu"),
        ("Noël", "noel"),
        ("e\u0301lu", "élu"),
        ("12\u202f000", "12 000"),
    ],
)
def test_folding_forgets_case_accents_and_typography(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("élus", "élu"),
        ("pôles", "pôle"),
        ("prix", "prix"),
        ("communes nouvelles", "commune nouvelle"),
        ("coopératives", "coopérative"),
        ("accompagnent", "accompagne"),
        ("accompagner", "accompagne"),
        ("financement", "financer"),
        ("départements", "département"),
        ("lycées", "LYCÉE"),
    ],
)
def test_forms_of_one_word_meet(one: str, other: str) -> None:
    assert terms(one) == terms(other)


@pytest.mark.parametrize(("one", "other"), [("scic", "scop"), ("sem", "spl"), ("2014", "2015")])
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize("text", ["12 000", "12\u00a0000", "12\u202f000", "12.000", "12000"])
def test_a_number_is_one_term_however_it_is_written(text: str) -> None:
    assert terms(f"{text} habitants")[0] == "12000"


def test_numbers_stay_whole() -> None:
    assert words("3,5 % de 1 250 000 € en 2024") == ["3,5", "de", "1250000", "en", "2024"]


def test_neighbouring_numbers_do_not_merge() -> None:
    assert words("le 4 mars 2017 120 élus") == ["le", "4", "mars", "2017", "120", "elus"]
    assert words("01 44 55 66 77") == ["01", "44", "55", "66", "77"]


def test_law_articles_stay_whole() -> None:
    assert "l1111" in words("article L1111-6 du CGCT")
    assert "24bx01206" in words("arrêt n° 24BX01206")


@pytest.mark.parametrize("text", ["S.C.I.C.", "s.c.i.c", "SCIC", "scic"])
def test_an_acronym_is_one_term_with_or_without_dots(text: str) -> None:
    assert terms(f"une {text} rurale")[0] == "scic"


def test_initials_at_the_end_of_a_sentence_do_not_swallow_the_next_word() -> None:
    assert words("le plan B. Le conseil") == ["le", "plan", "b", "le", "conseil"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("l'eau", ["eau"]),
        ("d’abord", ["abord"]),
        ("qu'une régie", ["une", "regie"]),
        ("jusqu'au vote", ["au", "vote"]),
        ("lorsqu’elle agit", ["elle", "agit"]),
        ("aujourd'hui", ["aujourd", "hui"]),
    ],
)
def test_elisions_go(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_function_words_are_no_terms() -> None:
    assert terms("Est-ce que la commune peut, elle aussi, faire cela avec nous ?") == ["commun"]


def test_a_text_without_words_has_no_terms() -> None:
    assert terms(" … « » — ! ") == []
