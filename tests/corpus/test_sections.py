from corpus.document import Locator
from corpus.sections import Line, sections_of


def page(number: int) -> Locator:
    return Locator("page", str(number), f"page {number}")


def test_a_section_without_a_page_is_found_by_the_words_of_its_heading() -> None:
    (section,) = sections_of([Line("heading", "Qui décide ?", 1), Line("paragraph", "Le conseil décide.")])
    assert section.locator == Locator("section", "qui-decide", "Qui décide ?")


def test_a_section_that_runs_over_a_page_knows_the_page_of_each_of_its_words() -> None:
    (section,) = sections_of(
        [
            Line("heading", "Qui décide ?", 1, at=page(2)),
            Line("paragraph", "Le conseil décide.", at=page(2)),
            Line("paragraph", "Le maire exécute.", at=page(3)),
        ]
    )
    assert section.place(section.text.index("conseil")) == page(2)
    assert section.place(section.text.index("maire")) == page(3)


def test_slides_under_one_title_are_not_joined() -> None:
    def slide(number: int) -> Locator:
        return Locator("slide", str(number), f"diapositive {number}")

    sections = sections_of(
        [
            Line("heading", "Programme", 1, at=slide(1)),
            Line("paragraph", "Trois ateliers.", at=slide(1)),
            Line("heading", "La SCIC", 1, at=slide(2)),
            Line("heading", "Ses membres", 2, at=slide(2)),
            Line("paragraph", "Les habitants.", at=slide(2)),
            Line("heading", "Son capital", 2, at=slide(3)),
            Line("paragraph", "Il est variable.", at=slide(3)),
        ]
    )
    assert [(section.title, section.locator.value) for section in sections] == [
        ("Programme", "1"),
        ("La SCIC", "2"),
        ("Ses membres", "2"),
        ("Son capital", "3"),
    ]


def test_a_line_of_marks_alone_is_left_out_and_its_place_marked() -> None:
    (section,) = sections_of(
        [Line("paragraph", "Avant."), Line("paragraph", " \u00a0", gap_before=True), Line("paragraph", "Après.")]
    )
    assert section.text == "Avant.\nAprès."
    assert section.gaps == (len("Avant.\n"),)
