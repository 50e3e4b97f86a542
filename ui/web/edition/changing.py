"""Documents change: one is read again or removed, or the whole index goes back to the one before."""

from typing import Any

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from corpus import Source
from corpus.sources import ALONE
from indexing import DocumentRecord, Library, OnProgress, UnknownDocument, is_deposit
from ui import messages
from ui.api.caller import TheCaller
from ui.web.edition.pages import at, editor_of, library_of, page, room, store_of, workbench_of
from ui.web.edition.reports import WAIT, noted, report_of, started

router = room()


@router.get("/documents/retour")
def confirm_rollback(request: Request) -> Response:
    return page(request, "rollback.html", corpus=request.app.state.assistant.state())


@router.post("/documents/retour")
def roll_back(request: Request, caller: TheCaller) -> Response:
    library, store = library_of(request), store_of(request)

    def run(on_progress: OnProgress) -> dict[str, Any]:
        state = library.rollback(wait=WAIT)
        said = messages.ROLLED_BACK.format(
            published_at=at(state.published_at), documents=state.documents, passages=state.passages
        )
        result: dict[str, Any] = {"said": said}
        noted(store, result, editor_of(caller), "corpus.rolled_back", [state.snapshot])
        return result

    return started(workbench_of(request).start("rollback", editor_of(caller), run, {}))


@router.get("/documents/{document_id}/retirer")
def confirm_removal(request: Request, document_id: str) -> Response:
    library = library_of(request)
    record = published(request, document_id)
    source = source_of(library, document_id)
    deposited = source is not None and source.type == "file" and is_deposit(source.place)
    return page(request, "remove.html", record=record, source=source, deposited=deposited)


@router.post("/documents/{document_id}/retirer")
def remove(request: Request, caller: TheCaller, document_id: str) -> Response:
    library, store = library_of(request), store_of(request)
    record = published(request, document_id)

    def run(on_progress: OnProgress) -> dict[str, Any]:
        report = library.remove([document_id], on_progress, wait=WAIT)
        result = report_of(report)
        noted(store, result, editor_of(caller), "document.removed", report.removed, document_id)
        return result

    return started(workbench_of(request).start("remove", editor_of(caller), run, {"names": [record.metadata.title]}))


@router.post("/documents/{document_id}/relire")
def read_again(request: Request, caller: TheCaller, document_id: str) -> Response:
    """Read a document named by itself anew, or look again at the folder or site that holds it."""
    library, store = library_of(request), store_of(request)
    record = published(request, document_id)
    source = source_of(library, document_id)
    if source is None:
        raise HTTPException(404)

    def run(on_progress: OnProgress) -> dict[str, Any]:
        if source.type in ALONE:
            report = library.add([source.place], dict(source.given), on_progress, wait=WAIT)
        else:
            report = library.sync([source.id], on_progress=on_progress, wait=WAIT)
        result = report_of(report)
        noted(store, result, editor_of(caller), "document.reread", [record.source], document_id)
        noted(store, result, editor_of(caller), "document.removed", report.removed)
        return result

    return started(workbench_of(request).start("reread", editor_of(caller), run, {"names": [record.metadata.title]}))


def published(request: Request, document_id: str) -> DocumentRecord:
    """Raises UnknownDocument, NoIndex."""
    documents: tuple[DocumentRecord, ...] = request.app.state.assistant.documents()
    found = next((one for one in documents if one.id == document_id), None)
    if found is None:
        raise UnknownDocument(document_id)
    return found


def source_of(library: Library, document_id: str) -> Source | None:
    """The followed source that a document comes from; None for the fiches shipped with the software."""
    return next(
        (
            source
            for source, items in library.sources()
            for item in items
            if item.document_id == document_id and item.published
        ),
        None,
    )
