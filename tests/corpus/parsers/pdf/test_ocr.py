"""Scanned pages: read by Tesseract where it is installed, refused or left out with a gap where it is not."""

import io

import pytest

from corpus.parsed import Unreadable
from corpus.parsers.pdf import ocr
from corpus.parsers.pdf.parser import parse_pdf
from tests.corpus.parsers.pdf.pdf_maker import LEFT, PROSE, SECOND, Sheet, pdf, scanned, written
from tests.corpus.parsers.pdf.test_parser import blocks, whole

needs_tesseract = pytest.mark.skipif(
    "fra" not in ocr.languages(), reason="tesseract-ocr and tesseract-ocr-fra are not installed"
)


def letters(text: str) -> str:
    """What optical recognition must get right; typewriter and curved apostrophes are the same to it."""
    return " ".join(text.replace("’", "'").split())


def part_scanned(*texts: str) -> bytes:
    """A PDF whose second page is the picture of a text, and the others texts."""
    import pypdfium2
    from reportlab.lib.utils import ImageReader

    source = pypdfium2.PdfDocument(pdf(written(texts[1])))
    picture = ImageReader(source[0].render(scale=200 / 72, grayscale=True).to_pil())
    source.close()

    def show(sheet: Sheet) -> None:
        sheet.canvas.drawImage(picture, 0, 0, 595, 842)

    target = io.BytesIO(pdf(written(texts[0]), show, *map(written, texts[2:])))
    return target.getvalue()


@pytest.mark.ocr
@needs_tesseract
def test_a_scanned_page_is_read_with_its_paragraphs_and_its_page() -> None:
    sections = parse_pdf(scanned(pdf(written(PROSE), written(SECOND)))).sections
    assert [letters(text) for section in sections for _, text in blocks(section)] == [PROSE, SECOND]
    assert sections[0].place(len(sections[0].text) - 1).label == "page 2"


@pytest.mark.ocr
@needs_tesseract
def test_a_title_and_a_list_are_told_apart_in_a_picture() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.heading("Reprendre le commerce", 24)
        sheet.prose(PROSE)
        sheet.line("La coopérative réunit :")
        sheet.line("- les habitants du bourg ;")
        sheet.line("- la commune.")

    (section,) = parse_pdf(scanned(pdf(draw))).sections
    assert [(kind, letters(text)) for kind, text in blocks(section)] == [
        ("heading", "Reprendre le commerce"),
        ("paragraph", PROSE),
        ("paragraph", "La coopérative réunit :"),
        ("item", "les habitants du bourg ;"),
        ("item", "la commune."),
    ]


@pytest.mark.ocr
@needs_tesseract
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_sheet_scanned_sideways_is_turned(turn: int) -> None:
    text = letters(whole(scanned(pdf(written(f"{PROSE}\n{SECOND}\n{PROSE}")), turn)))
    assert text == f"{PROSE} {SECOND} {PROSE}"


@pytest.mark.ocr
@needs_tesseract
def test_a_scanned_page_among_texts_stands_in_its_place() -> None:
    assert letters(whole(part_scanned(PROSE, SECOND, PROSE))) == f"{PROSE} {SECOND} {PROSE}"


@pytest.mark.ocr
@needs_tesseract
def test_a_picture_without_words_has_no_text() -> None:
    with pytest.raises(Unreadable) as caught:
        parse_pdf(scanned(pdf(lambda sheet: sheet.canvas.circle(300, 400, 150, fill=1))))
    assert caught.value.code == "no_text"


@pytest.fixture
def no_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    import pytesseract

    monkeypatch.setattr(pytesseract.pytesseract, "tesseract_cmd", "no-such-tesseract")


@pytest.mark.usefixtures("no_tesseract")
def test_a_scanned_file_names_what_to_install() -> None:
    with pytest.raises(Unreadable) as caught:
        parse_pdf(scanned(pdf(written(PROSE))))
    assert (caught.value.code, caught.value.detail) == ("ocr_missing", "tesseract-ocr tesseract-ocr-fra")


@pytest.mark.usefixtures("no_tesseract")
def test_without_tesseract_the_other_pages_are_kept_and_a_gap_is_marked() -> None:
    (section,) = parse_pdf(part_scanned(PROSE, "Page perdue.", SECOND)).sections
    assert section.text == f"{PROSE}\n{SECOND}"
    assert section.gaps == (len(PROSE) + 1,)
    assert section.place(len(PROSE) + 1).label == "page 3"


def test_tesseract_without_its_french_data_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "languages", lambda: frozenset({"eng", "osd"}))
    with pytest.raises(Unreadable) as caught:
        parse_pdf(scanned(pdf(written(PROSE))))
    assert caught.value.code == "ocr_missing"


def test_a_photograph_beside_a_text_is_not_a_scan() -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    def draw(sheet: Sheet) -> None:
        sheet.canvas.drawImage(ImageReader(Image.new("L", (40, 40), 120)), 0, 0, 595, 842)
        sheet.at(LEFT, 700, PROSE[:80])

    assert whole(pdf(draw)) == PROSE[:80].strip()
