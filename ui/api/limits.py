"""How much a caller may ask: the rate, the quota and the concurrency of a key, a generous rate for everybody else."""

import math
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assistant.store import Accepted, ApiKey, StoreUnavailable, Usage
from ui import messages
from ui.api.caller import Caller
from ui.api.doors import Doors
from ui.problem import Problem, Refused

A_MINUTE = 60.0
A_PERSON_S_QUESTIONS = 30
A_PERSON_S_REQUESTS = 600
"""A minute: searches follow the keys of a phone operator as they are typed."""
MOST_REMEMBERED = 20_000
SECONDS_TO_TRY_AGAIN = 1


class RecentRequests:
    """The requests of the last seconds, by who made them; in memory, the longest silent forgotten first."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._of: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, who: str, what: str, most: int, seconds: float) -> float:
        """Count one request: 0 when it is one of at most `most` in `seconds`, else the seconds to wait, not counted."""
        with self._lock:
            now = self._now()
            times = self._of.setdefault((who, what), deque())
            self._of.move_to_end((who, what))
            while len(self._of) > MOST_REMEMBERED:
                self._of.popitem(last=False)
            while times and times[0] <= now - seconds:
                times.popleft()
            if len(times) >= most:
                return times[0] + seconds - now
            times.append(now)
            return 0.0


class Limits:
    """Counts requests as they begin, and those of a key that are being answered by this process."""

    def __init__(self, usage: Usage, doors: Doors, now: Callable[[], float] = time.monotonic) -> None:
        self._usage = usage
        self._doors = doors
        self._recent = RecentRequests(now)
        self._running: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def one_request(self, caller: Caller, key: ApiKey | None, *, asks: bool) -> Iterator[None]:
        """While entered, a request is being answered; a question is one that `asks`.

        Raises Refused: 429, and when to come back.
        """
        if key is None:
            self._count_person(caller, asks)
            yield
            return
        # First: a request that finds no room must not use up the quota.
        with self._room(key):
            self._count(key)
            yield

    def _count_person(self, caller: Caller, asks: bool) -> None:
        if not self._doors.closed:
            return
        most = A_PERSON_S_QUESTIONS if asks else A_PERSON_S_REQUESTS
        wait = self._recent.wait(caller.owner, "asks" if asks else "", most, A_MINUTE)
        if wait:
            raise too_many(messages.TOO_MANY, wait)

    def _count(self, key: ApiKey) -> None:
        try:
            verdict = self._usage.count(key)
        except StoreUnavailable:
            # Answers go on without the store: the rate still holds, in this process.
            rate = key.rate
            wait = self._recent.wait(key.id, "", rate.count, rate.seconds) if rate else 0.0
            if wait:
                raise too_many(messages.RATE_REACHED, wait) from None
            return
        if not isinstance(verdict, Accepted):
            text = messages.QUOTA_REACHED if verdict.limit == "quota" else messages.RATE_REACHED
            raise too_many(text, verdict.retry_after)

    @contextmanager
    def _room(self, key: ApiKey) -> Iterator[None]:
        if key.concurrency is None:
            yield
            return
        with self._lock:
            if self._running[key.id] >= key.concurrency:
                raise too_many(messages.CONCURRENCY_REACHED.format(count=key.concurrency), SECONDS_TO_TRY_AGAIN)
            self._running[key.id] += 1
        try:
            yield
        finally:
            with self._lock:
                self._running[key.id] -= 1


def too_many(text: str, seconds: float) -> Refused:
    wait = max(1, math.ceil(seconds))
    detail = f"{text} {messages.try_again(wait)}"
    return Refused(Problem("too_many_requests", 429, detail), {"Retry-After": str(wait)})
