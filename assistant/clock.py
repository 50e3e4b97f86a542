"""How long each step of an answer took."""

import time
from collections.abc import Callable


class Clock:
    """Milliseconds of each step, and in all."""

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self._started = self._last = now()
        self._laps: dict[str, float] = {}

    def lap(self, step: str) -> None:
        """The time since the last lap was for `step`, added to what it took before."""
        now = self._now()
        self._laps[step] = round(self._laps.get(step, 0.0) + (now - self._last) * 1000, 1)
        self._last = now

    def timings(self) -> dict[str, float]:
        return {**self._laps, "total": round((self._now() - self._started) * 1000, 1)}
