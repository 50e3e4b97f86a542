"""Getting ready while already listening: load the model, open the index, build the first one when there is none."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from assistant.pipeline import Assistant
from indexing import CorpusState, Progress
from ui import messages
from ui.problem import Problem, not_ready, problem_of, unexpected

RETRY_SECONDS = 10.0
LOADING = Problem("loading", 503, messages.LOADING)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Either a corpus to answer from, or the problem that stands in the way and how far a build is."""

    corpus: CorpusState | None = None
    problem: Problem | None = None
    progress: Progress | None = None


class Preparation:
    """Runs `steps` in a thread of the server's.

    When they failed, looking at `readiness` has them tried again now and then: whoever runs the command that the
    message names should not have to restart the server too.
    """

    def __init__(self, assistant: Assistant, steps: Callable[[], None], log: Path) -> None:
        self._assistant = assistant
        self._steps = steps
        self._log = log
        self._running = threading.Lock()
        self._state: Literal["waiting", "done", "failed"] = "waiting"
        self._problem: Problem | None = None
        self._ended_at = 0.0
        self.ended = threading.Event()
        """Set once the steps have come to an end, well or badly."""

    def start(self) -> None:
        # A daemon: stopping the server must not wait for the end of a build.
        threading.Thread(target=self.run, name="preparation", daemon=True).start()

    def run(self) -> None:
        """Never raises: what goes wrong is kept for `readiness`. Returns at once when another thread is at it."""
        if not self._running.acquire(blocking=False):
            return
        try:
            self._steps()
            self._state, self._problem = "done", None
        except Exception as error:  # a thread has no one above it to tell
            self._problem = problem_of(error) or unexpected(error, self._log)
            self._state = "failed"
        finally:
            self._ended_at = time.monotonic()
            self.ended.set()
            self._running.release()

    def readiness(self) -> Readiness:
        if self._state == "failed" and time.monotonic() - self._ended_at > RETRY_SECONDS:
            self.start()
        try:
            corpus = self._assistant.state()
            progress = self._assistant.building()
        except Exception as error:
            return Readiness(problem=problem_of(error) or unexpected(error, self._log))
        if self._problem is not None:
            return Readiness(problem=self._problem, progress=progress)
        if corpus is None:
            loading = self._state == "waiting" and progress is None
            return Readiness(problem=LOADING if loading else not_ready(progress), progress=progress)
        if self._state == "waiting":
            return Readiness(problem=LOADING, progress=progress)
        return Readiness(corpus=corpus)
