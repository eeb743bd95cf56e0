"""Rows written past the unit of work, in one prepared statement each.

For what every act writes. The unit of work asks of each object what has changed, what depends on
what, and in which order to write it; that takes longer than the database takes to write the row.
While the session gathers, the rows wait to be written together.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Table, inspect
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from models import gathering, sending, statements
from models.base import Base
from models.plain import Plain
from models.sending import AlreadyThere
from models.statements import REVISION, Kind, Verb

Row = Mapping[str, object]


class Identified(Protocol):
    """An object with a row of its own."""

    id: Any


def insert(session: Session, table: type[Base], **values: object) -> None:
    """Insert a row; the session knows nothing of it until it looks."""
    _write(session, _kind(Verb.INSERT, table, values), values)


def insert_all(session: Session, table: type[Base], rows: Sequence[Row]) -> None:
    """Insert rows that all name the same columns."""
    if rows:
        connection = session.connection()
        kind = _kind(Verb.INSERT, table, rows[0])
        sending.send_many(connection, statements.one(kind, connection.dialect.name), rows)


def insert_numbered(session: Session, table: type[Base], **values: object) -> int:
    """Insert a row and give the id that it was given."""
    if gathered := gathering.of(session):
        number = gathered.number(table_of(table))
        insert(session, table, id=number, **values)
        return number
    kind = _kind(Verb.INSERT, table, values)
    if session.connection().dialect.name == "sqlite":
        return int(_send(session, kind, values).lastrowid)
    statement = statements.one_returning_id(kind)
    found = sending.send(session.connection(), statement, values).fetchone()
    return int(found[0])


def insert_absent(session: Session, table: type[Base], **values: object) -> bool:
    """Insert unless a row with the same key is there; says whether it was inserted.

    Never fails because another was first; waits for the other to come to its end. Is not gathered.
    """
    return bool(_send(session, _kind(Verb.INSERT_ABSENT, table, values), values).rowcount)


def insert_first(session: Session, table: type[Base], **values: object) -> None:
    """Insert a row whose key nobody has. Raises AlreadyThere, while gathering at the end."""
    kind = _kind(Verb.INSERT_ABSENT, table, values)
    if gathered := gathering.of(session):
        gathered.add(kind, values)
    elif not _send(session, kind, values).rowcount:
        raise AlreadyThere


def delete(session: Session, table: type[Base], **values: object) -> None:
    """Delete the rows that have these values; None stands for nothing at all."""
    given = {name: value for name, value in values.items() if value is not None}
    empty = frozenset(values.keys() - given.keys())
    _write(session, Kind(Verb.DELETE, table_of(table), frozenset(given), empty), given)


def save(session: Session, row: Identified | Plain) -> None:
    """Write what has changed of a row that was read in this session.

    If its table counts changes, raises StaleDataError, as the unit of work would, when the revision
    is not the one read.
    """
    if isinstance(row, Plain):
        changed, table = row.changed, table_of(row.table)
    else:
        state = inspect(row)
        table = state.mapper.local_table
        changed = {name: getattr(row, name) for name in state.committed_state}
    if not changed:
        return
    values = changed | {"this": row.id}
    if REVISION in table.c:
        known = getattr(row, REVISION)
        changed[REVISION] = known + 1
        values |= {REVISION: known + 1, "known": known}
    kind = Kind(Verb.UPDATE, table, frozenset(changed))
    if gathered := gathering.of(session):
        gathered.add(kind, values)
    elif _send(session, kind, values).rowcount != 1:
        message = f"{row!r} was changed by somebody else"
        raise StaleDataError(message)
    if isinstance(row, Plain):
        row.is_saved()
        return
    if REVISION in table.c:
        set_committed_value(row, REVISION, values[REVISION])
    state._commit_all(state.dict, session.identity_map)  # noqa: SLF001 - what a flush does last


def table_of(mapped: type[Base]) -> Table:
    """The one table behind a mapped class."""
    found: Table = mapped.__table__  # type: ignore[assignment] # every table of ours is one
    return found


def _kind(verb: Verb, table: type[Base], values: Row) -> Kind:
    return Kind(verb, table_of(table), frozenset(values))


def _write(session: Session, kind: Kind, values: Row) -> None:
    if gathered := gathering.of(session):
        gathered.add(kind, values)
    else:
        _send(session, kind, values)


def _send(session: Session, kind: Kind, values: Row) -> Any:
    connection = session.connection()
    statement = statements.one(kind, connection.dialect.name)
    return sending.send(connection, statement, values)
