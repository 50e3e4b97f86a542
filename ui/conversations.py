"""Stored conversations to the bodies users receive: the same for HTTP, the command and what is exported."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import JsonValue

from assistant.pipeline import Assistant
from assistant.store import Conversation, Kept, Retention, StoredTurn
from indexing import Filters
from ui.bodies import ConversationBody, ConversationWithTurnsBody, KeptBody, KeptTurnBody
from ui.rendering import turn_body
from ui.retired import without_retired


@dataclass(frozen=True, slots=True)
class Published:
    """The documents that may be quoted now, by id, and the date of the corpus they make ("YYYY-MM-DD")."""

    ids: Collection[str]
    since: str


def published_now(assistant: Assistant, filters: Filters = Filters()) -> Published:
    """What is published and passes the filters of who asks. Raises as Assistant.documents does."""
    ids = frozenset(document.id for document in assistant.documents() if filters.accept(document))
    state = assistant.state()
    return Published(ids, state.published_at[:10] if state else "")


def conversation_body(conversation: Conversation, retention: Retention) -> ConversationBody:
    return {
        "id": conversation.id,
        "title": conversation.title,
        "created_at": instant(conversation.created_at),
        "last_at": instant(conversation.last_at),
        "kept_until": instant(retention.kept_until(conversation.last_at)),
        "turns": conversation.turns,
    }


def conversation_with_turns_body(
    conversation: Conversation, turns: Sequence[StoredTurn], retention: Retention, contact: str, published: Published
) -> ConversationWithTurnsBody:
    """A conversation as it was answered, but for the words of documents that are no longer published."""
    shown: list[KeptTurnBody] = []
    for stored in turns:
        body = without_retired(turn_body(stored.turn, contact), published.ids, published.since)
        shown.append({**body, "asked_at": instant(stored.asked_at)})
    return {**conversation_body(conversation, retention), "turns": shown}


def kept_body(kept: Kept, conversation: ConversationWithTurnsBody) -> KeptBody:
    return {
        "conversation": conversation,
        "owner": kept.owner,
        "feedback": [_row(row) for row in kept.feedback],
        "gaps": [_row(row) for row in kept.gaps],
        "calls": [_row(row) for row in kept.calls],
    }


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _row(row: Mapping[str, Any]) -> dict[str, JsonValue]:
    return {name: instant(value) if isinstance(value, datetime) else value for name, value in row.items()}
