"""A caller's own conversations: found again, carried away, erased. Another's is as unknown as one that never was."""

import json
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from assistant.store import Retention
from ui import messages
from ui.api.access import allowed, the_key
from ui.api.caller import Caller
from ui.api.routes import PROBLEM, TheAssistant
from ui.api.schemas import Question
from ui.api.stored import CLEAN, CLOSED, PathId, TheStore
from ui.bodies import ConversationBody, ConversationsBody, ConversationWithTurnsBody, ErasedBody
from ui.conversations import conversation_body, conversation_with_turns_body, kept_body, published_now
from ui.export import conversation_lines, to_docx, to_markdown
from ui.problem import Problem, Refused

Format = Literal["md", "json", "docx"]
MEDIA_TYPES: dict[Format, str] = {
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
MAX_TITLE = 120


def never_stored(response: Response) -> None:
    response.headers["Cache-Control"] = "no-store"


def the_retention(request: Request) -> Retention:
    retention: Retention = request.app.state.retention
    return retention


def of_one_reader(request: Request, caller: Annotated[Caller, Depends(allowed("ask"))]) -> Caller:
    """Whoever opens a portal's page has its public key: the conversations it holds are of many, and shown to none."""
    key = the_key(request)
    if key is not None and key.origins:
        raise Refused(Problem("forbidden", 403, messages.FORBIDDEN))
    return caller


router = APIRouter(prefix="/v1/conversations", tags=["Conversations"], dependencies=[Depends(never_stored)])
TheRetention = Annotated[Retention, Depends(the_retention)]
MayAsk = Annotated[Caller, Depends(of_one_reader)]
UNKNOWN = {404: {"description": "Conversation inconnue (problem+json)", "content": {"application/problem+json": {}}}}
PROBLEMS = PROBLEM | UNKNOWN


class Rename(BaseModel):
    """Le nouveau titre d'une conversation."""

    model_config = CLOSED

    title: Annotated[
        Question,
        Field(max_length=MAX_TITLE, description="120 caractères au plus.", examples=["SCIC de la halle"]),
        CLEAN,
    ]


@router.get("", summary="Mes conversations", responses=PROBLEM)
def conversations(
    store: TheStore,
    retention: TheRetention,
    caller: MayAsk,
    q: Annotated[
        str, CLEAN, Query(max_length=200, description="Des mots du titre ou des questions.", examples=["scic"])
    ] = "",
    limit: Annotated[int, Query(ge=1, le=500, description="Nombre de conversations.")] = 100,
) -> ConversationsBody:
    """La dernière d'abord, avec la date où chacune sera effacée si rien ne s'y ajoute ; `q` cherche des mots."""
    found = store.conversations.find(caller.owner, q, limit)
    return {"conversations": [conversation_body(one, retention) for one in found]}


@router.delete("", summary="Effacer toutes mes conversations", responses=PROBLEM)
def erase_all(store: TheStore, caller: MayAsk) -> ErasedBody:
    """Efface pour de bon les conversations de qui appelle, leurs avis et leurs lacunes ; rend leur nombre."""
    return {"erased": store.erasure.erase_all(caller.owner)}


@router.get("/{conversation_id}", summary="Une conversation", responses=PROBLEMS)
def conversation(
    conversation_id: PathId,
    request: Request,
    assistant: TheAssistant,
    store: TheStore,
    retention: TheRetention,
    caller: MayAsk,
) -> ConversationWithTurnsBody:
    """Chaque échange tel qu'il a été répondu ; les mots d'une source retirée depuis n'y sont plus.

    404 pour une conversation inconnue comme pour celle d'un autre.
    """
    kept = store.records.kept(conversation_id, caller.owner)
    turns = store.conversations.read(conversation_id, caller.owner)
    published = published_now(assistant, caller.filters)
    return conversation_with_turns_body(kept.conversation, turns, retention, request.app.state.contact, published)


@router.patch("/{conversation_id}", summary="Renommer une conversation", responses=PROBLEMS)
def rename(
    conversation_id: PathId, given: Rename, store: TheStore, retention: TheRetention, caller: MayAsk
) -> ConversationBody:
    """Le titre est masqué comme une question : ni nom, ni téléphone n'y restent."""
    store.conversations.rename(conversation_id, caller.owner, given.title)
    return conversation_body(store.records.kept(conversation_id, caller.owner).conversation, retention)


@router.delete("/{conversation_id}", summary="Effacer une conversation", responses=PROBLEMS, status_code=204)
def erase(conversation_id: PathId, store: TheStore, caller: MayAsk) -> None:
    """Efface pour de bon la conversation, ses avis et ses lacunes."""
    store.erasure.erase(conversation_id, caller.owner)


@router.get(
    "/{conversation_id}/export",
    summary="Emporter une conversation",
    response_class=Response,
    responses=PROBLEMS
    | {
        200: {
            "description": "Le fichier",
            "content": {media_type.split(";")[0]: {} for media_type in MEDIA_TYPES.values()},
        }
    },
)
def export(
    conversation_id: PathId,
    request: Request,
    assistant: TheAssistant,
    store: TheStore,
    retention: TheRetention,
    caller: MayAsk,
    format: Annotated[Format, Query(description="md : texte ; docx : Word ; json : tout ce qui est gardé.")] = "md",
) -> Response:
    """Un fichier avec les réponses, leurs sources et leurs dates ; `json` donne tout ce qui est gardé à son sujet."""
    kept = store.records.kept(conversation_id, caller.owner)
    turns = store.conversations.read(conversation_id, caller.owner)
    published = published_now(assistant, caller.filters)
    body = conversation_with_turns_body(kept.conversation, turns, retention, request.app.state.contact, published)
    now = datetime.now(UTC)
    day = now.date().isoformat()
    match format:
        case "json":
            content = json.dumps(kept_body(kept, body), ensure_ascii=False, indent=1).encode()
        case "md":
            content = to_markdown(conversation_lines(body, day, published.since)).encode()
        case "docx":
            content = to_docx(conversation_lines(body, day, published.since), now)
    name = messages.EXPORT_FILE.format(day=kept.conversation.last_at.date().isoformat(), suffix=format)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=MEDIA_TYPES[format], headers=headers)
