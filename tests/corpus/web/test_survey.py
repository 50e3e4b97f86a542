"""What changed on the web, page by page, without a site: what a page is kept as, and how its misses are counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest

from corpus.registry import Item, Items
from corpus.source_file import Failure
from corpus.sources import Source, web_source
from corpus.survey import Sighting, after_reading, failure_of
from corpus.web.fetched import Fetched, Missing, NotModified, Outcome, Refusal
from corpus.web.fetching import Fetcher
from corpus.web.survey import recognised, survey_web

NOW = "2026-11-22T10:00:00+00:00"
URL = "https://exemple.fr/eau"
PAGE = Fetched(URL, "text/html", b"<h1>L'eau</h1>", '"v1"', "Sun, 22 Nov 2026 10:00:00 GMT")
SITEMAP = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'


@dataclass
class FakeFetcher:
    """Answers what it was told to, and remembers what it was asked and on which condition."""

    outcomes: Mapping[str, Outcome]
    asked: list[tuple[str, str | None, str | None]] = field(default_factory=list)

    def fetch(self, url: str, etag: str | None = None, last_modified: str | None = None) -> Outcome:
        self.asked.append((url, etag, last_modified))
        return self.outcomes[url]


def look(
    outcome: Outcome, known: Items, source: Source = web_source(URL, "page", NOW), **options: Any
) -> tuple[Sighting, FakeFetcher]:
    fetcher = FakeFetcher({URL: outcome})
    survey = survey_web(source, known, lambda one: False, cast(Fetcher, fetcher), NOW, **options)
    (sighting,) = survey.sightings
    return sighting, fetcher


def read(outcome: Outcome = PAGE) -> dict[str, Item]:
    sighting, _ = look(outcome, {})
    return {URL: after_reading(sighting.item, None)}


@pytest.mark.parametrize(
    ("content_type", "url", "suffix"),
    [
        ("text/html", URL, ".html"),
        ("application/pdf", URL, ".pdf"),
        ("application/octet-stream", "https://exemple.fr/rapport.PDF", ".pdf"),
        ("", "https://exemple.fr/", ".html"),
    ],
)
def test_a_page_is_kept_under_the_suffix_of_its_format(content_type: str, url: str, suffix: str) -> None:
    fetcher = FakeFetcher({URL: replace(PAGE, url=url, content_type=content_type)})
    survey = survey_web(web_source(URL, "page", NOW), {}, lambda one: False, cast(Fetcher, fetcher), NOW)
    for sighting in survey.sightings:
        assert sighting.file is not None and sighting.file.path.suffix == suffix
        assert sighting.file.path.read_bytes() == PAGE.raw
        assert (sighting.file.source, sighting.file.url) == (URL, url)
        path = sighting.file.path
    assert not path.exists(), "nothing is left behind"


def test_a_known_page_is_asked_for_on_condition() -> None:
    sighting, fetcher = look(NotModified(URL), read())
    assert fetcher.asked == [(URL, PAGE.etag, PAGE.last_modified)]
    assert sighting.verdict == "unchanged"


def test_with_other_metadata_the_whole_page_is_asked_for() -> None:
    source = replace(web_source(URL, "page", NOW), given={"kind": "regle"})
    sighting, fetcher = look(PAGE, read(), source)
    assert (fetcher.asked, sighting.verdict) == ([(URL, None, None)], "changed")


def test_a_page_that_could_not_be_understood_is_told_again_when_it_is_still_the_same() -> None:
    known = {URL: after_reading(look(PAGE, {})[0].item, failure_of(URL, "no_text"))}
    sighting, _ = look(NotModified(URL), known)
    assert (sighting.verdict, sighting.failure()) == ("failed", failure_of(URL, "no_text"))


def test_a_page_that_another_day_could_be_read_is_asked_for_whole() -> None:
    known = {URL: after_reading(look(PAGE, {})[0].item, failure_of(URL, "too_slow"))}
    sighting, fetcher = look(PAGE, known)
    assert (fetcher.asked, sighting.verdict) == ([(URL, None, None)], "new")


def test_misses_count_in_a_row_only() -> None:
    verdicts, known = [], read()
    for outcome in (Missing(URL, 404), Refusal("network", "exemple.fr"), Missing(URL, 404), Missing(URL, 404)):
        sighting, _ = look(outcome, known)
        verdicts.append((sighting.verdict, sighting.item.misses))
        known = {URL: sighting.item}
    assert verdicts == [("failed", 1), ("failed", 0), ("failed", 1), ("gone", 2)]


def test_a_refusal_forgets_nothing_of_the_page() -> None:
    sighting, _ = look(Refusal("robots", "exemple.fr"), read())
    assert sighting.failure() == failure_of(URL, "robots", "exemple.fr")
    after, fetcher = look(NotModified(URL), {URL: sighting.item})
    assert fetcher.asked == [(URL, PAGE.etag, PAGE.last_modified)]
    assert (after.verdict, after.item.trouble) == ("unchanged", None)


@pytest.mark.parametrize(
    ("raw", "type"),
    [
        (PAGE.raw, "page"),
        (SITEMAP.format("").encode(), "sitemap"),
        (b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>', "feed"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "feed"),
    ],
)
def test_an_address_is_what_it_answers(raw: bytes, type: str) -> None:
    found = recognised(URL, cast(Fetcher, FakeFetcher({URL: replace(PAGE, raw=raw)})), NOW)
    assert isinstance(found, Source) and found.type == type


def test_an_address_that_refuses_makes_no_source() -> None:
    found = recognised(URL, cast(Fetcher, FakeFetcher({URL: Refusal("forbidden_address", "10.0.0.1")})), NOW)
    assert found == Failure(URL, "forbidden_address", "10.0.0.1")


def test_a_sitemap_of_too_many_pages_is_followed_in_part_and_says_so() -> None:
    place = "https://exemple.fr/sitemap.xml"
    entries = "".join(f"<url><loc>https://exemple.fr/{number}</loc></url>" for number in range(6_000))
    fetcher = FakeFetcher({place: Fetched(place, "application/xml", SITEMAP.format(entries).encode())})
    survey = survey_web(web_source(place, "sitemap", NOW), {}, lambda one: False, cast(Fetcher, fetcher), NOW)
    assert (survey.expected, survey.failure) == (5_000, failure_of(place, "capped", "5000"))
