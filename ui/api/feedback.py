"""What readers think of an answer: their mark, and for editors the latest of everybody's."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from assistant.store import REASONS, Mark, MarkedTurn, Reason
from indexing import CorpusState
from ui import rendering
from ui.api.access import allowed
from ui.api.caller import Caller
from ui.api.routes import TheAssistant
from ui.api.stored import CLEAN, CLOSED, STORE_AWAY, WRONG, Id, TheStore, problem
from ui.bodies import TurnBody
from ui.retired import without_retired

MAX_COMMENT = 2000
router = APIRouter(tags=["Avis"])
Reader = Annotated[Caller, Depends(allowed("feedback"))]
Editor = Annotated[Caller, Depends(allowed("edition"))]


class FeedbackRequest(BaseModel):
    """Ce que l'on pense d'une réponse."""

    model_config = CLOSED | {
        "json_schema_extra": {
            "examples": [
                {
                    "turn_id": "5f0c8a3e9d8b4d0c9a5e0f4b7c6d1e2f",
                    "reason": "source_perimee",
                    "comment": "La loi a changé en 2026.",
                }
            ]
        }
    }

    turn_id: Annotated[Id, Field(description="L'identifiant (« id ») de la réponse.")]
    reason: Annotated[
        Reason,
        Field(description="`utile`, ou ce qui ne va pas : `incomplet`, `faux`, `source_perimee`, `hors_sujet`."),
    ]
    comment: Annotated[
        str, Field(max_length=MAX_COMMENT, description="Un mot de plus ; noms et coordonnées y sont masqués."), CLEAN
    ] = ""


class FeedbackBody(TypedDict):
    turn_id: str
    reason: Reason
    comment: str
    given_at: str


class MarkedTurnBody(TypedDict):
    """Un avis et la réponse dont il parle ; qui l'a donné n'est pas dit."""

    reason: Reason
    comment: str
    given_at: str
    asked_at: str
    turn: TurnBody


class MarkedTurnsBody(TypedDict):
    feedback: list[MarkedTurnBody]


class FeedbackQuery(BaseModel):
    """Quels avis montrer."""

    model_config = CLOSED

    reason: Annotated[list[Reason], Field(max_length=10, description="Seulement ces avis.")] = []
    limit: Annotated[int, Field(ge=1, le=200, description="Combien au plus.")] = 50


@router.post(
    "/v1/feedback",
    summary="Donner son avis sur une réponse",
    responses=WRONG | STORE_AWAY | problem(404, "Aucune réponse de vos conversations n'a cet identifiant"),
)
def give(given: FeedbackRequest, store: TheStore, caller: Reader) -> FeedbackBody:
    """Un avis par réponse et par personne : un nouvel avis remplace le précédent.

    Un avis autre que « utile » signale un manque aux éditeurs ; le changer en « utile » retire ce manque.
    """
    return feedback_body(store.feedback.give(given.turn_id, caller.owner, given.reason, given.comment))


@router.get("/v1/feedback", summary="Les derniers avis, pour les éditeurs", responses=WRONG | STORE_AWAY)
def latest(
    asked: Annotated[FeedbackQuery, Query()], request: Request, store: TheStore, assistant: TheAssistant, _: Editor
) -> MarkedTurnsBody:
    """Les avis de tous, du plus récent au plus ancien, chacun avec la question (masquée) et la réponse."""
    found = store.feedback.latest(asked.limit, asked.reason or REASONS)
    published = {record.id for record in assistant.documents()} if found else set()
    state = assistant.state() if found else None
    contact: str = request.app.state.contact
    return {"feedback": [marked_turn_body(one, published, state, contact) for one in found]}


def feedback_body(mark: Mark) -> FeedbackBody:
    return {
        "turn_id": mark.turn_id,
        "reason": mark.reason,
        "comment": mark.comment,
        "given_at": mark.given_at.isoformat(timespec="seconds"),
    }


def marked_turn_body(
    marked: MarkedTurn, published: set[str], state: CorpusState | None, contact: str
) -> MarkedTurnBody:
    turn = rendering.turn_body(marked.stored.turn, contact)
    since = state.published_at[:10] if state else ""
    return {
        "reason": marked.mark.reason,
        "comment": marked.mark.comment,
        "given_at": marked.mark.given_at.isoformat(timespec="seconds"),
        "asked_at": marked.stored.asked_at.isoformat(timespec="seconds"),
        "turn": without_retired(turn, published, since),
    }
