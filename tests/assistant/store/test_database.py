"""The tables are what the code expects, on both databases; what goes wrong has one name and says nothing typed."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from assistant.store import Database, StoreUnavailable, WrongDatabaseUrl
from assistant.store.tables import conversations, metadata


def test_migrations_make_the_tables_the_code_expects(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    database.migrate()
    database.check()


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError), database.begin() as connection:
        connection.execute(
            text("INSERT INTO audit (at, who, action, object, detail) VALUES (CURRENT_TIMESTAMP,'a','b','','')")
        )
        raise RuntimeError
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM audit")).scalar() == 0


def test_a_locked_file_is_the_store_unavailable_not_an_error_of_a_driver(tmp_path: Path) -> None:
    database = Database.in_file(tmp_path / "store.db", wait=0.05)
    database.migrate()
    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreUnavailable):
        database.check()
    with database.read() as connection:  # readers wait for no writer
        assert connection.execute(conversations.select()).all() == []
    other.execute("ROLLBACK")
    other.close()
    database.check()


@pytest.mark.parametrize("what", ["deleted", "replaced", "damaged"])
def test_a_file_that_is_gone_replaced_or_damaged_is_told(tmp_path: Path, what: str) -> None:
    path = tmp_path / "store.db"
    database = Database.in_file(path, wait=0.05)
    database.migrate()
    database.check()
    if what == "damaged":
        database.close()
        path.write_bytes(b"SQLite format 3\0" + b"\x93" * 8000)
    else:
        path.unlink()
        if what == "replaced":
            path.write_bytes(b"")
    with pytest.raises(StoreUnavailable):
        database.check()


def test_an_unreachable_server_is_told_without_its_password() -> None:
    database = Database("postgresql://elus:secret@127.0.0.1:1/rien", wait=0.1)
    with pytest.raises(StoreUnavailable) as raised:
        database.check()
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("url", ["mysql://a/b", "n'importe quoi", ""])
def test_another_kind_of_address_is_refused(url: str) -> None:
    with pytest.raises(WrongDatabaseUrl):
        Database(url)


def test_two_workers_that_start_together_both_find_the_tables(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    databases = [Database.in_file(tmp_path / "new" / "store.db") for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(Database.migrate, databases))
    for database in databases:
        database.check()
        database.close()


def test_nobody_else_on_the_machine_may_read_the_file(tmp_path: Path) -> None:
    database = Database.in_file(tmp_path / "store.db")
    database.migrate()
    database.check()
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.glob("store.db*") if path.suffix != ".lock")
    database.close()
