"""API keys: who may ask what, how often. Only the SHA-256 of a secret is kept; the secret is shown once."""

import hashlib
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, or_, select, update

from assistant.store.database import Database
from assistant.store.tables import api_keys

PREFIX, PUBLIC_PREFIX = "elus_", "elus_pub_"
BETWEEN_TOUCHES = timedelta(minutes=1)


class UnknownKey(Exception):
    """No key has this id."""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` requests in any `seconds`."""

    count: int
    seconds: int

    def __post_init__(self) -> None:
        if self.count < 1 or not 1 <= self.seconds <= 86_400:
            raise ValueError("a rate counts at least one request, in a second to a day")


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `count` requests in each day or month, of UTC."""

    count: int
    period: Literal["day", "month"]

    def __post_init__(self) -> None:
        if self.count < 1 or self.period not in ("day", "month"):
            raise ValueError("a quota counts at least one request, in a day or a month")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is kept. `hint` is enough to recognise a secret, and useless to guess it.

    `filters` hold for every question asked with the key; with `origins` the key is public, for their pages alone.
    """

    id: str
    name: str
    hint: str
    scopes: frozenset[str]
    created_at: datetime
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rate: Rate | None = None
    quota: Quota | None = None
    concurrency: int | None = None
    origins: tuple[str, ...] = ()
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_active(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class Keys:
    """The stored keys. Every method raises StoreUnavailable."""

    def __init__(self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._now = now

    def create(
        self,
        name: str,
        scopes: Collection[str],
        filters: Mapping[str, Collection[str]] | None = None,
        rate: Rate | None = None,
        quota: Quota | None = None,
        concurrency: int | None = None,
        expires_at: datetime | None = None,
        origins: Collection[str] = (),
    ) -> tuple[ApiKey, str]:
        """Make a key; the second value is its secret, which nothing can tell again."""
        if not scopes or (concurrency is not None and concurrency < 1):
            raise ValueError("a key has a scope, and a concurrency of at least 1")
        secret = (PUBLIC_PREFIX if origins else PREFIX) + secrets.token_urlsafe(32)
        key = ApiKey(
            id=secrets.token_hex(6),
            name=name,
            hint=_hint(secret),
            scopes=frozenset(scopes),
            created_at=self._now(),
            filters={field: tuple(values) for field, values in (filters or {}).items() if values},
            rate=rate,
            quota=quota,
            concurrency=concurrency,
            origins=tuple(origins),
            expires_at=expires_at,
        )
        with self._database.begin() as connection:
            connection.execute(api_keys.insert().values(secret_hash=hash_of(secret), **_columns(key)))
        return key, secret

    def find(self, secret: str) -> ApiKey | None:
        """The active key of this secret. None for a wrong, expired or revoked one, alike.

        Found by its hash, which whoever guesses secrets cannot steer: the time taken tells nothing of them.
        """
        wanted = select(api_keys).where(api_keys.c.secret_hash == hash_of(secret), self._is_active())
        with self._database.read() as connection:
            row = connection.execute(wanted).first()
        return _key(row) if row is not None else None

    def all(self) -> tuple[ApiKey, ...]:
        """Every key ever made, the latest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(api_keys).order_by(api_keys.c.created_at.desc(), api_keys.c.id)).all()
        return tuple(_key(row) for row in rows)

    def any_active(self) -> bool:
        with self._database.read() as connection:
            return connection.execute(select(api_keys.c.id).where(self._is_active()).limit(1)).first() is not None

    def revoke(self, key_id: str) -> ApiKey:
        """From now on the key opens nothing; a key revoked before keeps its date. Raises UnknownKey."""
        if not key_id.isalnum():
            raise UnknownKey(key_id)
        is_it = api_keys.c.id == key_id
        with self._database.begin() as connection:
            connection.execute(
                update(api_keys).where(is_it, api_keys.c.revoked_at.is_(None)).values(revoked_at=self._now())
            )
            row = connection.execute(select(api_keys).where(is_it)).first()
        if row is None:
            raise UnknownKey(key_id)
        return _key(row)

    def touch(self, key: ApiKey) -> None:
        """Note that a key just found was used, at most once a minute: most requests write nothing."""
        now = self._now()
        if key.last_used_at is not None and now - key.last_used_at < BETWEEN_TOUCHES:
            return
        stale = or_(api_keys.c.last_used_at.is_(None), api_keys.c.last_used_at <= now - BETWEEN_TOUCHES)
        with self._database.begin() as connection:
            connection.execute(update(api_keys).where(api_keys.c.id == key.id, stale).values(last_used_at=now))

    def _is_active(self) -> ColumnElement[bool]:
        expires = api_keys.c.expires_at
        return api_keys.c.revoked_at.is_(None) & or_(expires.is_(None), expires > self._now())


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def _hint(secret: str) -> str:
    """ "elus_…a1B2": the prefix and the last four characters."""
    prefix = PUBLIC_PREFIX if secret.startswith(PUBLIC_PREFIX) else PREFIX
    return f"{prefix}…{secret[-4:]}"


def _columns(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "hint": key.hint,
        "scopes": sorted(key.scopes),
        "filters": {field: list(values) for field, values in key.filters.items()},
        "rate": key.rate.count if key.rate else None,
        "rate_seconds": key.rate.seconds if key.rate else None,
        "quota": key.quota.count if key.quota else None,
        "quota_period": key.quota.period if key.quota else None,
        "concurrency": key.concurrency,
        "origins": list(key.origins),
        "created_at": key.created_at,
        "expires_at": key.expires_at,
    }


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        id=row.id,
        name=row.name,
        hint=row.hint,
        scopes=frozenset(row.scopes),
        created_at=row.created_at,
        filters={field: tuple(values) for field, values in row.filters.items()},
        rate=Rate(row.rate, row.rate_seconds) if row.rate else None,
        quota=Quota(row.quota, row.quota_period) if row.quota else None,
        concurrency=row.concurrency,
        origins=tuple(row.origins),
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
