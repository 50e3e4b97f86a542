"""The keys of a process that answers requests: those in use go on for a while without the store."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from assistant.store.database import StoreUnavailable
from assistant.store.keys import BETWEEN_TOUCHES, ApiKey, Keys, hash_of

SECONDS_REMEMBERED = 300.0
SECONDS_BETWEEN_TRIES = 1.0
logger = logging.getLogger("assistant_elus.store")


class KeyRing:
    """Finds keys in the store at every request, so that a revocation holds at once, whoever made it.

    While the store is unavailable, a key it confirmed in the last five minutes goes on, and the store is tried again
    once a second, so that requests do not all wait for it.
    """

    def __init__(
        self,
        keys: Keys,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._keys = keys
        self._now = now
        self._clock = clock
        # Only keys that exist come in: neither grows with what strangers send. A dict's own steps need no lock.
        self._confirmed: dict[str, tuple[ApiKey, float]] = {}
        self._touched: dict[str, float] = {}
        self._try_again_at = 0.0

    def find(self, secret: str) -> ApiKey | None:
        """The active key of this secret, its use noted; None for a wrong one.

        Raises StoreUnavailable when the store is, and did not confirm this key lately.
        """
        hashed = hash_of(secret)
        known = self._known(hashed)
        if known is not None and self._clock() < self._try_again_at:
            return known
        try:
            key = self._keys.find(secret)
        except StoreUnavailable as error:
            self._try_again_at = self._clock() + SECONDS_BETWEEN_TRIES
            if known is None:
                raise
            logger.error("store unavailable, keys in use go on: %s", error)
            return known
        if key is None:
            self._confirmed.pop(hashed, None)
            return None
        self._confirmed[hashed] = (key, self._clock())
        self._touch(key)
        return key

    def _known(self, hashed: str) -> ApiKey | None:
        key, confirmed_at = self._confirmed.get(hashed, (None, 0.0))
        lately = self._clock() - confirmed_at < SECONDS_REMEMBERED
        return key if key is not None and lately and key.is_active(self._now()) else None

    def _touch(self, key: ApiKey) -> None:
        # Once a minute even when it fails: a store that only reads would make every request wait.
        if self._clock() - self._touched.get(key.id, float("-inf")) >= BETWEEN_TOUCHES.total_seconds():
            self._touched[key.id] = self._clock()
            with suppress(StoreUnavailable):
                self._keys.touch(key)
