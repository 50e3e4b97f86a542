"""Conversations in memory: the turns of each session, the oldest sessions forgotten first."""

import secrets
import threading
from collections import OrderedDict

from assistant.answer import Turn


class Sessions:
    """Turns by session id. Safe to use from several threads."""

    def __init__(self, most_sessions: int, most_turns: int) -> None:
        self._most_sessions = most_sessions
        self._most_turns = most_turns
        self._turns: OrderedDict[str, tuple[Turn, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, session_id: str | None) -> str:
        """The id of a known session, or of a new one: an id the server did not make is never taken over."""
        with self._lock:
            if session_id is not None and session_id in self._turns:
                self._turns.move_to_end(session_id)
                return session_id
            made = secrets.token_urlsafe(18)
            self._turns[made] = ()
            while len(self._turns) > self._most_sessions:
                self._turns.popitem(last=False)
            return made

    def turns(self, session_id: str) -> tuple[Turn, ...]:
        with self._lock:
            return self._turns.get(session_id, ())

    def keep(self, turn: Turn) -> None:
        with self._lock:
            if turn.session_id not in self._turns:
                return
            turns = (*self._turns[turn.session_id], turn)
            self._turns[turn.session_id] = turns[-self._most_turns :]
            self._turns.move_to_end(turn.session_id)
