"""Plain and lightly marked text: what becomes a heading, a paragraph, an item or a row, and what leads to what."""

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import Section
from corpus.cleaning import clean_characters
from corpus.parsers.text import parse_text

LONG = "La commune réunit les habitants puis le conseil tranche. "


def titles(text: str) -> list[str]:
    return [section.title for section in parse_text(text)]


def blocks(section: Section) -> list[tuple[str, str]]:
    return [(block.kind, section.text[block.start : block.end]) for block in section.blocks]


def leads(section: Section) -> dict[str, str | None]:
    """The text of each block, and of the block that introduces it."""

    def said(index: int) -> str:
        return section.text[section.blocks[index].start : section.blocks[index].end]

    return {said(i): None if b.lead is None else said(b.lead) for i, b in enumerate(section.blocks)}


def only(text: str) -> Section:
    """The one section below the title, of a text written below one."""
    sections = parse_text(f"# Guide\n\nUn mot d'accueil.\n\n## Partie\n\n{text}")
    assert len(sections) == 2
    return sections[1]


# Headings


def test_markdown_headings_make_titled_sections_with_their_path() -> None:
    sections = parse_text(
        f"# Guide\n\nAccueil.\n\n## Les aides\n\n{LONG * 9}\n\n### Montants\n\n{LONG * 9}\n\n## Suite\n\nFin."
    )
    assert [(section.path, section.title) for section in sections] == [
        ((), "Guide"),
        (("Guide",), "Les aides"),
        (("Guide", "Les aides"), "Montants"),
        (("Guide",), "Suite"),
    ]


def test_a_section_begins_with_its_heading_and_can_be_found_by_its_anchor() -> None:
    section = parse_text("# Guide\n\nAccueil.\n\n## Où est l'aide ?\n\nÀ la mairie.")[1]
    assert section.text == "Où est l'aide ?\nÀ la mairie."
    assert (section.locator.type, section.locator.value, section.locator.label) == (
        "section",
        "ou-est-l-aide",
        "Où est l'aide ?",
    )


def test_marks_within_a_heading_go() -> None:
    assert titles("# **Guide** des *régies* ##\n\nTexte.") == ["Guide des régies"]


def test_an_empty_heading_is_no_section() -> None:
    assert titles(f"# Guide\n\nAccueil.\n\n## \n\n{LONG * 20}\n\n## ![plan](plan.png)\n\n{LONG * 20}") == ["Guide"]


def test_headings_of_a_text_without_marks_are_inferred() -> None:
    text = (
        "Le guide des communes rurales\n"
        "Qu'est-ce qu'une régie ?\n"
        "Une régie est un service que la commune gère elle-même, avec ses agents et son budget.\n"
        "Comment la créer ?\n"
        "Le conseil municipal délibère, fixe les statuts de la régie et nomme son directeur.\n"
    )
    assert titles(text)[1:] == ["Qu'est-ce qu'une régie ?", "Comment la créer ?"]


def test_a_sentence_is_not_inferred_as_a_heading() -> None:
    text = "Le conseil vote.\n\nIl publie.\n\nLe préfet contrôle ensuite la délibération et peut la déférer au juge."
    assert titles(text) == [""]


def test_a_bold_line_between_blanks_is_a_heading() -> None:
    text = f"# Guide\n\nAccueil.\n\n## Étapes\n\n{LONG * 9}\n\n**Réunir les habitants**\n\n{LONG * 9}"
    assert titles(text) == ["Guide", "Étapes", "Réunir les habitants"]


def test_a_bold_sentence_is_not_a_heading() -> None:
    assert titles(f"# Guide\n\n{LONG * 9}\n\n**Le conseil a le dernier mot.**\n\n{LONG * 9}") == ["Guide"]


def test_capitals_above_a_list_are_a_heading() -> None:
    section = only("On réunit les habitants.\n\nPARTENAIRES\n\n- la mairie\n- le lycée")
    assert ("heading", "PARTENAIRES") in blocks(section)
    assert leads(section)["la mairie"] == "PARTENAIRES"


