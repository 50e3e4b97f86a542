"""The text of a PDF: headings, lists, paragraphs, hyphens, notes, and what is dropped with a gap marked."""

from collections.abc import Callable

import pytest

from corpus.cleaning import GAP
from corpus.parsers.pdf.parser import parse_pdf
from corpus.parsers.pdf.words import Words
from tests.corpus.parsers.pdf.pdf_maker import HEIGHT, LEFT, PROSE, SECOND, Sheet, pdf, written
from tests.corpus.parsers.pdf.test_parser import blocks, whole

# Headings


def test_headings_are_the_larger_lines_and_the_largest_stand_highest() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.heading("Le guide du commerce", 22)
        sheet.prose(PROSE)
        for name in ("Le local", "Les bénévoles"):
            sheet.heading(name, 14)
            sheet.prose(f"{PROSE} {SECOND} {PROSE}")

    sections = parse_pdf(pdf(draw)).sections
    assert [(section.path, section.title) for section in sections] == [
        ((), "Le guide du commerce"),
        (("Le guide du commerce",), "Le local"),
        (("Le guide du commerce",), "Les bénévoles"),
    ]


def test_a_heading_on_two_lines_is_one() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.line("Reprendre le commerce du village avec", 20)
        sheet.line("une coopérative d'habitants", 20)
        sheet.space()
        sheet.prose(PROSE)

    assert parse_pdf(pdf(draw)).sections[0].title == "Reprendre le commerce du village avec une coopérative d'habitants"


def test_a_short_bold_line_on_its_own_is_a_heading() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.prose(PROSE)
        sheet.line("Qui paie les charges ?", font="Helvetica-Bold")
        sheet.prose(SECOND)

    assert [section.title for section in parse_pdf(pdf(draw)).sections] == ["", "Qui paie les charges ?"]


def test_a_bold_sentence_is_no_heading() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.prose(PROSE)
        sheet.line("Les parts ne sont pas remboursées.", font="Helvetica-Bold")
        sheet.prose(SECOND)

    assert [section.title for section in parse_pdf(pdf(draw)).sections] == [""]


def test_a_figure_in_large_type_is_no_heading() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.prose(PROSE)
        sheet.line("85 %", 30)
        sheet.space()
        sheet.prose(SECOND)

    (section,) = parse_pdf(pdf(draw)).sections
    assert ("paragraph", "85 %") in blocks(section)


# Lists


@pytest.mark.parametrize("mark", ["•", "-", "–", "·"])
def test_bullets_make_items_that_their_sentence_introduces(mark: str) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.prose(PROSE)
        sheet.line("La coopérative réunit :")
        sheet.line(f"{mark} les habitants du bourg et des hameaux, qui apportent chacun une part et des", x=LEFT + 10)
        sheet.line("heures de bénévolat ;", x=LEFT + 20)
        sheet.line(f"{mark} la commune.", x=LEFT + 10)

    (section,) = parse_pdf(pdf(draw)).sections
    assert blocks(section)[1:] == [
        ("paragraph", "La coopérative réunit :"),
        ("item", "les habitants du bourg et des hameaux, qui apportent chacun une part et des heures de bénévolat ;"),
        ("item", "la commune."),
    ]
    assert [block.lead for block in section.blocks[2:]] == [1, 1]


def test_a_bullet_set_apart_from_its_text_is_still_its_mark() -> None:
    def draw(sheet: Sheet) -> None:
        for name in ("les habitants", "la commune", "les producteurs des environs", "les associations"):
            sheet.at(LEFT, sheet.y, "•")
            sheet.line(name, x=LEFT + 36)

    assert blocks(parse_pdf(pdf(draw)).sections[0]) == [
        ("item", "les habitants"),
        ("item", "la commune"),
        ("item", "les producteurs des environs"),
        ("item", "les associations"),
    ]


