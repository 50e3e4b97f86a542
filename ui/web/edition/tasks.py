"""Work under way: how far it is, then what it gave."""

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from ui.api.stored import PathId
from ui.web.edition.pages import deposits_of, page, room, workbench_of

router = room()


@router.get("/travaux/{task_id}")
def task(request: Request, task_id: PathId) -> Response:
    found = workbench_of(request).find(task_id)
    if found is None:
        raise HTTPException(404)
    if found.state == "done" and found.action == "preview":
        waiting = deposits_of(request).find(found.about["deposit"]) is not None
        return page(request, "preview.html", task=found, waiting=waiting, **found.result)
    return page(request, "task.html", task=found, result=found.result)
