"""Statements on their way to the database, past the layers of SQLAlchemy.

They ask of every statement what it is, and of every value which type its column has; that takes
longer than the database takes to carry it out. Here a statement is compiled once and handed to the
driver. Who listens to SQLAlchemy's `before_cursor_execute` hears of it all the same.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache, lru_cache
from typing import Any, TypeAlias

from sqlalchemy import ClauseElement, Connection, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.sql.compiler import SQLCompiler

from models import statements
from models.statements import Kind, Verb

Row: TypeAlias = Mapping[str, Any]
Cursor: TypeAlias = Any
Bound: TypeAlias = Any
"""What drivers make differently."""


class AlreadyThere(Exception):
    """Another row has the key of one that was to be the first."""


def send(connection: Connection, statement: ClauseElement, values: Row) -> Cursor:
    """Carry out a statement that is made once and kept; gives the driver's cursor."""
    with _told(connection):
        return _execute(connection, statement, values)


def send_many(
    connection: Connection, statement: ClauseElement, rows: Iterable[Row]
) -> None:
    """Carry it out for each of these rows."""
    with _told(connection):
        _execute_many(connection, statement, rows)


def send_all(connection: Connection, changes: Mapping[Kind, Sequence[Row]]) -> None:
    """Send many changes, to PostgreSQL without waiting for one before the next is sent.

    Raises StaleDataError when a row to update is not the one that was read, AlreadyThere when one
    to be inserted as the first of its key is not.
    """
    with _told(connection):
        with _pipeline(connection):
            sent = [
                (kind, len(rows), _change(connection, kind, rows))
                for kind, rows in changes.items()
                if rows
            ]
        for kind, count, cursor in sent:
            if kind.verb not in _COUNTED or cursor.rowcount == count:
                continue
            if kind.verb == Verb.INSERT_ABSENT:
                raise AlreadyThere
            message = f"rows of {kind.table.name} were changed by somebody else"
            raise StaleDataError(message)


def fetch(
    connection: Connection, statement: ClauseElement, values: Row
) -> Iterator[list[Any]]:
    """The rows that a query finds, which is made once and kept, each value as its column has it."""
    with _told(connection):
        rows = _execute(connection, statement, values).fetchall()
    read = _prepared(statement, connection.dialect.name).read
    for row in rows:
        found = list(row)
        for position, as_read in read:
            if found[position] is not None:
                found[position] = as_read(found[position])
        yield found


def numbers(
    connection: Connection, table: Table, count: int, *, after: int
) -> Sequence[int]:
    """The next numbers of a table. SQLite's are for whoever holds the write lock.

    `after` is the last of those that are in use and perhaps not written yet.
    """
    with _told(connection):
        if connection.dialect.name == "postgresql":
            query = (
                f"SELECT nextval('{table.name}_id_seq') FROM generate_series(1, {count})"  # noqa: S608 - our own tables
            )
            return [number for (number,) in _run(connection, query)]
        (last,) = _run(connection, f"SELECT max(id) FROM {table.name}").fetchone()  # noqa: S608 - as above
        first = max(after, last or 0) + 1
        return range(first, first + count)


def _change(connection: Connection, kind: Kind, rows: Sequence[Row]) -> Cursor:
    """SQLite's driver takes rows one by one; PostgreSQL takes more than one as a JSON text."""
    dialect = connection.dialect.name
    if dialect == "sqlite":
        return _execute_many(connection, statements.one(kind, dialect), rows)
    if len(rows) == 1:
        return _execute(connection, statements.one(kind, dialect), rows[0])
    return _execute(connection, statements.many(kind), {"rows": _JSON.encode(rows)})


def run(connection: Connection, text: str) -> None:
    """Carry out a statement without values."""
    with _told(connection):
        _run(connection, text)


def _execute(connection: Connection, statement: ClauseElement, values: Row) -> Cursor:
    prepared = _prepared(statement, connection.dialect.name)
    return _run(connection, prepared.text, prepared.bound(values))


