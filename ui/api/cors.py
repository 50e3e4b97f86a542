"""Which pages of other sites may call: those the settings name, with any key, and those of a public key."""

from collections.abc import Collection

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.api.doors import Doors

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
HEADERS_SENT = ("Authorization", "Content-Type", "X-Request-ID")
HEADERS_READ = ("Retry-After", "X-Request-ID")


class Cors(CORSMiddleware):
    """Starlette's, with the origins of the keys made since. No credentials: a cookie never works from elsewhere.

    A browser asks first without its key, so any public key's origin may ask; the key decides what it is answered.
    """

    def __init__(self, app: ASGIApp, allowed: Collection[str], doors: Doors) -> None:
        super().__init__(
            app,
            allow_origins=tuple(allowed),
            allow_methods=METHODS,
            allow_headers=HEADERS_SENT,
            expose_headers=HEADERS_READ,
        )
        self._doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Only the API may be called from elsewhere: the pages are read where they are.
        if scope["type"] == "http" and scope["path"].startswith("/v1/"):
            await self._doors.look_again()
            await super().__call__(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def is_allowed_origin(self, origin: str) -> bool:
        return super().is_allowed_origin(origin) or origin in self._doors.origins


def origins_in(setting: str) -> tuple[str, ...]:
    """ "https://a.fr, https://b.fr/" → each origin, as a browser writes it."""
    return tuple(origin for part in setting.split(",") if (origin := part.strip().rstrip("/").lower()))
