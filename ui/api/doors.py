"""Whether the service is open, to whoever is at this machine, or closed to all but known callers."""

import threading
import time
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from assistant.store import Store, StoreUnavailable
from ui.loopback import is_loopback

SECONDS_BETWEEN_LOOKS = 2.0
SECONDS_WITHOUT_STORE = 10.0
PROXIED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")


class Doors:
    """Open while the store holds no active key and no account. Once closed they stay closed as long as the process
    lives: neither a store that fails nor a last key revoked gives everybody the rights of whoever is at the machine.
    """

    def __init__(self, store: Store, now: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._now = now
        # Until the store has said that nobody is known, nobody is let in.
        self.closed = True
        """Whether callers must say who they are."""
        self._for_good = False
        self.origins: frozenset[str] = frozenset()
        """The origins of the public keys: the pages of others that may call."""
        self._look_at = now()
        self._looking = threading.Lock()
        self.look()

    async def look_again(self) -> None:
        """Ask the store what has changed, at most every two seconds."""
        if self._now() >= self._look_at:
            await run_in_threadpool(self.look)

    def look(self) -> None:
        # Whoever comes while another looks goes by what was last known.
        if not self._looking.acquire(blocking=False):
            return
        try:
            keys = [key for key in self._store.keys.all() if key.revoked_at is None]
            self.origins = frozenset(origin for key in keys for origin in key.origins)
            if self._store.keys.any_active() or self._store.accounts.any():
                self.close()
            self.closed = self._for_good
            self._look_at = self._now() + SECONDS_BETWEEN_LOOKS
        except StoreUnavailable:
            # What was last known goes on. Each look at a store that is away takes its time: they are rarer.
            self._look_at = self._now() + SECONDS_WITHOUT_STORE
        finally:
            self._looking.release()

    def close(self) -> None:
        """For whoever met a key before the next look did."""
        self._for_good = self.closed = True


def somewhere_else(connection: HTTPConnection) -> bool:
    """Whether a request may come from another machine, or from a page that made its name point at this one."""
    if any(name in connection.headers for name in PROXIED):
        return True
    if connection.client is not None and not is_loopback(connection.client.host):
        return True
    return not is_loopback(host_of(connection.headers.get("host", "")))


def host_of(header: str) -> str:
    """The host of a Host header, without its port nor the brackets of an IPv6 address."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0]
