"""Who read which dossier: by person, by nomination, by both; the latest first."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from awards.auditing.events import people_called
from awards.listings import PAGE
from models.reads import ReadEvent
from workflows import calendar


def page(
    session: Session,
    *,
    person: str = "",
    code: str = "",
    since: date | None = None,
    until: date | None = None,
    before: int | None = None,
) -> tuple[Sequence[ReadEvent], int | None]:
    """A page of reads, and the number before which the next one begins if there is one."""
    query = select(ReadEvent)
    if person:
        query = query.where(ReadEvent.actor_id.in_(people_called(session, person)))
    if code:
        query = query.where(ReadEvent.chain == code.upper())
    if since:
        query = query.where(ReadEvent.at >= calendar.midnight(since))
    if until:
        query = query.where(ReadEvent.at < calendar.midnight(until + timedelta(days=1)))
    if before:
        query = query.where(ReadEvent.id < before)
    rows = session.scalars(query.order_by(ReadEvent.id.desc()).limit(PAGE + 1)).all()
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None
