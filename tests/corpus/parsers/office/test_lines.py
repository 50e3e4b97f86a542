"""From paragraphs and tables to lines: typed bullets, left-out words, merged cells."""

from corpus.cleaning import GAP
from corpus.parsed import Parsed
from corpus.parsers.office.lines import body_line, heading_line, parsed_of, row_lines, text_of
from corpus.sections import Line


def kinds(text: str, depth: int = 0) -> tuple[str, str, int] | None:
    line = body_line(text, depth)
    return None if line is None else (line.kind, line.text, line.level)


def test_the_lines_of_a_paragraph_are_joined_and_its_typography_kept() -> None:
    assert text_of(["Une aide\n", "de 20\u00a0000\u202f€ :\t«\u00a0l’épicerie\u00a0»  "]) == (
        "Une aide de 20\u00a0000\u202f€ : «\u00a0l’épicerie\u00a0»"
    )


def test_left_out_words_leave_a_gap_that_no_document_can_write() -> None:
    assert text_of(["Page ", None, " du\ue000 guide"]) == f"Page {GAP}du guide"
    assert text_of([None, " Page ", None]) == f"{GAP}Page{GAP}"
    assert text_of([None, " "]) == GAP


def test_a_typed_bullet_makes_an_item() -> None:
    assert kinds("- garder l’école") == ("item", "garder l’école", 1)
    assert kinds("•garder l’école") == ("item", "garder l’école", 1)
    assert kinds("\uf0b7 garder l’école") == ("item", "garder l’école", 1)
    assert kinds("– garder l’école", 3) == ("item", "garder l’école", 3)


def test_a_negative_figure_or_a_word_with_a_hyphen_is_no_item() -> None:
    assert kinds("-5 % en un an") == ("paragraph", "-5 % en un an", 0)


def test_a_line_without_letter_or_digit_is_nothing() -> None:
    assert body_line("* * *") is None
    assert heading_line("—", 1) is None


def test_a_whole_paragraph_styled_as_a_heading_is_a_paragraph() -> None:
    line = heading_line("Le conseil vote. " * 20, 1)
    assert line is not None and line.kind == "paragraph"


def test_rows_keep_empty_cells_so_that_columns_stay_in_line() -> None:
    rows = [["Aide", "Montant", "Délai"], ["Région", "", "3 mois"], ["", "", ""]]
    assert [line.text for line in row_lines(rows)] == ["Aide | Montant | Délai", "Région |  | 3 mois"]


def test_a_single_cell_above_a_table_is_its_title_not_its_header() -> None:
    lines = list(row_lines([["Les aides en 2024"], ["Aide", "Montant"], ["Région", "5 €"]]))
    assert [(line.kind, line.text) for line in lines] == [
        ("paragraph", "Les aides en 2024"),
        ("row", "Aide | Montant"),
        ("row", "Région | 5 €"),
    ]


def test_a_file_without_any_letter_holds_nothing() -> None:
    assert parsed_of([Line("paragraph", "12 345")], {"title": "Un beau titre"}, "2024-01-01") == Parsed(())