def test_capitals_within_a_text_are_no_heading() -> None:
    assert blocks(only("On réunit les habitants.\n\nPARTENAIRES\n\nIls sont nombreux."))[2][0] == "paragraph"


def test_a_code_fence_holds_no_heading() -> None:
    assert titles("# Guide\n\n```\n# pas un titre\n```\n\nFin.") == ["Guide"]


# Slides


def test_running_headers_of_slides_go_and_the_titles_stay() -> None:
    slides = "\n\n".join(f"Rencontre des élus\n\n## Étape {n}\n\n- {LONG * 9}\n\n{n}/3" for n in (1, 2, 3))
    sections = parse_text(f"# Deck\n\nAccueil.\n\n{slides}")
    whole = "\n".join(section.text for section in sections)
    assert [section.title for section in sections][-3:] == ["Étape 1", "Étape 2", "Étape 3"]
    assert whole.count("Rencontre des élus") == 1
    assert "1/3" not in whole


def test_the_small_boxes_of_a_slide_are_one_section() -> None:
    section = only("### Le matin\n\nOn ouvre.\n\n### Le soir\n\nOn ferme.")
    assert section.text == "Partie\nLe matin\nOn ouvre.\nLe soir\nOn ferme."
    assert section.gaps == ()


def test_a_heading_without_text_lists_the_headings_below_it() -> None:
    sections = parse_text(
        f"# Guide\n\nAccueil.\n\n## Les piliers\n\n### Écouter\n\n{LONG * 20}\n\n### Décider\n\n{LONG * 20}"
    )
    assert blocks(sections[1]) == [("heading", "Les piliers"), ("item", "Écouter"), ("item", "Décider")]
    assert len(sections[1].gaps) == 2, "the words between the headings are left out"


def test_small_boxes_two_levels_deep_are_not_said_twice() -> None:
    section = only("### Horaires\n\n#### Matin\n\nOn ouvre.\n\n#### Soir\n\nOn ferme.")
    assert section.text == "Partie\nHoraires\nMatin\nOn ouvre.\nSoir\nOn ferme."


def test_slides_that_repeat_a_heading_share_one_outline() -> None:
    slides = "\n\n".join(f"## Les piliers\n\n### Pilier {name}\n\n{LONG * 20}" for name in ("eau", "bois", "lien"))
    outline = parse_text(f"# Guide\n\nAccueil.\n\n{slides}")[1]
    assert [said for kind, said in blocks(outline) if kind == "item"] == ["Pilier eau", "Pilier bois", "Pilier lien"]


# Broken lines


def test_a_line_broken_in_mid_sentence_is_joined() -> None:
    section = only("Le maire invite les habitants de la\nCommune nouvelle et\nde ses voisines.")
    assert blocks(section)[1:] == [
        ("paragraph", "Le maire invite les habitants de la Commune nouvelle et de ses voisines.")
    ]


def test_lines_that_end_their_sentence_stay_apart() -> None:
    assert len(blocks(only("Le maire invite.\nLe conseil vote."))) == 3


def test_a_blank_line_parts_two_paragraphs() -> None:
    assert len(blocks(only("Le maire invite les élus\n\net les habitants"))) == 3


def test_a_broken_item_is_joined() -> None:
    assert blocks(only("- un atelier ouvert\nà tous\n- un vote"))[1:] == [
        ("item", "un atelier ouvert à tous"),
        ("item", "un vote"),
    ]


# Lists


def test_a_bullet_alone_on_its_line_takes_the_figure_and_its_caption() -> None:
    assert blocks(only("•\n80 %\ndes élus interrogés\n\n•\n12\ncommunes"))[1:] == [
        ("item", "80 % des élus interrogés"),
        ("item", "12 communes"),
    ]


def test_inline_bullets_become_a_list_with_its_lead_in() -> None:
    section = only("En 2015 : 80 appuis • 26 sessions • 12 élus formés")
    assert leads(section) == {
        "Partie": None,
        "En 2015 :": None,
        "80 appuis": "En 2015 :",
        "26 sessions": "En 2015 :",
        "12 élus formés": "En 2015 :",
    }


