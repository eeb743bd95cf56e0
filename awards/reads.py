"""Who has read what: one chain of events for each nomination, one a day for what is not of one.

Bodies hold ids and numbers, as in the history, and each carries the hash of the one before it. A
read never touches the nomination's own chain or revision, and waits for other readers of the same
dossier at most. This module alone inserts into these tables.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.awards import Nomination
from models.log import LeafSource
from models.process import ProcessInstance
from models.reads import ReadChain, ReadEvent, ReadKind
from models.writing import insert, insert_absent
from workflows import calendar, sealing
from workflows.actors import Actor
from workflows.canonical import canonical, sha256
from workflows.history import GENESIS
from workflows.words import N_

AGAIN = timedelta(minutes=15)
"""Who reads the same once more within this time has read it once."""

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing in a chain of reads that does not hold."""

    chain: str
    sequence: int
    message: str


def is_known(
    session: Session,
    kind: ReadKind,
    nomination: Nomination | None = None,
    *,
    actor: Actor,
    now: datetime,
    **details: object,
) -> bool:
    """Whether the very same read by this person was written a short while ago."""
    query = select(ReadEvent.body).where(
        ReadEvent.actor_id == actor.id,
        ReadEvent.at > now - AGAIN,
        ReadEvent.chain == _chain(nomination, now),
        ReadEvent.kind == kind,
    )
    return any(json.loads(body)["details"] == details for body in session.scalars(query))


def record(
    session: Session,
    kind: ReadKind,
    nomination: Nomination | None = None,
    *,
    actor: Actor,
    now: datetime,
    **details: object,
) -> None:
    """Write that the actor reads this: of a nomination, or of none in particular.

    `details` are ids and counts, never words: they cannot be erased.
    """
    name = _chain(nomination, now)
    insert_absent(session, ReadChain, name=name, length=0, head=GENESIS)
    chain = session.scalars(
        select(ReadChain).where(ReadChain.name == name).with_for_update()
    ).one()
    text = canonical(
        {
            "format": 1,
            "chain": name,
            "sequence": chain.length + 1,
            "kind": kind.value,
            "actor": actor.id,
            "at": _stamp(now),
            "details": details,
            "previous": chain.head,
        }
    )
    chain.length, chain.head = chain.length + 1, sha256(text)
    insert(
        session,
        ReadEvent,
        chain=name,
        sequence=chain.length,
        kind=kind,
        actor_id=actor.id,
        at=now,
        body=text,
        hash=chain.head,
    )
    session.flush()


def of(session: Session, nomination: Nomination) -> Sequence[ReadEvent]:
    """The latest reads of a nomination, newest first."""
    query = select(ReadEvent).where(ReadEvent.chain == nomination.code)
    return session.scalars(query.order_by(ReadEvent.sequence.desc()).limit(SHOWN)).all()


def verify_all(session: Session) -> Fault | None:
    """The first fault in any chain of reads, or None when all of them hold."""
    chains = {row.name: row for row in session.scalars(select(ReadChain))}
    query = select(ReadEvent).order_by(ReadEvent.chain, ReadEvent.sequence)
    with session.scalars(query.execution_options(yield_per=500)) as events:
        for name, written in groupby(events, key=lambda event: event.chain):
            if fault := _fault(chains.pop(name, None), name, written):
                return fault
    return next((_cut(row, 1) for row in chains.values() if row.length), None)


def _fault(chain: ReadChain | None, name: str, events: Iterator[ReadEvent]) -> Fault | None:
    previous, position = GENESIS, 0
    for position, event in enumerate(events, start=1):
        if not _holds(event, position, previous):
            message = N_("Sự kiện xem hồ sơ này đã bị sửa.")
            return Fault(name, position, message)
        previous = event.hash
    if chain is None or (chain.length, chain.head) != (position, previous):
        return _cut(chain or ReadChain(name=name), position + 1)
    return None


def _cut(chain: ReadChain, sequence: int) -> Fault:
    return Fault(
        chain.name, sequence, N_("Chuỗi sự kiện xem hồ sơ bị thiếu hoặc thừa ở cuối.")
    )


def _holds(event: ReadEvent, position: int, previous: str) -> bool:
    try:
        body: dict[str, Any] = json.loads(event.body)
        told = tuple(body[name] for name in ("chain", "sequence", "kind", "actor", "at"))
        is_next = body["previous"] == previous and event.sequence == position
    except (KeyError, TypeError, ValueError):
        return False
    kept = (event.chain, event.sequence, event.kind.value, event.actor_id, _stamp(event.at))
    return is_next and told == kept and sha256(event.body) == event.hash


def _of_instances(instances: Sequence[ProcessInstance]) -> ColumnElement[bool]:
    return ReadEvent.chain.in_([instance.business_key for instance in instances])


sealing.register(sealing.Source(LeafSource.READS, ReadEvent, _of_instances))


def _chain(nomination: Nomination | None, now: datetime) -> str:
    return nomination.code if nomination else calendar.today(now).isoformat()


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
