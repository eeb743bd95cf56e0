"""Incidents: automatic steps that failed. The instance waits there until an operator retries."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.operations import Incident
from models.process import ProcessInstance


def open_ones(session: Session) -> Sequence[Incident]:
    """The incidents that nobody has resolved, oldest first."""
    query = select(Incident).where(Incident.resolved_at.is_(None)).order_by(Incident.raised_at)
    return session.scalars(query).all()


def report(
    session: Session,
    instance: ProcessInstance,
    *,
    element: str,
    topic: str,
    message: str,
    now: datetime,
) -> Incident:
    """Keep what went wrong; the same step failing again is the same incident."""
    query = select(Incident).where(
        Incident.instance_id == instance.id,
        Incident.element_id == element,
        Incident.resolved_at.is_(None),
    )
    incident = session.scalars(query).first()
    if incident is None:
        incident = Incident(
            instance_id=instance.id,
            element_id=element,
            topic=topic,
            attempts=0,
            raised_at=now,
        )
        session.add(incident)
    incident.message, incident.failed_at = message, now
    incident.attempts += 1
    session.flush()
    return incident
