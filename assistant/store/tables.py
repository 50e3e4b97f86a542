"""The tables, the same for SQLite and PostgreSQL. Whatever a person typed is masked before it comes here.

`owner` and `author` are the name of a caller: "key:…", "account:…", "visitor:…" or "local".
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware datetime in UTC: SQLite would give it back without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _id() -> Column[str]:
    return Column("id", String(64), primary_key=True)


def _of(target: str, **options: Any) -> ForeignKey:
    return ForeignKey(target, ondelete="CASCADE", **options)


conversations = Table(
    "conversations",
    metadata,
    _id(),
    Column("owner", String(128), nullable=False, index=True),
    Column("title", Text, nullable=False, default="", server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False, index=True),
)

turns = Table(
    "turns",
    metadata,
    _id(),
    Column("session_id", String(64), _of("conversations.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("asked_at", Instant, nullable=False, index=True),
    Column("question", Text, nullable=False),
    Column("standalone_question", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("composer", String(128), nullable=False),
    Column("themes", JSON, nullable=False),
    Column("total_ms", Float, nullable=False),
    # The whole turn, to be shown again as it was answered.
    Column("body", Text, nullable=False),
    UniqueConstraint("session_id", "number"),
)

feedback = Table(
    "feedback",
    metadata,
    Column("turn_id", String(64), _of("turns.id"), primary_key=True),
    Column("author", String(128), primary_key=True),
    Column("reason", String(32), nullable=False),
    Column("comment", Text, nullable=False, default="", server_default=""),
    Column("given_at", Instant, nullable=False, index=True),
)

calls = Table(
    "calls",
    metadata,
    _id(),
    Column("operator", String(128), nullable=False),
    Column("question", Text, nullable=False),
    Column("turn_id", String(64), ForeignKey("turns.id", ondelete="SET NULL")),
    Column("profile", JSON, nullable=False),
    Column("passages", JSON, nullable=False),
    Column("themes", JSON, nullable=False),
    Column("outcome", String(32)),
    Column("note", Text, nullable=False, default="", server_default=""),
    Column("opened_at", Instant, nullable=False, index=True),
    Column("closed_at", Instant),
    Column("parked", Boolean, nullable=False, default=False),
)

# Every turn whose question a call holds: `calls.turn_id` is only the last of them.
call_turns = Table(
    "call_turns",
    metadata,
    Column("call_id", String(64), _of("calls.id"), primary_key=True),
    Column("turn_id", String(64), _of("turns.id"), primary_key=True, index=True),
)

# Apart, because it is purged on its own.
callbacks = Table(
    "callbacks",
    metadata,
    Column("call_id", String(64), _of("calls.id"), primary_key=True),
    Column("number", String(32), nullable=False),
    Column("purge_at", Instant, nullable=False, index=True),
)

gap_groups = Table(
    "gap_groups",
    metadata,
    _id(),
    Column("label", Text, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("assignee", String(128), nullable=False, default="", server_default=""),
    Column("documents", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    # Set when a new gap came to a group that was done; None once somebody has seen to it.
    Column("reopened_at", Instant),
)

gaps = Table(
    "gaps",
    metadata,
    Column("turn_id", String(64), _of("turns.id"), primary_key=True),
    Column("cause", String(16), primary_key=True),
    Column("question", Text, nullable=False),
    Column("noted_at", Instant, nullable=False, index=True),
    Column("group_id", String(64), ForeignKey("gap_groups.id", ondelete="SET NULL"), index=True),
)

accounts = Table(
    "accounts",
    metadata,
    _id(),
    Column("name", String(128), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    # None where an identity provider vouches for the person.
    Column("password_hash", Text),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
)

logins = Table(
    "logins",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("account_id", String(64), _of("accounts.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
)

api_keys = Table(
    "api_keys",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("hint", String(16), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("filters", JSON, nullable=False),
    Column("rate", Integer),
    Column("rate_seconds", Integer),
    Column("quota", Integer),
    Column("quota_period", String(8)),
    Column("concurrency", Integer),
    # Not empty: a public key, that only pages of these origins may use.
    Column("origins", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("last_used_at", Instant),
    Column("revoked_at", Instant),
)

usage = Table(
    "usage",
    metadata,
    Column("key_id", String(64), _of("api_keys.id"), primary_key=True),
    Column("period", String(8), primary_key=True),
    Column("begins_at", Instant, primary_key=True),
    Column("requests", Integer, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False, index=True),
    Column("who", String(128), nullable=False),
    Column("action", String(64), nullable=False),
    Column("object", Text, nullable=False, default="", server_default=""),
    Column("detail", Text, nullable=False, default="", server_default=""),
)

Index("ix_turns_outcome_asked_at", turns.c.outcome, turns.c.asked_at)
