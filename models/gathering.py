"""Many acts' rows, held back and then written in one statement a table.

While a session gathers, `models.writing` hands its rows over instead of sending a statement each.
So an act is written once in code, and costs a share of a few statements where there are hundreds.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    Insert,
    Table,
    Text,
    Update,
    bindparam,
    cast,
    column,
    func,
    select,
    text,
)
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.sql.selectable import TableValuedAlias

from models.base import Base

_KEY = "gathering"
Row = dict[str, Any]
Kind = type[Base] | tuple[type[Base], frozenset[str]]


class NeedsStatements(Exception):
    """An act that reads, or writes in other ways, cannot be gathered with others."""


class Gathering:
    """The rows of many acts. `expected` is about how many rows of a table will need a number."""

    def __init__(self, session: Session, expected: int) -> None:
        self.states: set[str] = set()
        self._connection = session.connection()
        self._expected = expected
        self._rows: defaultdict[Kind, list[Row]] = defaultdict(list)
        self._numbers: dict[type[Base], Iterator[int]] = {}

    def insert(self, table: type[Base], values: Row) -> None:
        """A row to insert."""
        self._rows[table].append(values)

    def insert_numbered(self, table: type[Base], values: Row) -> int:
        """A row to insert under the number that is given back."""
        if table not in self._numbers:
            self._numbers[table] = self._count(table.__tablename__)
        number = next(self._numbers[table])
        self._rows[table].append(values | {"id": number})
        return number

    def update(self, table: type[Any], changed: Row, row_id: int, revision: int) -> None:
        """A row to change, should its revision still be this one."""
        values = changed | {"revision": revision + 1, "this": row_id, "known": revision}
        self._rows[table, frozenset(changed)].append(values)

    @contextmanager
    def act(self) -> Iterator[None]:
        """Around what belongs together: none of it is kept if it fails."""
        before = {kind: len(rows) for kind, rows in self._rows.items()}
        try:
            yield
        except BaseException:
            for kind, rows in self._rows.items():
                del rows[before.get(kind, 0) :]
            raise

    def write(self) -> None:
        """Send everything. Raises StaleDataError when a row is not the one that was read."""
        is_sqlite = self._connection.dialect.name == "sqlite"
        for kind, rows in self._rows.items():
            if not rows:
                continue
            statement = _statement(kind, frozenset(rows[0]), is_sqlite=is_sqlite)
            given = rows if is_sqlite else {"rows": _JSON.encode(rows)}
            result = self._connection.execute(statement, given)
            if isinstance(kind, tuple) and result.rowcount != len(rows):
                message = f"rows of {kind[0].__name__} were changed by somebody else"
                raise StaleDataError(message)
        self._rows.clear()

    def _count(self, table: str) -> Iterator[int]:
        last = 0
        while True:
            for last in self._reserve(table, last):  # noqa: B020 - counting on from it
                yield last

    def _reserve(self, table: str, last: int) -> Iterable[int]:
        """The next numbers of a table. SQLite's are for whoever holds the write lock."""
        if self._connection.dialect.name == "postgresql":
            query = f"SELECT nextval('{table}_id_seq') FROM generate_series(1, :count)"  # noqa: S608 - our own tables
            return self._connection.scalars(text(query), {"count": self._expected}).all()
        known = self._connection.scalar(text(f"SELECT max(id) FROM {table}")) or 0  # noqa: S608 - as above
        first = max(last, known) + 1
        return range(first, first + self._expected)


@contextmanager
def gathering(session: Session, expected: int) -> Iterator[Gathering]:
    """Hold back what is written inside, and write it at the end."""
    made = session.info[_KEY] = Gathering(session, expected)
    try:
        yield made
    finally:
        del session.info[_KEY]
    made.write()


def of(session: Session) -> Gathering | None:
    """What the session gathers, if it does."""
    found: Gathering | None = session.info.get(_KEY)
    return found


def refuse(session: Session) -> None:
    """Before what cannot be gathered. Raises NeedsStatements while the session gathers."""
    if of(session):
        raise NeedsStatements


@cache
def _statement(kind: Kind, names: frozenset[str], *, is_sqlite: bool) -> Insert | Update:
    if isinstance(kind, tuple):
        return _update(_table(kind[0]), kind[1], is_sqlite=is_sqlite)
    table = _table(kind)
    if is_sqlite:
        return table.insert().inline()
    given = _given(table, {name: name for name in names})
    return table.insert().inline().from_select([*names], select(*given.c))


def _update(table: Table, changed: frozenset[str], *, is_sqlite: bool) -> Update:
    columns, names = table.c, [*sorted(changed), "revision"]
    change = table.update()
    if is_sqlite:
        change = change.where(
            columns.id == bindparam("this"), columns.revision == bindparam("known")
        )
        return change.values({name: bindparam(name) for name in names})
    given = _given(table, {n: n for n in names} | {"this": "id", "known": "revision"})
    change = change.where(columns.id == given.c.this, columns.revision == given.c.known)
    return change.values({name: given.c[name] for name in names})


def _given(table: Table, names: dict[str, str]) -> TableValuedAlias:
    """The rows that PostgreSQL is given in one JSON text, with a column's type for each name."""
    columns = [column(name, table.c[like].type) for name, like in names.items()]
    text_ = cast(bindparam("rows", type_=Text), JSON)
    rows = func.json_to_recordset(text_).table_valued(*columns, name="given")
    return rows.render_derived(with_types=True)


def _plain(value: object) -> str:
    """What JSON has no word for, as PostgreSQL reads it."""
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.isoformat()
    message = f"{value!r} has no place in the database"
    raise ValueError(message)


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain)


def _table(table: type[Base]) -> Table:
    found: Table = table.__table__  # type: ignore[assignment] # every table of ours is one
    return found
