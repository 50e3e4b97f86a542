"""OpenDocument texts and presentations: made by odfdo, and two that LibreOffice 7.4 saved from files of ours."""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import odfdo
import pytest

from corpus.document import Section
from corpus.parsed import Parsed, Unreadable
from corpus.parsers.office.odf import length
from corpus.parsers.office.odp import parse_odp
from corpus.parsers.office.odt import parse_odt
from tests.corpus.parsers.office.test_archive import with_entries

DOCUMENTS = Path(__file__).parents[3] / "documents"
LONG = "La commune réunit les habitants, puis le conseil municipal tranche. " * 9


def saved(document: odfdo.Document) -> bytes:
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def text_file(*elements: odfdo.Element | str) -> bytes:
    """A text of these elements; a str is markup that odfdo has no call for."""
    document = odfdo.Document("text")
    document.body.clear()
    for element in elements:
        document.body.append(odfdo.Element.from_tag(element) if isinstance(element, str) else element)
    return saved(document)


def read(*elements: odfdo.Element | str) -> tuple[Section, ...]:
    return parse_odt(text_file(*elements)).sections


def slides_file(*pages: odfdo.DrawPage) -> bytes:
    document = odfdo.Document("presentation")
    document.body.clear()
    for page in pages:
        document.body.append(page)
    return saved(document)


def frame(words: str, kind: str = "", left: str = "1cm", top: str = "1cm") -> odfdo.Frame:
    made = odfdo.Frame.text_frame(words, size=("8cm", "1.5cm"), position=(left, top))
    if kind:
        made.set_attribute("presentation:class", kind)
    return made


def page(name: str, *frames: odfdo.Element) -> odfdo.DrawPage:
    made = odfdo.DrawPage(name, name=name)
    for each in frames:
        made.append(each)
    return made


def blocks(section: Section) -> list[tuple[str, str]]:
    return [(block.kind, section.text[block.start : block.end]) for block in section.blocks]


# Texts


def test_headings_make_sections_with_their_path() -> None:
    sections = read(
        odfdo.Header(1, "Les aides"), odfdo.Paragraph(LONG), odfdo.Header(2, "Montants"), odfdo.Paragraph(LONG)
    )
    assert [(section.path, section.title) for section in sections] == [((), "Les aides"), (("Les aides",), "Montants")]


def test_the_title_style_stands_above_the_headings() -> None:
    title = odfdo.Paragraph("Guide des coopératives", style="Title")
    sections = read(title, odfdo.Header(1, "Les aides"), odfdo.Paragraph(LONG))
    assert [(section.path, section.title) for section in sections] == [
        ((), "Guide des coopératives"),
        (("Guide des coopératives",), "Les aides"),
    ]


def test_lists_keep_their_depth() -> None:
    items = odfdo.List(["prêter un local"])
    items.get_item(0).append(odfdo.List(["à titre gratuit"]))
    items.append_item("garantir un emprunt")
    (section,) = read(odfdo.Paragraph("La commune peut :"), items)
    assert blocks(section) == [
        ("paragraph", "La commune peut :"),
        ("item", "prêter un local"),
        ("item", "à titre gratuit"),
        ("item", "garantir un emprunt"),
    ]
    assert [block.lead for block in section.blocks] == [None, 0, 1, 0]


def test_spaces_tabs_breaks_links_and_typography() -> None:
    (section,) = read(
        "<text:p>L’aide<text:s text:c='900000000'/>est<text:tab/>de<text:line-break/>"
        "<text:a>20\u00a0000\u202f€</text:a><text:span> «\u00a0net\u00a0»</text:span>.</text:p>"
    )
    assert section.text == "L’aide est de 20\u00a0000\u202f€ «\u00a0net\u00a0»."


def test_tables_are_read_by_rows_and_covered_cells_passed_over() -> None:
    def row(*cells: str) -> str:
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    def cell(words: str, span: int = 1) -> str:
        covered = "<table:covered-table-cell/>" * (span - 1)
        spanned = f"table:number-columns-spanned='{span}'"
        return f"<table:table-cell {spanned}><text:p>{words}</text:p></table:table-cell>{covered}"

    header = f"<table:table-header-rows>{row(cell('Aide'), cell('Montant'), cell('Délai'))}</table:table-header-rows>"
    rows = row(cell("Région"), cell("5 €"), cell("3 mois")) + row(cell("Total", 2), cell("3 mois"))
    (section,) = read(f"<table:table>{header}{rows}</table:table>")
    assert section.text == "Aide | Montant | Délai\nRégion | 5 € | 3 mois\nTotal | 3 mois"
    assert [block.lead for block in section.blocks] == [None, 0, 0]


def test_contents_comments_deletions_and_hidden_parts_are_not_read() -> None:
    (section,) = read(
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>refuse</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>",
        "<text:p>Un mot<office:annotation><text:p>à revoir</text:p></office:annotation> du maire.</text:p>",
        "<text:table-of-content><text:index-body><text:p>Le bail 3</text:p></text:index-body></text:table-of-content>",
        "<text:section text:display='none'><text:p>interne</text:p></text:section>",
        "<text:section><text:p>Ce guide est gratuit, page <text:page-number>3</text:page-number>.</text:p>"
        "</text:section>",
    )
    assert section.text == "Un mot du maire.\nCe guide est gratuit, page ."
    assert section.gaps == (section.text.index("Ce guide"), len(section.text) - 1)


def test_notes_stand_at_the_end_of_their_section() -> None:
    noted = odfdo.Paragraph("Le conseil approuve le bail.")
    noted.insert_note(after="approuve", note_id="n1", citation="1", body="Vote du 3 mars.")
    section = read(odfdo.Header(1, "Le bail"), noted, odfdo.Paragraph("Il dure trois ans."))[0]
    assert section.text == "Le bail\nLe conseil approuve le bail.\nIl dure trois ans.\nVote du 3 mars."
    assert section.gaps == (section.text.index("Vote"),)


