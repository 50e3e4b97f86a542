"""Who changed what: documents, keys, accounts, states of the backlog."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, select

from assistant.store.database import Database
from assistant.store.tables import audit


@dataclass(frozen=True, slots=True)
class AuditLine:
    """`who` is a caller ("local", "command", "account:…", "key:…"), `action` a code ("key.created") on an `object`."""

    id: int
    at: datetime
    who: str
    action: str
    object: str
    detail: str


class Audit:
    """Lines are only ever added. Every method raises StoreUnavailable."""

    def __init__(self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._now = now

    def note(self, who: str, action: str, object: str = "", detail: str = "") -> None:
        """`object` and `detail` are ids, names and codes: no secret, and no word of a question."""
        line = audit.insert().values(at=self._now(), who=who, action=action, object=object, detail=detail)
        with self._database.begin() as connection:
            connection.execute(line)

    def latest(self, limit: int = 100, before: int | None = None) -> tuple[AuditLine, ...]:
        """The latest lines first; those older than the line of id `before`, to turn the page."""
        wanted = select(audit).order_by(audit.c.id.desc()).limit(limit)
        if before is not None:
            wanted = wanted.where(audit.c.id < before)
        with self._database.read() as connection:
            return tuple(_line(row) for row in connection.execute(wanted))


def _line(row: Row[Any]) -> AuditLine:
    return AuditLine(row.id, row.at, row.who, row.action, row.object, row.detail)
