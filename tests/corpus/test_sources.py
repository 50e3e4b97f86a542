"""What a source is: its name, its patterns, and what is kept when it is added again."""

import os
from pathlib import Path

import pytest

from corpus.sources import completed, is_url, local_source, web_source

NOW = "2026-11-22T10:00:00+00:00"


def test_a_path_is_a_file_or_a_folder_by_what_stands_there(tmp_path: Path) -> None:
    (tmp_path / "eau.md").write_text("# L'eau")
    assert local_source(str(tmp_path), NOW).type == "folder"
    assert local_source(str(tmp_path / "eau.md"), NOW).type == "file"


def test_a_place_keeps_its_id_however_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "documents").mkdir()
    monkeypatch.chdir(tmp_path)
    written = [local_source(place, NOW) for place in ("documents", "./documents/", str(tmp_path / "documents"))]
    assert len({source.id for source in written}) == 1
    assert written[0].place == str(tmp_path / "documents")
    assert written[0].id.startswith("documents-")


def test_two_places_have_two_ids(tmp_path: Path) -> None:
    names = [str(tmp_path / "a" / "documents"), str(tmp_path / "b" / "documents")]
    assert len({local_source(name, NOW).id for name in names}) == 2


@pytest.mark.parametrize("name", ["été à la mairie", "a'b\"c", "nouvelle\nligne", "…"])
def test_any_name_makes_an_id_that_can_be_typed(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    source = local_source(str(tmp_path / name), NOW)
    assert not any(character.isspace() or character in "'\"" for character in source.id)


def test_what_a_link_led_to_when_it_was_added_goes_on_naming_its_documents(tmp_path: Path) -> None:
    (tmp_path / "v1").mkdir()
    (tmp_path / "v2").mkdir()
    (tmp_path / "current").symlink_to("v1")
    first = local_source(str(tmp_path / "current"), NOW)
    os.unlink(tmp_path / "current")
    (tmp_path / "current").symlink_to("v2")
    again = completed(first, local_source(str(tmp_path / "current"), NOW), {}, (), ())
    assert (again.id, again.origin) == (first.id, str(tmp_path / "v1"))


@pytest.mark.parametrize(
    ("include", "exclude", "name", "wanted"),
    [
        ((), (), "aides/eau.pdf", True),
        (("*.pdf",), (), "aides/eau.pdf", True),
        (("*.pdf",), (), "aides/eau.docx", False),
        ((), ("*brouillon*",), "aides/brouillon-eau.pdf", False),
        (("*.pdf",), ("archives/*",), "archives/2010/eau.pdf", False),
    ],
)
def test_patterns_say_what_is_wanted(
    include: tuple[str, ...], exclude: tuple[str, ...], name: str, wanted: bool
) -> None:
    source = completed(None, web_source("https://exemple.fr/sitemap.xml", "sitemap", NOW), {}, include, exclude)
    assert source.wants(name) is wanted


def test_adding_again_completes_what_was_said_before() -> None:
    url = "https://exemple.fr/sitemap.xml"
    first = completed(
        None, web_source(url, "sitemap", NOW), {"kind": "regle", "publisher": "Mairie"}, ("*/guides/*",), ()
    )
    again = completed(first, web_source(url, "sitemap", "2027-01-01"), {"kind": "appui"}, (), ("*/old/*",))
    assert again.given == {"kind": "appui", "publisher": "Mairie"}
    assert (again.include, again.exclude, again.added_at) == (("*/guides/*",), ("*/old/*",), NOW)


@pytest.mark.parametrize(
    ("place", "on_web"),
    [("https://exemple.fr", True), ("HTTP://exemple.fr", True), ("exemple.fr", False), ("/data/https", False)],
)
def test_only_http_addresses_are_on_the_web(place: str, on_web: bool) -> None:
    assert is_url(place) is on_web
