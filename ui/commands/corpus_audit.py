"""Who changed the documents, in the journal: the command line."""

from assistant.factory import open_store
from assistant.settings import Settings
from assistant.store import StoreUnavailable, WrongDatabaseUrl
from indexing import BuildReport
from ui import messages
from ui.commands.terminal import tell

COMMAND = "command"
"""The command line, as the journal knows it."""


def noted(settings: Settings, action: str, *objects: str, detail: str = "") -> None:
    """Write a line for each object. The documents have changed already: without a store it is only said."""
    try:
        audit = open_store(settings).audit
        for one in objects:
            audit.note(COMMAND, action, one, detail)
    except (StoreUnavailable, WrongDatabaseUrl, OSError):
        tell("assistant-elus : " + messages.NOT_IN_JOURNAL)


def changes_of(report: BuildReport) -> str:
    """How many of each, for the detail of a line."""
    counts = (len(one) for one in (report.added, report.changed, report.removed, report.failed))
    return messages.changes_noted(*counts)


def noted_if_published(settings: Settings, action: str, report: BuildReport, *objects: str) -> None:
    """The same, of a build: a sync of each hour that changes nothing leaves no line."""
    if report.snapshot is not None:
        noted(settings, action, *objects, detail=changes_of(report))
