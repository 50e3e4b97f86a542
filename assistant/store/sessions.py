"""Sessions that go on when the store does not: written when they can be, in memory meanwhile."""

import logging
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from assistant.answer import Turn
from assistant.session import LOCAL, Asked, MemorySessions
from assistant.store.conversations import Conversations
from assistant.store.database import StoreUnavailable

SECONDS_BETWEEN_TRIES = 5.0
T = TypeVar("T")
logger = logging.getLogger("assistant_elus.store")


class LastingSessions:
    """The sessions of `conversations`; of `memory` while the store is unavailable, which `keep` then says.

    What waits in memory is written with the next turn of its session, if the process lives that long.
    """

    def __init__(
        self, conversations: Conversations, memory: MemorySessions, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._conversations = conversations
        self._memory = memory
        self._clock = clock
        self._tried_again_at = 0.0
        self._away = False

    def open(self, session_id: str | None, owner: str = LOCAL) -> str:
        # A session begun while the store was away is this owner's too.
        if session_id is not None and self._memory.owns(session_id, owner):
            return session_id
        opened = self._try(lambda: self._conversations.open(session_id, owner))
        return self._memory.open(session_id, owner) if opened is None else opened

    def turns(self, session_id: str) -> Sequence[Asked]:
        stored = self._try(lambda: self._conversations.turns(session_id))
        return [*(stored or ()), *self._memory.turns(session_id)]

    def keep(self, turn: Turn, owner: str = LOCAL) -> bool:
        waiting = self._memory.take(turn.session_id, owner)
        for place, one in enumerate((*waiting, turn)):
            kept = self._try(partial(self._conversations.keep, one, owner))
            if kept is False:  # another owner's session: it is nobody's business to keep it here
                return False
            if kept is None:
                self._memory.give_back(turn.session_id, owner, (*waiting, turn)[place:])
                return False
        if self._away:
            # Not at a mere read: a locked SQLite file can still be read.
            self._away = False
            logger.warning("store available again, history is kept")
        return True

    def _try(self, act: Callable[[], T]) -> T | None:
        """What `act` gives, None when the store is unavailable: each failed try costs its wait, so they are few."""
        if self._clock() < self._tried_again_at:
            return None
        try:
            return act()
        except StoreUnavailable as error:
            self._tried_again_at = self._clock() + SECONDS_BETWEEN_TRIES
            if not self._away:
                # Once an outage, however long it lasts and however many ask meanwhile.
                self._away = True
                logger.error("store unavailable, history is not kept: %s", error)
            return None
