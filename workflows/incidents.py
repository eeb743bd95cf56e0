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
    query = select(Incident).where(Incident.resolved_at.is_(None))
    return session.scalars(query.order_by(Incident.raised_at, Incident.id)).all()


def count_open(session: Session) -> int:
    """How many incidents nobody has resolved."""
    query = select(func.count(Incident.id)).where(Incident.resolved_at.is_(None))
    return session.scalar(query) or 0


def retry(
    session: Session, incident_id: int, *, actor: Actor, post: Post | None, now: datetime
) -> Incident:
    """Run the automatic step again, and go on behind it if it succeeds.

    An incident that is resolved already stays as it is. One that fails again counts the attempt.
    """
    incident = session.get_one(Incident, incident_id)
    instance = instances.lock(session, incident.instance_id)
    session.refresh(incident)
    if incident.resolved_at is not None:
        return incident
    instances.check_active(instance)
    definition = deployments.definition_of(session, instance)
    marking = states.load(session, instance.state_hash)
    attempts = incident.attempts
    instances.settle(session, instance, definition, marking, before=marking, now=now)
    session.refresh(incident)
    if incident.attempts == attempts:
        _resolve(session, instance, incident, actor, post, now)
    session.flush()
    return incident


def close(
    session: Session,
    instance: ProcessInstance,
    *,
    actor: Actor,
    post: Post | None,
    now: datetime,
) -> None:
    """Nobody waits for these steps any more: operators have cancelled or moved the instance."""
    query = select(Incident).where(
        Incident.instance_id == instance.id, Incident.resolved_at.is_(None)
    )
    for incident in session.scalars(query).all():
        _resolve(session, instance, incident, actor, post, now)
    session.flush()


def _resolve(
    session: Session,
    instance: ProcessInstance,
    incident: Incident,
    actor: Actor,
    post: Post | None,
    now: datetime,
) -> None:
    incident.resolved_at, incident.resolved_by = now, actor.id
    history.append(
        session,
        instance,
        EventKind.INCIDENT_RESOLVED,
        actor=actor,
        post=post,
        now=now,
        element=incident.element_id,
        incident=incident.id,
    )
