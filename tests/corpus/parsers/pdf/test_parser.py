"""PDF files: what is read, with its page; what the file says of itself; which files are refused, and why."""

import io
import pickle
from collections.abc import Callable
from datetime import date

import pytest
from reportlab.pdfgen.canvas import Canvas

from corpus import Section
from corpus.parsed import Unreadable
from corpus.parsers.pdf import parser
from corpus.parsers.pdf.parser import parse_pdf
from tests.corpus.parsers.pdf.pdf_maker import HEIGHT, LEFT, PROSE, SECOND, WIDTH, Sheet, pdf, written


def whole(raw: bytes) -> str:
    return "\n".join(section.text for section in parse_pdf(raw).sections)


def blocks(section: Section) -> list[tuple[str, str]]:
    return [(block.kind, section.text[block.start : block.end]) for block in section.blocks]


def refusal(raw: bytes) -> tuple[str, str]:
    with pytest.raises(Unreadable) as caught:
        parse_pdf(raw)
    return caught.value.code, caught.value.detail


# Pages


def test_a_paragraph_is_one_block_without_its_line_breaks() -> None:
    assert blocks(parse_pdf(pdf(written(PROSE))).sections[0]) == [("paragraph", PROSE)]


def test_each_section_bears_the_page_it_begins_on() -> None:
    sections = parse_pdf(pdf(written(f"# Le commerce\n{PROSE}"), written(f"# Les comptes\n{SECOND}"))).sections
    assert [
        (section.title, section.locator.type, section.locator.value, section.locator.label) for section in sections
    ] == [
        ("Le commerce", "page", "1", "page 1"),
        ("Les comptes", "page", "2", "page 2"),
    ]


def test_a_section_that_goes_on_overleaf_tells_where() -> None:
    (section,) = parse_pdf(pdf(written(f"# Le commerce\n{PROSE}"), written(SECOND))).sections
    assert section.place(0).value == "1"
    assert section.place(section.text.index("Le local")).value == "2"


def test_a_paragraph_cut_by_the_end_of_a_page_is_one_paragraph() -> None:
    first, second = SECOND[: SECOND.index(" emploie")], SECOND[SECOND.index("emploie") :]
    (section,) = parse_pdf(pdf(written(f"{PROSE}\n{first}"), written(second))).sections
    assert blocks(section) == [("paragraph", PROSE), ("paragraph", SECOND)]
    assert section.place(section.text.index("bénévoles")).value == "1"


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_turned_by_its_reader_is_read_upright(degrees: int) -> None:
    def draw(sheet: Sheet) -> None:
        sheet.canvas.setPageRotation(degrees)
        sheet.canvas.translate(WIDTH / 2, HEIGHT / 2)
        sheet.canvas.rotate(degrees)
        sheet.canvas.translate(
            -HEIGHT / 2 if degrees % 180 else -WIDTH / 2, -HEIGHT / 2 + (120 if degrees % 180 else 0)
        )
        written(f"# Le commerce\n{PROSE}")(sheet)

    (section,) = parse_pdf(pdf(draw)).sections
    assert blocks(section) == [("heading", "Le commerce"), ("paragraph", PROSE)]


def test_words_along_the_margin_come_after_the_text() -> None:
    def draw(sheet: Sheet) -> None:
        sheet.canvas.saveState()
        sheet.canvas.translate(30, 400)
        sheet.canvas.rotate(90)
        sheet.at(0, 0, "Photographies de la mairie")
        sheet.canvas.restoreState()
        written(PROSE)(sheet)

    assert whole(pdf(draw)) == f"{PROSE}\nPhotographies de la mairie"


# What the file says of itself


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("Reprendre l'épicerie du village", "Reprendre l'épicerie du village"),
        ("Microsoft Word - rapport final.docx", None),
        ("rapport annuel v2.pdf", None),
        ("untitled", None),
        ("Sans titre 1", None),
        ("Épicerie", None),
        ("2024 03 15", None),
    ],
)
def test_the_title_of_the_properties_counts_when_it_reads_as_one(stated: str, expected: str | None) -> None:
    assert parse_pdf(pdf(written(PROSE), title=stated)).stated == ({"title": expected} if expected else {})


def test_the_day_the_file_was_made_is_kept() -> None:
    assert parse_pdf(pdf(written(PROSE))).produced == date.today().isoformat()


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("D:20240315093000+01'00'", "2024-03-15"),
        ("20240315", "2024-03-15"),
        ("D:20241345", None),
        ("D:19700101000000Z", None),
        ("D:20990101000000Z", None),
        ("mardi", None),
    ],
)
def test_a_date_of_production_must_be_a_day_that_has_been(stated: str, expected: str | None) -> None:
    raw = pdf(written(PROSE))
    made = raw[raw.index(b"/CreationDate (") + 15 :]
    made = made[: made.index(b")")]
    replaced = raw.replace(made, stated.encode().ljust(len(made)))
    assert parse_pdf(replaced).produced == expected


# Refusals


def test_a_file_behind_a_password_is_refused() -> None:
    assert refusal(pdf(written(PROSE), password="secret")) == ("encrypted", "")


def test_a_file_that_opens_with_an_empty_password_is_read() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    target = io.BytesIO()
    canvas = Canvas(target, encrypt=StandardEncryption("", ownerPassword="maire", canCopy=0))
    written(PROSE)(Sheet(canvas, 1))
    canvas.save()
    assert whole(target.getvalue()) == PROSE


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw[:-400],
        lambda raw: b"",
        lambda raw: b"%PDF-1.7\n",
        lambda raw: b"Bonjour " * 50,
        lambda raw: raw[:20] + b"\x00" * len(raw),
        lambda raw: b"%PDF-1.7\n" + b"Bonjour " * 50 + b"\nstartxref\n9\n%%EOF\n",
    ],
)
def test_a_truncated_or_foreign_file_is_damaged(damage: Callable[[bytes], bytes]) -> None:
    assert refusal(damage(pdf(written(PROSE), written(SECOND)))) == ("damaged", "")


def test_no_damage_within_a_file_escapes_as_anything_else() -> None:
    raw = pdf(written(f"# Le commerce\n{PROSE}"), written(SECOND))
    for start in range(0, len(raw) - 40, max(len(raw) // 60, 1)):
        hurt = raw[:start] + bytes((byte * 7 + 13) % 256 for byte in raw[start : start + 40]) + raw[start + 40 :]
        try:
            parse_pdf(hurt)
        except Unreadable as refused:
            assert refused.code in ("damaged", "encrypted", "no_text")


def test_a_file_of_too_many_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser, "MAX_PAGES", 2)
    assert refusal(pdf(*[written(PROSE)] * 3)) == ("too_long", "2 pages")


def test_a_file_of_blank_pages_has_no_text() -> None:
    assert refusal(pdf(lambda sheet: None, lambda sheet: None)) == ("no_text", "")


def test_a_text_without_a_letter_holds_no_section() -> None:
    assert parse_pdf(pdf(lambda sheet: sheet.line("12 - 14"))).sections == ()


def test_the_parser_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(parse_pdf)) is parse_pdf
    assert pickle.loads(pickle.dumps(parse_pdf(pdf(written(PROSE))))).sections


def test_french_typography_is_kept() -> None:
    text = "« L'été, où œuvrent les élus : 1 200 € » – à Saint-Étienne, c’est déjà ça."
    assert whole(pdf(lambda sheet: sheet.at(LEFT, 700, text))) == text