def test_items_further_in_stand_below_the_one_before() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.line("La coopérative réunit :")
        sheet.line("• des habitants", x=LEFT + 10)
        sheet.line("– du bourg", x=LEFT + 30)
        sheet.line("– des hameaux", x=LEFT + 30)
        sheet.line("• la commune", x=LEFT + 10)

    assert [block.lead for block in parse_pdf(pdf(draw)).sections[0].blocks] == [None, 0, 1, 1, 0]


def test_the_number_of_an_item_is_a_mark_no_excerpt_runs_across() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.line("Les étapes sont :")
        sheet.line("1. réunir les habitants ;")
        sheet.line("2. écrire les statuts.")

    (section,) = parse_pdf(pdf(draw)).sections
    assert [kind for kind, _ in blocks(section)] == ["paragraph", "item", "item"]
    assert section.gaps == tuple(block.start for block in section.blocks[1:])


# Paragraphs


def test_paragraphs_are_told_apart_by_the_space_between_them() -> None:
    assert blocks(parse_pdf(pdf(written(f"{PROSE}\n{SECOND}"))).sections[0]) == [
        ("paragraph", PROSE),
        ("paragraph", SECOND),
    ]


def test_paragraphs_are_told_apart_by_their_first_line_set_in() -> None:
    def draw(sheet: Sheet) -> None:
        for text in (PROSE, SECOND):
            sheet.line(text[:80], x=LEFT + 20)
            sheet.prose(text[80:], 85)
            sheet.space(-10)

    assert [text.replace("  ", " ")[:20] for _, text in blocks(parse_pdf(pdf(draw)).sections[0])] == [
        PROSE[:20],
        SECOND[:20],
    ]


def test_lines_of_an_address_stay_apart() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.prose(PROSE)
        for line in ("Mairie de Valombre", "Place du Marché", "Ouverte le lundi"):
            sheet.line(line)

    assert [text for _, text in blocks(parse_pdf(pdf(draw)).sections[0])][1:] == [
        "Mairie de Valombre",
        "Place du Marché",
        "Ouverte le lundi",
    ]


def test_a_note_call_does_not_lengthen_a_number() -> None:
    def draw(sheet: Sheet) -> None:
        pen = sheet.canvas.beginText(LEFT, 700)
        for text, size, rise in (("ouverte en 2023", 11, 0), ("1", 6, 4), (" par les habitants", 11, 0)):
            pen.setFont("Helvetica", size)
            pen.setRise(rise)
            pen.textOut(text)
        sheet.canvas.drawText(pen)

    assert whole(pdf(draw)) == "ouverte en 2023¹ par les habitants"


# Hyphens at line ends


def test_a_word_cut_at_the_end_of_a_line_is_mended() -> None:
    def draw(sheet: Sheet) -> None:
        for line in (
            "Ici la coopérative et la collec-",
            "tivité de la ville de Saint-",
            "Étienne ont créé un porte-",
            "monnaie local.",
        ):
            sheet.line(line)

    assert (
        whole(pdf(draw))
        == "Ici la coopérative et la collectivité de la ville de Saint-Étienne ont créé un porte-monnaie local."
    )


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["la collec-", "tivité"], "la collectivité"),
        (["à Saint-", "Étienne"], "à Saint-Étienne"),
        (["un porte-", "monnaie"], "un porte-monnaie"),
        (["a-t-", "elle dit"], "a-t-elle dit"),
        (["l'inter-", "communalité"], "l'intercommunalité"),
        (["en 2014-", "2020 déjà"], "en 2014-2020 déjà"),
        (["les ci-", "toyens"], "les citoyens"),
        (["c'est -", "dit-on"], "c'est - dit-on"),
        (["un éco-", "quartier"], "un éco-quartier"),
    ],
)
def test_a_hyphen_is_kept_for_capitals_known_compounds_and_what_the_document_writes(
    lines: list[str], expected: str
) -> None:
    assert Words.of(["dans un éco-quartier neuf"]).joined(lines) == expected


