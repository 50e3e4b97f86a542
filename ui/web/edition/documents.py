"""The documents there are: found, and one read as it was cut."""

from collections.abc import Sequence
from datetime import date
from typing import Literal, get_args
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import Response

from corpus import KINDS, Item
from indexing import DocumentRecord, fold
from ui import messages
from ui.commands.corpus_view import State, items_by_document, states
from ui.web.edition.changing import published, source_of
from ui.web.edition.pages import PER_PAGE, PageNumber, library_of, page, pages_of, room

router = room()
EditorState = State | Literal["superseded"]
STATES: tuple[str, ...] = (*get_args(State), "superseded")


def states_of(record: DocumentRecord, item: Item | None, today: date) -> Sequence[str]:
    """Those the command tells, and whether another document takes this one's place."""
    found: list[str] = list(states(record, item, today))
    if record.metadata.superseded_by:
        found = [one for one in found if one != "current"] + ["superseded"]
    return found


@router.get("/documents")
def documents(request: Request, q: str = "", genre: str = "", etat: str = "", number: PageNumber = 1) -> Response:
    """Those whose title, publisher or source holds every word of `q`."""
    library = library_of(request)
    followed = library.sources()
    items = items_by_document(followed)
    records: tuple[DocumentRecord, ...] = request.app.state.assistant.documents()
    today = date.today()
    words = fold(q).split()
    rows = []
    for record in records:
        facts = record.metadata
        found = states_of(record, items.get(record.id), today)
        text = fold(f"{facts.title} {facts.publisher or ''} {record.source}")
        if all(word in text for word in words) and (not genre or facts.kind == genre) and (not etat or etat in found):
            rows.append((record, found))
    rows.sort(key=lambda row: fold(row[0].metadata.title))
    number, last = pages_of(len(rows), number)
    return page(
        request,
        "documents.html",
        rows=rows[(number - 1) * PER_PAGE : number * PER_PAGE],
        found=len(rows),
        total=len(records),
        followed=len(followed),
        q=q,
        kind=genre,
        state=etat,
        kinds=KINDS,
        states=STATES,
        number=number,
        last=last,
        query=urlencode({"q": q, "genre": genre, "etat": etat}),
    )


@router.get("/documents/{document_id}")
def document(request: Request, document_id: str, number: PageNumber = 1) -> Response:
    library = library_of(request)
    record = published(request, document_id)
    passages = request.app.state.assistant.passages(document_id)
    item = items_by_document(library.sources()).get(document_id)
    trouble = (item.trouble or item.failure) if item else None
    number, last = pages_of(len(passages), number)
    return page(
        request,
        "document.html",
        record=record,
        facts=record.metadata,
        states=states_of(record, item, date.today()),
        source=source_of(library, document_id),
        item=item,
        trouble=messages.failure(record.source, *trouble) if trouble else "",
        passages=passages[(number - 1) * PER_PAGE : number * PER_PAGE],
        number=number,
        last=last,
        query="",
    )
