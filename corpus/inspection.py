"""What an editor should look at among the documents: no date, a review overdue, the same text twice, a dead link."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from corpus.cleaning import line_key
from corpus.document import Document
from corpus.web.fetched import Fetched, Missing, NotModified, Outcome, Refusal

ConcernCode = Literal["undated", "past_review", "duplicate", "dead_link", "unchecked_link", "unreadable"]


@dataclass(frozen=True, slots=True)
class Concern:
    """Something to look at in a document. `detail` is the date, the other document, the address or the reason."""

    document_id: str
    source: str
    code: ConcernCode
    detail: str = ""


def inspect(documents: Iterable[Document], today: date) -> tuple[Concern, ...]:
    """Go through the documents once, in their order, keeping little of each."""
    seen: dict[bytes, str] = {}
    concerns: list[Concern] = []
    for document in documents:
        facts = document.metadata
        if facts.published is None:
            concerns.append(Concern(document.id, document.source, "undated"))
        if is_past(facts.review_by, today):
            concerns.append(Concern(document.id, document.source, "past_review", facts.review_by or ""))
        first = seen.setdefault(_words(document), document.source)
        if first is not document.source:
            concerns.append(Concern(document.id, document.source, "duplicate", first))
    return tuple(concerns)


def is_past(review_by: str | None, today: date) -> bool:
    """Whether a date as precise as it is known (a year, a month, a day) is over."""
    return review_by is not None and review_by < today.isoformat()[: len(review_by)]


def _words(document: Document) -> bytes:
    # Whether two files say the same does not hang on how their lines are cut.
    text = " ".join(line_key(section.text) for section in document.sections)
    return hashlib.sha256(" ".join(text.split()).encode()).digest()


def links_of(documents: Iterable[Document]) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """The addresses that documents give for themselves and their references, each with who gives it (id, source)."""
    found: dict[str, dict[tuple[str, str], None]] = {}
    for document in documents:
        urls = (document.metadata.url, *(reference.url for reference in document.metadata.references))
        for url in filter(None, urls):
            found.setdefault(url, {})[(document.id, document.source)] = None
    return {url: tuple(holders) for url, holders in found.items()}


def check_links(
    links: Mapping[str, tuple[tuple[str, str], ...]], fetch: Callable[[str], Outcome]
) -> Iterator[tuple[Concern, ...]]:
    """Ask for each address, once and in turn; what is wrong with it, for each document that gives it."""
    for url, holders in links.items():
        code, detail = _judged(fetch(url))
        yield tuple(Concern(*holder, code, f"{url} ({detail})") for holder in holders) if code else ()


def _judged(outcome: Outcome) -> tuple[ConcernCode | None, str]:
    match outcome:
        case Fetched() | NotModified():
            return None, ""
        case Missing():
            return "dead_link", str(outcome.status)
        case Refusal(code="unsupported" | "too_large"):
            # An image or a huge file answered: the link is alive.
            return None, ""
        case Refusal(code="http_status" | "network"):
            return "dead_link", outcome.detail
        case Refusal():
            return "unchecked_link", outcome.code