@pytest.mark.parametrize("mark", ["-", "*", "+", "•", "▶", "⇒", "=>", "1.", "2)", "a)"])
def test_every_usual_mark_makes_an_item(mark: str) -> None:
    assert blocks(only(f"{mark} la mairie"))[1] == ("item", "la mairie")


def test_a_dash_that_begins_no_item_stays() -> None:
    assert blocks(only("-5 % de charges"))[1] == ("paragraph", "-5 % de charges")


def test_a_list_has_the_sentence_before_it_as_lead_in() -> None:
    section = only("La commune apporte :\n\n- un local\n- un animateur")
    assert leads(section)["un animateur"] == "La commune apporte :"


def test_a_list_after_a_closed_sentence_is_led_by_its_heading() -> None:
    assert leads(only("La commune aide les projets.\n\n- un local\n- un animateur"))["un local"] == "Partie"


def test_a_nested_item_is_led_by_the_item_above_it() -> None:
    section = only("La commune :\n\n- apporte :\n  - un local\n  - un animateur\n- vote")
    assert leads(section) == {
        "Partie": None,
        "La commune :": None,
        "apporte :": "La commune :",
        "un local": "apporte :",
        "un animateur": "apporte :",
        "vote": "La commune :",
    }


def test_an_item_that_ends_with_a_colon_leads_the_next_even_without_indentation() -> None:
    section = only("- La commune apporte :\n- un local ;\n- un animateur.")
    assert leads(section)["un local ;"] == "La commune apporte :"
    assert leads(section)["un animateur."] == "La commune apporte :"


# Tables


def test_rows_keep_the_header_of_their_table_as_lead() -> None:
    section = only("| Poste | Montant |\n|---|---:|\n| Loyer | 12 000 € |\n| Eau | 300 € |")
    assert leads(section) == {
        "Partie": None,
        "Poste | Montant": None,
        "Loyer | 12 000 €": "Poste | Montant",
        "Eau | 300 €": "Poste | Montant",
    }


def test_two_tables_keep_their_own_headers() -> None:
    section = only(
        "| Poste | Montant |\n|---|---|\n| Eau | 300 € |\n\nPuis :\n\n| Élu | Rôle |\n|---|---|\n| Maire | signe |"
    )
    assert leads(section)["Maire | signe"] == "Élu | Rôle"


# Gaps


def gap_pieces(section: Section) -> list[str]:
    edges = [0, *section.gaps, len(section.text)]
    return [section.text[start:end] for start, end in pairwise(edges)]


def test_a_dropped_image_and_link_target_leave_gaps() -> None:
    section = only("Voir [le site](https://exemple.fr/a) demain.\n\n![plan](plan.png)\n\nPuis voter.")
    assert [piece.strip() for piece in gap_pieces(section)] == ["Partie\nVoir le site", "demain.", "Puis voter."]


@pytest.mark.parametrize("marks", [("1.", "2."), ("1)", "2)"), ("a)", "b)")])
def test_no_excerpt_runs_across_the_number_of_an_item(marks: tuple[str, str]) -> None:
    section = only(f"{marks[0]} Voter\n{marks[1]} Publier")
    assert [piece.strip() for piece in gap_pieces(section)] == ["Partie", "Voter", "Publier"]


def test_dropped_furniture_leaves_a_gap() -> None:
    section = only("Le conseil vote.\n\nPage 3\n\nLe maire publie.")
    assert [piece.strip() for piece in gap_pieces(section)] == ["Partie\nLe conseil vote.", "Le maire publie."]


def test_an_image_between_inline_bullets_leaves_a_gap() -> None:
    section = only("Avant.\n![plan](plan.png)\nle local • la salle • le jardin")
    assert gap_pieces(section)[0].strip() == "Partie\nAvant."


def test_a_text_without_words_has_no_section() -> None:
    assert parse_text("\n\n---\n\n***\n![](x.png)\n") == ()


