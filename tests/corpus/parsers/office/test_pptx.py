"""PowerPoint files: slides as sections, their boxes, bullets, tables, diagrams and notes."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.util import Cm

from corpus.document import Section
from corpus.parsed import Parsed, Unreadable
from corpus.parsers.office.pptx import parse_pptx
from tests.corpus.parsers.office.test_archive import with_entries

TITLE, CONTENT, TITLE_ONLY, BLANK = 0, 1, 5, 6
_NAMES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    }.items()
)


def made(write: Callable[[Any], None]) -> bytes:
    presentation = Presentation()
    write(presentation)
    stream = BytesIO()
    presentation.save(stream)
    return stream.getvalue()


def read(write: Callable[[Any], None]) -> tuple[Section, ...]:
    return parse_pptx(made(write)).sections


def one_slide(write: Callable[[Any], None], layout: int = TITLE_ONLY) -> Section:
    def write_slide(presentation: Any) -> None:
        slide = presentation.slides.add_slide(presentation.slide_layouts[layout])
        if slide.shapes.title is not None:
            slide.shapes.title.text = "Les aides"
        write(slide)

    (section,) = read(write_slide)
    return section


def slide(presentation: Any, title: str, body: str = "", layout: int = CONTENT) -> Any:
    added = presentation.slides.add_slide(presentation.slide_layouts[layout])
    added.shapes.title.text = title
    added.placeholders[1].text = body
    return added


def box(shapes: Any, words: str, left: float, top: float, width: float = 8, height: float = 2) -> Any:
    added = shapes.add_textbox(Cm(left), Cm(top), Cm(width), Cm(height))
    added.text_frame.text = words
    return added


def blocks(section: Section) -> list[tuple[str, str]]:
    return [(block.kind, section.text[block.start : block.end]) for block in section.blocks]


# Slides


def test_a_slide_is_a_section_below_the_title_of_the_talk() -> None:
    def write(presentation: Any) -> None:
        slide(presentation, "Coopérer", "Rencontre des maires", TITLE)
        slide(presentation, "Les aides", "La région aide")

    first, second = read(write)
    assert (first.title, first.locator.label) == ("Coopérer", "diapositive 1")
    assert (second.path, second.title, second.locator.type, second.locator.value) == (
        ("Coopérer",), "Les aides", "slide", "2",
    )  # fmt: skip


def test_hidden_slides_are_skipped_but_counted() -> None:
    def write(presentation: Any) -> None:
        slide(presentation, "Les aides", "La région aide")
        slide(presentation, "Brouillon", "Ne pas montrer")._element.set("show", "0")
        slide(presentation, "Les délais", "Trois mois")

    assert [(each.title, each.locator.value) for each in read(write)] == [("Les aides", "1"), ("Les délais", "3")]


def test_notes_follow_the_slide_under_a_heading_of_their_own() -> None:
    def write(presentation: Any) -> None:
        slide(presentation, "Coopérer", "Rencontre des maires", TITLE)
        added = slide(presentation, "Les aides")
        added.notes_slide.notes_text_frame.text = "Citer l’exemple de Valmont."

    section = read(write)[1]
    assert section.text == "Les aides\nNotes de l'orateur\nCiter l’exemple de Valmont."


def test_a_slide_without_title_is_a_section_of_its_own() -> None:
    def write(presentation: Any) -> None:
        slide(presentation, "Les aides", "La région aide")
        box(presentation.slides.add_slide(presentation.slide_layouts[BLANK]).shapes, "Le conseil vote le budget.", 1, 5)

    second = read(write)[1]
    assert (second.title, second.path, second.text) == ("", (), "Le conseil vote le budget.")
    assert second.locator.value == "2"


def test_slide_numbers_dates_and_footers_are_dropped() -> None:
    def write(made: Any) -> None:
        for kind in ("dt", "ftr", "sldNum"):
            shape = box(made.shapes, "Mairie 12", 1, 17)
            shape._element.nvSpPr.nvPr.append(parse_xml(f'<p:ph {_NAMES} type="{kind}"/>'))
        number = box(made.shapes, "Diapositive ", 1, 10)
        number.text_frame.paragraphs[0]._p.append(
            parse_xml(f'<a:fld {_NAMES} id="{{0}}" type="slidenum"><a:t>12</a:t></a:fld>')
        )

    assert one_slide(write).text == "Les aides\nDiapositive"


# Boxes


def test_boxes_are_read_in_the_order_of_the_eye_not_of_the_file() -> None:
    def write(made: Any) -> None:
        box(made.shapes, "Elle prête un local.", 13, 8)
        box(made.shapes, "Ils prennent des parts.", 2, 8)
        box(made.shapes, "La commune", 13, 6)
        box(made.shapes, "Les habitants", 2, 6)

    assert one_slide(write).text.split("\n")[1:] == [
        "Les habitants", "Ils prennent des parts.", "La commune", "Elle prête un local.",
    ]  # fmt: skip


def test_the_boxes_of_a_group_stay_together() -> None:
    def write(made: Any) -> None:
        box(made.shapes, "Après le groupe.", 2, 15)
        group = made.shapes.add_group_shape()
        box(group.shapes, "En bas du groupe.", 2, 9)
        box(group.shapes, "En haut du groupe.", 2, 6)

    assert one_slide(write).text == "Les aides\nEn haut du groupe.\nEn bas du groupe.\nAprès le groupe."


def test_bullets_come_from_the_layout_and_their_depth_from_the_level() -> None:
    def write(made: Any) -> None:
        frame = made.placeholders[1].text_frame
        frame.text = "Garder un commerce"
        below = frame.add_paragraph()
        below.text, below.level = "avec les habitants", 1
        plain = frame.add_paragraph()
        plain.text = "Le conseil vote."
        plain._p.get_or_add_pPr().insert(0, parse_xml(f"<a:buNone {_NAMES}/>"))

    section = one_slide(write, CONTENT)
    assert blocks(section)[1:] == [
        ("item", "Garder un commerce"),
        ("item", "avec les habitants"),
        ("paragraph", "Le conseil vote."),
    ]
    assert section.blocks[2].lead == 1


def test_the_text_of_a_box_is_a_paragraph_unless_it_has_a_bullet() -> None:
    def write(made: Any) -> None:
        frame = box(made.shapes, "La commune peut :", 2, 6).text_frame
        for words in ("prêter un local", "– garantir un emprunt"):
            frame.add_paragraph().text = words
        frame.paragraphs[1]._p.get_or_add_pPr().append(parse_xml(f'<a:buChar {_NAMES} char="•"/>'))

    assert blocks(one_slide(write))[1:] == [
        ("paragraph", "La commune peut :"),
        ("item", "prêter un local"),
        ("item", "garantir un emprunt"),
    ]


def test_lines_broken_within_a_paragraph_are_joined_by_a_space() -> None:
    assert one_slide(lambda made: box(made.shapes, "Une aide\vde 20\u00a0000\u00a0€.", 2, 6)).text == (
        "Les aides\nUne aide de 20\u00a0000\u00a0€."
    )


def test_a_shape_written_as_alternatives_is_read_once() -> None:
    def write(made: Any) -> None:
        shape = box(made.shapes, "Le taux vaut un demi.", 2, 6)._element
        tree = shape.getparent()
        both = parse_xml(
            f'<mc:AlternateContent {_NAMES}><mc:Choice Requires="a14"/><mc:Fallback/></mc:AlternateContent>'
        )
        tree.replace(shape, both)
        both[0].append(shape)

    assert one_slide(write).text == "Les aides\nLe taux vaut un demi."


# Tables and diagrams


def test_a_table_is_read_by_rows_with_merged_cells_once() -> None:
    def write(made: Any) -> None:
        table = made.shapes.add_table(3, 3, Cm(2), Cm(5), Cm(15), Cm(4)).table
        for at, words in enumerate(("Aide", "Montant", "Délai", "Région", "5 €", "3 mois", "Total", "", "3 mois")):
            table.cell(at // 3, at % 3).text = words
        table.cell(2, 0).merge(table.cell(2, 1))

    section = one_slide(write)
    assert blocks(section)[1:] == [
        ("row", "Aide | Montant | Délai"),
        ("row", "Région | 5 € | 3 mois"),
        ("row", "Total | 3 mois"),
    ]
    assert [block.lead for block in section.blocks] == [None, None, 1, 1]


def test_a_diagram_is_a_list_of_its_texts() -> None:
    def point(key: str, words: str, kind: str = "node") -> str:
        return f'<dgm:pt modelId="{key}" type="{kind}"><dgm:t><a:p><a:r><a:t>{words}</a:t></a:r></a:p></dgm:t></dgm:pt>'

    def write(made: Any) -> None:
        points = point("d", "", "doc") + point("2", "Voter") + point("1", "Écouter") + point("3", "en réunion")
        ties = (("d", "1", 0), ("d", "2", 1), ("1", "3", 0))
        links = "".join(f'<dgm:cxn srcId="{above}" destId="{key}" srcOrd="{at}"/>' for above, key, at in ties)
        model = (
            f"<dgm:dataModel {_NAMES}><dgm:ptLst>{points}</dgm:ptLst><dgm:cxnLst>{links}</dgm:cxnLst></dgm:dataModel>"
        )
        part = Part(PackURI("/ppt/diagrams/data1.xml"), "application/xml", made.part.package, model.encode())
        key = made.part.relate_to(part, RELATIONSHIP_TYPE.DIAGRAM_DATA)
        made.shapes._spTree.append(
            parse_xml(
                f"<p:graphicFrame {_NAMES}><a:graphic><a:graphicData>"
                f'<dgm:relIds r:dm="{key}"/></a:graphicData></a:graphic></p:graphicFrame>'
            )
        )

    section = one_slide(write)
    assert blocks(section)[1:] == [("item", "Écouter"), ("item", "en réunion"), ("item", "Voter")]
    assert section.blocks[2].lead == 1


# What the file says of itself, and files made to harm


def test_title_and_date_come_from_the_properties() -> None:
    def write(presentation: Any) -> None:
        slide(presentation, "Les aides", "La région aide")
        presentation.core_properties.title = "Coopérer dans les communes"
        presentation.core_properties.modified = datetime(2023, 4, 5)

    parsed = parse_pptx(made(write))
    assert (parsed.stated, parsed.produced) == ({"title": "Coopérer dans les communes"}, "2023-04-05")


def test_what_the_library_s_template_says_is_passed_over() -> None:
    parsed = parse_pptx(made(lambda presentation: slide(presentation, "Les aides", "La région aide")))
    assert (dict(parsed.stated), parsed.produced) == ({}, None)


def test_a_presentation_of_pictures_holds_nothing() -> None:
    assert parse_pptx(made(lambda presentation: presentation.slides.add_slide(presentation.slide_layouts[BLANK]))) == (
        Parsed(())
    )


@pytest.mark.parametrize("part", ["ppt/presentation.xml", "ppt/slides/slide1.xml", "ppt/_rels/presentation.xml.rels"])
@pytest.mark.parametrize("content", ["", "<p:sld", "<x/>", "<a>" * 100_000])
def test_broken_markup_is_damage_and_nothing_else_escapes(part: str, content: str) -> None:
    raw = with_entries(made(lambda presentation: slide(presentation, "Les aides", "La région")), {part: content})
    try:
        assert parse_pptx(raw) == Parsed(())  # a presentation that lists no slides any more
    except Unreadable as error:
        assert error.code == "damaged"


def test_another_format_is_refused() -> None:
    with pytest.raises(Unreadable) as raised:
        parse_pptx(b"%PDF-1.4")
    assert (raised.value.code, raised.value.detail) == ("wrong_format", "pdf")
