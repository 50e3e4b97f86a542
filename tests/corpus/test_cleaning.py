"""What is dropped from a text, what is kept, and where words went missing."""

import unicodedata
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.cleaning import GAP, clean_characters, clean_markup, furniture, line_key, take_gaps


def kept(lines: list[str]) -> list[str]:
    dropped = furniture(lines)
    return [line for index, line in enumerate(lines) if index not in dropped]


def test_a_running_header_is_kept_once() -> None:
    header = "Rencontre des maires du Haut-Vallon"
    assert kept([header, "Accueil", header, "Débat", header, "Clôture"]) == [header, "Accueil", "Débat", "Clôture"]


def test_a_running_header_written_differently_is_the_same_line() -> None:
    lines = ["Rencontre des élus", "un", "RENCONTRE  DES ELUS", "deux", "**Rencontre des élus**", "trois"]
    assert kept(lines) == ["Rencontre des élus", "un", "deux", "trois"]


def test_a_line_said_twice_is_not_furniture() -> None:
    lines = ["Le conseil vote", "un", "Le conseil vote", "deux"]
    assert kept(lines) == lines


def test_a_repeated_single_word_is_dropped_everywhere() -> None:
    assert kept(["SOMMAIRE", "un", "SOMMAIRE", "deux", "SOMMAIRE"]) == ["un", "deux"]


@pytest.mark.parametrize("line", ["# Les aides", "- une subvention", "| Loyer | 300 € |", "1. Voter"])
def test_repeated_headings_items_and_rows_are_kept(line: str) -> None:
    assert kept([line] * 4) == [line] * 4


def test_a_long_repeated_line_is_kept() -> None:
    line = (
        "Chaque commune membre verse une contribution annuelle fixée par le conseil communautaire avant le mois de mars"
    )
    assert kept([line] * 3) == [line] * 3


@pytest.mark.parametrize("line", ["Page 3", "page 3 / 12", "p. 4 sur 6", "3/12", "Slide 7", "Diapositive 2"])
def test_page_numbers_are_dropped(line: str) -> None:
    assert kept(["La commune décide.", line, "Le préfet contrôle."]) == ["La commune décide.", "Le préfet contrôle."]


@pytest.mark.parametrize("line", ["2024", "Page 3 du guide", "12 élus", "1/3 du capital"])
def test_lines_that_only_resemble_page_numbers_are_kept(line: str) -> None:
    assert kept([line]) == [line]


@pytest.mark.parametrize("image", ["![plan](plan.png)", "![]()", "![plan][1]", '<img src="plan.png" alt="plan">'])
def test_an_image_leaves_a_gap(image: str) -> None:
    assert clean_markup(f"avant {image} après") == f"avant {GAP} après"


def test_a_link_keeps_its_label_and_leaves_a_gap_for_its_target() -> None:
    assert clean_markup("Voir [la mairie](https://exemple.fr/mairie) demain") == f"Voir la mairie{GAP} demain"


def test_a_link_with_a_title_keeps_only_its_label() -> None:
    assert clean_markup('[aide](https://exemple.fr "Les aides") utile') == f"aide{GAP} utile"


@pytest.mark.parametrize("link", ["[aide]()", "[aide](#)"])
def test_a_link_without_target_loses_no_word(link: str) -> None:
    assert clean_markup(f"une {link} utile") == "une aide utile"


def test_an_address_between_angle_brackets_is_kept() -> None:
    assert clean_markup("Écrire à <https://exemple.fr/contact>") == "Écrire à https://exemple.fr/contact"


def test_a_comment_leaves_a_gap() -> None:
    assert clean_markup("avant <!-- à relire --> après") == f"avant {GAP} après"


def test_entities_become_characters_with_a_gap() -> None:
    assert take_gaps(clean_markup("Eau &amp; forêt")) == ("Eau & forêt", (5,))
    assert take_gaps(clean_markup("l&eacute;gal"))[0] == "légal"


def test_an_ampersand_that_is_no_entity_is_kept() -> None:
    assert clean_markup("Dupont & fils, R&D") == "Dupont & fils, R&D"


def test_superscripts_join_the_word_they_follow() -> None:
    assert clean_markup("le 1<sup>er</sup> mars, 40 m<sup>2</sup>") == "le 1er mars, 40 m2"