# Whatever the text

WORDS = st.sampled_from(
    ["mairie", "élu", "Conseil", "budget", "12", "le", "de", "2024", "vote", "PARTENAIRES", "l'eau"]
)
MARKED = st.sampled_from(
    [
        "[site](https://ex.fr/a)", "[sans]()", "![plan](img.png)", "**gras**", "_doux_", "1<sup>er</sup>", "&amp;",
        "&nbsp;", "•", "(voir", "fin)", "oui.",
        "Quoi ?", "note :", "suite ;", "<br>", "<!-- note -->", '<div class="a">',
    ]
)  # fmt: skip
LINE_MARKS = st.sampled_from(
    ["", "", "", "# ", "## ", "### ", "#### ", "- ", "  - ", "1. ", "a) ", "| ", "> ", "▶ ", "•"]
)
LINES = st.tuples(LINE_MARKS, st.lists(WORDS | WORDS | MARKED, max_size=8).map(" ".join), st.sampled_from(["", " |"]))
MARKDOWN = st.lists(LINES.map("".join), max_size=20).map("\n".join)
INLINE_TAG = re.compile(r"</?(?:sup|sub|b|i)>")
OTHER_TAG = re.compile(r"</?[a-z][^<>]*>")


def letters(text: str) -> str:
    """Letters and digits only: layout and HTML tags do not count."""
    untagged = OTHER_TAG.sub(" ", INLINE_TAG.sub("", clean_characters(text)))
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKD", untagged.lower()))


@settings(max_examples=300, deadline=None)
@given(MARKDOWN)
def test_what_stands_between_two_gaps_is_verbatim_in_the_original(text: str) -> None:
    for section in parse_text(text):
        for piece in gap_pieces(section):
            assert letters(piece) in letters(text)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(LINE_MARKS, st.lists(WORDS, min_size=1, max_size=8).map(" ".join)).map("".join), max_size=20))
def test_every_word_of_a_section_is_in_the_original(lines: list[str]) -> None:
    text = "\n".join(lines)
    said = {word for section in parse_text(text) for word in re.findall(r"\w+", section.text)}
    assert said <= set(re.findall(r"\w+", text))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200) | st.text(alphabet='aB1 \n\t#-*•|>.:;![](){}<&_`/"=éœ\u00a0', max_size=120) | MARKDOWN)
def test_any_text_gives_blocks_in_order_without_overlap(text: str) -> None:
    for section in parse_text(text):
        ends = 0
        for index, block in enumerate(section.blocks):
            assert ends <= block.start < block.end <= len(section.text)
            assert section.text[block.start : block.end].strip()
            assert block.lead is None or block.lead < index
            ends = block.end
        assert all(0 < gap < len(section.text) for gap in section.gaps)


# Marks without letter or digit, before words that stand only once: no rule drops or repeats any.
BARE_MARKS = st.sampled_from(["", "", "", "# ", "## ", "### ", "- ", "  - ", "• ", "| ", "> ", "▶ "])
ONCE = st.lists(
    st.tuples(BARE_MARKS, st.integers(1, 9), st.sampled_from(["", ".", " :", ","]), st.booleans()), max_size=20
)


@settings(max_examples=200, deadline=None)
@given(ONCE)
def test_no_word_is_lost_and_none_is_invented(lines: list[tuple[str, int, str, bool]]) -> None:
    text = "".join(
        mark + " ".join(f"mot{number}x{word}" for word in range(words)) + end + ("\n\n" if blank else "\n")
        for number, (mark, words, end, blank) in enumerate(lines)
    )
    said = [word for section in parse_text(text) for word in re.findall(r"\w+", section.text)]
    assert set(said) == set(re.findall(r"\w+", text))
    # Only a heading is said twice: in its place, and in the list of what stands below the heading above it.
    headed = {word for line in text.split("\n") if line.startswith("#") for word in re.findall(r"\w+", line)}
    once = [word for word in said if word not in headed]
    assert len(once) == len(set(once))
