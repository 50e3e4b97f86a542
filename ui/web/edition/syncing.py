"""All the followed sources looked at again, as `corpus sync` does, and what nobody confirmed confirmed afterwards."""

from typing import Annotated, Any

from fastapi import Form, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from indexing import OnProgress
from ui import messages
from ui.api.caller import TheCaller
from ui.commands.corpus_audit import changes_of
from ui.web.edition.pages import editor_of, library_of, room, store_of, workbench_of
from ui.web.edition.reports import WAIT, noted, report_of, started

router = room()
SYNC = "/documents/synchroniser"


@router.post(SYNC)
def synchronise(
    request: Request, caller: TheCaller, source: Annotated[list[str] | None, Form(max_length=1000)] = None
) -> Response:
    """Without `source` all are looked at, and none loses more than 30 % of its documents; those named, by their ids,
    may: whoever sends them was told how many would go."""
    library, store = library_of(request), store_of(request)
    confirmed = frozenset(source or ())
    named = [one.place for one, _ in library.sources() if one.id in confirmed]
    if len(named) < len(confirmed):
        raise HTTPException(404)

    def run(on_progress: OnProgress) -> dict[str, Any]:
        report = library.sync(source or None, False, lambda one: one.source.id in confirmed, on_progress, wait=WAIT)
        result = report_of(report)
        noted(
            store,
            result,
            editor_of(caller),
            "corpus.synced",
            [", ".join(named) or messages.SYNC_ALL],
            changes_of(report),
        )
        return result

    about = {"names": named} if source else {"said": messages.SYNC_ALL}
    return started(workbench_of(request).start("sync", editor_of(caller), run, about))
