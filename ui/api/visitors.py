"""Visitors of the pages: a signed cookie that says the same person has come back, and nothing of who that is."""

import os
import secrets
from pathlib import Path

from itsdangerous import BadSignature, TimestampSigner

SECRET_FILE = "secret"
VISITOR_COOKIE = "elus_visiteur"
SECONDS_OF_VISIT = 365 * 24 * 3600


class Visitors:
    """Makes and reads the cookies. The same secret in every process, or a visitor of one is a stranger to the next."""

    def __init__(self, secret: str) -> None:
        self._signer = TimestampSigner(secret, salt="visiteur")

    def new(self) -> tuple[str, str]:
        """The owner of a new visitor's conversations, and the cookie that brings them back to it."""
        visitor = secrets.token_urlsafe(16)
        return f"visitor:{visitor}", self._signer.sign(visitor).decode()

    def owner(self, cookie: str) -> str | None:
        """None for a cookie that is not ours, or older than a year."""
        try:
            visitor = self._signer.unsign(cookie, max_age=SECONDS_OF_VISIT)
        except BadSignature:
            return None
        return f"visitor:{visitor.decode()}"


def secret_of(home: Path, given: str = "") -> str:
    """The secret of the settings, else the one of the home folder, made once and readable by its owner only."""
    if given:
        return given
    file = home / SECRET_FILE
    home.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        made = home / f"{SECRET_FILE}.{secrets.token_hex(8)}"
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as lines:
            lines.write(secrets.token_urlsafe(32))
        try:
            # Unlike a rename it fails when another process was quicker: all then read the first one's.
            os.link(made, file)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return file.read_text().strip()
