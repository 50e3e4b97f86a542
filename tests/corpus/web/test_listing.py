"""What a sitemap or a feed lists, read from a real server."""

import gzip
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.web.fetched import Refusal
from corpus.web.fetching import Fetcher, FetchLimits
from corpus.web.listing import Listed, list_pages
from tests.corpus.web.test_fetching import Site, says, serve

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


@pytest.fixture
def site() -> Iterator[Site]:
    yield from serve()


@pytest.fixture
def reader() -> Iterator[Fetcher]:
    with Fetcher(FetchLimits(allowed_hosts=frozenset({"127.0.0.1"}), wait_between=0.0, retries=0)) as fetcher:
        yield fetcher


def urlset(*pages: tuple[str, str | None]) -> bytes:
    entries = "".join(
        f"<url><loc>\n {url} </loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</url>" for url, changed in pages
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{SITEMAP}">{entries}</urlset>'.encode()


def index(*sitemaps: str) -> bytes:
    entries = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in sitemaps)
    return f'<sitemapindex xmlns="{SITEMAP}">{entries}</sitemapindex>'.encode()


def listed(found: Listed | Refusal) -> Listed:
    assert isinstance(found, Listed), found
    return found


def paths(site: Site, found: Listed | Refusal) -> list[str]:
    return [url.removeprefix(site.url("")) for url, _ in listed(found).pages]


# Sitemaps


def test_a_sitemap_lists_its_pages_in_order_each_once_with_their_last_change(site: Site, reader: Fetcher) -> None:
    site.pages["/sitemap.xml"] = says(
        urlset(
            (site.url("/epicerie"), "2024-03-12"),
            (site.url("/marche"), "2024-03-12T08:30:00+01:00"),
            (site.url("/epicerie#horaires"), None),
            (site.url("/conseil"), "hier"),
            ("mailto:mairie@exemple.fr", None),
            ("/relatif", None),
        )
    )
    found = listed(list_pages(reader, site.url("/sitemap.xml")))
    assert found == Listed(
        (
            (site.url("/epicerie"), "2024-03-12"),
            (site.url("/marche"), "2024-03-12T08:30:00+01:00"),
            (site.url("/conseil"), None),
            (site.url("/relatif"), None),
        )
    )


def test_patterns_choose_the_pages(site: Site, reader: Fetcher) -> None:
    pages = ("/economie/epicerie", "/economie/archives/2009", "/agenda/fete")
    site.pages["/sitemap.xml"] = says(urlset(*((site.url(path), None) for path in pages)))
    chosen = list_pages(reader, site.url("/sitemap.xml"), include=["*/economie/*"], exclude=["*/archives/*"])
    assert paths(site, chosen) == ["/economie/epicerie"]


def test_pages_of_another_host_need_a_pattern_that_names_it(site: Site, reader: Fetcher) -> None:
    site.pages["/sitemap.xml"] = says(
        urlset((site.url("/ici"), None), ("https://www.autre.fr/la", None), ("https://ailleurs.fr/la", None))
    )
    url = site.url("/sitemap.xml")
    assert paths(site, list_pages(reader, url)) == ["/ici"]
    assert paths(site, list_pages(reader, url, include=["*"])) == ["/ici"]
    assert paths(site, list_pages(reader, url, include=["*://*/la"])) == []
    assert paths(site, list_pages(reader, url, include=["https://*autre.fr/*"])) == ["https://www.autre.fr/la"]


def test_a_long_sitemap_is_capped_and_says_so(site: Site, reader: Fetcher) -> None:
    site.pages["/sitemap.xml"] = says(urlset(*((site.url(f"/page/{number}"), None) for number in range(12))))
    assert listed(list_pages(reader, site.url("/sitemap.xml"), most=12)).capped is False
    found = listed(list_pages(reader, site.url("/sitemap.xml"), most=10))
    assert (len(found.pages), found.capped) == (10, True)


def test_a_sitemap_of_a_hundred_thousand_pages_takes_ten_times_that_of_ten_thousand_and_little_memory(
    site: Site, reader: Fetcher
) -> None:
    took = {}
    for count in (10_000, 100_000):
        body = urlset(*((site.url(f"/fiche/{number}"), "2024-01-01") for number in range(count)))
        site.pages["/sitemap.xml"] = says(body)
        started = time.process_time()
        found = listed(list_pages(reader, site.url("/sitemap.xml"), include=["*/fiche/99*"]))
        took[count] = time.process_time() - started
    # Were it the square, it would take a hundred times as long.
    assert took[100_000] < 40 * took[10_000]
    assert (len(found.pages), found.capped) == (1_111, False)
    tracemalloc.start()
    list_pages(reader, site.url("/sitemap.xml"))
    # Python's own part; the tree of libxml2 is emptied as it is read.
    assert tracemalloc.get_traced_memory()[1] < 5 * len(body)
    tracemalloc.stop()


