"""Rows written past the unit of work, in one prepared statement each.

For what every act writes. The unit of work asks of each object what has changed, what depends on
what and in which order to write it; that takes longer than the database takes to write the row.
While the session gathers, the rows of many acts wait to be written together.
"""

from functools import cache
from typing import Any, Protocol

from sqlalchemy import Insert, Table, Update, bindparam, inspect
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from models import gathering
from models.base import Base
from models.plain import Plain


class Versioned(Protocol):
    """An object whose row counts its changes."""

    id: Any
    revision: Any


def insert(session: Session, table: type[Base], **values: object) -> None:
    """Insert a row; the session knows nothing of it until it looks."""
    if gathered := gathering.of(session):
        gathered.insert(table, values)
        return
    session.connection().execute(_insert(table, inline=True), values)


def insert_numbered(session: Session, table: type[Base], **values: object) -> int:
    """Insert a row and give the id that it was given."""
    if gathered := gathering.of(session):
        return gathered.insert_numbered(table, values)
    result = session.connection().execute(_insert(table, inline=False), values)
    key = result.inserted_primary_key
    assert key is not None  # noqa: S101 - one row always has one
    return int(key[0])


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
        _send(session, row, changed)
    set_committed_value(row, "revision", row.revision + 1)
    state._commit_all(state.dict, session.identity_map)  # noqa: SLF001 - what a flush does last


def _send(session: Session, row: Versioned, changed: dict[str, object]) -> None:
    result = session.connection().execute(
        _update(type(row), frozenset(changed)),
        changed | {"revision": row.revision + 1, "this": row.id, "known": row.revision},
    )
    if result.rowcount != 1:
        message = f"{row!r} was changed by somebody else"
        raise StaleDataError(message)


@cache
def _insert(table: type[Base], *, inline: bool) -> Insert:
    statement = _table(table).insert()
    return statement.inline() if inline else statement


@cache
def _update(table: type[Any], names: frozenset[str]) -> Update:
    columns = _table(table).c
    return (
        _table(table)
        .update()
        .where(columns.id == bindparam("this"), columns.revision == bindparam("known"))
        .values({name: bindparam(name) for name in [*sorted(names), "revision"]})
    )


def _table(table: type[Any]) -> Table:
    found: Table = table.__table__
    return found
