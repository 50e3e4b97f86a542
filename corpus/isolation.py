"""Parsers apart: a library that hangs, crashes or swells on a hostile file takes a worker process down, and not us."""

import contextlib
import sys
import threading
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import TYPE_CHECKING

from corpus.parsed import Parsed, Unreadable

if TYPE_CHECKING:
    from pebble import ProcessPool

MEMORY = 4 * 1024**3
_STARTING = threading.Lock()


class TooSlow(Exception):
    """A file that took longer than it may."""


class WorkerLost(Exception):
    """No worker could be started, twice: the machine is to blame, not the file."""


class Worker:
    """One process that parses files, one at a time. It starts with the first file and is replaced when it dies."""

    def __init__(self, seconds: float, memory: int = MEMORY) -> None:
        """`seconds` is what a file may take; `memory` the bytes of address space of the worker, where limited."""
        self._seconds = seconds
        self._memory = memory
        self._pool: ProcessPool | None = None

    @property
    def started(self) -> bool:
        return self._pool is not None

    def run(self, parser: Callable[..., Parsed], *arguments: object) -> Parsed:
        """Call a parser in the worker; it and its arguments must be picklable.

        Raises Unreadable (whatever else the parser raises becomes `damaged`), TooSlow, WorkerLost.
        """
        try:
            return self._ran(parser, arguments)
        except BrokenProcessPool:
            self.close()
        try:
            return self._ran(parser, arguments)
        except BrokenProcessPool as error:
            self.close()
            raise WorkerLost(str(error)) from error

    def _ran(self, parser: Callable[..., Parsed], arguments: tuple[object, ...]) -> Parsed:
        from pebble import ProcessExpired

        task = self._running().schedule(_outcome, args=(parser, arguments), timeout=self._seconds)
        try:
            outcome = task.result()
        except TimeoutError as error:
            raise TooSlow from error
        except ProcessExpired as error:
            raise Unreadable("damaged") from error
        if isinstance(outcome, Unreadable):
            raise outcome
        return outcome

    def _running(self) -> "ProcessPool":
        if self._pool is None:
            from pebble import ProcessPool

            self._pool = ProcessPool(
                max_workers=1, initializer=_prepare, initargs=(self._memory,), context=_BareContext()
            )
        return self._pool

    def close(self) -> None:
        """End the worker at once, in the middle of a file if need be."""
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
            self._pool = None


class _BareProcess(SpawnProcess):
    def start(self) -> None:
        # A spawned process runs the main module again: ours would load the whole command, somebody's script without
        # the usual guard would start over. The worker needs none of it.
        with _STARTING:
            main = sys.modules["__main__"]
            sys.modules["__main__"] = ModuleType("__main__")
            try:
                super().start()
            finally:
                sys.modules["__main__"] = main


class _BareContext(SpawnContext):
    Process = _BareProcess


def _prepare(memory: int) -> None:
    """Runs in the worker before its first file."""
    import logging
    import os
    import signal
    import warnings

    # The default action: what hangs in a C library never comes back to run a handler.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # Tesseract's threads slow one another down on few cores: alone, a page takes half the time.
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    # What libraries mutter about a file is not for who reads the report: its failure says it.
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    # macOS has the limit and refuses to set it.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory if hard == resource.RLIM_INFINITY else min(memory, hard), hard))


def _outcome(parser: Callable[..., Parsed], arguments: tuple[object, ...]) -> Parsed | Unreadable:
    """Runs in the worker. A refusal comes back as a value, without the traceback a process would add to it."""
    try:
        return parser(*arguments)
    except Unreadable as error:
        return Unreadable(error.code, error.detail)
    except MemoryError:
        return Unreadable("unsafe", "memory")
    except ImportError:  # our own installation, not the file
        raise
    except Exception as error:  # what a parser did not foresee in a file concerns that file alone
        return Unreadable("damaged", type(error).__name__)
