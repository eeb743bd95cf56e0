"""What an act writes, kept and written again: hundreds of tests begin with the same acts.

The first test of a worker does the act itself. Those after it, on data that are as they were
then, are given the very rows it wrote: a tenth of the work.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from sqlalchemy import Engine, Row, Table, func, insert, select, update
from sqlalchemy.orm import Session

from models.base import Base
from models.history import HistoryEvent
from models.process import EngineState

Rows = dict[Table, dict[tuple[object, ...], Row[tuple[object, ...]]]]


@dataclass(frozen=True)
class Recording:
    """The rows that an act added, and those it changed as they were afterwards."""

    added: tuple[tuple[Table, list[dict[str, object]]], ...]
    changed: tuple[tuple[Table, dict[str, object], dict[str, object]], ...]

    @classmethod
    def of(cls, session: Session, act: Callable[[], object]) -> "Recording":
        """Do it, and keep what it wrote."""
        before = _rows(session)
        act()
        after = _rows(session)
        added, changed = [], []
        for table, rows in after.items():
            new = [row for key, row in rows.items() if key not in before[table]]
            if new:
                added.append((table, [dict(row._mapping) for row in new]))
            for key, row in rows.items():
                if before[table].get(key, row) != row:
                    names = [column.name for column in table.primary_key]
                    changed.append(
                        (table, dict(zip(names, key, strict=True)), dict(row._mapping))
                    )
        return cls(tuple(added), tuple(changed))

    def replay(self, session: Session) -> None:
        """Write the same rows again."""
        for table, rows in self.added:
            session.execute(insert(table), rows)
            if table is EngineState.__table__:  # rolled back with the session, like its own
                ours = session.info.setdefault("states", set())
                ours.update(row["hash"] for row in rows)
        for table, key, row in self.changed:
            session.execute(
                update(table)
                .where(*(table.c[name] == value for name, value in key.items()))
                .values(row)
            )
        session.expire_all()


_KEPT: dict[Hashable, Recording] = {}


def once(session: Session, key: Hashable, act: Callable[[], object]) -> None:
    """Do this act, or write again what it wrote when the data were as they are now.

    They are so in a session of `shared`: it begins with the same data each time, and neither
    the acts before this one nor the number of events differ.
    """
    if "played" not in session.info:
        act()
        return
    session.info["played"] += (key,)
    events = session.scalar(select(func.count()).select_from(HistoryEvent))
    place = (str(session.get_bind()), session.info["played"], events)
    if place in _KEPT:
        _KEPT[place].replay(session)
    else:
        _KEPT[place] = Recording.of(session, act)


def shared(engine: Engine) -> Session:
    """A session on a database in which nothing is ever committed."""
    return Session(engine, expire_on_commit=False, info={"played": ()})


def _rows(session: Session) -> Rows:
    session.flush()
    return {
        table: {
            tuple(row._mapping[column.name] for column in table.primary_key): row
            for row in session.execute(select(table))
        }
        for table in Base.metadata.sorted_tables
    }
