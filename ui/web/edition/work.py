"""Long work of the editors: done in a thread, its progress in a file, for whichever process shows it."""

import json
import os
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout

from indexing import OnProgress, Progress
from ui.problem import problem_of, unexpected

Action = Literal["preview", "add", "reread", "remove", "sync", "rollback"]
State = Literal["running", "done", "failed", "interrupted"]
KEPT = 40
KEPT_SECONDS = 7 * 24 * 3600
"""No longer than the files set aside, whose words a preview holds."""
_WRITTEN_EVERY = 0.5


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work. `about` is what it works on, `result` what it gave, both in values JSON can hold; `problem` is
    the code and the French sentence of what made it fail. `done` of `total` steps of `stage` are behind it.
    """

    id: str
    action: Action
    who: str
    began_at: str
    state: State = "running"
    stage: str = "preparing"
    done: int = 0
    total: int = 0
    about: dict[str, Any] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=dict)
    problem: tuple[str, str] | None = None


Run = Callable[[OnProgress], dict[str, Any]]


class Workbench:
    """One piece of work at a time in this process; the others wait their turn."""

    def __init__(self, folder: Path, log: Path) -> None:
        self._folder = folder
        self._log = log
        self._turn = threading.Lock()

    def start(self, action: Action, who: str, run: Run, about: dict[str, Any]) -> Task:
        """Have `run` called in a thread; what it returns is the result. Raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self.tidy()
        began_at = datetime.now(UTC).isoformat(timespec="seconds")
        task = Task(f"{time.time_ns():x}-{secrets.token_hex(4)}", action, who, began_at, about=about)
        # Held as long as the work lasts, whichever way its process ends.
        alive = FileLock(self._file(task.id).with_suffix(".lock"), thread_local=False)
        alive.acquire()
        self._write(task)
        # A daemon: stopping the server must not wait for the end of a build, which survives being cut.
        threading.Thread(target=self._work, args=(task, run, alive), name="edition", daemon=True).start()
        return task

    def find(self, task_id: str) -> Task | None:
        task = self._read(task_id)
        if task is None or task.state != "running" or self._is_alive(task_id):
            return task
        # Read again: it may have ended between the two looks.
        task = self._read(task_id)
        return replace(task, state="interrupted") if task is not None and task.state == "running" else task

    def _read(self, task_id: str) -> Task | None:
        try:
            told = json.loads(self._file(task_id).read_bytes())
        except (OSError, ValueError):
            return None
        problem = told.pop("problem")
        return Task(**told, problem=tuple(problem) if problem else None)

    def trim(self, task_id: str, result: dict[str, Any]) -> None:
        """Let a task that has ended keep this much of what it gave."""
        task = self._read(task_id)
        if task is not None and task.state != "running":
            self._write(replace(task, result=result))

    def forget(self, task_id: str) -> None:
        for suffix in (".json", ".lock"):
            self._file(task_id).with_suffix(suffix).unlink(missing_ok=True)

    def _work(self, task: Task, run: Run, alive: FileLock) -> None:
        written_at, stage = 0.0, ""

        def on_progress(progress: Progress) -> None:
            nonlocal task, written_at, stage
            task = replace(task, stage=progress.stage, done=progress.done, total=progress.total)
            if progress.stage != stage or time.monotonic() - written_at > _WRITTEN_EVERY:
                written_at, stage = time.monotonic(), progress.stage
                self._write(task)

        try:
            with self._turn:
                result = run(on_progress)
            task = replace(task, state="done", result=result)
        except Exception as error:  # a thread has no one above it to tell
            problem = problem_of(error) or unexpected(error, self._log)
            task = replace(task, state="failed", problem=(problem.code, problem.detail))
        finally:
            try:
                self._write(task)
            finally:
                alive.release()

    def _is_alive(self, task_id: str) -> bool:
        lock = FileLock(self._file(task_id).with_suffix(".lock"))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        lock.release()
        return False

    def _file(self, task_id: str) -> Path:
        return self._folder / f"{task_id}.json"

    def _write(self, task: Task) -> None:
        scratch = self._file(task.id).with_suffix(".new")
        scratch.write_text(json.dumps(asdict(task)), encoding="utf-8")
        os.replace(scratch, self._file(task.id))

    def tidy(self) -> None:
        """Forget all but the last of them, and those of more than a week ago."""
        # Their names begin with the moment they began.
        files = sorted(self._folder.glob("*.json"))
        before = time.time() - KEPT_SECONDS
        for number, file in enumerate(files):
            if number < len(files) - KEPT or file.stat().st_mtime < before:
                self.forget(file.stem)
