"""Word files made by Word's own markup: headings, lists, tables, and what hides between the lines."""

import socket
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from corpus.document import Section
from corpus.parsed import Parsed, Unreadable
from corpus.parsers.office.docx import parse_docx
from tests.corpus.parsers.office.test_archive import with_entries

LONG = "La commune réunit les habitants, puis le conseil municipal tranche. " * 9
_NAMES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    }.items()
)


def made(write: Callable[[Any], None]) -> bytes:
    document = Document()
    write(document)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def read(write: Callable[[Any], None]) -> tuple[Section, ...]:
    return parse_docx(made(write)).sections


def text(write: Callable[[Any], None]) -> str:
    return "\n".join(section.text for section in read(write))


def blocks(section: Section) -> list[tuple[str, str]]:
    return [(block.kind, section.text[block.start : block.end]) for block in section.blocks]


def add(document: Any, xml: str) -> None:
    """Add markup to the body; python-docx has no call for it."""
    body = document.element.body
    body.insert(len(body) - 1, parse_xml(xml.replace(">", f" {_NAMES}>", 1)))


def run(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def field(mark: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{mark}"/></w:r>'


# Headings


def test_heading_styles_make_sections_below_the_title() -> None:
    def write(document: Any) -> None:
        document.add_paragraph("Guide des coopératives", style="Title")
        document.add_heading("Les aides", 1)
        document.add_paragraph(LONG)
        document.add_heading("Montants", 2)
        document.add_paragraph(LONG)

    assert [(section.path, section.title) for section in read(write)] == [
        ((), "Guide des coopératives"),
        (("Guide des coopératives",), "Les aides"),
        (("Guide des coopératives", "Les aides"), "Montants"),
    ]


def test_a_style_of_ones_own_is_a_heading_by_the_style_it_stands_on() -> None:
    def write(document: Any) -> None:
        style = document.styles.add_style("Bleu de la mairie", 1)
        style.base_style = document.styles["Heading 2"]
        document.add_paragraph("Les aides", style="Bleu de la mairie")
        document.add_paragraph(LONG)

    assert [section.title for section in read(write)] == ["Les aides"]


def test_an_outline_level_makes_a_heading_of_a_plain_paragraph() -> None:
    def write(document: Any) -> None:
        add(document, f'<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr>{run("Les aides")}</w:p>')
        document.add_paragraph(LONG)

    assert [section.title for section in read(write)] == ["Les aides"]


def test_bold_lines_are_headings_where_no_style_marks_any() -> None:
    def write(document: Any) -> None:
        document.add_paragraph("Un mot d’accueil du maire.")
        document.add_paragraph().add_run("Les aides de la commune").bold = True
        document.add_paragraph(LONG)
        document.add_paragraph("Le ").add_run("conseil").bold = True

    assert [section.title for section in read(write)] == ["", "Les aides de la commune"]


def test_bold_lines_stay_paragraphs_where_styles_mark_headings() -> None:
    def write(document: Any) -> None:
        document.add_heading("Guide", 1)
        document.add_paragraph().add_run("Un rappel utile").bold = True
        document.add_heading("Les aides", 2)
        document.add_paragraph(LONG)

    assert ("paragraph", "Un rappel utile") in blocks(read(write)[0])


# Paragraphs and lists


def test_typography_is_kept_and_lines_of_a_paragraph_are_joined() -> None:
    def write(document: Any) -> None:
        document.add_paragraph("L’aide est de 20\u00a0000\u00a0€\u202f: « c’est\npeu ».")

    assert text(write) == "L’aide est de 20\u00a0000\u00a0€\u202f: « c’est peu »."


def test_list_styles_and_numbering_give_the_depth_of_items() -> None:
    def write(document: Any) -> None:
        document.add_paragraph("La commune peut :")
        document.add_paragraph("prêter un local", style="List Bullet")
        document.add_paragraph("à titre gratuit", style="List Bullet 2")
        add(
            document,
            f'<w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr>{run("un an")}</w:p>',
        )
        document.add_paragraph("garantir un emprunt", style="List Number")

    (section,) = read(write)
    said = [text for _, text in blocks(section)]
    leads = {said[at]: said[block.lead] for at, block in enumerate(section.blocks) if block.lead is not None}
    assert leads == {
        "prêter un local": "La commune peut :",
        "à titre gratuit": "prêter un local",
        "un an": "prêter un local",
        "garantir un emprunt": "La commune peut :",
    }


def test_numbering_taken_off_a_list_style_makes_a_paragraph() -> None:
    def write(document: Any) -> None:
        pr = '<w:pPr><w:pStyle w:val="ListBullet"/><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr>'
        add(document, f"<w:p>{pr}{run('Le conseil vote.')}</w:p>")

    assert blocks(read(write)[0]) == [("paragraph", "Le conseil vote.")]


def test_links_controls_and_breaks_are_part_of_the_text() -> None:
    def write(document: Any) -> None:
        link = f'<w:hyperlink r:id="rId99">{run("le site")}</w:hyperlink>'
        control = f"<w:sdt><w:sdtPr/><w:sdtContent>{run(' de la mairie')}</w:sdtContent></w:sdt>"
        add(
            document,
            f"<w:p>{run('Voir ')}{link}{control}<w:r><w:tab/><w:t>ou</w:t><w:br/><w:t>appeler.</w:t></w:r></w:p>",
        )
        add(document, f"<w:sdt><w:sdtContent><w:p>{run('Un bloc entier.')}</w:p></w:sdtContent></w:sdt>")

    assert text(write) == "Voir le site de la mairie ou appeler.\nUn bloc entier."


def test_tracked_changes_are_read_as_accepted() -> None:
    def write(document: Any) -> None:
        deleted = "<w:del><w:r><w:delText>refuse</w:delText></w:r></w:del>"
        moved = f"<w:moveFrom>{run('hier')}</w:moveFrom>"
        add(
            document,
            f"<w:p>{run('Le conseil ')}{deleted}<w:ins>{run('approuve')}</w:ins>{moved}{run(' le bail.')}</w:p>",
        )

    assert text(write) == "Le conseil approuve le bail."


def test_hidden_text_is_not_read() -> None:
    def write(document: Any) -> None:
        document.add_paragraph("Le conseil vote.").add_run("note interne").font.hidden = True

    assert text(write) == "Le conseil vote."


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    def write(document: Any) -> None:
        box = f"<w:txbxContent><w:p>{run('À retenir : trois ans.')}</w:p></w:txbxContent>"
        both = f"<mc:Choice><w:drawing>{box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
        add(document, f"<w:p>{run('Le bail dure.')}<w:r><mc:AlternateContent>{both}</mc:AlternateContent></w:r></w:p>")
        document.add_paragraph("Il se renouvelle.")

    assert text(write) == "Le bail dure.\nÀ retenir : trois ans.\nIl se renouvelle."


def test_footnotes_stand_at_the_end_of_their_section() -> None:
    def write(document: Any) -> None:
        words = run(" Vote du 3 mars.")
        note = f'<w:footnotes {_NAMES}><w:footnote w:id="2"><w:p>{words}</w:p></w:footnote></w:footnotes>'
        name, kind = PackURI("/word/footnotes.xml"), "application/vnd.openxmlformats-officedocument.footnotes+xml"
        document.part.relate_to(Part(name, kind, note.encode(), document.part.package), RELATIONSHIP_TYPE.FOOTNOTES)
        document.add_heading("Le bail", 1)
        add(
            document,
            f'<w:p>{run("Le conseil approuve")}<w:r><w:footnoteReference w:id="2"/></w:r>{run(" le bail.")}</w:p>',
        )
        document.add_paragraph("Il dure trois ans.")
        document.add_heading("Le prêt", 1)
        document.add_paragraph("Sans intérêt.")

    section = read(write)[0]
    assert section.text == "Le bail\nLe conseil approuve le bail.\nIl dure trois ans.\nVote du 3 mars."
    assert section.gaps == (section.text.index("Vote"),)


# What is dropped


def test_headers_footers_and_page_numbers_are_dropped() -> None:
    def write(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "Mairie de Valmont"
        document.sections[0].footer.paragraphs[0].text = "Confidentiel"
        document.add_paragraph("Le conseil vote.")
        code = "<w:r><w:instrText> PAGE </w:instrText></w:r>"
        add(
            document,
            f"<w:p>{run('Page ')}{field('begin')}{code}{field('separate')}{run('7')}{field('end')}"
            f"{run(' du guide.')}</w:p>",
        )

    (section,) = read(write)
    assert section.text == "Le conseil vote.\nPage du guide."
    assert section.gaps == (section.text.index("du guide"),)


def test_a_table_of_contents_is_dropped_and_leaves_a_gap() -> None:
    def write(document: Any) -> None:
        document.add_paragraph("Un mot du maire.")
        code = r"<w:r><w:instrText> TOC \o &quot;1-3&quot; </w:instrText></w:r>"
        add(document, f"<w:p>{field('begin')}{code}{field('separate')}{run('Le bail 3')}</w:p>")
        add(document, f"<w:p>{run('Le prêt 5')}</w:p>")
        add(document, f"<w:p>{field('end')}</w:p>")
        document.add_paragraph("Ce guide est gratuit.")

    (section,) = read(write)
    assert section.text == "Un mot du maire.\nCe guide est gratuit."
    assert section.gaps == (section.text.index("Ce guide"),)


def test_a_table_of_contents_in_a_content_control_is_dropped() -> None:
    def write(document: Any) -> None:
        gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
        add(
            document,
            f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr><w:sdtContent><w:p>{run('Sommaire')}</w:p></w:sdtContent></w:sdt>",
        )
        document.add_paragraph("Ce guide est gratuit.")

    assert text(write) == "Ce guide est gratuit."


def test_a_field_that_never_ends_does_not_swallow_the_document() -> None:
    def write(document: Any) -> None:
        add(
            document,
            f"<w:p>{field('begin')}<w:r><w:instrText>TOC</w:instrText></w:r>{field('separate')}"
            f"{run('Le bail 3')}</w:p>",
        )
        document.add_heading("Le bail", 1)
        document.add_paragraph("Il dure trois ans.")

    assert text(write) == "Le bail\nIl dure trois ans."


# Tables


def table(document: Any, *rows: tuple[str, ...]) -> Any:
    made = document.add_table(rows=len(rows), cols=len(rows[0]))
    for number, row in enumerate(rows):
        for at, words in enumerate(row):
            made.cell(number, at).text = words
    return made


def test_tables_stand_where_they_are_between_paragraphs_and_rows_know_their_header() -> None:
    def write(document: Any) -> None:
        document.add_paragraph("Avant.")
        table(document, ("Aide", "Montant"), ("Région", "20 000 €"), ("Département", "5 000 €"))
        document.add_paragraph("Après.")

    (section,) = read(write)
    assert blocks(section) == [
        ("paragraph", "Avant."),
        ("row", "Aide | Montant"),
        ("row", "Région | 20 000 €"),
        ("row", "Département | 5 000 €"),
        ("paragraph", "Après."),
    ]
    assert [block.lead for block in section.blocks] == [None, None, 1, 1, None]


def test_a_merged_cell_is_said_once() -> None:
    def write(document: Any) -> None:
        made = table(document, ("Aide", "Montant", "Délai"), ("Région", "", "3 mois"), ("", "5 €", "1 an"))
        made.cell(1, 0).merge(made.cell(2, 0))

    assert text(write) == "Aide | Montant | Délai\nRégion |  | 3 mois\n| 5 € | 1 an"


def test_a_framed_text_is_read_as_paragraphs_and_nested_tables_as_rows() -> None:
    def write(document: Any) -> None:
        table(document, ("À retenir : le vote est public.",))
        document.add_paragraph("Suite.")
        outer = table(document, ("Gauche.", "Droite."))
        inner = outer.cell(0, 1).add_table(2, 2)
        for at, words in enumerate(("Aide", "Montant", "Région", "5 €")):
            inner.cell(at // 2, at % 2).text = words

    assert blocks(read(write)[0]) == [
        ("paragraph", "À retenir : le vote est public."),
        ("paragraph", "Suite."),
        ("paragraph", "Gauche."),
        ("paragraph", "Droite."),
        ("row", "Aide | Montant"),
        ("row", "Région | 5 €"),
    ]


# What the file says of itself


def test_title_and_date_come_from_the_properties() -> None:
    def write(document: Any) -> None:
        document.add_paragraph("Le conseil vote.")
        document.core_properties.title = "Guide des coopératives"
        document.core_properties.modified = datetime(2023, 4, 5)

    parsed = parse_docx(made(write))
    assert (parsed.stated, parsed.produced) == ({"title": "Guide des coopératives"}, "2023-04-05")


def test_the_date_of_the_library_s_template_is_no_date() -> None:
    assert parse_docx(made(lambda document: document.add_paragraph("Le conseil vote."))).produced is None


def test_a_document_without_letters_holds_nothing() -> None:
    assert parse_docx(made(lambda document: document.add_paragraph("12 €"))) == Parsed(())


# Files made to harm


def test_nothing_outside_the_file_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "socket", refuse)

    def write(document: Any) -> None:
        for kind in (RELATIONSHIP_TYPE.IMAGE, RELATIONSHIP_TYPE.FOOTNOTES, RELATIONSHIP_TYPE.HYPERLINK):
            document.part.relate_to("http://192.0.2.1/pixel.png", kind, is_external=True)
        document.add_paragraph("Le conseil vote.")

    assert text(write) == "Le conseil vote."


def test_an_entity_hidden_among_the_pictures_is_not_resolved() -> None:
    """The package calls a picture its main part: the library itself must not follow the entity."""
    raw = made(lambda document: document.add_paragraph("MARQUE"))
    with ZipFile(BytesIO(raw)) as archive:
        body = archive.read("word/document.xml").decode().split("?>", 1)[1].replace("MARQUE", "&e;")
        types, rels = (archive.read(name).decode() for name in ("[Content_Types].xml", "_rels/.rels"))
    hostile = with_entries(
        raw,
        {
            "word/media/a.svg": f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{body}',
            "[Content_Types].xml": types.replace("/word/document.xml", "/word/media/a.svg"),
            "_rels/.rels": rels.replace("word/document.xml", "word/media/a.svg"),
        },
    )
    try:
        said = "".join(section.text for section in parse_docx(hostile).sections)
    except Unreadable:
        said = ""
    assert "root" not in said


@pytest.mark.parametrize(
    "body",
    ["", "<w:document", "<x/>", "<w:p " * 5000, "<a>" * 100_000 + "</a>" * 100_000],
    ids=["empty", "cut", "foreign", "broken", "deep"],
)
def test_broken_markup_is_damage_and_nothing_else_escapes(body: str) -> None:
    raw = with_entries(made(lambda document: document.add_paragraph("Bonjour.")), {"word/document.xml": body})
    with pytest.raises(Unreadable) as raised:
        parse_docx(raw)
    assert raised.value.code == "damaged"


def test_styles_that_stand_on_each_other_in_a_circle_do_not_hang() -> None:
    def write(document: Any) -> None:
        first, second = (document.styles.add_style(name, 1) for name in ("Un", "Deux"))
        first.base_style, second.base_style = second, first
        document.add_paragraph("Le conseil vote.", style="Un")

    assert text(write) == "Le conseil vote."
