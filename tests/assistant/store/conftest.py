"""A store on each kind of database: SQLite in a file, and PostgreSQL, a cluster of the tests' own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from assistant.store import Database, Store
from assistant.store.tables import metadata
from tests.postgres import postgres_cluster


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgres_cluster(tmp_path_factory) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_database(postgres_url: str) -> Iterator[Database]:
    database = Database(postgres_url)
    database.migrate()
    yield database
    database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated database: a test that takes it runs on both kinds."""
    if request.param == "postgresql":
        made: Database = request.getfixturevalue("postgres_database")
        with made.begin() as connection:
            names = ", ".join(table.name for table in metadata.sorted_tables)
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
        yield made
        return
    made = Database.in_file(tmp_path / "store.db")
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def store(database: Database) -> Store:
    """A store that masks the word « Dupont », and nothing else."""
    return Store(database, lambda typed: typed.replace("Dupont", "[nom]"), session_turns=30)
