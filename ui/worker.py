"""What each process of `serve --workers` is given before its server starts."""

import signal
from types import FrameType

import uvicorn

from ui import logs


class Terminated(SystemExit):
    """SIGTERM was heard, and the answers begun before it are finished."""


def terminate(_: int, __: FrameType | None) -> None:
    # uvicorn takes the signal over while it runs, and sends it again once it has stopped.
    raise Terminated(0)


class WorkerConfig(uvicorn.Config):
    """Made in the first process, sent to the others: there, its logging is the first thing they set up."""

    def configure_logging(self) -> None:
        logs.configure()
        super().configure_logging()
        # Left to itself a worker dies of the signal, and what it holds is not given back.
        signal.signal(signal.SIGTERM, terminate)
