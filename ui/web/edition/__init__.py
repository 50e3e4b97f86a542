"""/edition: the room of those who keep the documents. Pages made here, forms, and one small script that waits."""

import gc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import RedirectResponse

from indexing import DiskFull, IndexMismatch, Library, NoIndex, SnapshotDamaged, WriterBusy
from ui.web.desk import Rechecked
from ui.web.edition import (
    adding,
    changing,
    documents,
    feedback,
    gaps,
    journal,
    measures,
    review,
    statistics,
    syncing,
    tasks,
)
from ui.web.edition.deposits import Deposits
from ui.web.edition.pages import ROOT
from ui.web.edition.work import Workbench

UPLOADS = f"{ROOT}{adding.ADD}"
"""The one address that takes files."""


def tidy(home: Path, log: Path, library: Library, look: Callable[[], object]) -> None:
    """Drop what editors sent and looked at more than a week ago, and what was removed once nothing needs it.

    `look` has this process read what is published now: it may be all that holds the snapshot before. Never raises: what
    cannot be dropped is tried again at the next hour.
    """
    with suppress(OSError):
        Deposits(home, 0).tidy()
    with suppress(OSError):
        _workbench(home, log).tidy()
    with suppress(OSError, NoIndex, IndexMismatch, SnapshotDamaged, DiskFull, WriterBusy):
        if library.is_tidy():
            return
        look()
        # The snapshot before is let go when it is collected.
        gc.collect()
        library.tidy()


def _workbench(home: Path, log: Path) -> Workbench:
    return Workbench(home / "edition" / "work", log)


def install(app: FastAPI, home: Path, log: Path, max_upload: int, open_library: Callable[[], Library]) -> None:
    """Give the application its rooms; before the mount at /interface, which would answer for /interface/edition.

    `max_upload` is the most bytes of one file. `open_library` is called for each piece of work.
    """
    app.state.open_library = open_library
    app.state.workbench = _workbench(home, log)
    app.state.deposits = Deposits(home, max_upload)
    # Fixed addresses come before those that hold an id.
    for room in (adding, changing, syncing, documents, tasks, gaps, feedback, review, statistics, measures, journal):
        app.include_router(room.router)

    @app.get(ROOT, include_in_schema=False)
    def door() -> RedirectResponse:
        return RedirectResponse(f"{ROOT}/documents", 303)

    app.mount("/interface/edition", Rechecked(directory=Path(__file__).parent / "static"))
