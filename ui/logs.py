"""The service's log: one JSON object a line, ours and the libraries' alike. Nothing that was asked is in it."""

import logging
import sys
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any

_LINE: ContextVar[dict[str, Any] | None] = ContextVar("line", default=None)


def configure() -> None:
    """Have every logger of this process write on standard error."""
    import structlog

    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.CallsiteParameterAdder([structlog.processors.CallsiteParameter.PROCESS]),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _without_colours,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("assistant_elus").setLevel(logging.INFO)


def begin_line() -> dict[str, Any]:
    """What will be said of the request now beginning; `note` adds to it from wherever the request is served."""
    line: dict[str, Any] = {}
    _LINE.set(line)
    return line


def note(**fields: Any) -> None:
    """Add to the line of the current request; outside of one, nothing."""
    line = _LINE.get()
    if line is not None:
        line.update(fields)


def _without_colours(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    # uvicorn says everything twice, the second time for a terminal.
    event.pop("color_message", None)
    return event
