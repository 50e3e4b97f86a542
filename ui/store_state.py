"""Whether the store answers, as last seen: who asks never waits for a database that hangs."""

import threading
import time
from collections.abc import Callable

from assistant.store import Database, StoreUnavailable

SECONDS_BETWEEN_CHECKS = 5.0


class StoreState:
    """Looks again in the background when asked after a while; up at first, since the tables were just opened."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._checking = threading.Lock()
        self._checked_at = clock()
        self._up = True

    def up(self) -> bool:
        if self._clock() - self._checked_at > SECONDS_BETWEEN_CHECKS and self._checking.acquire(blocking=False):
            threading.Thread(target=self._check, name="store-state", daemon=True).start()
        return self._up

    def _check(self) -> None:
        try:
            self._database.check()
            self._up = True
        except StoreUnavailable:
            self._up = False
        finally:
            self._checked_at = self._clock()
            self._checking.release()
