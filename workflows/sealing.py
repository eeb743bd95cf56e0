"""The sealer: gives every event its place in the one log, in the background.

Those who act never wait for it. Several sealers take turns, and what commits late on PostgreSQL is
waited for (`following`), so that no place is given twice and no event is left out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.history import HistoryEvent
from models.log import HistoryLeaf, LeafSource
from models.process import ProcessInstance
from models.session import take_turns
from models.writing import insert_all
from workflows import following, merkle, tree

AT_ONCE = 2_000
"""How many events get their places in one transaction."""

Belongs: TypeAlias = Callable[[Sequence[ProcessInstance]], ColumnElement[bool]]
_TURN = "history log"


@dataclass(frozen=True, slots=True)
class Source:
    """A table of events with `id`, `body` and `hash`, and which of its rows are of instances."""

    kind: LeafSource
    table: Any
    belongs: Belongs

    @property
    def reader(self) -> str:
        """The mark up to which its events have places."""
        return f"log:{self.kind}"


def _of_instances(instances: Sequence[ProcessInstance]) -> ColumnElement[bool]:
    return HistoryEvent.instance_id.in_([instance.id for instance in instances])


SOURCES: dict[LeafSource, Source] = {
    LeafSource.HISTORY: Source(LeafSource.HISTORY, HistoryEvent, _of_instances)
}


def register(source: Source) -> None:
    """Have the events of another table sealed as well."""
    SOURCES[source.kind] = source


def leaf_hash(body: str) -> bytes:
    """The hash of the leaf that stands for an event with this body."""
    return merkle.leaf_hash(body.encode())


def seal_some(session: Session, kind: LeafSource) -> int:
    """Give the next events of one source their places; how many there were, at most AT_ONCE.

    Call it in a transaction that has written nothing yet. None get one while an act is under way
    that takes too long; the next time will do.
    """
    source = SOURCES[kind]
    up_to = following.settled(session, table=source.table)
    if up_to is None:
        return 0
    hold(session)
    events = following.take(session, source.reader, up_to, AT_ONCE, table=source.table)
    first = tree.size(session)
    insert_all(
        session,
        HistoryLeaf,
        [
            {
                "place": place,
                "source": kind,
                "event_id": event.id,
                "hash": leaf_hash(event.body),
            }
            for place, event in enumerate(events, start=first)
        ],
    )
    tree.grow(session, first, first + len(events))
    return len(events)


def hold(session: Session) -> None:
    """Let nobody else write to the log until this transaction ends."""
    take_turns(session, _TURN)


def written(
    session: Session, wanted: Sequence[tuple[LeafSource, int]]
) -> dict[tuple[LeafSource, int], tuple[str, str]]:
    """Body and hash of these events, as far as they are there."""
    found: dict[tuple[LeafSource, int], tuple[str, str]] = {}
    for source in SOURCES.values():
        table = source.table
        ids = [id_ for kind, id_ in wanted if kind == source.kind]
        query = select(table.id, table.body, table.hash).where(table.id.in_(ids))
        for id_, body, digest in session.execute(query):
            found[source.kind, id_] = body, digest
    return found


def place_of(session: Session, kind: LeafSource, event_id: int) -> int | None:
    """Where an event stands in the log, if it does already."""
    query = select(HistoryLeaf.place).where(
        HistoryLeaf.source == kind, HistoryLeaf.event_id == event_id
    )
    return session.scalar(query)
