"""Many acts' rows, held back and then written in one statement a table.

While a session gathers, `models.writing` hands its rows over instead of sending a statement each.
So an act is written once in code, and costs a share of a few statements where there are hundreds.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Table, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from models.base import Base
from models.sending import Row, insert_rows, update_rows

_KEY = "gathering"
Kind = type[Base] | tuple[type[Base], frozenset[str]]


class NeedsStatements(Exception):
    """An act that reads, or writes in other ways, cannot be gathered with others."""


class Gathering:
    """The rows of many acts. `expected` is about how many rows of a table will need a number.

    `states` are those that are known to be in the database.
    """

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
        for kind, rows in self._rows.items():
            if not rows:
                continue
            if not isinstance(kind, tuple):
                insert_rows(self._connection, _table(kind), rows)
            elif update_rows(self._connection, _table(kind[0]), kind[1], rows) != len(rows):
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


def needed(session: Session) -> Gathering:
    """What the session gathers, for what can be written in no other way."""
    found: Gathering = session.info[_KEY]
    return found


def refuse(session: Session) -> None:
    """Before what cannot be gathered. Raises NeedsStatements while the session gathers."""
    if of(session):
        raise NeedsStatements


def _table(table: type[Base]) -> Table:
    found: Table = table.__table__  # type: ignore[assignment] # every table of ours is one
    return found
