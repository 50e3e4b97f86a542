"""Conversations that last: each turn whole, as it was answered, under the session it belongs to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Delete, Row, Update, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from assistant.answer import Answer, Turn
from assistant.session import LOCAL, new_session_id
from assistant.store.database import Database
from assistant.store.tables import conversations, gaps, turns

MAX_TITLE = 120
_TURN = TypeAdapter(Turn)


class UnknownConversation(Exception):
    """No such conversation, or not this owner's: the two are told alike."""


@dataclass(frozen=True, slots=True)
class PastTurn:
    """What a later question needs of an earlier one."""

    question: str
    standalone_question: str


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A turn as it was answered, what was typed masked, and when."""

    turn: Turn
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation in a list: `turns` counts them."""

    id: str
    title: str
    created_at: datetime
    last_at: datetime
    turns: int


class Conversations:
    """The stored sessions. Every method but `open` and `turns` raises StoreUnavailable."""

    def __init__(
        self,
        database: Database,
        mask: Callable[[str], str],
        most_turns: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._mask = mask
        self._most_turns = most_turns
        self._now = now

    def open(self, session_id: str | None, owner: str = LOCAL) -> str:
        """The id when it is of a conversation of this owner's, else a new one, written with its first turn.

        Raises StoreUnavailable.
        """
        if session_id is not None:
            with self._database.read() as connection:
                if self._owned(connection, session_id, owner):
                    return session_id
        return new_session_id()

    def turns(self, session_id: str) -> Sequence[PastTurn]:
        """The latest questions, oldest first. Raises StoreUnavailable."""
        wanted = (
            select(turns.c.question, turns.c.standalone_question)
            .where(turns.c.session_id == session_id)
            .order_by(turns.c.number.desc())
            .limit(self._most_turns)
        )
        with self._database.read() as connection:
            return [PastTurn(*row) for row in reversed(connection.execute(wanted).all())]

    def keep(self, turn: Turn, owner: str = LOCAL) -> bool:
        """Write a turn, masked; when this returns, it outlives the process. False for a foreign session."""
        masked = masked_turn(turn, self._mask)
        now = self._now()
        with self._database.begin() as connection:
            insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
            first = insert(conversations).values(
                id=turn.session_id, owner=owner, title=_title(masked.question), created_at=now, last_at=now
            )
            connection.execute(first.on_conflict_do_nothing())
            # The row is locked until the end: two turns of one session get two numbers.
            touched = connection.execute(
                update(conversations)
                .where(conversations.c.id == turn.session_id, conversations.c.owner == owner)
                .values(last_at=now)
            )
            if touched.rowcount == 0:
                return False
            last = select(func.coalesce(func.max(turns.c.number), 0)).where(turns.c.session_id == turn.session_id)
            connection.execute(
                turns.insert().values(
                    id=turn.id,
                    session_id=turn.session_id,
                    number=connection.execute(last).scalar_one() + 1,
                    asked_at=now,
                    question=masked.question,
                    standalone_question=masked.standalone_question,
                    outcome=turn.reply.outcome,
                    composer=turn.composer,
                    themes=_themes(turn),
                    total_ms=turn.timings_ms.get("total", 0.0),
                    body=_TURN.dump_json(masked).decode(),
                )
            )
            if turn.reply.outcome != "answered":
                connection.execute(
                    gaps.insert().values(
                        turn_id=turn.id,
                        cause=turn.reply.outcome,
                        question=masked.standalone_question,
                        noted_at=now,
                    )
                )
        return True

    def find(self, owner: str, words: str = "", limit: int = 100) -> tuple[Conversation, ...]:
        """An owner's conversations, the latest first; with `words`, those whose title or a question holds them."""
        counted = select(turns.c.session_id, func.count().label("count")).group_by(turns.c.session_id).subquery()
        wanted = (
            select(conversations, func.coalesce(counted.c.count, 0).label("turn_count"))
            .outerjoin(counted, counted.c.session_id == conversations.c.id)
            .where(conversations.c.owner == owner)
            .order_by(conversations.c.last_at.desc(), conversations.c.id)
            .limit(limit)
        )
        if words.strip():
            held = select(turns.c.session_id).where(turns.c.question.icontains(words.strip(), autoescape=True))
            titled = conversations.c.title.icontains(words.strip(), autoescape=True)
            wanted = wanted.where(titled | conversations.c.id.in_(held))
        with self._database.read() as connection:
            return tuple(_conversation(row) for row in connection.execute(wanted))

    def read(self, session_id: str, owner: str) -> tuple[StoredTurn, ...]:
        """A conversation's turns, oldest first. Raises UnknownConversation."""
        wanted = select(turns.c.body, turns.c.asked_at).where(turns.c.session_id == session_id).order_by(turns.c.number)
        with self._database.read() as connection:
            if not self._owned(connection, session_id, owner):
                raise UnknownConversation(session_id)
            rows = connection.execute(wanted).all()
        return tuple(StoredTurn(_TURN.validate_json(row.body), row.asked_at) for row in rows)

    def rename(self, session_id: str, owner: str, title: str) -> None:
        """Raises UnknownConversation."""
        self._change(update(conversations).values(title=_title(self._mask(title))), session_id=session_id, owner=owner)

    def delete(self, session_id: str, owner: str) -> None:
        """Delete a conversation with its turns, marks and gaps. Raises UnknownConversation."""
        self._change(delete(conversations), session_id=session_id, owner=owner)

    def owns_turn(self, turn_id: str, owner: str) -> bool:
        wanted = (
            select(turns.c.id)
            .join(conversations, conversations.c.id == turns.c.session_id)
            .where(turns.c.id == turn_id, conversations.c.owner == owner)
        )
        with self._database.read() as connection:
            return connection.execute(wanted).first() is not None

    def _change(self, change: Update | Delete, session_id: str, owner: str) -> None:
        asked = change.where(conversations.c.id == session_id, conversations.c.owner == owner)
        with self._database.begin() as connection:
            if connection.execute(asked).rowcount == 0:
                raise UnknownConversation(session_id)

    def _owned(self, connection: Connection, session_id: str, owner: str) -> bool:
        if "\0" in session_id:  # PostgreSQL would refuse the question itself
            return False
        wanted = select(conversations.c.id).where(conversations.c.id == session_id, conversations.c.owner == owner)
        return connection.execute(wanted).first() is not None


def masked_turn(turn: Turn, mask: Callable[[str], str]) -> Turn:
    """The turn to be written: what the person typed is masked wherever it is repeated, and the hits are dropped."""
    reply = turn.reply
    if isinstance(reply, Answer):
        reply = replace(reply, unanswered=tuple(mask(part) for part in reply.unanswered))
    return replace(
        turn,
        question=mask(turn.question),
        standalone_question=mask(turn.standalone_question),
        reply=reply,
        hits=(),
        notes=tuple(replace(note, detail=mask(note.detail)) for note in turn.notes),
        related=tuple(mask(question) for question in turn.related),
    )


def _title(question: str) -> str:
    line = " ".join(question.split())
    return line if len(line) <= MAX_TITLE else line[: MAX_TITLE - 1].rstrip() + "…"


def _themes(turn: Turn) -> list[str]:
    """The themes of the documents cited, those cited first coming first."""
    citations = turn.reply.citations if isinstance(turn.reply, Answer) else ()
    return list(dict.fromkeys(theme for citation in citations for theme in citation.document.metadata.themes))


def _conversation(row: Row[Any]) -> Conversation:
    return Conversation(row.id, row.title, row.created_at, row.last_at, row.turn_count)
