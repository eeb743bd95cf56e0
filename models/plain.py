"""Rows read past the unit of work, for what every act reads.

A mapped object tells the session of every change; that takes longer than all the rest of an act.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Select, select

from models.base import Base


class Plain:
    """A row with the attributes of its mapped class, which knows how it was read.

    What it is related to is set by whoever has read that too. `models.writing.save` writes what
    has changed of it.
    """

    table: type[Base]
    read: dict[str, Any]
    id: int
    revision: int

    def __init__(self, table: type[Base], read: dict[str, Any]) -> None:
        self.__dict__.update(read)
        self.table = table
        self.read = read

    @property
    def changed(self) -> dict[str, Any]:
        """The columns that have other values now."""
        now = self.__dict__
        return {
            name: now[name] for name, value in self.read.items() if now[name] is not value
        }

    def is_saved(self) -> None:
        """Its row is as it is now, and counts one change more."""
        self.revision += 1
        self.read = {name: self.__dict__[name] for name in self.read}


def select_plain(*tables: type[Base]) -> Select[*tuple[Any, ...]]:
    """Every column of these tables, to be made rows of by `plain_rows`."""
    return select(*(column for table in tables for column in table.__table__.columns))


def plain_rows(
    rows: Iterable[Sequence[Any]], *tables: type[Base]
) -> Iterator[tuple[Any, ...]]:
    """A `Plain` of each table for each row of what was selected, and what else there is in it."""
    names = [[column.name for column in table.__table__.columns] for table in tables]
    for row in rows:
        rest = iter(row)
        plain = [
            Plain(table, dict(zip(columns, rest, strict=False)))
            for table, columns in zip(tables, names, strict=True)
        ]
        yield *plain, *rest
