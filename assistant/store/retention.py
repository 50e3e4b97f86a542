"""What is kept, and for how long: everything a person typed has its day, and is then deleted for good."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import CursorResult, Delete, Table, delete, select

from assistant.store.database import Database
from assistant.store.erasure import AT_ONCE, erase_conversations, forget_labels, scrub
from assistant.store.tables import audit, callbacks, calls, conversations, logins, usage

AUDIT_DAYS = 365
USAGE_DAYS = 400
"""A year of months, and the one that is not over."""


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows of each went. `scrubbed` is False when a reader kept the deleted words in the database's log: they
    go with the next purge."""

    conversations: int = 0
    calls: int = 0
    callbacks: int = 0
    logins: int = 0
    audit: int = 0
    usage: int = 0
    scrubbed: bool = True


class Retention:
    """The purge of one database. `days` are counted from the last exchange of a conversation."""

    def __init__(self, database: Database, days: int, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        if days < 1:
            raise ValueError("at least one day")
        self._database = database
        self.days = days
        self._now = now

    def kept_until(self, last_at: datetime) -> datetime:
        """When a conversation goes if nothing is added to it."""
        return last_at + timedelta(days=self.days)

    def purge(self) -> Purged:
        """Delete what has had its time, a few conversations a transaction: nobody waits for long.

        Raises StoreUnavailable.
        """
        now = self._now()
        oldest = now - timedelta(days=self.days)
        counts = {
            "conversations": self._purge_conversations(oldest),
            "callbacks": self._delete(callbacks, delete(callbacks).where(callbacks.c.purge_at <= now)),
            "calls": self._delete(calls, delete(calls).where(calls.c.opened_at < oldest)),
            "logins": self._delete(logins, delete(logins).where(logins.c.expires_at <= now)),
            "audit": self._delete(audit, delete(audit).where(audit.c.at < now - timedelta(days=AUDIT_DAYS))),
            "usage": self._delete(usage, delete(usage).where(usage.c.begins_at < now - timedelta(days=USAGE_DAYS))),
        }
        with self._database.begin() as connection:
            forget_labels(connection)
        return Purged(**counts, scrubbed=scrub(self._database))

    def _purge_conversations(self, oldest: datetime) -> int:
        gone = 0
        while True:
            with self._database.begin() as connection:
                old = select(conversations.c.id).where(conversations.c.last_at < oldest).limit(AT_ONCE)
                ids = connection.execute(old).scalars().all()
                if not ids:
                    return gone
                erase_conversations(connection, ids)
            gone += len(ids)

    def _delete(self, table: Table, rows: Delete) -> int:
        with self._database.begin() as connection:
            done: CursorResult[tuple[()]] = connection.execute(rows)
            return done.rowcount
