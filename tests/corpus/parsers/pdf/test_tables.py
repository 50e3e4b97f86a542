"""Tables drawn with rules become rows, header first; frames and drawings do not."""

from corpus.parsers.pdf.parser import parse_pdf
from tests.corpus.parsers.pdf.pdf_maker import LEFT, PROSE, SECOND, Sheet, pdf
from tests.corpus.parsers.pdf.test_parser import blocks, whole

ROWS = [["Commune", "Habitants", "Commerce"], ["Valombre", "812", "épicerie"], ["Rochebrune", "1 204", "café"]]
WIDTHS = [120.0, 100.0, 140.0]


def test_a_ruled_table_is_read_as_rows_between_the_paragraphs() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.prose(PROSE)
        sheet.grid(ROWS, WIDTHS)
        sheet.prose(SECOND)

    (section,) = parse_pdf(pdf(draw)).sections
    assert blocks(section) == [
        ("paragraph", PROSE),
        ("row", "Commune | Habitants | Commerce"),
        ("row", "Valombre | 812 | épicerie"),
        ("row", "Rochebrune | 1 204 | café"),
        ("paragraph", SECOND),
    ]
    assert [block.lead for block in section.blocks[2:4]] == [1, 1]


def test_a_cell_of_several_lines_is_one_text_and_an_empty_cell_keeps_its_place() -> None:
    def draw(sheet: Sheet) -> None:
        rows = [
            ["Commune", "Aide"],
            ["Valombre", "achat du local par la collec-\ntivité"],
            ["", "travaux"],
            ["Autre", ""],
        ]
        sheet.grid([[*row, "40 000 €"] for row in rows], [100, 180, 80])

    assert whole(pdf(draw)).split("\n") == [
        "Commune | Aide | 40 000 €",
        "Valombre | achat du local par la collectivité | 40 000 €",
        "| travaux | 40 000 €",
        "Autre | | 40 000 €",
    ]


def test_cells_close_to_one_another_are_not_run_together() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.grid([["Nom", "Rang"], ["Valombre", "12"], ["Rochebrune", "13"]], [62, 40])

    assert whole(pdf(draw)).split("\n") == ["Nom | Rang", "Valombre | 12", "Rochebrune | 13"]


def test_a_table_that_goes_on_overleaf_is_one_and_its_repeated_header_goes() -> None:
    def first(sheet: Sheet) -> None:
        sheet.prose(PROSE)
        sheet.grid(ROWS, WIDTHS)

    def second(sheet: Sheet) -> None:
        sheet.grid([ROWS[0], ["Le Plessis", "96", "aucun"]], WIDTHS)

    (section,) = parse_pdf(pdf(first, second)).sections
    assert [text for kind, text in blocks(section) if kind == "row"][-2:] == [
        "Rochebrune | 1 204 | café",
        "Le Plessis | 96 | aucun",
    ]
    assert section.text.count("Habitants") == 1
    assert section.place(section.text.index("Le Plessis")).value == "2"
    assert section.text.index("Le Plessis") in section.gaps


def test_a_table_of_many_rows_drawn_in_one_stroke_is_read() -> None:
    rows = [["Commune", "Habitants"], *([f"Valombre {number}", f"{number} 000"] for number in range(28))]
    assert whole(pdf(lambda sheet: sheet.grid(rows, [150, 100]))).split("\n") == [" | ".join(row) for row in rows]


def test_a_table_whose_cells_are_boxes_of_their_own_is_read() -> None:
    def draw(sheet: Sheet) -> None:
        for row in ROWS:
            for column, cell in enumerate(row):
                sheet.canvas.rect(LEFT + 120 * column, sheet.y - 6, 120, 20)
                sheet.at(LEFT + 120 * column + 4, sheet.y, cell)
            sheet.y -= 20

    assert whole(pdf(draw)).split("\n") == [" | ".join(row) for row in ROWS]


def test_a_line_that_runs_from_a_cell_out_of_the_table_is_kept_whole() -> None:
    def draw(sheet: Sheet) -> None:
        top = sheet.y
        sheet.grid(ROWS, WIDTHS)
        sheet.at(LEFT + 380, top, "hors du tableau")

    text = whole(pdf(draw))
    assert "Commune | Habitants | Commerce" in text
    assert "hors du tableau" in text


def test_a_frame_around_a_text_is_no_table() -> None:
    def draw(sheet: Sheet) -> None:
        top = sheet.y + 20
        sheet.prose(PROSE)
        sheet.canvas.rect(LEFT - 6, sheet.y, 480, top - sheet.y)

    assert blocks(parse_pdf(pdf(draw)).sections[0]) == [("paragraph", PROSE)]


def test_a_drawing_of_many_lines_is_no_table() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.prose(PROSE)
        sheet.canvas.grid([LEFT + 3 * x for x in range(120)], [100 + 3 * y for y in range(120)])

    assert whole(pdf(draw)) == PROSE