def test_title_publisher_and_date_come_from_the_properties() -> None:
    document = odfdo.Document("text")
    document.body.append(odfdo.Paragraph("Le conseil vote."))
    document.meta.title = "Guide des coopératives"
    document.meta.date = datetime(2023, 4, 5)
    document.meta.set_user_defined_metadata("Publisher", "Communauté de communes du Val")
    parsed = parse_odt(saved(document))
    assert parsed.stated == {"title": "Guide des coopératives", "publisher": "Communauté de communes du Val"}
    assert parsed.produced == "2023-04-05"


def test_a_text_saved_by_libreoffice() -> None:
    """With a table of contents, a tracked change, a footnote and a text box."""
    sections = parse_odt((DOCUMENTS / "guide-saved-by-libreoffice.odt").read_bytes()).sections
    assert [(section.path, section.text) for section in sections] == [
        ((), "Le guide des communes"),
        (
            ("Le guide des communes",),
            "Le bail\nLe conseil approuve le bail.\nLe loyer est modéré.\nÀ retenir : trois ans au moins.\n"
            "Il se renouvelle tous les ans, comme la plupart des conventions de ce genre passées par les communes.\n"
            "Délibération du 3 mars.",
        ),
        (("Le guide des communes",), "Le prêt\nUn prêt sans intérêt est possible."),
    ]


# Presentations


def test_a_slide_is_a_section_with_its_boxes_in_reading_order() -> None:
    raw = slides_file(
        page("a", frame("Les aides", "title"), frame("En bas.", top="9cm"), frame("En haut.", top="5cm")),
        page("b", frame("Les délais", "title"), frame("Trois mois.", top="5cm"), frame("7", "page-number", top="15cm")),
    )
    first, second = parse_odp(raw).sections
    assert first.text == "Les aides\nEn haut.\nEn bas."
    assert second.text == "Les délais\nTrois mois."
    assert (second.locator.type, second.locator.value, second.locator.label) == ("slide", "2", "diapositive 2")


def test_notes_follow_their_slide() -> None:
    notes = odfdo.Element.from_tag("<presentation:notes/>")
    notes.append(frame("Citer l’exemple de Valmont.", "notes"))
    opening = page("a", frame("Coopérer", "title"), frame("Mars 2024.", top="5cm"))
    section = parse_odp(slides_file(opening, page("b", frame("Les aides", "title"), notes))).sections[1]
    assert section.text == "Les aides\nNotes de l'orateur\nCiter l’exemple de Valmont."


def test_slides_saved_by_libreoffice() -> None:
    """A title slide, nested bullets with notes, boxes with labels, a table, and a hidden slide."""
    sections = parse_odp((DOCUMENTS / "slides-saved-by-libreoffice.odp").read_bytes()).sections
    assert [(section.locator.value, section.text.split("\n")) for section in sections] == [
        ("1", ["Coopérer dans les communes rurales", "Rencontre des maires", "12 mars 2024"]),
        ("2", ["Pourquoi coopérer ?", "Garder un commerce", "avec les habitants", "Partager les coûts",
               "Notes de l'orateur", "Rappeler l’exemple de Valmont."]),
        ("3", ["Qui fait quoi", "Les habitants", "Les habitants prennent des parts sociales à partir de 20 euros.",
               "La commune", "La commune apporte le local et garantit une partie de l’emprunt."]),
        ("4", ["Montants", "Aide | Montant", "Région | 20 000 €"]),
    ]  # fmt: skip
    assert sections[1].path == ("Coopérer dans les communes rurales",)
    assert sections[1].blocks[2].lead == 1


def test_lengths_are_read_in_centimetres() -> None:
    assert [length(said) for said in ("2.5cm", "10mm", "1in", "", None, "1.2.3cm", "large")] == [
        2.5,
        1,
        2.54,
        0,
        0,
        0,
        0,
    ]


# Files made to harm


def test_each_parser_refuses_the_other_s_files() -> None:
    for parse, raw, seems in ((parse_odt, slides_file(), "odp"), (parse_odp, text_file(), "odt")):
        with pytest.raises(Unreadable) as raised:
            parse(raw)
        assert (raised.value.code, raised.value.detail) == ("wrong_format", seems)


def test_a_file_without_letters_holds_nothing() -> None:
    assert parse_odt(text_file(odfdo.Paragraph("12 €"))) == Parsed(())


@pytest.mark.parametrize(
    "content",
    ["", "<office:document", "<x/>", "<a>" * 100_000, "<a>" * 50_000 + "</a>" * 50_000],
    ids=["empty", "cut", "foreign", "open", "deep"],
)
def test_broken_markup_is_damage_and_nothing_else_escapes(content: str) -> None:
    for parse, raw in ((parse_odt, text_file()), (parse_odp, slides_file())):
        with pytest.raises(Unreadable) as raised:
            parse(with_entries(raw, {"content.xml": content}))
        assert raised.value.code == "damaged"


def test_markup_nested_without_end_is_damage() -> None:
    raw = text_file(odfdo.Paragraph("MARQUE"))
    with ZipFile(BytesIO(raw)) as archive:
        content = archive.read("content.xml").decode()
    deep = "<text:span>" * 20_000 + "texte" + "</text:span>" * 20_000
    with pytest.raises(Unreadable) as raised:
        parse_odt(with_entries(raw, {"content.xml": content.replace("MARQUE", deep)}))
    assert raised.value.code == "damaged"
