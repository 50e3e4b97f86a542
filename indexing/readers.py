"""Who reads a snapshot folder, across processes: Chroma opens its files again and again, so they must stay there."""

import os
import uuid
from pathlib import Path

from filelock import FileLock, Timeout

READERS = "readers"


class Reader:
    """A mark that says, until it is let go or its process ends, that a snapshot folder is being read."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError when the folder is gone or cannot be marked."""
        marks = folder / READERS
        marks.mkdir(exist_ok=True)
        self._path = marks / f"{os.getpid()}-{uuid.uuid4().hex[:8]}.lock"
        # Not of one thread: a snapshot is let go by whichever thread used it last.
        self._lock = FileLock(self._path, thread_local=False)
        self._lock.acquire(timeout=0)

    def let_go(self) -> None:
        self._lock.release()
        self._path.unlink(missing_ok=True)


def is_read(folder: Path) -> bool:
    """Whether a living process reads the folder. The marks of those that died are no longer locked."""
    for path in (folder / READERS).glob("*.lock"):
        lock = FileLock(path, thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        lock.release()
    return False
