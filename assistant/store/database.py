"""The database: SQLite by default, PostgreSQL by its address. What it cannot do becomes StoreUnavailable."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError, InterfaceError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

MIGRATIONS = Path(__file__).parent / "migrations"
SECONDS_TO_WAIT = 2.0
"""How long a request waits for another writer, or for a connection, before the store counts as unavailable."""
# Any number will do, as long as nothing else locks the same one.
MIGRATION_LOCK = 7_462_193


class StoreUnavailable(Exception):
    """The database is locked, gone, full or out of reach: what was to be read or written was not."""


class WrongDatabaseUrl(Exception):
    """ASSISTANT_ELUS_DATABASE_URL is not the address of a SQLite or PostgreSQL database."""


class Database:
    """Transactions on one database, from any thread."""

    def __init__(self, url: str, wait: float = SECONDS_TO_WAIT) -> None:
        try:
            parsed = make_url(url)
            if parsed.drivername in ("postgresql", "postgres"):
                parsed = parsed.set(drivername="postgresql+psycopg")
            if parsed.get_backend_name() not in ("sqlite", "postgresql"):
                raise WrongDatabaseUrl("not a SQLite or PostgreSQL address")
        except (ArgumentError, ValueError) as error:
            raise WrongDatabaseUrl("not a database address") from error
        self._url = parsed
        self._wait = wait
        self.file = Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None
        """The file of a SQLite database, None for PostgreSQL."""
        self._inode: int | None = None
        self._engine = self._connect()

    @classmethod
    def in_file(cls, path: Path, wait: float = SECONDS_TO_WAIT) -> "Database":
        return cls(f"sqlite:///{path}", wait)

    def _connect(self) -> Engine:
        options: dict[str, Any] = {"pool_size": 20, "max_overflow": 30, "pool_timeout": self._wait}
        if self.file is None:
            wait_ms = round(self._wait * 1000)
            options["connect_args"] = {
                "connect_timeout": max(2, round(self._wait)),
                "options": f"-c lock_timeout={wait_ms} -c statement_timeout={wait_ms * 5}",
            }
            return create_engine(self._url, pool_pre_ping=True, hide_parameters=True, **options)
        options["connect_args"] = {"timeout": self._wait}
        engine = create_engine(self._url, hide_parameters=True, **options)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def migrate(self) -> None:
        """Bring the tables to what this version expects; does nothing when they are. Raises StoreUnavailable."""
        try:
            with self._one_migrates(), self._translated(), self._engine.connect() as connection:
                if self.file is None:
                    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": MIGRATION_LOCK})
                config = Config()
                config.set_main_option("script_location", str(MIGRATIONS))
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                connection.commit()
                if self.file is None:
                    connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": MIGRATION_LOCK})
                    connection.commit()
        except OSError as error:
            raise StoreUnavailable(str(error)) from error
        self._inode = self._inode_now()

    def _one_migrates(self) -> Any:
        if self.file is None:
            return nullcontext()
        self.file.parent.mkdir(parents=True, exist_ok=True)
        # Made before SQLite makes it, which would let everyone on the machine read it.
        self.file.touch(mode=0o600)
        return FileLock(f"{self.file}.lock", timeout=60)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction that may write: committed at the end, undone by an exception. Raises StoreUnavailable."""
        self._still_there()
        with self._translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads: it waits for no writer. Raises StoreUnavailable."""
        self._still_there()
        with self._translated(), self._engine.connect() as connection:
            connection = connection.execution_options(only_reads=True)
            with connection.begin():
                yield connection

    def check(self) -> None:
        """Raises StoreUnavailable when the database cannot be written now."""
        with self.begin() as connection:
            connection.execute(text("SELECT 1"))

    def scrub(self, tables: Sequence[str]) -> bool:
        """Have these tables let go of what was deleted from them. False when a reader or another scrub is in the way.

        SQLite zeroes deleted words (`secure_delete`), but its write-ahead log keeps the pages as they were until it is
        emptied. PostgreSQL keeps deleted rows until a VACUUM.
        """
        self._still_there()
        try:
            with self._translated():
                return self._scrub_sqlite() if self.file else self._vacuum(tables)
        except (StoreUnavailable, sqlite3.Error):
            return False

    def _scrub_sqlite(self) -> bool:
        # The driver's own connection: neither pragma works within a transaction.
        connection = self._engine.raw_connection()
        try:
            cursor = connection.cursor()
            # As a script: a mere `execute` frees a page and stops.
            cursor.executescript("PRAGMA incremental_vacuum")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy: int = cursor.fetchall()[0][0]
            return not busy
        finally:
            connection.close()

    def _vacuum(self, tables: Sequence[str]) -> bool:
        with self._engine.connect() as connection:
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(text("SET statement_timeout = 0"))
            try:
                connection.execute(text(f"VACUUM {', '.join(tables)}"))
            finally:
                connection.execute(text("RESET statement_timeout"))
        return True

    def close(self) -> None:
        self._engine.dispose()

    @property
    def engine(self) -> Engine:
        """For migrations' tests and copies; everything else goes through `begin` and `read`."""
        return self._engine

    def _inode_now(self) -> int | None:
        if self.file is None:
            return None
        try:
            return os.stat(self.file).st_ino
        except OSError:
            return -1

    def _still_there(self) -> None:
        # An open SQLite file that was deleted or replaced takes writes that nobody will ever read.
        if self._inode is not None and self._inode_now() != self._inode:
            raise StoreUnavailable("the database file is gone or was replaced")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (IntegrityError, ProgrammingError):
            raise
        except (DatabaseError, InterfaceError, PoolTimeout) as error:
            # The driver's own words: the statement's parameters, hence what was typed, stay out of it.
            raise StoreUnavailable(str(getattr(error, "orig", error)).splitlines()[0]) from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # Our own BEGIN, below: the driver's begins too late to be sure of the write lock.
    connection.isolation_level = None
    cursor = connection.cursor()
    # Heard only before the first table is made: a purge gives its room back.
    cursor.execute("PRAGMA auto_vacuum = INCREMENTAL")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # Deleted words are overwritten: a purge really deletes.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    only_reads = connection.get_execution_options().get("only_reads")
    connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")
