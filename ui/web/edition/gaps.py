"""What was asked and not well answered, by need: how far each is, and who sees to it."""

from typing import Annotated, get_args

from fastapi import Form, Request
from starlette.responses import RedirectResponse, Response

from assistant.store import GAP_STATES, GapState
from ui.api.backlog import BacklogQuery, backlog_body, change_group, open_backlog
from ui.api.caller import TheCaller
from ui.api.stored import CLEAN, PathId
from ui.backlog import group_body
from ui.web.edition.pages import ROOT, editor_of, page, room, store_of

router = room()
OPEN: tuple[GapState, ...] = ("nouveau", "en_cours")
"""The states shown unless others are asked for."""
MOST_GROUPS = 100


@router.get("/manques")
def gaps(request: Request, etat: str = "") -> Response:
    """`etat` is one of the states, "tous" for all, and else those still to be done."""
    store, assistant = store_of(request), request.app.state.assistant
    chosen = tuple(one for one in get_args(GapState) if one == etat) or (GAP_STATES if etat == "tous" else OPEN)
    asked = BacklogQuery(state=list(chosen), limit=MOST_GROUPS)
    body = backlog_body(asked, open_backlog(store, assistant), store, assistant)
    return page(request, "gaps.html", body=body, state=etat, states=GAP_STATES, most=MOST_GROUPS)


@router.get("/manques/{group_id}")
def gap(request: Request, group_id: PathId) -> Response:
    assistant = request.app.state.assistant
    group = open_backlog(store_of(request), assistant).group(group_id)
    shown = group_body(group, {one.id for one in assistant.documents()})
    return page(request, "gap.html", group=shown, states=GAP_STATES)


@router.post("/manques/{group_id}")
def change(
    request: Request,
    caller: TheCaller,
    group_id: PathId,
    etat: Annotated[GapState, Form()],
    qui: Annotated[str, Form(max_length=128), CLEAN] = "",
) -> Response:
    """Only what differs from before is written, and noted."""
    store = store_of(request)
    backlog = open_backlog(store, request.app.state.assistant)
    before = backlog.group(group_id)
    state = etat if etat != before.state else None
    assignee = qui.strip() if qui.strip() != before.assignee else None
    change_group(backlog, store, group_id, state, assignee, editor_of(caller))
    return RedirectResponse(f"{ROOT}/manques/{group_id}?dit=enregistre", 303)
