"""From lines to titled sections."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.cleaning import GAP
from corpus.document import Locator
from corpus.sections import NOTES, Line, sections_of


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


# Whatever the lines: each says words of its own, so that nothing can be lost or doubled unseen.

KINDS = st.sampled_from(["heading", "paragraph", "paragraph", "item", "item", "row"])
SHAPES = st.lists(
    st.tuples(KINDS, st.integers(1, 4), st.booleans(), st.booleans(), st.integers(0, 1)), min_size=1, max_size=25
)


def lines_of(shapes: list[tuple[str, int, bool, bool, int]], paged: bool) -> list[Line]:
    lines, number = [], 1
    for index, (kind, level, marked, gap_before, turn) in enumerate(shapes):
        number += turn
        text = f"mot{index} {GAP if marked else ''}suite{index}" + (" :" if level == 4 else ".")
        at = page(number) if paged else None
        lines.append(Line(kind, text, level, gap_before=gap_before, at=at))  # type: ignore[arg-type]
    return lines


@settings(max_examples=200, deadline=None)
@given(SHAPES, st.booleans())
def test_every_line_is_in_a_section_in_order_and_in_a_block(
    shapes: list[tuple[str, int, bool, bool, int]], paged: bool
) -> None:
    lines = lines_of(shapes, paged)
    sections = sections_of(lines)
    headings = {line.text.replace(GAP, "") for line in lines if line.kind == "heading"}
    said = []
    for section in sections:
        pieces = [section.text[block.start : block.end] for block in section.blocks]
        assert "\n".join(pieces) == section.text
        # A heading may stand once more, as an item of the list below the heading above it.
        said += [
            piece
            for block, piece in zip(section.blocks, pieces, strict=True)
            if block.kind == "heading" or piece not in headings
        ]
    assert said == [line.text.replace(GAP, "") for line in lines]


@settings(max_examples=200, deadline=None)
@given(SHAPES, st.booleans())
def test_every_mark_of_missing_words_becomes_a_gap(shapes: list[tuple[str, int, bool, bool, int]], paged: bool) -> None:
    lines = lines_of(shapes, paged)
    whole = "\n".join(line.text for line in lines).split(GAP)
    for section in sections_of(lines):
        edges = [0, *section.gaps, len(section.text)]
        for start, end in pairwise(edges):
            # Nothing that stands between two gaps runs over a mark.
            for piece in section.text[start:end].split("\n"):
                assert any(piece.strip() in part for part in whole)


@settings(max_examples=200, deadline=None)
@given(SHAPES)
def test_every_line_is_found_again_on_its_page(shapes: list[tuple[str, int, bool, bool, int]]) -> None:
    lines = lines_of(shapes, paged=True)
    pages = {line.text.replace(GAP, ""): (line.kind, line.at) for line in lines}
    for section in sections_of(lines):
        for block in section.blocks:
            kind, at = pages[section.text[block.start : block.end]]
            # A heading that stands once more as an item is where the list is.
            assert section.place(block.start) == at or (kind, block.kind) == ("heading", "item")


def test_two_tables_that_touch_keep_each_its_own_header() -> None:
    (section,) = sections_of(
        [
            Line("row", "Statut | Membres", blank_before=True),
            Line("row", "SCIC | 3"),
            Line("row", "Année | Aide", blank_before=True),
            Line("row", "2024 | 100 €"),
        ]
    )
    assert [block.lead for block in section.blocks] == [None, 0, None, 2]


def test_an_item_below_one_that_ends_with_a_semicolon_stays_below_when_its_depth_is_known() -> None:
    (section,) = sections_of(
        [
            Line("paragraph", "La commune peut :"),
            Line("item", "aider, par exemple ;", 1),
            Line("item", "prêter une salle ;", 2),
            Line("item", "garantir un emprunt ;", 2),
        ]
    )
    assert [block.lead for block in section.blocks] == [None, 0, 1, 1]


def test_thousands_of_headings_without_text_are_read_at_once() -> None:
    lines = [Line("heading", f"Titre {number}", 1 + number % 6) for number in range(4000)]
    assert len(sections_of(lines)) > 1


def test_notes_of_a_speaker_are_no_part_of_what_slides_list() -> None:
    lines = [Line("heading", "Accueil", 1), Line("paragraph", "Bonjour."), Line("heading", "Trois rôles", 1)]
    for title in ("Financeur", NOTES, "Partenaire", "Acteur"):
        lines += [Line("heading", title, 2), Line("paragraph", "La commune agit. " * 60)]
    outline = sections_of(lines)[1]
    assert outline.text == "Trois rôles\nFinanceur\nPartenaire\nActeur"
