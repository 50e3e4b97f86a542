"""Conversations: what the assistant asks of whoever keeps them, and a keeper that only has its memory."""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.answer import Turn

LOCAL = "local"
"""The owner of conversations where nobody says who they are: one machine, no key and no account."""


class Asked(Protocol):
    """What a later question needs to know of an earlier one."""

    @property
    def question(self) -> str: ...

    @property
    def standalone_question(self) -> str: ...


class Sessions(Protocol):
    """Keeps the turns of each session for its owner. Safe to use from several threads; never raises."""

    def open(self, session_id: str | None, owner: str = LOCAL) -> str:
        """The id of a session of this owner's, or of a new one: an unknown or foreign id is never taken over."""

    def turns(self, session_id: str) -> Sequence[Asked]:
        """The latest turns of a session, oldest first; none when it is unknown."""

    def keep(self, turn: Turn, owner: str = LOCAL) -> bool:
        """Keep a turn; False when it could not be written, and will be forgotten when the process ends."""


def new_session_id() -> str:
    return secrets.token_urlsafe(18)


@dataclass(frozen=True, slots=True)
class _Kept:
    owner: str
    turns: tuple[Turn, ...] = ()


class MemorySessions:
    """Sessions in memory, the oldest forgotten first."""

    def __init__(self, most_sessions: int, most_turns: int) -> None:
        self._most_sessions = most_sessions
        self._most_turns = most_turns
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, session_id: str | None, owner: str = LOCAL) -> str:
        with self._lock:
            if session_id is not None and session_id in self._kept and self._kept[session_id].owner == owner:
                self._kept.move_to_end(session_id)
                return session_id
            return self._begin(new_session_id(), owner)

    def owns(self, session_id: str, owner: str) -> bool:
        with self._lock:
            kept = self._kept.get(session_id)
            return kept is not None and kept.owner == owner

    def take(self, session_id: str, owner: str) -> tuple[Turn, ...]:
        """An owner's session with its turns, which are no longer kept here."""
        with self._lock:
            kept = self._kept.get(session_id)
            if kept is None or kept.owner != owner:
                return ()
            del self._kept[session_id]
            return kept.turns

    def give_back(self, session_id: str, owner: str, turns: tuple[Turn, ...]) -> None:
        """Keep turns of a session, begun here or elsewhere."""
        with self._lock:
            kept = self._kept.get(session_id)
            if kept is None:
                self._begin(session_id, owner)
            elif kept.owner != owner:
                return
            turns = (*(kept.turns if kept else ()), *turns)
            self._kept[session_id] = _Kept(owner, turns[-self._most_turns :])

    def _begin(self, session_id: str, owner: str) -> str:
        self._kept[session_id] = _Kept(owner)
        while len(self._kept) > self._most_sessions:
            self._kept.popitem(last=False)
        return session_id

    def turns(self, session_id: str) -> tuple[Turn, ...]:
        with self._lock:
            kept = self._kept.get(session_id)
            return kept.turns if kept else ()

    def keep(self, turn: Turn, owner: str = LOCAL) -> bool:
        with self._lock:
            kept = self._kept.get(turn.session_id)
            if kept is not None and kept.owner == owner:
                turns = (*kept.turns, turn)
                self._kept[turn.session_id] = replace(kept, turns=turns[-self._most_turns :])
                self._kept.move_to_end(turn.session_id)
            return True
