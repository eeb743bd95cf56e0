"""Incidents: automatic steps that failed. The instance waits there until an operator retries."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.history import EventKind
from models.operations import Incident
from models.process import ProcessInstance
from workflows import deployments, history, instances, states
from workflows.actors import Actor, Post


def open_ones(session: Session) -> Sequence[Incident]:
    """The incidents that nobody has resolved, oldest first."""
    query = (
        select(Incident).where(Incident.resolved_at.is_(None)).order_by(Incident.raised_at)
    )
    return session.scalars(query).all()


def count_open(session: Session) -> int:
    """How many incidents nobody has resolved."""
    query = select(func.count(Incident.id)).where(Incident.resolved_at.is_(None))
    return session.scalar(query) or 0


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


def retry(
    session: Session, incident_id: int, *, actor: Actor, post: Post | None, now: datetime
) -> Incident:
    """Run the failed step again and move the instance on. What was resolved stays as it is."""
    incident = session.get_one(Incident, incident_id)
    instance = instances.lock(session, incident.instance_id)
    session.refresh(incident)
    if incident.resolved_at is not None:
        return incident
    instances.check_active(instance)
    incident.resolved_at, incident.resolved_by = now, actor.id
    history.append(
        session,
        instance,
        EventKind.INCIDENT_RESOLVED,
        actor=actor,
        post=post,
        now=now,
        incident=incident.id,
        element=incident.element_id,
    )
    definition = deployments.definition_of(session, instance)
    marking = states.load(session, instance.state_hash)
    instances.settle(session, instance, definition, marking, now=now)
    session.flush()
    return incident
