"""Packages that lost a part: what remains is read all the same."""

from io import BytesIO
from zipfile import ZipFile

from docx import Document
from pptx import Presentation

from corpus.parsers.office.docx import parse_docx
from corpus.parsers.office.package import without_dangling_relationships
from corpus.parsers.office.pptx import parse_pptx
from tests.corpus.parsers.office.test_archive import docx, with_entries

IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"


def with_relationship(raw: bytes, part: str, relationship: str) -> bytes:
    with ZipFile(BytesIO(raw)) as archive:
        rels = archive.read(part).decode()
    return with_entries(raw, {part: rels.replace("</Relationships>", f"{relationship}</Relationships>")})


def test_a_word_file_that_lost_a_picture_is_read() -> None:
    lost = f'<Relationship Id="rId77" Type="{IMAGE}" Target="../NULL"/>'
    raw = with_relationship(docx("Le conseil vote."), "word/_rels/document.xml.rels", lost)
    assert [section.text for section in parse_docx(raw).sections] == ["Le conseil vote."]


def test_slides_that_lost_a_picture_are_read() -> None:
    presentation, stream = Presentation(), BytesIO()
    slide = presentation.slides.add_slide(presentation.slide_layouts[5])
    slide.shapes.title.text = "Les aides"
    presentation.save(stream)
    lost = f'<Relationship Target="../media/lost.png" Type="{IMAGE}" Id="rId77"></Relationship>'
    raw = with_relationship(stream.getvalue(), "ppt/slides/_rels/slide1.xml.rels", lost)
    assert [section.text for section in parse_pptx(raw).sections] == ["Les aides"]


def test_a_whole_package_is_left_as_it_is() -> None:
    document, stream = Document(), BytesIO()
    document.part.relate_to("http://192.0.2.1/a.png", IMAGE, is_external=True)
    document.save(stream)
    raw = stream.getvalue()
    assert without_dangling_relationships(raw) is raw
