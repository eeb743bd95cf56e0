"""Reading events from where one has stopped, and missing nothing.

Numbers of events are drawn before their transactions commit, so on PostgreSQL a smaller number may
become visible after a larger one. Whoever draws a number holds a lock on the sequence until the
transaction ends. So all numbers up to the last that was drawn are settled, seen or given up, once
nobody who held that lock at that moment holds it any more; nobody is made to wait for us.
"""

import time
from collections.abc import Sequence
from typing import Any, TypeAlias

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from models.history import HistoryEvent, HistoryMark

Events: TypeAlias = Any
"""A table of events, numbered by `id` and written once."""

PATIENCE = 20.0  # seconds
_PAUSE = 0.05
_DRAWN = text("SELECT coalesce(pg_sequence_last_value(CAST(:sequence AS regclass)), 0)")
_DRAWING = text(
    "SELECT virtualtransaction FROM pg_locks"
    " WHERE relation = CAST(:sequence AS regclass) AND mode = 'RowExclusiveLock'"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND granted AND pid <> pg_backend_pid()"
)


def settled(
    session: Session, *, patience: float = PATIENCE, table: Events = HistoryEvent
) -> int | None:
    """The number up to which every event there will ever be can be seen by the next query.

    None when somebody's transaction has not ended within so many seconds. Call it in a session
    whose next query sees what was committed meanwhile, and that has written nothing yet.
    """
    if session.get_bind().dialect.name == "sqlite":  # one writer at a time
        return session.scalar(select(func.max(table.id))) or 0
    sequence = {"sequence": f"{table.__tablename__}_id_seq"}
    last = int(session.execute(_DRAWN, sequence).scalar_one())
    waiting = set(session.scalars(_DRAWING, sequence))
    until = time.monotonic() + patience
    while waiting:
        if time.monotonic() >= until:
            return None
        time.sleep(_PAUSE)
        waiting &= set(session.scalars(_DRAWING, sequence))
    return last


def take(
    session: Session, reader: str, up_to: int, limit: int, *, table: Events = HistoryEvent
) -> Sequence[Any]:
    """The next events that this reader has not looked at, oldest first; now it has.

    `up_to` is settled. Two who read for one reader take turns.
    """
    query = select(HistoryMark).where(HistoryMark.reader == reader).with_for_update()
    mark = session.scalars(query.execution_options(populate_existing=True)).one()
    unseen = (
        select(table)
        .where(table.id > mark.read_to, table.id <= up_to)
        .order_by(table.id)
        .limit(limit)
    )
    events = session.scalars(unseen).all()
    is_all = len(events) < limit
    mark.read_to = max(mark.read_to, up_to if is_all else events[-1].id)
    session.flush()
    return events
