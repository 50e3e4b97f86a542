"""The line in which questions wait: few are answered at a time, and a long line turns the next ones away."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ui import messages
from ui.problem import Problem, Refused

MAX_WAITING = 50
"""Questions that wait at most: on two cores the last of them waits some five seconds, and nobody waits longer."""
OTHER_THREADS = 40
"""Threads for everything that does not wait in the line."""
RETRY_AFTER = {"Retry-After": "5"}


def overloaded() -> Refused:
    return Refused(Problem("overloaded", 503, messages.OVERLOADED), RETRY_AFTER)


def stopping() -> Refused:
    return Refused(Problem("stopping", 503, messages.STOPPING), RETRY_AFTER)


def too_slow() -> Refused:
    return Refused(Problem("too_slow", 504, messages.TOO_SLOW), RETRY_AFTER)


class Line:
    """At most `at_once` questions are worked on, first come first served, each within `seconds`.

    Who waits holds a thread, not a processor. Safe to use from several threads.
    """

    def __init__(self, at_once: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.at_once = at_once
        self.seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._working = 0
        self._waiting: deque[threading.Event] = deque()
        self._present = 0
        self._closed = False

    @contextmanager
    def place(self) -> Iterator["Place"]:
        """A question's place, from now to its answer; entered once its turn has come. Raises Refused."""
        with self._lock:
            if self._closed:
                raise stopping()
            self._present += 1
        try:
            place = Place(self, self._clock() + self.seconds)
            try:
                place.work(first=True)
                yield place
            finally:
                place.rest()
        finally:
            with self._lock:
                self._present -= 1

    def close(self) -> None:
        """Turn away who comes from now on; those who are here are answered."""
        with self._lock:
            self._closed = True

    def present(self) -> int:
        """Who has come and is not done: waiting, worked on, or listening to a model."""
        return self._present

    def working(self) -> int:
        return self._working

    def waiting(self) -> int:
        return len(self._waiting)

    def take(self, ends: float, *, first: bool) -> None:
        """Wait for one's turn. Who was begun goes ahead of who was not. Raises Refused."""
        with self._lock:
            if self._working < self.at_once and (not self._waiting or not first):
                self._working += 1
                return
            if first and len(self._waiting) >= MAX_WAITING:
                raise overloaded()
            called = threading.Event()
            if first:
                self._waiting.append(called)
            else:
                self._waiting.appendleft(called)
        if called.wait(max(0.0, ends - self._clock())):
            return
        with self._lock:
            # Called between the end of the wait and now, the turn is ours all the same.
            if called.is_set():
                return
            self._waiting.remove(called)
        raise overloaded() if first else too_slow()

    def give_back(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._working -= 1


class Place:
    """One question in the line. It counts as worked on between `work` and `rest`, which may follow each other."""

    def __init__(self, line: Line, ends: float) -> None:
        self._line = line
        self._ends = ends
        self._working = False

    def work(self, *, first: bool = False) -> None:
        if not self._working:
            self._line.take(self._ends, first=first)
            self._working = True

    def rest(self) -> None:
        if self._working:
            self._working = False
            self._line.give_back()


def threads_needed(line: Line) -> int:
    """Threads a server must have, for who waits in the line not to keep the others out."""
    return line.at_once + MAX_WAITING + OTHER_THREADS
