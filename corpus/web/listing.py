"""The pages a sitemap, a sitemap index or a feed lists."""

import io
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal
from urllib.parse import urldefrag, urljoin

from corpus.web.addresses import host_of
from corpus.web.compression import GZIP_MARK, DamagedCompression, unfolded
from corpus.web.fetched import Fetched, Missing, NotModified, Refusal
from corpus.web.fetching import Fetcher

MOST_PAGES = 5_000
MOST_SITEMAPS = 50
_MOST_BYTES = 100_000_000  # the sitemaps of the protocol hold 50 MB at most, unfolded
_FEEDS = ("rss", "feed", "RDF")
_STAMP = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T[\d:.]{4,20}(?:Z|[+-]\d\d:?\d\d)?)?)?)?")


@dataclass(frozen=True, slots=True)
class Listed:
    """Pages in the order listed, each with its last change as the site states it (ISO, a year to a second), or None.

    `capped`: the site lists more pages or sitemaps than were read. `unread` names the sitemaps of an index that could
    not be read: a page that is not listed here may stand there.
    """

    pages: tuple[tuple[str, str | None], ...]
    capped: bool = False
    unread: tuple[str, ...] = ()


class _NotAListing(Exception):
    pass


@dataclass(slots=True)
class _Selection:
    """Gathers the pages that were asked for, each once, until there are enough."""

    host: str
    include: Sequence[str]
    exclude: Sequence[str]
    most: int
    pages: dict[str, str | None] = field(default_factory=dict)
    full: bool = False

    def add(self, url: str, changed: str | None) -> None:
        url = urldefrag(url).url
        if url in self.pages or not self._wanted(url):
            return
        if len(self.pages) >= self.most:
            self.full = True
        else:
            self.pages[url] = changed

    def _wanted(self, url: str) -> bool:
        host = host_of(url)
        if not host or any(fnmatchcase(url, pattern) for pattern in self.exclude):
            return False
        matching = [pattern for pattern in self.include if fnmatchcase(url, pattern)]
        if self.include and not matching:
            return False
        return host == self.host or any(_names_host(pattern, url) for pattern in matching)


def list_pages(
    fetcher: Fetcher, url: str, include: Sequence[str] = (), exclude: Sequence[str] = (), most: int = MOST_PAGES
) -> Listed | Refusal:
    """List the http(s) pages of a sitemap or feed, on its own host.

    `include` and `exclude` are patterns on the whole address (`*/actualites/*`); without `include`, every page is. A
    pattern that names another host (`https://autre.fr/*`) admits it. Refused when `url` is no sitemap or feed.
    """
    selection = _Selection(host_of(url), include, exclude, most)
    pending, seen, unread = [url], {url}, list[str]()
    read = 0
    while pending and read < MOST_SITEMAPS + 1 and not selection.full:
        place = pending.pop(0)
        read += 1
        found = _read(fetcher, place, selection)
        if isinstance(found, Refusal):
            if place == url:
                return found
            unread.append(place)
            continue
        # An index that lists itself, or an index above it, is read once; one that leads to other hosts, not at all.
        new = [each for each in dict.fromkeys(found) if each not in seen and host_of(each) == selection.host]
        seen.update(new)
        pending += new
    return Listed(tuple(selection.pages.items()), capped=selection.full or bool(pending), unread=tuple(unread))


def listing_type(raw: bytes) -> Literal["sitemap", "feed"] | None:
    """What the bytes of an address list pages as; None when they are a page."""
    try:
        return "feed" if _root(_plain(raw)) in _FEEDS else "sitemap"
    except _NotAListing:
        return None


