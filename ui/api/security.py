"""Headers every answer carries, and the pages' strict content security policy. Pure ASGI: streams pass untouched."""

import json
import re
import secrets
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui import messages
from ui.problem import Problem

MAX_BODY = 1_000_000
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "frame-ancestors {ancestors}; base-uri 'self'; object-src 'none'; form-action 'self'"
)
FRAMED_BY = "framed_by"
"""Where a page leaves, in the request's state, the origins that may hold it in a frame: none unless it does."""
FOR_ALL_SITES = ("/embed.js",)
"""What pages of other sites load."""
SCRIPTS = '<script src="/interface/francais.js"></script><script src="/interface/cite.js" defer></script>'
DESCRIPTION = '<meta name="description" content="Assistant documentaire pour les élus locaux">'


class SecurityHeaders:
    """Adds the headers; an HTML page is held back whole to get its nonce, its language and our scripts."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(18)
        scope.setdefault("state", {})
        start: Message | None = None
        page = bytearray()

        async def guarded(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                framed_by = scope["state"].get(FRAMED_BY, "")
                headers["Content-Security-Policy"] = POLICY.format(nonce=nonce, ancestors=framed_by or "'none'")
                if framed_by:
                    # It knows no list of origins, and would refuse them all.
                    del headers["X-Frame-Options"]
                if scope["path"] in FOR_ALL_SITES:
                    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
                if headers.get("content-type", "").startswith("text/html"):
                    start = message
                    return
            if start is None or message["type"] != "http.response.body":
                await send(message)
                return
            page.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            html = prepare_page(page.decode("utf-8"), nonce).encode()
            headers = MutableHeaders(scope=start)
            # The nonce holds for this answer only: a stored copy of the page would be refused its own scripts.
            headers["Cache-Control"] = "no-store"
            if "content-length" in headers and scope["method"] != "HEAD":
                headers["content-length"] = str(len(html))
            await send(start)
            await send({"type": "http.response.body", "body": html if scope["method"] != "HEAD" else b""})

        await self.app(scope, receive, guarded)


def prepare_page(html: str, nonce: str) -> str:
    """French from the first byte, our scripts, a nonce on each script, no link preview that names another site."""
    html = re.sub(r'<html([^>]*?)\slang="[^"]*"', r"<html\1", html, count=1)
    html = html.replace("<html", '<html lang="fr"', 1)
    html = re.sub(r'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>', "", html)
    html = re.sub(r"<link\s[^>]*rel=\"preconnect\"[^>]*>", "", html)
    html = html.replace("<head>", f"<head>{DESCRIPTION}{SCRIPTS}", 1)
    return re.sub(r"<script(?![^>]*\snonce=)", f'<script nonce="{nonce}"', html)


class BodyLimit:
    """Refuses bodies larger than any request of ours before they are read into memory.

    `larger` gives the most bytes of the paths that take files, which go to disk as they come.
    """

    def __init__(self, app: ASGIApp, larger: Mapping[str, int] | None = None) -> None:
        self.app = app
        self._larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("POST", "PUT", "PATCH"):
            await self.app(scope, receive, send)
            return
        most = self._larger.get(scope["path"], MAX_BODY)
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdigit() or int(declared) > most:
            await refuse(send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            # A body sent in pieces has no declared length: cut it, as if the sender had gone.
            return {"type": "http.disconnect"} if seen > most else message

        await self.app(scope, counted, send)


async def refuse(send: Send) -> None:
    body = json.dumps(Problem("too_large", 413, messages.TOO_LARGE).body(), ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 413, "headers": [*headers, (b"connection", b"close")]})
    await send({"type": "http.response.body", "body": body})
