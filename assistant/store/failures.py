"""How often each name failed to log in lately, and when that is too often."""

import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

MOST_FAILURES = 10
WITHIN = timedelta(minutes=15)
MOST_NAMES = 10_000


class LockedOut(Exception):
    """Too many failures of one name, whether or not it exists: tries are refused for `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"locked out for {retry_after} s")
        self.retry_after = retry_after


class Failures:
    """In memory, each process counting its own: N processes leave N times as many tries, still hopeless."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._tries: OrderedDict[str, list[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, name: str) -> None:
        """Count a try before it is judged, as many at once would otherwise pass together. Raises LockedOut."""
        now = self._now()
        with self._lock:
            tries = [at for at in self._tries.get(name, ()) if now - at < WITHIN]
            if len(tries) >= MOST_FAILURES:
                raise LockedOut(math.ceil((tries[-MOST_FAILURES] + WITHIN - now).total_seconds()))
            self._tries[name] = [*tries, now]
            self._tries.move_to_end(name)
            if len(self._tries) > MOST_NAMES:
                self._tries.popitem(last=False)

    def forget(self, name: str) -> None:
        """The try was no failure, or the name has a new password."""
        with self._lock:
            self._tries.pop(name, None)