def _execute_many(
    connection: Connection, statement: ClauseElement, rows: Iterable[Row]
) -> Cursor:
    prepared = _prepared(statement, connection.dialect.name)
    bound = [prepared.bound(row) for row in rows]
    cursor = connection.connection.cursor()
    for listener in connection.dispatch.before_cursor_execute:
        listener(connection, cursor, prepared.text, bound, None, True)  # noqa: FBT003 - as it is called
    cursor.executemany(prepared.text, bound)
    return cursor


def _run(connection: Connection, text: str, bound: Bound = ()) -> Cursor:
    cursor = connection.connection.cursor()
    for listener in connection.dispatch.before_cursor_execute:
        listener(connection, cursor, text, bound, None, False)  # noqa: FBT003 - as it is called
    cursor.execute(text, bound)
    return cursor


def _pipeline(connection: Connection) -> AbstractContextManager[object]:
    driver: Any = connection.connection.driver_connection
    return nullcontext() if connection.dialect.name == "sqlite" else driver.pipeline()


@contextmanager
def _told(connection: Connection) -> Iterator[None]:
    """The driver's errors as those of SQLAlchemy, which everyone else knows."""
    dialect = connection.dialect
    errors = dialect.loaded_dbapi.Error
    try:
        yield
    except errors as error:
        raise DBAPIError.instance(None, None, error, errors, dialect=dialect) from error


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement as the driver takes it, the names of its values, and how each is stored.

    `constants` are values that stand in the statement itself.
    """

    text: str
    names: tuple[str, ...]
    constants: dict[str, Any]
    stored: Callable[[Any], Any]
    read: tuple[tuple[int, Callable[[Any], Any]], ...]
    is_positional: bool

    def bound(self, values: Row) -> Bound:
        stored = self.stored
        if self.constants:
            values = self.constants | dict(values)
        if self.is_positional:
            return tuple(
                [
                    value if type(value := values[name]) in _AS_IT_IS else stored(value)
                    for name in self.names
                ]
            )
        return {name: stored(values[name]) for name in self.names}


@cache
def _prepared(statement: ClauseElement, name: str) -> _Prepared:
    is_sqlite = name == "sqlite"
    dialect = _SQLITE if is_sqlite else _POSTGRESQL
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)  # noqa: S101 - no DDL comes here
    types = [column.type for column in getattr(statement, "selected_columns", ())]
    read = [t.dialect_impl(dialect).result_processor(dialect, None) for t in types]
    names = compiled.bind_names
    return _Prepared(
        str(compiled),
        tuple(compiled.positiontup or names.values()),
        {name: bind.value for bind, name in names.items() if not bind.required},
        _in_sqlite if is_sqlite else _in_postgresql,
        tuple((n, as_read) for n, as_read in enumerate(read) if as_read is not None),
        is_positional=is_sqlite,
    )


_SQLITE: Any = sqlite.dialect(paramstyle="qmark")
_POSTGRESQL: Any = psycopg.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy's own
_COUNTED = {Verb.INSERT_ABSENT, Verb.UPDATE}
_AS_IT_IS = {str, int, bytes, bool, type(None)}


def _in_sqlite(value: Any) -> Any:  # noqa: ANN401 - any column's value
    """A value as SQLAlchemy's types store it in SQLite."""
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):  # of a kind of its own, as marked-up text is
        return str(value)
    return value.isoformat() if isinstance(value, date) else json.dumps(value)


def _in_postgresql(value: Any) -> Any:  # noqa: ANN401 - as above
    """A value as PostgreSQL's driver takes it."""
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, datetime):
        return _utc(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return str(value)
    return value if isinstance(value, date) else _JSON.encode(value)


@lru_cache(maxsize=1_000)
def _moment(value: datetime) -> str:
    return _utc(value).replace(tzinfo=None).isoformat(" ", "microseconds")


def _in_json(value: object) -> str:
    """What JSON has no word for, as PostgreSQL reads it."""
    if isinstance(value, datetime):
        return _iso(value)
    if isinstance(value, date):
        return value.isoformat()
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


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_in_json)
