"""What `corpus list`, `show` and `sources` print."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

from corpus import Failure, Item, Source, is_past
from indexing import DocumentRecord, Passage
from ui import messages, rendering
from ui.bodies import DocumentWithPassagesBody
from ui.commands.terminal import say, say_json, say_table, tell

State = Literal["current", "failed", "vanished", "past_review", "undated"]
Followed = Sequence[tuple[Source, Sequence[Item]]]


def states(record: DocumentRecord, item: Item | None, today: date) -> list[State]:
    """What an editor should know of a document; "current" alone when there is nothing."""
    found: list[State] = []
    if item is not None and item.misses:
        found.append("vanished")
    elif item is not None and (item.failure or item.trouble):
        found.append("failed")
    if is_past(record.metadata.review_by, today):
        found.append("past_review")
    if record.metadata.published is None:
        found.append("undated")
    return found or ["current"]


def say_documents(records: Sequence[DocumentRecord], followed: Followed, today: date, as_json: bool) -> int:
    items = items_by_document(followed)
    found = [states(record, items.get(record.id), today) for record in records]
    bodies = rendering.documents_body(records)["documents"]
    if as_json:
        say_json({"documents": [{**body, "states": one} for body, one in zip(bodies, found, strict=True)]})
        return 0
    rows = [
        [
            body["id"],
            body["title"],
            messages.KINDS[body["kind"]],
            messages.date(body["published"]),
            str(body["passages"]),
            body["source"],
            ", ".join(messages.STATES[state] for state in one),
        ]
        for body, one in zip(bodies, found, strict=True)
    ]
    say_table(messages.DOCUMENTS, rows)
    return 0


def items_by_document(followed: Followed) -> Mapping[str, Item]:
    return {item.document_id: item for _, items in followed for item in items if item.published}


def say_document(record: DocumentRecord, passages: Sequence[Passage], as_json: bool) -> int:
    body = rendering.document_with_passages_body(record, passages)
    if as_json:
        say_json(body)
    else:
        _say_passages(body)
    return 0


def say_preview(found: Iterable[tuple[DocumentRecord, Sequence[Passage]] | Failure], as_json: bool) -> int:
    """The documents that the files of a place would make; 1 when one of them makes none."""
    documents: list[DocumentWithPassagesBody] = []
    failed: list[Failure] = []
    for one in found:
        if isinstance(one, Failure):
            failed.append(one)
        else:
            documents.append(rendering.document_with_passages_body(*one))
    if as_json:
        say_json({"documents": documents, "failed": [failure_body(one) for one in failed]})
    else:
        for number, body in enumerate(documents):
            if number:
                say()
            _say_passages(body)
        for one in failed:
            tell(messages.failure(one.source, one.code, one.detail))
    return 1 if failed else 0


def failure_body(failure: Failure) -> dict[str, Any]:
    text = messages.failure(failure.source, failure.code, failure.detail)
    return {"source": failure.source, "code": failure.code, "detail": failure.detail, "text": text}


def say_sources(followed: Followed, as_json: bool) -> int:
    if as_json:
        say_json({"sources": [_source_body(source, items) for source, items in followed]})
        return 0
    if not followed:
        say(messages.NO_SOURCES)
        return 0
    bodies = [_source_body(source, items) for source, items in followed]
    rows = [
        [
            body["id"],
            messages.SOURCE_TYPES[source.type],
            str(body["documents"]),
            str(body["failed"]),
            messages.moment(body["seen"] or ""),
            body["place"],
        ]
        for body, (source, _) in zip(bodies, followed, strict=True)
    ]
    say_table(messages.SOURCES, rows)
    return 0


def _source_body(source: Source, items: Sequence[Item]) -> dict[str, Any]:
    return {
        "id": source.id,
        "type": source.type,
        "place": source.place,
        "given": dict(source.given),
        "include": list(source.include),
        "exclude": list(source.exclude),
        "added_at": source.added_at,
        "documents": sum(item.published for item in items),
        "failed": sum(bool(item.failure or item.trouble) for item in items),
        "removed": sum(item.removed for item in items),
        "seen": max((item.seen for item in items), default=None),
    }


def _say_passages(body: DocumentWithPassagesBody) -> None:
    say(body["title"])
    say("  " + messages.source_line(body["publisher"], body["published"], body["kind"], ""))
    say(f"  {body['id']}, {body['url'] or body['source']}")
    for number, passage in enumerate(body["passages"], 1):
        # A section's label is often its own heading.
        place = " > ".join(dict.fromkeys([*passage["heading"][1:], passage["locator"]["label"]]))
        say()
        say(f"{number}. {place}".rstrip(" ."))
        for line in passage["text"].splitlines():
            say(f"    {line}")
