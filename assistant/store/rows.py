"""Every row of the store as lines of JSON: the same from SQLite and from PostgreSQL, and back into either."""

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table, delete, func, select, text

from assistant.store.database import Database
from assistant.store.tables import Instant, metadata

TABLES: dict[str, Table] = {table.name: table for table in metadata.sorted_tables}
"""By name, those that others refer to first."""
AT_ONCE = 500


class RowsInvalid(Exception):
    """A line is no row of its table; the message names the table, and nothing of the row."""


def is_empty(database: Database) -> bool:
    """Raises StoreUnavailable."""
    with database.read() as connection:
        return not any(connection.execute(select(table).limit(1)).first() for table in TABLES.values())


def dump(database: Database, write: Callable[[str, Iterator[bytes]], None]) -> None:
    """Give `write` the lines of each table, all as they were at one moment. Raises StoreUnavailable."""
    with database.read() as connection:
        if connection.dialect.name == "postgresql":
            # SQLite reads one moment by itself.
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        for name, table in TABLES.items():
            write(name, _lines(connection, table))


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    rows = connection.execution_options(yield_per=AT_ONCE).execute(select(table).order_by(*table.primary_key))
    for row in rows.mappings():
        yield json.dumps({name: _plain(value) for name, value in row.items()}, ensure_ascii=False).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def put_in_place(connection: Connection, lines_of: Callable[[str], Iterable[bytes]]) -> None:
    """Replace all rows by those of `lines_of(table)`, within the transaction of `connection`. Raises RowsInvalid."""
    postgresql = connection.dialect.name == "postgresql"
    if postgresql:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
    for table in reversed(TABLES.values()):
        connection.execute(delete(table))
    for name, table in TABLES.items():
        rows = (_row(table, line, postgresql) for line in lines_of(name))
        while some := list(islice(rows, AT_ONCE)):
            connection.execute(table.insert(), some)
    if postgresql:
        for table in TABLES.values():
            _count_on(connection, table)


def _row(table: Table, line: bytes, postgresql: bool) -> dict[str, Any]:
    try:
        told: Mapping[str, Any] = json.loads(line)
        if set(told) - set(table.columns.keys()):
            raise RowsInvalid(table.name)
        row = {name: _typed(table, name, value) for name, value in told.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise RowsInvalid(table.name) from error
    # SQLite holds the character that PostgreSQL refuses.
    return {
        name: value.replace("\0", "") if postgresql and isinstance(value, str) else value for name, value in row.items()
    }


def _typed(table: Table, name: str, value: Any) -> Any:
    kind = table.columns[name].type
    if value is None:
        return None
    if isinstance(kind, Instant):
        return datetime.fromisoformat(value)
    return base64.b64decode(value, validate=True) if isinstance(kind, LargeBinary) else value


def _count_on(connection: Connection, table: Table) -> None:
    """Rows put in with their numbers do not move PostgreSQL's own count of them."""
    column = table.autoincrement_column
    if column is None or column.autoincrement is not True:
        return
    last = connection.execute(select(func.max(column))).scalar()
    if last is not None:
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        connection.execute(select(func.setval(sequence, last)))
