"""The routes of the API. Each is a plain function, so FastAPI runs it in a thread: the event loop never waits."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.exceptions import HTTPException

from assistant.pipeline import Assistant
from assistant.stream import StreamEvent, StreamPassages, StreamReplace, StreamSentence, StreamTurn
from indexing import Originals, UnknownDocument
from ui import rendering
from ui.api.access import REFUSALS, allowed, seen, within
from ui.api.caller import Caller
from ui.api.problems import describe
from ui.api.schemas import AskRequest, SearchQuery, SearchRequest
from ui.bodies import DocumentsBody, DocumentWithPassagesBody, HitsBody, TurnBody

router = APIRouter()
PROBLEM: dict[int | str, dict[str, Any]] = REFUSALS | {
    422: {"description": "Requête incorrecte (problem+json)", "content": {"application/problem+json": {}}},
    503: {"description": "Documents ou modèle pas prêts (problem+json)", "content": {"application/problem+json": {}}},
}


def the_assistant(request: Request) -> Assistant:
    assistant: Assistant = request.app.state.assistant
    return assistant


TheAssistant = Annotated[Assistant, Depends(the_assistant)]
MayAsk = Annotated[Caller, Depends(allowed("ask"))]
MaySearch = Annotated[Caller, Depends(allowed("search"))]
MayReadDocuments = Annotated[Caller, Depends(allowed("documents"))]


@router.post("/v1/ask", summary="Poser une question", responses=PROBLEM, tags=["Questions"])
def ask(asked: AskRequest, request: Request, assistant: TheAssistant, caller: MayAsk) -> TurnBody:
    """La réponse, chaque phrase suivie des numéros de ses sources ; ou « abstained » et les passages voisins."""
    filters = within(asked.to_filters(), caller, assistant.documents())
    turn = assistant.ask(asked.question, asked.session_id, filters, asked.k, asked.to_asker(), caller.owner)
    return rendering.turn_body(turn, request.app.state.contact)


def opened_stream(asked: AskRequest, assistant: TheAssistant, caller: MayAsk) -> Iterator[Iterator[StreamEvent]]:
    """Wait for the first event before the answer begins, so that an error before it still has its HTTP status.

    Closed however the answer ends: when who asked is gone, the next question gets the place at once.
    """
    filters = within(asked.to_filters(), caller, assistant.documents())
    events = assistant.ask_stream(asked.question, asked.session_id, filters, asked.k, asked.to_asker(), caller.owner)
    first = next(events)

    def all_events() -> Iterator[StreamEvent]:
        yield first
        yield from events

    try:
        yield all_events()
    finally:
        # Still at work in its thread, it cannot be closed: it ends with the step it is at.
        with suppress(ValueError):
            events.close()


@router.post(
    "/v1/ask/stream",
    summary="Poser une question, réponse au fil de l'eau",
    response_class=EventSourceResponse,
    responses=PROBLEM,
    tags=["Questions"],
)
def ask_stream(
    events: Annotated[Iterator[StreamEvent], Depends(opened_stream)], request: Request
) -> Iterator[ServerSentEvent]:
    """Événements `passages`, puis `sentence` avec ses citations…, puis `reply` (le corps entier), ou `error`.

    `replace` demande d'oublier les phrases reçues : celles d'un modèle de langue, vérifiées, suivent.
    """
    state = request.app.state
    try:
        for event in events:
            match event:
                case StreamPassages():
                    yield ServerSentEvent(event="passages", data=rendering.hits_body(event.hits))
                case StreamSentence():
                    yield ServerSentEvent(event="sentence", data=rendering.streamed_sentence_body(event))
                case StreamReplace():
                    yield ServerSentEvent(event="replace", data={})
                case StreamTurn():
                    yield ServerSentEvent(event="reply", data=rendering.turn_body(event.turn, state.contact))
    except Exception as error:  # the status line is gone: the problem travels as an event
        problem = describe(error, state.assistant.building(), state.log)
        yield ServerSentEvent(event="error", data=problem.body(request.state.request_id))


@router.post("/v1/search", summary="Chercher des passages", responses=PROBLEM, tags=["Recherche"])
def search(asked: SearchRequest, assistant: TheAssistant, caller: MaySearch) -> HitsBody:
    """Les passages les plus proches, du meilleur au moins bon."""
    filters = within(asked.to_filters(), caller, assistant.documents())
    return rendering.hits_body(assistant.search(asked.query, asked.k, filters))


@router.get("/v1/search", summary="Chercher des passages (dans l'adresse)", responses=PROBLEM, tags=["Recherche"])
def search_by_address(asked: Annotated[SearchQuery, Query()], assistant: TheAssistant, caller: MaySearch) -> HitsBody:
    """Les passages les plus proches, du meilleur au moins bon ; une liste répète son champ."""
    return search(asked.to_request(), assistant, caller)


@router.get("/v1/documents", summary="Les documents indexés", responses=PROBLEM, tags=["Documents"])
def documents(assistant: TheAssistant, caller: MayReadDocuments) -> DocumentsBody:
    """Tout ce qui est su de chaque document, sans son texte."""
    return rendering.documents_body(seen(caller, assistant.documents()))


@router.get("/v1/documents/{document_id}", summary="Un document et ses passages", responses=PROBLEM, tags=["Documents"])
def document(document_id: str, assistant: TheAssistant, caller: MayReadDocuments) -> DocumentWithPassagesBody:
    """Le document et ses passages dans l'ordre ; 404 s'il n'existe pas."""
    passages = assistant.passages(document_id)
    record = next((one for one in seen(caller, assistant.documents()) if one.id == document_id), None)
    if record is None:
        raise UnknownDocument(document_id)
    return rendering.document_with_passages_body(record, passages)


@router.get(
    "/v1/documents/{document_id}/original",
    summary="Le fichier d'origine d'un document",
    response_class=FileResponse,
    responses=PROBLEM | {404: {"description": "Pas publié, ou inconnu", "content": {"application/problem+json": {}}}},
    tags=["Documents"],
)
def original(document_id: str, request: Request, assistant: TheAssistant, caller: MayReadDocuments) -> FileResponse:
    """Le fichier tel qu'il a été ajouté, si sa publication est permise ; 404 sinon. `#page=N` y ouvre un PDF."""
    record = next((one for one in seen(caller, assistant.documents()) if one.id == document_id), None)
    path = Originals(request.app.state.home).find(record.original) if record and record.original else None
    if record is None or path is None:
        raise HTTPException(404)
    name = PurePosixPath(record.source).name
    # Only a PDF is shown in place: a page of ours must not run what a document holds.
    if path.suffix == ".pdf":
        return FileResponse(path, media_type="application/pdf", filename=name, content_disposition_type="inline")
    return FileResponse(path, media_type="application/octet-stream", filename=name)
