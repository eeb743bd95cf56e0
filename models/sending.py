"""Many rows of a table, written in one statement.

SQLite's driver takes a statement and its values row by row; PostgreSQL takes the rows as one JSON
text. Neither way asks a column's type about each value, which takes longer than to write it.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import Enum
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    Insert,
    Table,
    Text,
    Update,
    bindparam,
    cast,
    column,
    func,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.selectable import TableValuedAlias

Row = dict[str, Any]
_AS_IT_IS = {str, int, bytes, bool, type(None)}
_QMARK = sqlite.dialect(paramstyle="qmark")


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that all have the same columns."""
    names = frozenset(rows[0])
    if connection.dialect.name == "sqlite":
        _send_to_sqlite(connection, rows, *_insert_each(table, names))
    else:
        connection.execute(_insert_given(table, names), {"rows": _JSON.encode(rows)})


def update_rows(
    connection: Connection, table: Table, changed: frozenset[str], rows: Sequence[Row]
) -> int:
    """Change these columns and the revision; says how many rows were found.

    A row is looked for by its id, given as `this`, and by its revision as it is `known`.
    """
    changed = changed | {"revision"}
    if connection.dialect.name == "sqlite":
        return _send_to_sqlite(connection, rows, *_update_each(table, changed))
    statement = _update_given(table, changed)
    return connection.execute(statement, {"rows": _JSON.encode(rows)}).rowcount


def _send_to_sqlite(
    connection: Connection, rows: Sequence[Row], statement: str, names: tuple[str, ...]
) -> int:
    in_order = itemgetter(*names)
    values = [
        tuple([v if type(v) in _AS_IT_IS else _stored(v) for v in in_order(row)])
        for row in rows
    ]
    return connection.exec_driver_sql(statement, values).rowcount


@cache
def _insert_each(table: Table, names: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    values: dict[str, Any] = {name: bindparam(name) for name in sorted(names)}
    return _text(table.insert().inline().values(values))


@cache
def _update_each(table: Table, changed: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    this: Any = bindparam("this")
    known: Any = bindparam("known")
    change = table.update().where(table.c.id == this, table.c.revision == known)
    return _text(change.values({name: bindparam(name) for name in sorted(changed)}))


def _text(statement: Insert | Update) -> tuple[str, tuple[str, ...]]:
    """A statement as SQLite's driver takes it, and the names of its values in their order."""
    compiled: Any = statement.compile(dialect=_QMARK)
    return str(compiled), tuple(compiled.positiontup)


@cache
def _insert_given(table: Table, names: frozenset[str]) -> Insert:
    given = _given(table, {name: name for name in names})
    return table.insert().inline().from_select([*names], select(*given.c))


@cache
def _update_given(table: Table, changed: frozenset[str]) -> Update:
    given = _given(table, {n: n for n in changed} | {"this": "id", "known": "revision"})
    found = (table.c.id == given.c.this, table.c.revision == given.c.known)
    return table.update().where(*found).values({name: given.c[name] for name in changed})


def _given(table: Table, names: dict[str, str]) -> TableValuedAlias:
    """The rows of the JSON text, with the type of one of the table's columns for each name."""
    columns = [column(name, table.c[like].type) for name, like in names.items()]
    text = cast(bindparam("rows", type_=Text), JSON)
    rows = func.json_to_recordset(text).table_valued(*columns, name="given")
    return rows.render_derived(with_types=True)


def _stored(value: Any) -> Any:  # noqa: ANN401 - any column's value
    """A value as SQLAlchemy's types store it in SQLite."""
    if isinstance(value, datetime):
        return _moment(value)
    return value.value if isinstance(value, Enum) else json.dumps(value)


@lru_cache(maxsize=1_000)
def _moment(value: datetime) -> str:
    return _utc(value).replace(tzinfo=None).isoformat(" ", "microseconds")


def _told(value: object) -> str:
    """What JSON has no word for, as PostgreSQL reads it."""
    if isinstance(value, datetime):
        return _iso(value)
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    message = f"{value!r} has no place in the database"
    raise TypeError(message)


@lru_cache(maxsize=1_000)
def _iso(value: datetime) -> str:
    return _utc(value).isoformat()


def _utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        message = f"a naive datetime has no place in the database: {value!r}"
        raise ValueError(message)
    return value.astimezone(UTC)


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_told)
