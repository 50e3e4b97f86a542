"""What a page says of itself in its metadata: title, publisher, date of publication, its own address.

Only explicit statements count: no date is guessed from a copyright notice, an update or the day of the visit.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from corpus.cleaning import clean_characters, line_key
from corpus.web.addresses import host_of

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "datepublished", "dcterms.issued", "dc.date.issued",
    "dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "citation_publication_date", "pubdate", "date",
)  # fmt: skip
_ISO = re.compile(r"\s*((?:19|20)\d\d)(?:-(\d\d)(?:-(\d\d))?)?(?=$|[T\s])")
_SLASHED = re.compile(r"\s*(\d{1,2})[/.](\d{1,2})[/.]((?:19|20)\d\d)\s*$")
_SEPARATOR = re.compile(r"\s+[|–—•·»-]\s+|\s*\|\s*")
_ANNOUNCED = re.compile(r"publi|mise? en ligne|parue?\b|post[ée]", re.I)
_CHANGED = re.compile(r"modifi|mise? à jour|maj\b|updated|actualis", re.I)
_ARTICLE = re.compile(r"Article|Posting|Report|WebPage|GovernmentService|FAQPage|CreativeWork")


def read_head(tree: HtmlElement, url: str | None) -> dict[str, str]:
    """`title`, `publisher`, `published`, `url`: those the page states. Reads the tree before it is cleaned."""
    metas, data = _metas(tree), list(_linked_data(tree))
    publisher = (
        metas.get("og:site_name") or _publisher(data) or metas.get("dc.publisher") or metas.get("dcterms.publisher")
    )
    stated = {
        "title": _title(tree, metas, data, publisher, url),
        "publisher": publisher,
        "published": _published(tree, metas, data),
        "url": _canonical(tree, url),
    }
    return {name: words for name, value in stated.items() if (words := _words(value))}


def _words(value: str | None) -> str:
    return " ".join(re.split(r"[ \t\n]+", clean_characters(value or ""))).strip()


def _metas(tree: HtmlElement) -> dict[str, str]:
    """The first value of each <meta>, by its lower-case name, property or itemprop."""
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        if name and (content := (meta.get("content") or "").strip()):
            metas.setdefault(name.strip().lower(), content)
    return metas


def _linked_data(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """The JSON-LD nodes that describe the page itself, articles first; lists of other pages are not entered."""
    found: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json" or not script.text:
            continue
        try:
            pending = [json.loads(script.text, strict=False)]
        except (ValueError, RecursionError):
            continue
        while pending:
            node = pending.pop(0)
            if isinstance(node, list):
                pending += node
            elif isinstance(node, dict):
                found.append(node)
                pending += [node[name] for name in ("@graph", "mainEntity", "mainEntityOfPage") if name in node]
    pages = [node for node in found if _ARTICLE.search(str(node.get("@type", "")))]
    yield from sorted(pages, key=lambda node: "WebPage" in str(node.get("@type")))


def _texts(data: Iterable[dict[str, Any]], name: str) -> Iterator[str]:
    yield from (value for node in data if isinstance(value := node.get(name), str) and value.strip())


def _publisher(data: Iterable[dict[str, Any]]) -> str | None:
    for node in data:
        publisher = node.get("publisher")
        name = publisher.get("name") if isinstance(publisher, dict) else publisher
        if isinstance(name, str) and name.strip() and not name.startswith(("http://", "https://")):
            return name
    return None


def _title(
    tree: HtmlElement, metas: dict[str, str], data: list[dict[str, Any]], publisher: str | None, url: str | None
) -> str | None:
    if title := metas.get("og:title") or next(_texts(data, "headline"), None):
        return _without_site(title, publisher, url, guess=False)
    own = [words for heading in tree.iter("h1") if (words := _words(heading.text_content()))]
    # Several h1, or one that is the name of the site, head the site rather than the page.
    if len(own) == 1 and line_key(own[0]) != line_key(publisher or ""):
        return own[0]
    title_tag = tree.find(".//head/title")
    said = _words(title_tag.text_content()) if title_tag is not None else ""
    return _without_site(said, publisher, url, guess=True) or next(iter(own), None)


def _without_site(title: str, publisher: str | None, url: str | None, *, guess: bool) -> str:
    """Cut the name of the site off a title. Without knowing the name, `guess` takes the last part for it."""
    parts = list(_SEPARATOR.finditer(title))
    if not parts:
        return title
    first, last = title[: parts[0].start()], title[parts[-1].end() :]
    if publisher and line_key(last) == line_key(publisher):
        return title[: parts[-1].start()]
    if publisher and line_key(first) == line_key(publisher):
        return title[parts[0].end() :]
    host = line_key(urlsplit(url).hostname or "").replace(" ", "") if url else ""
    named = bool(host) and len(line_key(last)) >= 4 and line_key(last).replace(" ", "") in host
    return title[: parts[-1].start()] if named or guess else title


def _published(tree: HtmlElement, metas: dict[str, str], data: list[dict[str, Any]]) -> str | None:
    candidates = [*_texts(data, "datePublished"), *(metas[name] for name in _PUBLISHED if name in metas), *_times(tree)]
    return next((found for value in candidates if (found := as_date(value))), None)


def _times(tree: HtmlElement) -> Iterator[str]:
    """The dates of <time> elements that say when the page was published; others date an event or an update."""
    for time in tree.iter("time"):
        if any(parent.tag in ("article", "main") for parent in time.iterancestors()) and _dates_the_page(time):
            yield time.get("datetime") or time.text_content()


def _dates_the_page(time: HtmlElement) -> bool:
    if time.get("pubdate") is not None or (time.get("itemprop") or "").lower() == "datepublished":
        return True
    parent, before = time.getparent(), time.getprevious()
    names = f"{time.get('class') or ''} {parent.get('class') or ''}"
    said = (before.tail if before is not None else parent.text) or ""
    if before is not None and not said.strip():
        said = before.text_content()
    return bool(_ANNOUNCED.search(said or names)) and not _CHANGED.search(said or names)


def as_date(value: str) -> str | None:
    """YYYY[-MM[-DD]] out of an ISO date or time, or out of 12/03/2024; None for anything else or a day that is none."""
    if slashed := _SLASHED.match(value):
        value = f"{slashed[3]}-{int(slashed[2]):02}-{int(slashed[1]):02}"
    match = _ISO.match(value)
    if match is None:
        return None
    year, month, day = match.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join(part for part in (year, month, day) if part)


def _canonical(tree: HtmlElement, url: str | None) -> str | None:
    """The canonical link, when it is absolute and on the host the page came from."""
    for link in tree.iter("link"):
        if "canonical" not in (link.get("rel") or "").lower().split():
            continue
        target = (link.get("href") or "").strip()
        if host_of(target) and (url is None or host_of(target) == host_of(url)):
            return target
    return None
