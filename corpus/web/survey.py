"""What changed on the web since the registry last saw it: pages asked one by one, only for what is new in them."""

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from corpus.reading import document_id
from corpus.registry import Item, Items
from corpus.source_file import Failure, SourceFile
from corpus.sources import WEB_ORIGIN, Source, SourceType, web_source
from corpus.survey import Held, Sighting, Survey, as_before, facts_key, failure_of, found_again, is_settled
from corpus.web.fetched import Fetched, Missing, NotModified, Refusal
from corpus.web.fetching import Fetcher
from corpus.web.listing import MOST_PAGES, list_pages, listing_type

MISSES_BEFORE_GONE = 2
_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.presentation": ".odp",
}


def recognised(url: str, fetcher: Fetcher, added_at: str) -> Source | Failure:
    """The source an address makes, told by what it answers; a Failure when it answers nothing usable."""
    outcome = fetcher.fetch(url)
    if isinstance(outcome, Refusal):
        return failure_of(url, outcome.code, outcome.detail)
    if not isinstance(outcome, Fetched):
        return failure_of(url, "http_status", str(outcome.status) if isinstance(outcome, Missing) else "304")
    found: SourceType = listing_type(outcome.raw) or "page"
    return web_source(url, found, added_at)


def survey_web(source: Source, known: Items, held: Held, fetcher: Fetcher, now: str, *, again: bool = False) -> Survey:
    """Ask for the pages of a source; arguments as in `survey_disk`.

    A page a sitemap or feed no longer lists is asked for itself: only its own answer says that it is gone.
    """
    failure = None
    names = [source.place]
    if source.type != "page":
        listed = list_pages(fetcher, source.place, source.include, source.exclude, MOST_PAGES)
        if isinstance(listed, Refusal):
            return Survey(0, iter(()), failure_of(source.place, listed.code, listed.detail))
        names = [url for url, _ in listed.pages]
        if listed.capped:
            failure = failure_of(source.place, "capped", str(MOST_PAGES))
        elif listed.unread:
            failure = failure_of(source.place, "unread_sitemap", ", ".join(listed.unread[:3]))
    listed_names = set(names)
    unlisted = [item for name, item in known.items() if name not in listed_names and (item.published or item.removed)]
    kept = [item for item in unlisted if source.wants(item.name)]
    asked = [*names, *(item.name for item in kept)]
    unwanted = [item for item in unlisted if item.published and not source.wants(item.name)]
    return Survey(len(asked), _sightings(source, asked, unwanted, known, held, fetcher, now, again), failure)


def _sightings(
    source: Source,
    asked: list[str],
    unwanted: list[Item],
    known: Items,
    held: Held,
    fetcher: Fetcher,
    now: str,
    again: bool,
) -> Iterator[Sighting]:
    gone: list[Sighting] = []
    with tempfile.TemporaryDirectory(prefix="assistant-elus-") as scratch:
        for url in asked:
            item = known.get(url) or Item(url, document_id(url, WEB_ORIGIN))
            if held(item.document_id):
                continue
            if item.removed and not again:
                yield Sighting("set_aside", item)
                continue
            sighting = _ask(source, found_again(item, now), fetcher, Path(scratch), again)
            if sighting.verdict == "gone":
                gone.append(sighting)
            else:
                yield sighting
    yield from gone
    # The site may still have them: it is the source's own patterns that no longer want them.
    yield from (Sighting("gone", item) for item in unwanted if not held(item.document_id))


def _ask(source: Source, item: Item, fetcher: Fetcher, scratch: Path, again: bool) -> Sighting:
    key = facts_key({}, source.given)
    # Read with other metadata the same bytes may make another document: then nothing conditional is asked.
    settled = not again and item.facts == key and is_settled(item)
    outcome = fetcher.fetch(item.name, item.etag if settled else None, item.last_modified if settled else None)
    match outcome:
        case NotModified():
            return as_before(item)
        case Missing():
            misses = item.misses + 1
            missed = replace(item, misses=misses, trouble=("http_status", str(outcome.status)))
            lost = item.published and (outcome.status == 410 or misses >= MISSES_BEFORE_GONE)
            return Sighting("gone" if lost else "failed", missed)
        case Refusal():
            # Neither there nor missing: a row of misses is broken.
            return Sighting("failed", replace(item, misses=0, trouble=(outcome.code, outcome.detail)))
        case Fetched():
            digest = hashlib.sha256(outcome.raw).hexdigest()
            renewed = replace(item, etag=outcome.etag, last_modified=outcome.last_modified)
            if settled and digest == item.digest:
                return as_before(renewed)
            read = replace(renewed, digest=digest, facts=key, misses=0)
            return Sighting("changed" if item.published else "new", read, _kept(outcome, item.name, scratch))


def _kept(outcome: Fetched, name: str, scratch: Path) -> SourceFile:
    """The page as a file, named by its content so that its format is known."""
    said = Path(urlsplit(outcome.url).path).suffix.lower()
    suffix = _SUFFIXES.get(outcome.content_type) or (said if said in _SUFFIXES.values() else ".html")
    path = scratch / f"page{suffix}"
    path.write_bytes(outcome.raw)
    return SourceFile(path, name, WEB_ORIGIN, url=outcome.url)
