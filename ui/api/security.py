"""Headers every answer carries, and the pages' strict content security policy. Pure ASGI: streams pass untouched."""

import json
import re
import secrets

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
    "frame-ancestors 'none'; base-uri 'self'; object-src 'none'; form-action 'self'"
)
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
        start: Message | None = None
        page = bytearray()

        async def guarded(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers["Content-Security-Policy"] = POLICY.format(nonce=nonce)
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
    """Refuses bodies larger than any request of ours before they are read into memory."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("POST", "PUT", "PATCH"):
            await self.app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdigit() or int(declared) > MAX_BODY:
            await refuse(send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            # A body sent in pieces has no declared length: cut it, as if the sender had gone.
            return {"type": "http.disconnect"} if seen > MAX_BODY else message

        await self.app(scope, counted, send)


async def refuse(send: Send) -> None:
    body = json.dumps(Problem("too_large", 413, messages.TOO_LARGE).body(), ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 413, "headers": [*headers, (b"connection", b"close")]})
    await send({"type": "http.response.body", "body": body})