# What is dropped


def running(sheet: Sheet) -> None:
    sheet.at(LEFT, HEIGHT - 40, "Commune de Valombre - rapport d'activité", 9)
    sheet.at(280, 30, f"Page {sheet.number} / 3", 9)


def test_running_headers_and_page_numbers_go_and_leave_a_gap() -> None:
    texts = (PROSE, SECOND, PROSE)

    def page(text: str) -> Callable[[Sheet], None]:
        def draw(sheet: Sheet) -> None:
            running(sheet)
            sheet.prose(text)

        return draw

    (section,) = parse_pdf(pdf(*map(page, texts))).sections
    assert [text for _, text in blocks(section)] == list(texts)
    assert section.gaps == tuple(block.start for block in section.blocks[1:])


def test_a_header_that_names_the_chapter_goes_when_its_page_number_goes_on() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.at(
            LEFT, HEIGHT - 40, f"{['Le bourg', 'Le commerce', 'Les comptes'][sheet.number - 1]} {sheet.number + 6}", 9
        )
        sheet.prose(PROSE)

    assert "Le commerce 8" not in whole(pdf(draw, draw, draw))


def test_a_paragraph_cut_by_a_page_number_is_joined_with_a_gap() -> None:
    cut = SECOND.index(" emploie")

    def first(sheet: Sheet) -> None:
        running(sheet)
        sheet.prose(SECOND[:cut])

    def second(sheet: Sheet) -> None:
        running(sheet)
        sheet.prose(SECOND[cut + 1 :])

    (section,) = parse_pdf(pdf(first, second, first)).sections
    assert section.text.startswith(SECOND)
    assert section.gaps[0] == cut + 1


def test_roman_page_numbers_go() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.prose(PROSE)
        sheet.at(290, 30, "iv", 9)

    assert whole(pdf(draw)) == PROSE


def test_headings_repeated_on_some_pages_are_no_running_header() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.at(LEFT, HEIGHT - 60, "Les aides" if sheet.number < 4 else f"Le sujet de la page {sheet.number}", 22)
        sheet.prose(PROSE)

    assert whole(pdf(*[draw] * 8)).count("Les aides") == 3


@pytest.mark.parametrize("leader", [" . . . . . . . . . . . ", " .................. ", " "])
def test_a_table_of_contents_goes(leader: str) -> None:
    def contents(sheet: Sheet) -> None:
        sheet.heading("Sommaire")
        for name, page in (("Reprendre un commerce", 2), ("Trouver un local", 5), ("Écrire les statuts", 9)):
            sheet.line(f"{name}{leader}{page}")

    text = whole(pdf(contents, written(f"# Reprendre un commerce\n{PROSE}")))
    assert text == f"Reprendre un commerce\n{PROSE}"


def test_sentences_that_end_with_numbers_are_no_table_of_contents() -> None:
    text = f"{PROSE} Les ventes ont doublé depuis 2019"
    assert whole(pdf(written(text))) == text


# Notes


def test_notes_stay_at_the_end_of_their_page_and_do_not_cut_a_paragraph() -> None:
    cut = SECOND.index(" emploie")

    def first(sheet: Sheet) -> None:
        sheet.prose(SECOND[:cut])
        sheet.at(LEFT, 80, "1 Statuts adoptés par l'assemblée.", 8)
        sheet.at(LEFT, 69, "2 Chiffres de la trésorière.", 8)

    (section,) = parse_pdf(pdf(first, written(f"{SECOND[cut + 1 :]}\n{PROSE}"))).sections
    assert [text for _, text in blocks(section)] == [
        SECOND,
        "1 Statuts adoptés par l'assemblée.",
        "2 Chiffres de la trésorière.",
        PROSE,
    ]
    assert cut + 1 in section.gaps
    assert GAP not in section.text
