"""Keeping the index in step with pages, sitemaps and feeds, over a real site on this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexing import BuildReport, Library, Progress
from tests.fakes import FakeEmbedder
from tests.local_site import Site, local_site, open_fetcher, page

EAU = page("La régie de l'eau", "La régie distribue l'eau aux habitants de la commune depuis l'année 1954.")
BOIS = page("La chaufferie bois", "La chaufferie brûle le bois de la forêt communale et chauffe l'école.")
HALLE = page("La halle du marché", "La halle accueille les producteurs chaque samedi et se loue aux associations.")


def quiet(_: Progress) -> None:
    pass


@pytest.fixture
def site() -> Iterator[Site]:
    with local_site() as site:
        site.pages = {"/eau": EAU, "/bois": BOIS, "/halle": HALLE}
        yield site


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "home", FakeEmbedder(), open_fetcher=open_fetcher)  # type: ignore[arg-type]


def add(library: Library, site: Site, path: str, **options: list[str]) -> BuildReport:
    return library.add([site.address(path)], {}, quiet, **options)


def titles(library: Library) -> set[str]:
    return {record.metadata.title for record in library.documents()}


def types(library: Library) -> list[str]:
    return [source.type for source, _ in library.sources()]


# One page


def test_a_page_becomes_a_document_whose_source_is_its_address(library: Library, site: Site) -> None:
    assert add(library, site, "/eau").added == (site.address("/eau"),)
    (record,) = library.documents()
    assert (record.metadata.title, record.source) == ("La régie de l'eau", site.address("/eau"))
    assert record.metadata.url == site.address("/eau")
    assert types(library) == ["page"]
    text = " ".join(section.text for document in library.texts() for section in document.sections)
    assert "distribue l'eau" in text and "Contact" not in text


def test_a_page_that_did_not_change_is_not_sent_again(library: Library, site: Site) -> None:
    add(library, site, "/eau")
    assert library.sync().unchanged == (site.address("/eau"),)
    assert site.not_modified == 1


def test_without_an_etag_the_bytes_tell(library: Library, site: Site) -> None:
    site.stamped = False
    add(library, site, "/eau")
    assert library.sync().unchanged == (site.address("/eau"),)
    site.pages["/eau"] = EAU.replace("</main>", "</main><!-- 12:04:31 -->")
    assert library.sync().snapshot is None, "another hour in a comment is not another document"
    site.pages["/eau"] = EAU.replace("distribue", "vend")
    assert library.sync().changed == (site.address("/eau"),)


def test_a_page_gone_for_good_goes_at_once(library: Library, site: Site) -> None:
    add(library, site, "/eau")
    site.pages["/eau"] = 410
    assert library.sync().removed == (site.address("/eau"),)
    assert library.documents() == ()


def test_a_page_not_found_goes_the_second_time_in_a_row(library: Library, site: Site) -> None:
    add(library, site, "/eau")
    site.pages["/eau"] = 404
    report = library.sync()
    assert [(failure.code, failure.detail) for failure in report.failed] == [("http_status", "404")]
    assert (report.standing, titles(library)) == ((site.address("/eau"),), {"La régie de l'eau"})
    assert library.sync().removed == (site.address("/eau"),)


@pytest.mark.parametrize("between", [EAU, 503])
def test_a_page_that_came_back_between_is_not_gone(library: Library, site: Site, between: str | int) -> None:
    add(library, site, "/eau")
    for answer in (404, between, 404):
        site.pages["/eau"] = answer
        library.sync()
    assert titles(library) == {"La régie de l'eau"}


@pytest.mark.parametrize("status", [403, 500, 503])
def test_an_error_of_the_site_removes_nothing(library: Library, site: Site, status: int) -> None:
    add(library, site, "/eau")
    site.pages["/eau"] = status
    for _ in range(3):
        report = library.sync()
        assert (report.removed, report.failed[0].code) == ((), "http_status")
    site.pages["/eau"] = EAU
    report = library.sync()
    assert (report.failed, report.unchanged) == ((), (site.address("/eau"),))


def test_an_address_that_answers_nothing_is_told_and_not_followed(library: Library, site: Site) -> None:
    assert [(one.code, one.detail) for one in add(library, site, "/rien").failed] == [("http_status", "404")]
    assert library.sources() == ()


def test_a_private_address_is_refused(tmp_path: Path, site: Site) -> None:
    from corpus.web.fetching import Fetcher, FetchLimits

    library = Library(tmp_path / "home", FakeEmbedder(), open_fetcher=lambda: Fetcher(FetchLimits()))  # type: ignore[arg-type]
    assert [one.code for one in add(library, site, "/eau").failed] == ["forbidden_address"]
    assert site.asked == []


def test_a_page_can_be_previewed_without_being_added(library: Library, site: Site) -> None:
    ((record, passages),) = library.preview(site.address("/eau"))  # type: ignore[misc]
    assert record.metadata.title == "La régie de l'eau" and len(passages) == 1
    assert library.sources() == () and not library.is_published()


# Sitemaps and feeds


@pytest.fixture
def mapped(library: Library, site: Site) -> Library:
    site.pages["/sitemap.xml"] = site.sitemap("/eau", "/bois", "/halle")
    add(library, site, "/sitemap.xml")
    return library


def test_the_pages_of_a_sitemap_are_followed(mapped: Library, site: Site) -> None:
    assert (types(mapped), len(titles(mapped))) == (["sitemap"], 3)
    site.pages["/creche"] = page("La crèche", "La crèche accueille trente enfants chaque jour de la semaine.")
    site.pages["/sitemap.xml"] = site.sitemap("/eau", "/bois", "/halle", "/creche")
    report = mapped.sync()
    assert (report.added, len(report.unchanged)) == ((site.address("/creche"),), 3)


def test_only_the_pages_asked_for_are_taken(library: Library, site: Site) -> None:
    site.pages["/sitemap.xml"] = site.sitemap("/eau", "/bois", "/halle")
    add(library, site, "/sitemap.xml", include=["*a*"], exclude=["*/eau"])
    assert titles(library) == {"La halle du marché"}
    assert "/bois" not in site.asked
    library.sync()
    assert titles(library) == {"La halle du marché"}


def test_a_page_no_longer_listed_is_gone_only_when_it_says_so_itself(mapped: Library, site: Site) -> None:
    site.pages["/sitemap.xml"] = site.sitemap("/bois", "/halle")
    assert len(mapped.sync().unchanged) == 3
    site.pages["/eau"] = 410
    report = mapped.sync(confirm=lambda one: True)
    assert report.removed == (site.address("/eau"),)


def test_a_sitemap_that_cannot_be_read_fails_as_a_whole_and_removes_nothing(mapped: Library, site: Site) -> None:
    site.asked.clear()
    for answer in (500, 404, 410, "<html><body>Maintenance</body></html>"):
        site.pages["/sitemap.xml"] = answer
        report = mapped.sync(confirm=lambda one: True)
        assert [one.source for one in report.failed] == [site.address("/sitemap.xml")]
        assert (report.removed, len(titles(mapped))) == ((), 3)
    assert set(site.asked) == {"/sitemap.xml"}


def test_a_whole_site_that_vanished_is_asked_about(mapped: Library, site: Site) -> None:
    site.pages |= {"/eau": 410, "/bois": 410, "/halle": 410}
    report = mapped.sync()
    assert [(one.gone, one.of) for one in report.kept] == [(3, 3)]
    assert len(titles(mapped)) == 3
    assert len(mapped.sync(confirm=lambda one: True).removed) == 3


def test_what_a_feed_forgets_stays(library: Library, site: Site) -> None:
    site.pages["/fil"] = site.feed("/eau", "/bois")
    add(library, site, "/fil")
    assert types(library) == ["feed"]
    site.pages["/fil"] = site.feed("/halle")
    assert library.sync().added == (site.address("/halle"),)
    assert len(titles(library)) == 3


def test_a_page_removed_by_hand_is_not_asked_for_again(mapped: Library, site: Site) -> None:
    mapped.remove([one.id for one in mapped.documents() if one.source.endswith("/eau")], quiet)
    site.asked.clear()
    mapped.sync()
    assert "/eau" not in site.asked and len(titles(mapped)) == 2


def test_a_page_added_alone_then_listed_is_one_document(library: Library, site: Site) -> None:
    add(library, site, "/eau")
    site.pages["/sitemap.xml"] = site.sitemap("/eau", "/bois")
    assert add(library, site, "/sitemap.xml").added == (site.address("/bois"),)
    assert len(library.documents()) == 2


def test_a_rehearsal_of_web_sources_writes_nothing(mapped: Library, site: Site, tmp_path: Path) -> None:
    def kept() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file()}

    before = kept()
    site.pages["/eau"] = EAU.replace("distribue", "vend")
    assert mapped.sync(dry_run=True).changed == (site.address("/eau"),)
    assert kept() == before
    assert mapped.sync().changed == (site.address("/eau"),)