def test_a_gzipped_sitemap_is_unfolded(site: Site, reader: Fetcher) -> None:
    site.pages["/sitemap.xml.gz"] = says(
        gzip.compress(urlset((site.url("/a"), None))), Content_Type="application/x-gzip"
    )
    assert paths(site, list_pages(reader, site.url("/sitemap.xml.gz"))) == ["/a"]


@pytest.mark.parametrize("cut", [20, -10])
def test_a_damaged_gzip_is_refused(site: Site, reader: Fetcher, cut: int) -> None:
    site.pages["/sitemap.xml.gz"] = says(
        gzip.compress(urlset((site.url("/a"), None)))[:cut], Content_Type="application/gzip"
    )
    assert list_pages(reader, site.url("/sitemap.xml.gz")) == Refusal("unsupported", "application/gzip")


def test_a_gzipped_bomb_is_refused(site: Site, reader: Fetcher) -> None:
    site.pages["/sitemap.xml.gz"] = says(gzip.compress(b" " * 150_000_000), Content_Type="application/gzip")
    assert list_pages(reader, site.url("/sitemap.xml.gz")) == Refusal("unsupported", "application/gzip")


# Indexes


def test_an_index_leads_to_the_pages_of_its_sitemaps(site: Site, reader: Fetcher) -> None:
    site.pages["/index.xml"] = says(index(site.url("/a.xml"), site.url("/b.xml")))
    site.pages["/a.xml"] = says(urlset((site.url("/1"), None), (site.url("/2"), None)))
    site.pages["/b.xml"] = says(urlset((site.url("/2"), None), (site.url("/3"), None)))
    assert paths(site, list_pages(reader, site.url("/index.xml"))) == ["/1", "/2", "/3"]


def test_an_index_that_leads_back_to_itself_is_read_once(site: Site, reader: Fetcher) -> None:
    site.pages["/index.xml"] = says(index(site.url("/index.xml"), site.url("/autre.xml")))
    site.pages["/autre.xml"] = says(index(site.url("/index.xml"), site.url("/a.xml")))
    site.pages["/a.xml"] = says(urlset((site.url("/1"), None)))
    assert paths(site, list_pages(reader, site.url("/index.xml"))) == ["/1"]
    assert sorted(site.pages_asked) == ["/a.xml", "/autre.xml", "/index.xml"]


def test_an_index_of_more_than_fifty_sitemaps_is_capped(site: Site, reader: Fetcher) -> None:
    site.pages["/index.xml"] = says(index(*(site.url(f"/s{number}.xml") for number in range(60))))
    for number in range(60):
        site.pages[f"/s{number}.xml"] = says(urlset((site.url(f"/page/{number}"), None)))
    found = listed(list_pages(reader, site.url("/index.xml")))
    assert (len(found.pages), found.capped) == (50, True)


def test_a_sitemap_of_the_index_that_cannot_be_read_is_named(site: Site, reader: Fetcher) -> None:
    site.pages["/index.xml"] = says(index(site.url("/perdu.xml"), site.url("/a.xml")))
    site.pages["/a.xml"] = says(urlset((site.url("/1"), None)))
    found = listed(list_pages(reader, site.url("/index.xml")))
    assert (paths(site, found), found.unread) == (["/1"], (site.url("/perdu.xml"),))


def test_an_index_does_not_send_us_to_other_hosts(site: Site, reader: Fetcher) -> None:
    site.pages["/index.xml"] = says(index("http://10.0.0.1/sitemap.xml", site.url("/a.xml")))
    site.pages["/a.xml"] = says(urlset((site.url("/1"), None)))
    found = listed(list_pages(reader, site.url("/index.xml")))
    assert (paths(site, found), found.unread) == (["/1"], ())


