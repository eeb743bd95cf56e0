"""Who opened which dossier before acting on it: most did a while before, some did not."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from awards import reads
from models.awards import Nomination
from models.history import EventKind, HistoryEvent
from models.reads import ReadKind
from workflows.actors import Actor

_HASTY, _UNREAD = 31, 23  # one in so many


def look(session: Session, staff: Mapping[str, Sequence[Actor]]) -> None:
    """Tell the reads of everybody who has completed a step so far."""
    people = {actor.id: actor for actors in staff.values() for actor in actors}
    query = (
        select(HistoryEvent, Nomination)
        .join(Nomination, Nomination.instance_id == HistoryEvent.instance_id)
        .where(HistoryEvent.kind == EventKind.TASK_COMPLETED)
        .order_by(HistoryEvent.at, HistoryEvent.id)
    )
    for number, (event, nomination) in enumerate(session.execute(query).all(), start=1):
        if number % _UNREAD == 0 or event.actor_id is None:
            continue
        before = timedelta(seconds=6) if number % _HASTY == 0 else _minutes(number)
        reads.record(
            session,
            ReadKind.DOSSIER_OPENED,
            nomination,
            actor=people[event.actor_id],
            now=event.at - before,
        )


def _minutes(number: int) -> timedelta:
    return timedelta(minutes=2 + number % 13)
