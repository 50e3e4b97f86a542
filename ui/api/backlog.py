"""The editors' backlog over HTTP: what was asked and not answered, by need."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field

from assistant.pipeline import Assistant
from assistant.store import GAP_STATES, Backlog, GapState, NearDocument, Store
from ui.api.access import allowed
from ui.api.caller import Caller
from ui.api.routes import TheAssistant
from ui.api.stored import CLEAN, CLOSED, STORE_AWAY, WRONG, PathId, TheStore, problem
from ui.backlog import BacklogBody, GapGroupBody, as_csv, group_body

NEAR_DOCUMENTS = 3
router = APIRouter(tags=["Manques"])
Editor = Annotated[Caller, Depends(allowed("edition"))]


Assignee = Annotated[str, Field(max_length=128, description="Qui s'en occupe ; vide : personne."), CLEAN]
Cause = Annotated[str, Field(max_length=16, description="Seulement cette cause (abstained, faux…)."), CLEAN]


class BacklogQuery(BaseModel):
    """Quels groupes montrer."""

    model_config = CLOSED

    state: Annotated[list[GapState], Field(max_length=4, description="Seulement ces états.")] = []
    assignee: Assignee | None = None
    cause: Cause | None = None
    limit: Annotated[int, Field(ge=1, le=500, description="Combien au plus.")] = 200


class BacklogChange(BaseModel):
    """Ce qui change d'un groupe ; ce qui n'est pas donné reste."""

    model_config = CLOSED | {"json_schema_extra": {"examples": [{"state": "en_cours", "assignee": "Équipe SCIC"}]}}

    state: Annotated[
        GapState | None, Field(description="Où en est le groupe ; un groupe `traite` est rouvert quand il revient.")
    ] = None
    assignee: Assignee | None = None


def open_backlog(store: Store, assistant: Assistant) -> Backlog:
    """The backlog of a store, its questions read by the assistant's model."""

    def nearest(question: str) -> list[NearDocument]:
        hits = assistant.search(question, 10)
        found = {hit.document.id: hit.document.metadata.title for hit in hits}
        return [NearDocument(*one) for one in list(found.items())[:NEAR_DOCUMENTS]]

    return Backlog(store.database, assistant.embedder.embed_queries, nearest)


def the_backlog(store: TheStore, assistant: TheAssistant) -> Backlog:
    return open_backlog(store, assistant)


TheBacklog = Annotated[Backlog, Depends(the_backlog)]


@router.get("/v1/backlog", summary="Les questions sans bonne réponse, par besoin", responses=WRONG | STORE_AWAY)
def backlog(
    asked: Annotated[BacklogQuery, Query()], gaps: TheBacklog, store: TheStore, assistant: TheAssistant, _: Editor
) -> BacklogBody:
    """Les questions sans bonne réponse, groupées par besoin, les plus fréquentes d'abord.

    Les nouvelles sont d'abord mises dans leur groupe ; un groupe `traite` où il en arrive redevient `nouveau`
    (`reopened`). Un groupe `hors_perimetre` le reste.
    """
    return backlog_body(asked, gaps, store, assistant)


@router.get(
    "/v1/backlog.csv",
    summary="Les mêmes, pour un tableur",
    response_class=Response,
    responses=WRONG | STORE_AWAY | {200: {"description": "Un tableau CSV", "content": {"text/csv": {}}}},
)
def backlog_csv(
    asked: Annotated[BacklogQuery, Query()], gaps: TheBacklog, store: TheStore, assistant: TheAssistant, _: Editor
) -> Response:
    """En UTF-8 avec marque d'ordre, séparé par des points-virgules, une ligne par groupe."""
    text = as_csv(backlog_body(asked, gaps, store, assistant)["groups"])
    headers = {"Content-Disposition": 'attachment; filename="manques.csv"'}
    return Response(text.encode(), media_type="text/csv; charset=utf-8", headers=headers)


@router.patch(
    "/v1/backlog/{group_id}",
    summary="Changer l'état d'un groupe, ou qui s'en occupe",
    responses=WRONG | STORE_AWAY | problem(404, "Aucun groupe n'a cet identifiant"),
)
def change(
    group_id: PathId, changed: BacklogChange, gaps: TheBacklog, store: TheStore, assistant: TheAssistant, caller: Editor
) -> GapGroupBody:
    """Le groupe tel qu'il est désormais ; qui l'a changé est noté."""
    change_group(gaps, store, group_id, changed.state, changed.assignee, caller.owner)
    return group_body(gaps.group(group_id), {record.id for record in assistant.documents()})


def change_group(
    gaps: Backlog, store: Store, group_id: str, state: GapState | None, assignee: str | None, who: str
) -> None:
    """Change a group and note who did. Raises UnknownGroup, StoreUnavailable."""
    gaps.group(group_id)
    if state is not None:
        gaps.set_state(group_id, state)
        store.audit.note(who, "backlog.state", group_id, state)
    if assignee is not None:
        gaps.assign(group_id, assignee)
        store.audit.note(who, "backlog.assigned", group_id, assignee)


def backlog_body(asked: BacklogQuery, gaps: Backlog, store: Store, assistant: Assistant) -> BacklogBody:
    grouped = gaps.group_new()
    for group_id in grouped.reopened:
        store.audit.note("assistant", "backlog.reopened", group_id)
    groups = gaps.groups(asked.state or GAP_STATES, asked.assignee, asked.cause, asked.limit)
    published = {record.id for record in assistant.documents()} if groups else set()
    return {
        "groups": [group_body(group, published) for group in groups],
        "waiting": gaps.waiting(),
        "reopened": list(grouped.reopened),
    }
