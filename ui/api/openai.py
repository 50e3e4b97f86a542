"""OpenAI's chat protocol over the assistant: POST /v1/chat/completions and GET /v1/models.

The protocol has no session: a client sends its whole conversation each time. Its last « user » message is the question;
those before complete it when it is a follow-up, and are not kept: they were asked elsewhere, perhaps of something else.
Only the question and its reply are kept, like those of /v1/ask. A client that wants its conversation to be kept here
sends back `x_assistant_elus.session_id` as `metadata.session_id`: the turns of that session then take the place of the
earlier messages. « system » messages are somebody's text, never orders.

A stream tells only what is final. A configured language model may replace the sentences found first, and this protocol
cannot take a word back: so nothing but the opening goes out before the turn is whole, which without a model is at once.
"""

from collections.abc import Generator
from contextlib import closing
from typing import Annotated, Any

from anyio import CancelScope
from fastapi import APIRouter, Path, Request, Security
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from assistant.stream import StreamEvents, StreamTurn
from indexing import Filters
from ui import messages, rendering
from ui.api.access import BEARER, within
from ui.api.completion import Completion, event
from ui.api.openai_schemas import (
    MODEL,
    CompletionBody,
    CompletionRequest,
    ModelBody,
    ModelsBody,
    openai_error,
)
from ui.api.problems import describe, respond
from ui.api.routes import PROBLEM, MayAsk, TheAssistant
from ui.api.schemas import DEFAULT_K_ASK
from ui.problem import Problem

router = APIRouter(tags=["Compatible OpenAI"], responses=PROBLEM)
THE_MODEL: ModelBody = {"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}
UNBUFFERED = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
UNSUPPORTED: dict[str, Any] = {
    "description": "Paramètre non accepté (problem+json)",
    "content": {"application/problem+json": {}},
}
UNKNOWN: dict[str, Any] = {"description": "Modèle inconnu (problem+json)", "content": {"application/problem+json": {}}}
# As OpenAPI 3.2 and FastAPI describe a stream.
AN_EVENT = {"type": "object", "required": ["data"], "properties": {"data": {"type": "string"}}}
STREAMED: dict[str, Any] = {
    "description": (
        "La réponse ; avec « stream », des événements `data: {chat.completion.chunk}`, une phrase par événement, les "
        "annotations et `x_assistant_elus` dans le dernier, puis `data: [DONE]`."
    ),
    "content": {"text/event-stream": {"itemSchema": AN_EVENT}},
}


@router.post(
    "/v1/chat/completions",
    summary="Poser une question au format d'OpenAI",
    response_model=CompletionBody,
    responses={200: STREAMED, 400: UNSUPPORTED, 404: UNKNOWN},
)
def complete(
    asked: CompletionRequest, request: Request, assistant: TheAssistant, caller: MayAsk
) -> CompletionBody | Response:
    """La même réponse que /v1/ask, pour les logiciels qui parlent ce format.

    Le dernier message « user » est la question, les précédents la complètent sans être gardés ; les autres messages
    (« system » compris) sont ignorés. `message.annotations` donne l'adresse de la source de chaque marqueur [n], et
    `x_assistant_elus` le corps entier de /v1/ask. `metadata.session_id` continue une conversation gardée ici.
    """
    if asked.model != MODEL:
        return respond(unknown_model(), request)
    if refused := asked.unsupported():
        return respond(unsupported(refused), request)
    base = str(request.base_url).rstrip("/")
    completion = Completion(base, bool(asked.stream_options and asked.stream_options.include_usage))
    filters = within(Filters(), caller, assistant.documents())
    given: dict[str, Any] = {"owner": caller.owner, "before": asked.earlier}
    if asked.stream:
        events = assistant.ask_stream(asked.question, asked.session_id, filters, DEFAULT_K_ASK, **given)
        # The first event is waited for, so that an error before it still has its HTTP status.
        next(events)
        return Told(told(completion, events, request), media_type="text/event-stream", headers=UNBUFFERED)
    turn = assistant.ask(asked.question, asked.session_id, filters, DEFAULT_K_ASK, **given)
    return completion.whole(turn, rendering.turn_body(turn, request.app.state.contact))


class Told(StreamingResponse):
    """Closes what it streams however it ends: when who asked is gone, the next question gets the place at once."""

    def __init__(self, chunks: Generator[str], **options: Any) -> None:
        super().__init__(chunks, **options)
        self._chunks = chunks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            with CancelScope(shield=True):
                await run_in_threadpool(self._chunks.close)


def told(completion: Completion, events: StreamEvents, request: Request) -> Generator[str]:
    """The chunks of an answer; closed, it closes the assistant's own stream."""
    state = request.app.state
    with closing(events):
        yield completion.opening()
        try:
            for one in events:
                if isinstance(one, StreamTurn):
                    yield from completion.chunks(one.turn, rendering.turn_body(one.turn, state.contact))
        except Exception as error:  # the status line is gone: the problem travels as an event
            problem = describe(error, state.assistant.building(), state.log)
            yield event({"error": openai_error(problem)})


# Programs look for models every few seconds: it takes a key, but does not count as a request.
@router.get("/v1/models", summary="Les modèles, au format d'OpenAI", dependencies=[Security(BEARER)])
def models() -> ModelsBody:
    """Un seul : « assistant-elus »."""
    return {"object": "list", "data": [THE_MODEL]}


@router.get(
    "/v1/models/{model}",
    summary="Un modèle, au format d'OpenAI",
    response_model=ModelBody,
    responses={404: UNKNOWN},
    dependencies=[Security(BEARER)],
)
def model(
    model: Annotated[str, Path(max_length=200, description="« assistant-elus ».", examples=[MODEL])],
    request: Request,
) -> ModelBody | Response:
    """« assistant-elus », ou 404."""
    return THE_MODEL if model == MODEL else respond(unknown_model(), request)


def unknown_model() -> Problem:
    return Problem("unknown_model", 404, messages.UNKNOWN_MODEL, (("model", messages.UNKNOWN_MODEL),))


def unsupported(name: str) -> Problem:
    detail = messages.UNSUPPORTED_PARAMETER.format(name=name)
    return Problem("unsupported_parameter", 400, detail, ((name, detail),))
