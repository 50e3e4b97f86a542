"""The boxes of slides: in which order they are read, what heads a slide, which lines run from slide to slide."""

from corpus.document import Section
from corpus.parsers.office.slides import Box, Slide, reading_order, slide_lines
from corpus.sections import Line, sections_of

LONG = "La commune apporte le local et garantit une partie de l’emprunt."


def box(text: str, left: float, top: float, width: float = 40, height: float = 10, kind: str = "paragraph") -> Box:
    assert kind in ("paragraph", "item")
    line = Line("item", text, 1) if kind == "item" else Line("paragraph", text)
    return Box((line,), left, top, left + width, top + height)


def order(*boxes: Box) -> list[str]:
    return [each.lines[0].text for each in reading_order(boxes)]


def read(*slides: Slide) -> tuple[Section, ...]:
    return sections_of(slide_lines(slides, height=100))


# Reading order


def test_boxes_are_read_from_top_to_bottom_then_from_left_to_right() -> None:
    assert order(box("d.", 50, 41), box("c.", 0, 40), box("b.", 50, 1), box("a.", 0, 2)) == ["a.", "b.", "c.", "d."]


def test_a_tall_column_is_read_whole_before_the_next() -> None:
    boxes = box("right 2.", 50, 50), box("right 1.", 50, 10), box("left.", 0, 10, height=60)
    assert order(*boxes) == ["left.", "right 1.", "right 2."]


def test_a_label_stays_with_the_text_below_it() -> None:
    boxes = box(LONG + "2", 50, 20), box("La commune", 50, 10), box("Les habitants", 0, 10), box(LONG + "1", 0, 20)
    assert order(*boxes) == ["Les habitants", LONG + "1", "La commune", LONG + "2"]


def test_a_line_across_the_slide_is_not_the_label_of_one_column() -> None:
    boxes = box("b.", 50, 20), box("a.", 0, 20), box("Qui fait quoi", 0, 10, width=90)
    assert order(*boxes) == ["Qui fait quoi", "a.", "b."]


def test_boxes_that_overlap_are_read_by_their_tops() -> None:
    boxes = box("b.", 10, 8, 60, 60), box("a.", 0, 0, 60, 60), box("c.", 20, 30, 60, 60)
    assert order(*boxes) == ["a.", "b.", "c."]


# Sections


def test_each_slide_is_a_section_found_again_by_its_number() -> None:
    sections = read(Slide(1, "Les aides", (box(LONG, 0, 20),)), Slide(3, "Les délais", (box(LONG, 0, 20),)))
    assert [(each.title, each.locator.value, each.locator.label) for each in sections] == [
        ("Les aides", "1", "diapositive 1"),
        ("Les délais", "3", "diapositive 3"),
    ]


def test_a_slide_without_title_is_headed_by_its_first_short_line() -> None:
    (section,) = read(Slide(1, "", (box(LONG, 0, 30), box("Le rôle de la commune", 0, 5))))
    assert section.title == "Le rôle de la commune"
    assert section.text == f"Le rôle de la commune\n{LONG}"


def test_a_slide_without_any_heading_still_begins_a_section() -> None:
    first, second = read(Slide(1, "Les aides", (box(LONG, 0, 20),)), Slide(2, "", (box(LONG, 0, 20),)))
    assert (second.title, second.path, second.locator.value, second.text) == ("", (), "2", LONG)
    assert first.text == f"Les aides\n{LONG}"


def test_the_title_of_the_talk_and_of_its_parts_stand_above_the_slides() -> None:
    sections = read(
        Slide(1, "Coopérer", (box("Rencontre des maires", 0, 50),), opens=True),
        Slide(2, "Partie 1", (), opens=True),
        Slide(3, "Les aides", (box(LONG, 0, 20),)),
    )
    assert sections[-1].path == ("Coopérer", "Partie 1")


def test_notes_stand_after_the_slide_and_no_excerpt_runs_into_them() -> None:
    with_notes = read(
        Slide(1, "Titre", (box("x.", 0, 20),)),
        Slide(2, "Les aides", (box(LONG, 0, 20),), notes=(Line("paragraph", "Citer l’exemple."),)),
    )[1]
    assert with_notes.text == f"Les aides\n{LONG}\nNotes de l'orateur\nCiter l’exemple."
    notes = with_notes.text.index("Notes")
    assert with_notes.gaps == (notes, with_notes.text.index("Citer"))


# Running lines


def test_typed_page_numbers_and_repeated_margins_are_dropped() -> None:
    sections = read(
        *(
            Slide(
                n, f"Sujet {n}", (box(LONG, 0, 30), box("Journée des élus", 0, 92, height=5), box(f"{n} / 4", 90, 95))
            )
            for n in range(1, 5)
        )
    )
    assert ["Journée des élus" in section.text for section in sections] == [True, False, False, False]
    assert not any("/ 4" in section.text for section in sections)


def test_a_line_repeated_in_the_body_of_slides_is_kept() -> None:
    sections = read(*(Slide(n, f"Sujet {n}", (box("Ce qu’il faut retenir", 0, 50),)) for n in range(1, 5)))
    assert all("retenir" in section.text for section in sections)
