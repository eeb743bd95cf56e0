"""Rows written past the unit of work, in one prepared statement each.

For what every act writes. The unit of work asks of each object what has changed, what depends on
what, and in which order to write it; that takes longer than the database takes to write the row.
So does handing a statement through all the layers of SQLAlchemy: here each is compiled once.
While the session gathers, the rows of many acts wait to be written together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from sqlalchemy import CursorResult, Dialect, bindparam, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

from models import gathering
from models.base import Base
from models.plain import Plain

_PREPARED: WeakKeyDictionary[Dialect, dict[ClauseElement, "_Prepared"]] = (
    WeakKeyDictionary()
)


class Versioned(Protocol):
    """An object whose row counts its changes."""

    id: Any
    revision: Any


def send(
    session: Session, statement: ClauseElement, values: Mapping[str, object]
) -> CursorResult[Any]:
    """Carry out a statement that is made once and kept; it is compiled once per database.

    What waits in the session to be flushed is not looked at.
    """
    connection = session.connection()
    prepared = _prepared(statement, connection.dialect)
    return connection.exec_driver_sql(prepared.text, prepared.bound(values))


def insert(session: Session, table: type[Base], **values: object) -> None:
    """Insert a row; the session knows nothing of it until it looks."""
    if gathered := gathering.of(session):
        gathered.insert(table, values)
    else:
        send(session, _insert(table, frozenset(values)), values)


def insert_all(
    session: Session, table: type[Base], rows: Sequence[Mapping[str, object]]
) -> None:
    """Insert rows that all name the same columns."""
    if not rows:
        return
    connection = session.connection()
    prepared = _prepared(_insert(table, frozenset(rows[0])), connection.dialect)
    connection.exec_driver_sql(prepared.text, [prepared.bound(row) for row in rows])


def insert_numbered(session: Session, table: type[Base], **values: object) -> int:
    """Insert a row and give the id that it was given."""
    if gathered := gathering.of(session):
        return gathered.insert_numbered(table, values)
    if session.connection().dialect.name == "sqlite":
        return int(send(session, _insert(table, frozenset(values)), values).lastrowid)
    statement = _insert_returning(table, frozenset(values))
    return int(send(session, statement, values).scalar_one())


def insert_absent(session: Session, table: type[Base], **values: object) -> bool:
    """Insert unless a row with the same key is there; says whether it was inserted.

    Never fails because another was first; waits for the other to come to its end.
    """
    dialect = session.connection().dialect.name
    statement = _insert_absent(table, frozenset(values), dialect)
    return bool(send(session, statement, values).rowcount)


def save(session: Session, row: Versioned | Plain) -> None:
    """Write what has changed of a row that was read in this session.

    Raises StaleDataError, as the unit of work would, when its revision is not the one read.
    """
    if isinstance(row, Plain):
        gathering.needed(session).update(row.table, row.changed, row.id, row.revision)
        return
    state = inspect(row)
    changed = {name: getattr(row, name) for name in state.committed_state}
    if not changed:
        return
    if gathered := gathering.of(session):
        gathered.update(type(row), changed, row.id, row.revision)
    else:
        _update_one(session, row, changed)
    set_committed_value(row, "revision", row.revision + 1)
    state._commit_all(state.dict, session.identity_map)  # noqa: SLF001 - what a flush does last


def _update_one(session: Session, row: Versioned, changed: dict[str, object]) -> None:
    statement = _update(type(row), frozenset(changed))
    counted = {"revision": row.revision + 1, "known": row.revision, "this": row.id}
    if send(session, statement, changed | counted).rowcount != 1:
        message = f"{row!r} was changed by somebody else"
        raise StaleDataError(message)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement as the driver takes it, and how each value is made ready for it."""

    text: str
    binds: tuple[tuple[str, Callable[[Any], Any] | None], ...]
    is_positional: bool

    def bound(self, values: Mapping[str, object]) -> Any:
        ready = [
            values[name] if prepare is None else prepare(values[name])
            for name, prepare in self.binds
        ]
        if self.is_positional:
            return tuple(ready)
        return {name: value for (name, _), value in zip(self.binds, ready, strict=True)}


def _prepared(statement: ClauseElement, dialect: Dialect) -> _Prepared:
    known = _PREPARED.setdefault(dialect, {})
    if statement not in known:
        known[statement] = _prepare(statement, dialect)
    return known[statement]


def _prepare(statement: ClauseElement, dialect: Dialect) -> _Prepared:
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)  # noqa: S101 - no DDL comes here
    types = {name: bind.type for name, bind in compiled.binds.items()}
    binds = tuple(
        (name, types[name].dialect_impl(dialect).bind_processor(dialect))
        for name in compiled.positiontup or types
    )
    return _Prepared(str(compiled), binds, is_positional=bool(compiled.positional))


@cache
def _insert(table: type[Base], names: frozenset[str]) -> Any:
    rows: Any = table.__table__  # of which the type alone does not say that it is one table
    return rows.insert().inline().values(_binds(names))


@cache
def _insert_returning(table: type[Base], names: frozenset[str]) -> Any:
    return _insert(table, names).returning(table.__table__.c.id)


@cache
def _insert_absent(table: type[Base], names: frozenset[str], dialect: str) -> Any:
    make: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    values = make(table.__table__).inline().values(_binds(names))
    return values.on_conflict_do_nothing()


@cache
def _update(table: type[Any], names: frozenset[str]) -> Any:
    columns = table.__table__.c
    mine = (columns.id == bindparam("this")) & (columns.revision == bindparam("known"))
    return table.__table__.update().where(mine).values(_binds(names | {"revision"}))


def _binds(names: frozenset[str]) -> dict[str, Any]:
    return {name: bindparam(name) for name in sorted(names)}
