"""What an office file says of itself: titles and dates that programs leave behind are passed over."""

from datetime import date, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from corpus.parsers.office.properties import Properties, read_properties

CORE = (
    '<cp:coreProperties xmlns:cp="c" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
    "<dc:title>{title}</dc:title><dcterms:created>{created}</dcterms:created>"
    "<dcterms:modified>{modified}</dcterms:modified></cp:coreProperties>"
)


def properties(title: str = "", created: str = "", modified: str = "", company: str = "") -> Properties:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("core.xml", CORE.format(title=title, created=created, modified=modified))
        archive.writestr("app.xml", f"<Properties><Company>{company}</Company></Properties>")
    return read_properties(stream.getvalue(), "core.xml", "app.xml", "absent.xml")


def test_a_title_of_several_words_is_the_title() -> None:
    assert properties("Guide des coopératives").stated == {"title": "Guide des coopératives"}


@pytest.mark.parametrize(
    "title",
    ["", "Guide", "Présentation PowerPoint", "PowerPoint Presentation", "Microsoft Word - guide v2", "Sans titre 1",
     "Untitled document", "Document 3", "guide final v3.docx", "Titre de la présentation", "12 2024"],
)  # fmt: skip
def test_what_a_program_wrote_is_no_title(title: str) -> None:
    assert "title" not in properties(title).stated


def test_the_company_is_the_publisher_unless_it_sold_the_computer() -> None:
    assert properties(company="Communauté de communes du Val").stated == {"publisher": "Communauté de communes du Val"}
    for company in ("", "-", "Microsoft", "HP Inc.", "Hewlett-Packard Company"):
        assert "publisher" not in properties(company=company).stated


def test_the_last_change_dates_the_file_else_its_creation() -> None:
    assert properties(created="2021-02-03T10:00:00Z", modified="2022-05-06T10:00:00Z").produced == "2022-05-06"
    assert properties(created="2021-02-03T10:00:00Z").produced == "2021-02-03"


def test_an_implausible_date_is_none() -> None:
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    for day in (tomorrow, "1980-01-01", "1601-01-01", "2024-13-01", "hier", "20240101", "2013-12-23T23:15:00Z"):
        assert properties(modified=day).produced is None


def test_broken_properties_say_nothing() -> None:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        archive.writestr("core.xml", "<title>Guide des")
    assert read_properties(stream.getvalue(), "core.xml") == Properties()
