"""Open logins for a process that answers requests, store or no store."""

import hashlib
import time
from collections.abc import Callable

from assistant.store import Account, Accounts, StoreUnavailable

SECONDS_REMEMBERED = 300.0
SECONDS_BETWEEN_TRIES = 1.0


class Logins:
    """Finds the account of a login in the store at every request, so that closing it or disabling the account holds at
    once. While the store is unavailable, a login it confirmed in the last five minutes goes on, and the store is tried
    again once a second: whoever has a caller on the line can still answer.
    """

    def __init__(self, accounts: Accounts, clock: Callable[[], float] = time.monotonic) -> None:
        self._accounts = accounts
        self._clock = clock
        # Only logins that exist come in: what strangers send makes neither grow.
        self._confirmed: dict[str, tuple[Account, float]] = {}
        self._try_again_at = 0.0

    def find(self, token: str) -> Account | None:
        """None when it is not open. Raises StoreUnavailable when the store is, and this login not known."""
        hashed = hashlib.sha256(token.encode(errors="replace")).hexdigest()
        known = self._known(hashed)
        if known is not None and self._clock() < self._try_again_at:
            return known
        try:
            account = self._accounts.login(token)
        except StoreUnavailable:
            self._try_again_at = self._clock() + SECONDS_BETWEEN_TRIES
            if known is None:
                raise
            return known
        if account is None:
            self._confirmed.pop(hashed, None)
        else:
            self._confirmed[hashed] = (account, self._clock())
        return account

    def _known(self, hashed: str) -> Account | None:
        account, confirmed_at = self._confirmed.get(hashed, (None, 0.0))
        return account if self._clock() - confirmed_at < SECONDS_REMEMBERED else None
