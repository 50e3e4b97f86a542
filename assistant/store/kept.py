"""What is kept about a conversation besides its turns: what a person may ask to see of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from assistant.store.conversations import Conversation, UnknownConversation
from assistant.store.database import Database
from assistant.store.tables import call_turns, callbacks, calls, conversations, feedback, gaps, turns

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation, whose it is, and as rows the marks given to its turns, the gaps noted, its owner's calls."""

    conversation: Conversation
    owner: str
    feedback: tuple[Row, ...]
    gaps: tuple[Row, ...]
    calls: tuple[Row, ...]


class Records:
    """Reads all that is kept. Raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def kept(self, session_id: str, owner: str | None = None) -> Kept:
        """All about a conversation of this owner's, of anybody's when None. Raises UnknownConversation."""
        count = select(func.count()).where(turns.c.session_id == session_id).scalar_subquery()
        wanted = select(conversations, count.label("turn_count")).where(conversations.c.id == session_id)
        if owner is not None:
            wanted = wanted.where(conversations.c.owner == owner)
        theirs = select(turns.c.id).where(turns.c.session_id == session_id)
        held = select(call_turns.c.call_id).where(call_turns.c.turn_id.in_(theirs))
        with self._database.read() as connection:
            found = connection.execute(wanted).one_or_none()
            if found is None:
                raise UnknownConversation(session_id)
            of_calls = (
                select(calls, callbacks.c.number.label("callback_number"), callbacks.c.purge_at)
                .outerjoin(callbacks, callbacks.c.call_id == calls.c.id)
                .where(calls.c.turn_id.in_(theirs) | calls.c.id.in_(held), calls.c.operator == found.owner)
                .order_by(calls.c.opened_at)
            )
            return Kept(
                Conversation(found.id, found.title, found.created_at, found.last_at, found.turn_count),
                found.owner,
                _rows(connection, select(feedback).where(feedback.c.turn_id.in_(theirs)).order_by(feedback.c.given_at)),
                _rows(connection, select(gaps).where(gaps.c.turn_id.in_(theirs)).order_by(gaps.c.noted_at)),
                _rows(connection, of_calls),
            )


def _rows(connection: Connection, wanted: Select[Any]) -> tuple[Row, ...]:
    return tuple(dict(row) for row in connection.execute(wanted).mappings())
