"""Passwords: hashed with Argon2id, compared in the same time whether or not there is somebody to compare with."""

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

MIN_PASSWORD, MAX_PASSWORD = 12, 1000
# Of no password anybody knows, with the parameters of today: an unknown name takes the time of a known one.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$Cc+rsCYTbIr8FY7kvLtYnQ$RHd7Opesi5/nBp6Xk4sTY/KFvmODQzEoOEH7SrM+0tI"
_HASHER = PasswordHasher()
# Each takes 64 MB while it runs.
_FEW_AT_ONCE = threading.BoundedSemaphore(2)


class WrongPasswordLength(Exception):
    """A password has MIN_PASSWORD to MAX_PASSWORD characters."""


def hash_new(password: str) -> str:
    """Raises WrongPasswordLength."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise WrongPasswordLength
    return hash_again(password)


def hash_again(password: str) -> str:
    """For a password accepted before, whatever is asked of new ones since."""
    with _FEW_AT_ONCE:
        return _HASHER.hash(_bytes(password))


def is_password(hashed: str | None, password: str) -> bool:
    """Whether this is the password; never for None, which takes as long."""
    with _FEW_AT_ONCE:
        try:
            return _HASHER.verify(hashed or NOBODY, _bytes(password)) and hashed is not None
        except VerificationError:
            return False


def is_dated(hashed: str) -> bool:
    """Whether it was made with other parameters than those of today."""
    return _HASHER.check_needs_rehash(hashed)


def _bytes(password: str) -> bytes:
    # One keyboard sends « é » as one character, another as two.
    return unicodedata.normalize("NFC", password).encode(errors="replace")
