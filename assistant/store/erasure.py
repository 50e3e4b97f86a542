"""Erasing what is kept about somebody, really: the words leave the file of the database and what stands beside it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from assistant.store.conversations import UnknownConversation
from assistant.store.database import Database
from assistant.store.tables import call_turns, callbacks, calls, conversations, feedback, gap_groups, gaps, turns

# SQLite allows 999 values a statement in its older versions.
AT_ONCE = 500
HOLDING_WORDS = (conversations, turns, feedback, gaps, gap_groups, calls, callbacks)


class Erasure:
    """Conversations erased with all that hangs on them. Every method raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def erase(self, session_id: str, owner: str | None = None) -> None:
        """Erase a conversation of this owner's, of anybody's when None. Raises UnknownConversation."""
        mine = conversations.c.id == session_id
        if self._erase(mine if owner is None else mine & (conversations.c.owner == owner)) == 0:
            raise UnknownConversation(session_id)

    def erase_all(self, owner: str) -> int:
        """Erase an owner's conversations; returns how many there were."""
        return self._erase(conversations.c.owner == owner)

    def _erase(self, wanted: ColumnElement[bool]) -> int:
        with self._database.begin() as connection:
            ids = connection.execute(select(conversations.c.id).where(wanted)).scalars().all()
            erase_conversations(connection, ids)
        scrub(self._database)
        return len(ids)


def erase_conversations(connection: Connection, ids: Sequence[str]) -> None:
    """Delete conversations with their turns, marks and gaps. A call about one stays in the counts, without a word."""
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        theirs = select(turns.c.id).where(turns.c.session_id.in_(some))
        # A call holds the questions of all its turns: of one that goes, no word may stay.
        held = select(call_turns.c.call_id).where(call_turns.c.turn_id.in_(theirs))
        about = calls.c.turn_id.in_(theirs) | calls.c.id.in_(held)
        connection.execute(delete(callbacks).where(callbacks.c.call_id.in_(select(calls.c.id).where(about))))
        connection.execute(update(calls).where(about).values(question="", note=""))
        connection.execute(delete(conversations).where(conversations.c.id.in_(some)))
    forget_labels(connection)


def forget_labels(connection: Connection) -> None:
    """A group of gaps is named after one of its questions: without any it goes, without that one it takes another."""
    connection.execute(
        delete(gap_groups).where(~select(gaps.c.group_id).where(gaps.c.group_id == gap_groups.c.id).exists())
    )
    named = select(gaps.c.group_id).where(gaps.c.group_id == gap_groups.c.id, gaps.c.question == gap_groups.c.label)
    another = select(func.min(gaps.c.question)).where(gaps.c.group_id == gap_groups.c.id).scalar_subquery()
    connection.execute(update(gap_groups).where(~named.exists()).values(label=another))


def scrub(database: Database) -> bool:
    """Have the database let go of what was deleted; False when that has to wait for the next purge."""
    return database.scrub([table.name for table in HOLDING_WORDS])
