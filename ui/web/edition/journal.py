"""Who changed what."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from ui import messages
from ui.web.edition.pages import PER_PAGE, moment, names_of, page, person, room, store_of

router = room()


@router.get("/journal")
def journal(request: Request, avant: Annotated[int | None, Query(ge=0, le=2**31)] = None) -> Response:
    store = store_of(request)
    lines = store.audit.latest(PER_PAGE + 1, avant)
    names = names_of(store)
    rows = [
        (
            moment(one.at),
            person(one.who, names),
            messages.AUDIT_ACTIONS.get(one.action, one.action),
            one.object,
            one.detail,
        )
        for one in lines[:PER_PAGE]
    ]
    return page(request, "journal.html", rows=rows, before=lines[PER_PAGE - 1].id if len(lines) > PER_PAGE else None)
