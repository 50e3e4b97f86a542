"""What the service does of itself: what has had its time is erased at the start, then each hour."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.store import Purged, StoreUnavailable
from ui.problem import unexpected

SECONDS_BETWEEN = 3600.0
LOCK = "purge.lock"
logger = logging.getLogger("assistant_elus.upkeep")


class Upkeep:
    """Runs `purge` now and then in a thread of its own; of several processes on one home, one at a time."""

    def __init__(self, purge: Callable[[], Purged], home: Path, log: Path, seconds: float = SECONDS_BETWEEN) -> None:
        self._purge = purge
        self._lock = home / LOCK
        self._log = log
        self._seconds = seconds

    @contextmanager
    def running(self) -> Iterator[None]:
        stopping = threading.Event()

        def work() -> None:
            while True:
                self.once()
                if stopping.wait(self._seconds):
                    return

        # A daemon: stopping the service does not wait for the end of a purge, whose transactions are short.
        threading.Thread(target=work, name="upkeep", daemon=True).start()
        try:
            yield
        finally:
            stopping.set()

    def once(self) -> None:
        """Never raises: what goes wrong is tried again at the next hour."""
        try:
            with suppress(Timeout), FileLock(self._lock, timeout=0):
                purged = self._purge()
                if purged.conversations:
                    logger.info("purged: %s conversations", purged.conversations)
        except StoreUnavailable as error:
            logger.error("store unavailable, nothing was purged: %s", error)
        except Exception as error:  # a thread has no one above it to tell
            unexpected(error, self._log)
