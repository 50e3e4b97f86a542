"""An identifier for each request, and one line of log that never holds what was asked."""

import json
import logging
import re
import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger("assistant_elus.requests")
GIVEN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class RequestLog:
    """Keeps the caller's X-Request-ID when it is one, else makes one; logs the route, not the address."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if GIVEN_ID.fullmatch(given) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        status = 500
        started = time.perf_counter()

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            self.write(scope, request_id, status, time.perf_counter() - started)

    def write(self, scope: Scope, request_id: str, status: int, seconds: float) -> None:
        # The path of an unknown address may hold anything, a question too: only our own routes are named.
        ours = scope["path"].startswith("/v1/")
        route = getattr(scope.get("route"), "path", None) if ours else None
        # The chat's own files are eighty requests a page: they are worth a line only when they fail.
        level = logging.INFO if ours else logging.WARNING if status == 500 else logging.DEBUG
        line = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
            "request_id": request_id,
            "method": scope["method"],
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 1),
        }
        logger.log(level, "%s", json.dumps(line, ensure_ascii=False))
