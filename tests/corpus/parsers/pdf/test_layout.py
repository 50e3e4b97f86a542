"""Reading order on the page: columns, titles across them, rows that no column parts."""

import textwrap

from corpus.parsers.pdf.parser import parse_pdf
from tests.corpus.parsers.pdf.pdf_maker import HEIGHT, LEFT, PROSE, SECOND, Sheet, pdf
from tests.corpus.parsers.pdf.test_parser import blocks, whole

RIGHT = 315.0


def two_columns(sheet: Sheet) -> None:
    top = sheet.y
    sheet.prose(PROSE, 42)
    sheet.y = top
    sheet.prose(SECOND, 42, x=RIGHT)


def test_the_left_column_is_read_before_the_right() -> None:
    assert whole(pdf(two_columns)) == f"{PROSE}\n{SECOND}"


def test_columns_written_line_by_line_are_read_one_after_the_other() -> None:
    def draw(sheet: Sheet) -> None:
        for left, right in zip(textwrap.wrap(PROSE, 42), textwrap.wrap(SECOND, 42), strict=False):
            sheet.at(LEFT, sheet.y, left)
            sheet.line(right, x=RIGHT)

    text = whole(pdf(draw))
    assert text.index("cent vingt sociétaires") < text.index("Le local appartient")


def test_a_title_across_both_columns_comes_first_and_a_line_below_them_last() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.heading("Le commerce de Valombre, six ans après sa reprise", 18)
        two_columns(sheet)
        sheet.y -= 60
        sheet.prose("Ce texte court sur toute la largeur de la page, sous les deux colonnes, et se lit en dernier.", 95)

    (section,) = parse_pdf(pdf(draw)).sections
    assert [text[:12] for _, text in blocks(section)] == ["Le commerce ", PROSE[:12], SECOND[:12], "Ce texte cou"]


def test_a_paragraph_that_goes_on_in_the_next_column_is_one() -> None:
    cut = PROSE.index(" confié")

    def draw(sheet: Sheet) -> None:
        top = sheet.y
        sheet.prose(PROSE[:cut], 30)
        sheet.y = top
        sheet.prose(PROSE[cut + 1 :], 42, x=RIGHT)

    assert blocks(parse_pdf(pdf(draw)).sections[0]) == [("paragraph", PROSE)]


def test_names_and_figures_side_by_side_are_read_row_by_row() -> None:
    def draw(sheet: Sheet) -> None:
        for name, figure in (("Valombre", "812"), ("Rochebrune", "1 204"), ("Le Plessis", "96"), ("Montfleuri", "433")):
            sheet.at(LEFT, sheet.y, name)
            sheet.line(figure, x=RIGHT)

    assert whole(pdf(draw)).split("\n") == ["Valombre 812", "Rochebrune 1 204", "Le Plessis 96", "Montfleuri 433"]


def test_what_was_drawn_last_but_stands_on_top_is_read_first() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.prose(PROSE)
        sheet.at(LEFT, HEIGHT - 70, "Le commerce de Valombre", 20)

    assert whole(pdf(draw)).startswith("Le commerce de Valombre\n")


def test_a_scaled_font_has_the_size_it_is_seen_at() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.prose(PROSE)
        sheet.canvas.saveState()
        sheet.canvas.translate(LEFT, HEIGHT - 70)
        sheet.canvas.scale(20, 20)
        sheet.at(0, 0, "Le commerce de Valombre", 1)
        sheet.canvas.restoreState()

    assert parse_pdf(pdf(draw)).sections[0].title == "Le commerce de Valombre"
