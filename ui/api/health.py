"""Is the service there, is it ready, and its figures. None of these waits behind the questions."""

from datetime import datetime
from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from ui import rendering
from ui.api.access import REFUSALS, allowed
from ui.api.caller import Caller
from ui.api.problems import ProblemResponse, respond
from ui.api.routes import PROBLEM
from ui.bodies import ReadyBody
from ui.metrics import CONTENT_TYPE
from ui.preparation import Preparation, Readiness

router = APIRouter(tags=["Service"])
PROBES_AT_ONCE = 4


@router.get("/healthz", summary="Le service répond-il ?")
async def healthz() -> dict[str, str]:
    """Vrai dès que le service écoute."""
    return {"status": "ok"}


@router.get(
    "/readyz",
    summary="Le service est-il prêt à répondre ?",
    response_model=ReadyBody,
    responses={503: PROBLEM[503]},
)
async def readyz(request: Request) -> ReadyBody | ProblemResponse:
    """L'état des documents et de la base ; 503 et l'avancement tant que rien n'est prêt.

    Sans sa base, le service répond encore : il est prêt.
    """
    state = request.app.state
    readiness = await readiness_of(request)
    store: Literal["ok", "unavailable"] = "ok" if state.store_state.up() else "unavailable"
    if readiness.problem is None and readiness.corpus is not None:
        return {"ready": True, "corpus": rendering.corpus_body(readiness.corpus), "store": store}
    assert readiness.problem is not None
    extra = {"ready": False, "progress": rendering.progress_body(readiness.progress), "store": store}
    return respond(readiness.problem, request, extra=extra)


async def readiness_of(request: Request) -> Readiness:
    """Looked at in threads of their own: those of the questions may all be taken."""
    preparation: Preparation = request.app.state.preparation
    return await to_thread.run_sync(preparation.readiness, limiter=request.app.state.probes)


@router.get(
    "/metrics",
    summary="Les compteurs du service, pour Prometheus",
    response_class=Response,
    responses=REFUSALS | {200: {"description": "Compteurs", "content": {"text/plain": {}}}},
)
async def metrics(request: Request, _: Annotated[Caller, Depends(allowed("metrics"))]) -> Response:
    """Réponses par issue et par auteur, abstentions, durées, requêtes par route et statut, file d'attente, base."""
    state = request.app.state
    readiness = await readiness_of(request)
    standing = {"ready": float(readiness.corpus is not None), "store_up": float(state.store_state.up())}
    if readiness.corpus is not None:
        published = datetime.fromisoformat(readiness.corpus.published_at)
        standing |= {
            "corpus_documents": readiness.corpus.documents,
            "corpus_passages": readiness.corpus.passages,
            "corpus_published_timestamp_seconds": published.timestamp(),
        }
    return Response(state.metrics.text(standing), media_type=CONTENT_TYPE)