# Feeds

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>Actualités de Valmorel</title><link>{site}/</link>
<item><title>L’épicerie rouvre</title><link>{site}/epicerie</link>
<pubDate>Tue, 12 Mar 2024 08:00:00 +0100</pubDate></item>
<item><title>Le marché déménage</title><link>/marche</link></item>
<item><title>Ailleurs</title><link>https://ailleurs.fr/x</link></item>
</channel></rss>"""
ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Délibérations</title>
<entry><title>Budget</title><link href="{site}/budget"/><published>2024-01-02T10:00:00Z</published>
<updated>2024-02-03T10:00:00Z</updated></entry>
<entry><title>École</title><link rel="alternate" href="{site}/ecole"/></entry></feed>"""


def test_an_rss_feed_lists_its_entries(site: Site, reader: Fetcher) -> None:
    site.pages["/rss"] = says(RSS.format(site=site.url("")).encode(), Content_Type="application/rss+xml")
    assert listed(list_pages(reader, site.url("/rss"))).pages == (
        (site.url("/epicerie"), "2024-03-12T07:00:00Z"),
        (site.url("/marche"), None),
    )


def test_an_atom_feed_lists_its_entries_with_their_last_change(site: Site, reader: Fetcher) -> None:
    site.pages["/atom"] = says(ATOM.format(site=site.url("")).encode(), Content_Type="application/atom+xml")
    assert listed(list_pages(reader, site.url("/atom"))).pages == (
        (site.url("/budget"), "2024-02-03T10:00:00Z"),
        (site.url("/ecole"), None),
    )


def test_a_feed_served_as_a_page_is_known_by_its_content(site: Site, reader: Fetcher) -> None:
    site.pages["/flux"] = says(RSS.format(site=site.url("")).encode(), Content_Type="text/html")
    assert paths(site, list_pages(reader, site.url("/flux"))) == ["/epicerie", "/marche"]


def test_a_feed_with_bare_ampersands_is_read(site: Site, reader: Fetcher) -> None:
    broken = RSS.replace("L’épicerie rouvre", "L’épicerie & le café rouvrent").format(site=site.url(""))
    site.pages["/rss"] = says(broken.encode())
    assert paths(site, list_pages(reader, site.url("/rss"))) == ["/epicerie", "/marche"]


# Hostile files


@pytest.mark.parametrize("root", ["urlset", "rss"])
def test_an_external_entity_never_brings_a_file_of_ours(site: Site, reader: Fetcher, tmp_path: Path, root: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret-de-la-mairie")
    entry = "<url><loc>{}</loc></url>" if root == "urlset" else "<channel><item><link>{}</link></item></channel>"
    places = "".join(entry.format(site.url(path)) for path in ("/a&xxe;", "/b"))
    body = f'<!DOCTYPE {root} [<!ENTITY xxe SYSTEM "file://{secret}">]><{root}>{places}</{root}>'
    site.pages["/sitemap.xml"] = says(body.encode())
    assert "secret-de-la-mairie" not in str(list_pages(reader, site.url("/sitemap.xml")))


def test_entities_that_unfold_without_end_are_not_unfolded(site: Site, reader: Fetcher) -> None:
    entities = '<!ENTITY e0 "haha">' + "".join(
        f'<!ENTITY e{number} "{f"&e{number - 1};" * 10}">' for number in range(1, 12)
    )
    site.pages["/sitemap.xml"] = says(
        f"<!DOCTYPE urlset [{entities}]><urlset><url><loc>&e11;</loc></url></urlset>".encode()
    )
    # Unfolded, they are as many letters as a disk holds.
    assert "haha" not in str(list_pages(reader, site.url("/sitemap.xml")))


@pytest.mark.parametrize(
    "body",
    [b"", b"<html><body><p>Bonjour</p></body></html>", b"%PDF-1.7", b"\x00\xff" * 50, b"<urlset><url><loc>http", b"{}"],
)
def test_what_is_no_listing_is_refused(site: Site, reader: Fetcher, body: bytes) -> None:
    site.pages["/x"] = says(body)
    assert list_pages(reader, site.url("/x")) == Refusal("unsupported", "text/html")


def test_a_listing_that_cannot_be_fetched_is_refused(site: Site, reader: Fetcher) -> None:
    assert list_pages(reader, site.url("/absent.xml")) == Refusal("http_status", "404")
    assert list_pages(reader, "http://10.0.0.1/sitemap.xml") == Refusal("forbidden_address", "10.0.0.1 (10.0.0.1)")
    assert list_pages(reader, "ftp://exemple.fr/sitemap.xml") == Refusal("scheme", "ftp://exemple.fr")
