"""What a change of the documents gave, for the page that shows it and for the journal."""

from collections.abc import Iterable
from typing import Any

from starlette.responses import RedirectResponse, Response

from assistant.store import Store, StoreUnavailable
from indexing import BuildReport
from ui import messages
from ui.web.edition.pages import ROOT
from ui.web.edition.work import Task

WAIT = 60.0
"""Seconds that a change waits for another to end."""


def started(task: Task) -> Response:
    return RedirectResponse(f"{ROOT}/travaux/{task.id}", 303)


def report_of(report: BuildReport) -> dict[str, Any]:
    """What became of each document, in values JSON can hold."""
    groups = ((messages.ADDED, report.added), (messages.CHANGED, report.changed), (messages.REMOVED, report.removed))
    told = [
        (messages.standing if one.source in report.standing else messages.failure)(one.source, one.code, one.detail)
        for one in report.failed
    ]
    kept = [[one.source.id, messages.vanishing(one.source.place, one.gone, one.of)] for one in report.kept]
    return {
        "rows": [[source, said] for said, sources in groups for source in sources],
        "unchanged": len(report.unchanged),
        "failed": told,
        "kept": kept,
        "published": report.snapshot is not None,
        "passages": report.passages,
    }


def noted(
    store: Store, result: dict[str, Any], who: str, action: str, objects: Iterable[str], detail: str = ""
) -> None:
    """Write who did what in the journal; when it cannot be written, the result says so: the work is done."""
    try:
        for one in objects:
            store.audit.note(who, action, one, detail)
    except StoreUnavailable:
        result["unnoted"] = True
