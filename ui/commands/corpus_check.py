"""What `corpus check` prints: what the rules say of fiches, what an editor should look at in the index."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from corpus import KINDS, UNNAMED, Concern, Coverage, Failure, Review, Row, check_links, inspect, links_of
from indexing import Library, Progress
from ui import messages
from ui.commands.corpus_view import Followed
from ui.commands.terminal import progress_shown, say, say_table, tell


def concerns_of(library: Library, today: date, *, with_links: bool) -> tuple[Concern, ...]:
    """Raises NoIndex, SnapshotDamaged."""
    found = [*inspect(library.texts(), today), *_unreadable(library.sources())]
    return (*found, *(_bad_links(library) if with_links else ()))


def _unreadable(followed: Followed) -> list[Concern]:
    found = []
    for _, items in followed:
        for item in items:
            if wrong := item.trouble or item.failure:
                said = messages.failure("", *wrong).removeprefix(" : ")
                found.append(Concern(item.document_id, item.name, "unreadable", said))
    return found


def _bad_links(library: Library) -> list[Concern]:
    links = links_of(library.texts())
    found: list[Concern] = []
    with progress_shown() as show, library.fetcher() as fetcher:
        for number, wrong in enumerate(check_links(links, fetcher.fetch), 1):
            show(Progress("fetching", number, len(links)))
            found += wrong
    return found


def review_body(found: Review, covered: Coverage) -> dict[str, Any]:
    findings = [{**asdict(one), "text": messages.finding(one.code, one.detail)} for one in found.findings]
    return {"coverage": asdict(covered), "findings": findings, "failed": [asdict(one) for one in found.failures]}


def concern_bodies(concerns: Sequence[Concern]) -> list[dict[str, Any]]:
    return [{**asdict(one), "text": messages.concern(one.code, one.detail)} for one in concerns]


def say_review(found: Review, covered: Coverage) -> None:
    """What the fiches cover, then what breaks a rule."""
    say_coverage(covered)
    say_failures(found.failures)
    for one in found.findings:
        say(f"{one.source} : {messages.finding(one.code, one.detail)}")
    say(messages.review_total(len(found.documents), len(found.findings), len(found.failures)))


def say_failures(failures: Sequence[Failure]) -> None:
    for failure in failures:
        tell(messages.failure(failure.source, failure.code, failure.detail))


def say_concerns(documents: int, concerns: Sequence[Concern]) -> None:
    for one in concerns:
        say(f"{one.source} ({one.document_id}) : {messages.concern(one.code, one.detail)}")
    say(messages.inspection_total(documents, len(concerns)))


def say_coverage(covered: Coverage) -> None:
    """A table for the statuses, one for the roles, one for the themes; a column a kind."""
    kinds = [messages.KINDS_PLURAL[kind].lower() for kind in KINDS]
    for name, rows in (
        (messages.COVERAGE_STATUSES, covered.statuses),
        (messages.COVERAGE_ROLES, covered.roles),
        (messages.COVERAGE_THEMES, covered.themes),
    ):
        named = {messages.COVERAGE_UNNAMED if value == UNNAMED else value: row for value, row in rows.items()}
        cells = [_counts(value, row) for value, row in {**named, messages.COVERAGE_ALL: covered.kinds}.items()]
        say_table((name, *kinds, messages.COVERAGE_TOTAL), cells)
        say()


def _counts(value: str, row: Row) -> list[str]:
    return [value, *(str(row[kind] or "–") for kind in KINDS), str(sum(row.values()))]