def _read(fetcher: Fetcher, url: str, selection: _Selection) -> list[str] | Refusal:
    """Add the pages of one sitemap or feed to the selection; returns the sitemaps it points to."""
    outcome = fetcher.fetch(url)
    if isinstance(outcome, Refusal):
        return outcome
    if isinstance(outcome, Missing | NotModified):
        return Refusal("http_status", str(outcome.status) if isinstance(outcome, Missing) else "304")
    try:
        raw = _plain(outcome.raw)
        if _root(raw) in _FEEDS:
            _add_feed(outcome, raw, selection)
            return []
        return _add_sitemap(outcome, raw, selection)
    except _NotAListing:
        return Refusal("unsupported", outcome.content_type)


def _plain(raw: bytes) -> bytes:
    """The bytes of a sitemap.xml.gz unfolded."""
    if not raw.startswith(GZIP_MARK):
        return raw
    whole = io.BytesIO()
    try:
        for piece in unfolded([raw], "gzip"):
            whole.write(piece)
            if whole.tell() > _MOST_BYTES:
                raise _NotAListing
    except DamagedCompression as error:
        raise _NotAListing from error
    return whole.getvalue()


def _elements(raw: bytes, events: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """The elements of an XML text one by one. Entities are never opened, no address is followed."""
    from lxml import etree

    try:
        yield from etree.iterparse(
            io.BytesIO(raw.lstrip()), events=events, resolve_entities=False, no_network=True, load_dtd=False,
            huge_tree=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
    except etree.XMLSyntaxError as error:
        raise _NotAListing from error


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _root(raw: bytes) -> str:
    # Feeds in the wild are often broken XML, which their own reader mends: their first element is sought, not parsed.
    start = re.search(rb"<(?:\w+:)?(urlset|sitemapindex|rss|feed|RDF)[\s>]", raw[:4096])
    if start is None:
        raise _NotAListing
    return start[1].decode("ascii")


def _add_sitemap(outcome: Fetched, raw: bytes, selection: _Selection) -> list[str]:
    sitemaps: list[str] = []
    for _, element in _elements(raw, ("end",)):
        name = _local(element)
        if name not in ("url", "sitemap"):
            continue
        said = {_local(child): (child.text or "").strip() for child in element if not len(child)}
        if said.get("loc"):
            address = _absolute(outcome.url, said["loc"])
            if address and name == "sitemap":
                sitemaps.append(address)
            elif address:
                changed = _STAMP.fullmatch(said.get("lastmod", ""))
                selection.add(address, changed[0] if changed else None)
        # Emptied as it is read: a tree of all the entries would take ten times the file.
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
        if selection.full or len(sitemaps) > 10 * MOST_SITEMAPS:
            break
    return sitemaps


def _add_feed(outcome: Fetched, raw: bytes, selection: _Selection) -> None:
    for address, stamp in _entries(outcome, raw):
        if url := _absolute(outcome.url, address):
            selection.add(url, time.strftime("%Y-%m-%dT%H:%M:%SZ", stamp) if stamp else None)


def _entries(outcome: Fetched, raw: bytes) -> Iterable[tuple[str, time.struct_time | None]]:
    import feedparser

    # An entity may hold a file of ours or unfold without end, and no feed needs to define one.
    if b"<!ENTITY" in raw:
        raise _NotAListing
    try:
        # A stream: of a text, feedparser asks first whether it is an address or the name of a file.
        feed = feedparser.parse(io.BytesIO(raw), response_headers={"content-location": outcome.url})
        return [
            (str(entry.get("link") or ""), entry.get("updated_parsed") or entry.get("published_parsed"))
            for entry in feed.entries
        ]
    except Exception as error:
        # The one place where the library meets a stranger's feed: whatever it stumbles on, there is nothing to list.
        raise _NotAListing from error


def _absolute(base: str, address: str) -> str | None:
    if not address or len(address) > 2_048:
        return None
    try:
        return urljoin(base, address)
    except ValueError:
        return None


def _names_host(pattern: str, url: str) -> bool:
    """Whether an include pattern says itself which host it means."""
    host = pattern.partition("://")[2].partition("/")[0]
    # « *://*/page » names none: letters must stand there.
    return any(map(str.isalnum, host)) and fnmatchcase(host_of(url), host.lower().removeprefix("www."))