def test_cells_of_bold_and_italic_boxes_are_parted() -> None:
    assert clean_markup("<b>Rôle</b> <i>soutenir</i> <i>relier</i>") == "Rôle : soutenir ; relier"


def test_comparisons_are_not_tags() -> None:
    assert clean_markup("si a < b et c > d") == "si a < b et c > d"


def test_emphasis_marks_go_and_their_words_stay() -> None:
    assert clean_markup("**La commune** *anime* et _finance_ `tout`") == "La commune anime et finance tout"


def test_products_and_file_names_are_not_emphasis() -> None:
    assert clean_markup("2*3*4 et plan_de_masse_final") == "2*3*4 et plan_de_masse_final"


def test_french_typography_is_kept() -> None:
    said = "«\u00a0L’œuvre\u00a0» coûte 12\u202f000\u00a0€ — déjà\u00a0!"
    assert clean_markup(clean_characters(said)) == said


def test_accents_are_composed_and_ligatures_opened() -> None:
    assert clean_characters("e\u0301lu, co\ufb03n") == "élu, coffin"


def test_control_and_invisible_characters_go() -> None:
    assert clean_characters("bud\u00adget\x00 de\u200b la\x07 ré\ufeffgie") == "budget de la régie"


def test_line_ends_are_unified() -> None:
    assert clean_characters("un\r\ndeux\rtrois\x0cquatre\u2028cinq") == "un\ndeux\ntrois\nquatre\ncinq"


def test_a_gap_mark_in_the_input_is_not_taken_for_one() -> None:
    assert take_gaps(clean_characters(f"un{GAP} deux")) == ("un deux", ())


def test_gaps_become_offsets_inside_the_text() -> None:
    assert take_gaps(f"{GAP}un{GAP}{GAP} deux{GAP}") == ("un deux", (2,))


def test_lines_that_read_the_same_have_one_key() -> None:
    assert line_key("  **L’Été** à   Sète !") == line_key("l'ete a sete") == "l ete a sete"


# Whatever the text

LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
TEXTS = st.text(max_size=80) | st.text(alphabet="aéœ12ﬁﬅ\u0301\u00a0\u202f«»’\u00ad\u200b\r\n\x0c\x07 .", max_size=80)
PLAIN_LINES = st.lists(
    st.sampled_from(["élu", "12 000 €", "2024", "d’intérêt", "l'eau", "Saint-Rémy,", "« oui »", "R&D", "1er"]),
    min_size=1,
).map(" ".join)

RUNNING = ["Page 3", "4/12", "Guide des régies", "GUIDE  des regies", "SOMMAIRE", "Le budget 2024", "# Titre", "- item"]
RUNNING += ["| Eau | 3 € |", "", "2024"]


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_cleaning_characters_keeps_every_letter_and_digit(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert letters(clean_characters(text)) == letters("".join(LIGATURES.get(one, one) for one in composed))


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    cleaned = clean_characters(text)
    assert clean_characters(cleaned) == unicodedata.normalize("NFC", cleaned)


@settings(max_examples=200, deadline=None)
@given(PLAIN_LINES)
def test_a_line_without_markup_is_left_as_it_is(line: str) -> None:
    assert clean_markup(line) == line


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(alphabet="aé1 .,-", max_size=12), max_size=8))
def test_taking_the_marks_out_takes_nothing_else(pieces: list[str]) -> None:
    whole, gaps = take_gaps(GAP.join(pieces))
    assert whole == "".join(pieces)
    assert set(gaps) <= {len("".join(pieces[:index])) for index in range(1, len(pieces))}


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(RUNNING), max_size=16))
def test_only_repeated_short_lines_and_page_numbers_are_furniture(lines: list[str]) -> None:
    keys = Counter(line_key(line) for line in lines)
    for index in furniture(lines):
        assert lines[index] in ("Page 3", "4/12") or keys[line_key(lines[index])] >= 3
    kept_keys = {line_key(line) for line in kept(lines)}
    # A line of several words is never lost altogether.
    assert {key for key in keys if " " in key and key not in ("page 3", "4 12")} <= kept_keys
