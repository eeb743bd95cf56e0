"""The rows of an act, or of many, held back and then written together.

While a session gathers, `models.writing` hands its rows over instead of sending a statement each.
So an act is written once in code, and reaches the database in one go: a few statements where there
are hundreds of acts, one trip to PostgreSQL where there is one.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import Session

from models.sending import numbers, send_all
from models.statements import Kind

_KEY = "gathering"
Row = Mapping[str, Any]


class NeedsStatements(Exception):
    """An act that reads, or writes in other ways, cannot be gathered."""


class Gathering:
    """The rows of acts. `expected` is about how many rows of a table will need a number.

    `first` are the numbers to begin with, where some were drawn before; `states` those that are
    known to be in the database.
    """

    def __init__(self, session: Session, expected: int, first: Mapping[Table, int]) -> None:
        self.states: set[str] = set()
        self._connection = session.connection()
        self._expected = expected
        self._first = first
        self._rows: defaultdict[Kind, list[Row]] = defaultdict(list)
        self._numbers: dict[Table, Iterator[int]] = {}

    def add(self, kind: Kind, row: Row) -> None:
        """A row to write in this way."""
        self._rows[kind].append(row)

    def number(self, table: Table) -> int:
        """A number for a row of this table that is to be inserted."""
        if table not in self._numbers:
            self._numbers[table] = self._count(table)
        return next(self._numbers[table])

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
        """Send everything.

        Raises StaleDataError when a row is not the one that was read, AlreadyThere when another
        has the key of one that should be the first.
        """
        send_all(self._connection, self._rows)
        self._rows.clear()

    def _count(self, table: Table) -> Iterator[int]:
        last = 0
        if table in self._first:
            last = self._first[table]
            yield last
        while True:
            for number in numbers(self._connection, table, self._expected, after=last):
                last = number
                yield number


@contextmanager
def gathering(
    session: Session, expected: int, first: Mapping[Table, int] | None = None
) -> Iterator[Gathering]:
    """Hold back what is written inside, and write it at the end."""
    made = session.info[_KEY] = Gathering(session, expected, first or {})
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
