"""Accounts of the people who work here: operators, editors, administrators; their passwords and open logins."""

import hashlib
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from assistant.store.database import Database
from assistant.store.failures import Failures
from assistant.store.passwords import hash_again, hash_new, is_dated, is_password
from assistant.store.tables import accounts, logins

Role = Literal["operator", "editor", "admin"]
_OPERATOR = frozenset({"ask", "search", "documents", "feedback", "calls"})
SCOPES_OF: Mapping[Role, frozenset[str]] = {
    "operator": _OPERATOR,
    "editor": _OPERATOR | {"edition"},
    "admin": _OPERATOR | {"edition", "metrics"},
}
MAX_NAME = 128
LOGIN_LASTS = timedelta(hours=12)


class UnknownAccount(Exception):
    """No account has this name."""


class NameTaken(Exception):
    """Another account has this name."""


class WrongName(Exception):
    """A name has 1 to MAX_NAME characters that can be seen."""


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None = None

    @property
    def scopes(self) -> frozenset[str]:
        return SCOPES_OF[self.role]


class Accounts:
    """The stored accounts. Every method raises StoreUnavailable. Names are kept, and compared, in lower case."""

    def __init__(self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._now = now
        self._failures = Failures(now)

    def create(self, name: str, role: Role, password: str) -> Account:
        """Raises WrongName, NameTaken, WrongPasswordLength."""
        account = Account(secrets.token_hex(8), _name(name), role, self._now())
        if not _is_name(account.name):
            raise WrongName(name)
        hashed = hash_new(password)
        try:
            with self._database.begin() as connection:
                connection.execute(
                    accounts.insert().values(
                        id=account.id,
                        name=account.name,
                        role=role,
                        password_hash=hashed,
                        created_at=account.created_at,
                    )
                )
        except IntegrityError as error:
            raise NameTaken(account.name) from error
        return account

    def set_password(self, name: str, password: str) -> Account:
        """Also closes the account's logins. Raises UnknownAccount, WrongPasswordLength."""
        return self._change(name, password_hash=hash_new(password))

    def disable(self, name: str) -> Account:
        """Nobody logs in as this account any more, and its logins are closed. Raises UnknownAccount."""
        return self._change(name, disabled_at=self._now())

    def enable(self, name: str) -> Account:
        """Undo `disable`. Raises UnknownAccount."""
        return self._change(name, disabled_at=None)

    def all(self) -> tuple[Account, ...]:
        """By name, those disabled included."""
        with self._database.read() as connection:
            return tuple(_account(row) for row in connection.execute(select(accounts).order_by(accounts.c.name)))

    def any(self) -> bool:
        """Whether an account was ever made: disabling the last one does not open the service to anybody."""
        with self._database.read() as connection:
            return connection.execute(select(accounts.c.id).limit(1)).first() is not None

    def verify(self, name: str, password: str) -> Account | None:
        """The account of this name and password; None for an unknown or disabled name and a wrong password, alike.

        Raises LockedOut, for names that do not exist too.
        """
        name = _name(name)
        wanted = select(accounts).where(accounts.c.name == name)
        row = None
        # PostgreSQL fails on names that SQLite only does not find.
        if _is_name(name):
            with self._database.read() as connection:
                row = connection.execute(wanted).first()
        self._failures.begin(name)
        hashed = row.password_hash if row is not None and row.disabled_at is None else None
        if not is_password(hashed, password) or row is None:
            return None
        self._failures.forget(name)
        if is_dated(row.password_hash):
            rehashed, unchanged = hash_again(password), accounts.c.password_hash == row.password_hash
            with self._database.begin() as connection:
                changed = update(accounts).where(accounts.c.id == row.id, unchanged)
                connection.execute(changed.values(password_hash=rehashed))
        return _account(row)

    def for_identity(self, subject: str, name: str, role: Role) -> Account | None:
        """The account of somebody an identity provider vouches for, made the first time; None when it is disabled.

        `subject` names the person for good (issuer and sub claim); `name` and `role` follow what the provider says now.
        A name that somebody else has here gets a suffix: nobody becomes another by taking their name.
        """
        account_id = "id-" + _sha256(subject)[:32]
        with self._database.begin() as connection:
            insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
            said = {"name": _free_name(connection, _name(name), account_id), "role": role}
            first = insert(accounts).values(id=account_id, created_at=self._now(), **said)
            connection.execute(first.on_conflict_do_update(index_elements=[accounts.c.id], set_=said))
            row = connection.execute(select(accounts).where(accounts.c.id == account_id)).one()
        return _account(row) if row.disabled_at is None else None

    def open_login(self, account: Account) -> str:
        """A token that `login` knows for 12 hours; only its SHA-256 is kept."""
        now, token = self._now(), secrets.token_urlsafe(32)
        with self._database.begin() as connection:
            connection.execute(delete(logins).where(logins.c.expires_at <= now))
            connection.execute(
                logins.insert().values(
                    token_hash=_sha256(token), account_id=account.id, created_at=now, expires_at=now + LOGIN_LASTS
                )
            )
        return token

    def login(self, token: str) -> Account | None:
        """The account of an open login, as it is now; None when closed, expired, unknown, or the account disabled."""
        is_open = (logins.c.token_hash == _sha256(token)) & (logins.c.expires_at > self._now())
        wanted = select(accounts).join(logins, logins.c.account_id == accounts.c.id)
        with self._database.read() as connection:
            row = connection.execute(wanted.where(is_open, accounts.c.disabled_at.is_(None))).first()
        return _account(row) if row is not None else None

    def close_login(self, token: str) -> None:
        with self._database.begin() as connection:
            connection.execute(delete(logins).where(logins.c.token_hash == _sha256(token)))

    def close_all(self, account: Account) -> None:
        with self._database.begin() as connection:
            connection.execute(delete(logins).where(logins.c.account_id == account.id))

    def _change(self, name: str, **values: Any) -> Account:
        name = _name(name)
        if not _is_name(name):
            raise UnknownAccount(name)
        with self._database.begin() as connection:
            changed = update(accounts).where(accounts.c.name == name).values(values).returning(accounts)
            row = connection.execute(changed).one_or_none()
            if row is None:
                raise UnknownAccount(name)
            connection.execute(delete(logins).where(logins.c.account_id == row.id))
        self._failures.forget(name)
        return _account(row)


def _name(typed: str) -> str:
    return unicodedata.normalize("NFC", typed.strip()).lower()


def _is_name(name: str) -> bool:
    return 0 < len(name) <= MAX_NAME and name.isprintable()


def _free_name(connection: Connection, name: str, account_id: str) -> str:
    others = select(accounts.c.id).where(accounts.c.name == name, accounts.c.id != account_id)
    if _is_name(name) and connection.execute(others).first() is None:
        return name
    kept = "".join(character for character in name if character.isprintable())[: MAX_NAME - 16]
    return f"{kept} ({account_id[-8:]})"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def _account(row: Row[Any]) -> Account:
    return Account(row.id, row.name, row.role, row.created_at, row.disabled_at)
