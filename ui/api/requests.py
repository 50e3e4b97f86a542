"""An identifier for each request, and one line of log that never holds what was asked."""

import logging
import re
import secrets
import time
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui import logs
from ui.metrics import Metrics

logger = logging.getLogger("assistant_elus.requests")
GIVEN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestLog:
    """Keeps the caller's X-Request-ID when it is one, else makes one; logs and counts the route, not the address."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        noted = logs.begin_line()
        status = 500
        started = time.perf_counter()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            self.write(scope, {"request_id": request_id, "status": status}, noted, time.perf_counter() - started)

    def write(self, scope: Scope, line: dict[str, Any], noted: dict[str, Any], seconds: float) -> None:
        # The path of an unknown address may hold anything, a question too: only routes are named.
        route = getattr(scope.get("route"), "path", None)
        method = scope["method"] if scope["method"] in METHODS else "?"
        self.metrics.requested(method, route or "?", line["status"], seconds, noted.get("problem"))
        ours = scope["path"].startswith(("/v1/", "/mcp"))
        # The chat's own files are eighty requests a page: they are worth a line only when they fail.
        level = logging.INFO if ours else logging.WARNING if line["status"] == 500 else logging.DEBUG
        extra = {"method": method, "route": route, **line, "ms": round(seconds * 1000, 1), **noted}
        logger.log(level, "request", extra=extra)
