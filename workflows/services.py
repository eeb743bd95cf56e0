"""Automatic steps: run the handlers of the service tasks that a marking waits on.

They run inside the act that leads to them, in its transaction. One that fails takes back what it
did, leaves the token where it is and an incident for the operators; the act itself stands.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from models import gathering
from models.history import EventKind
from models.operations import Incident
from models.process import ProcessInstance
from models.writing import save
from workflows import deadlines, engine, history
from workflows.deadlines import Timers
from workflows.definitions import Definition
from workflows.engine import Marking, Wait, WaitKind
from workflows.errors import ProcessStuck, WorkflowError
from workflows.handlers import HANDLERS
from workflows.words import N_

MAX_SERVICE_TASKS = 100
LONGEST_MESSAGE = 2_000


def run(
    session: Session,
    instance: ProcessInstance,
    definition: Definition,
    marking: Marking,
    timers: Timers,
    *,
    now: datetime,
) -> tuple[Marking, Timers]:
    """Complete the service tasks one after the other, until only others are waited for.

    Errors that people can be told end the whole act, as do those of the database itself.
    """
    failed: set[Wait] = set()
    wait: Wait | None = None
    for _ in range(MAX_SERVICE_TASKS):
        wait = next((w for w in _waiting(marking) if w not in failed), None)
        if wait is None:
            return marking, timers
        gathering.refuse(session)
        try:
            with _attempt(session, instance):
                following = _serve(session, instance, definition, marking, wait, now)
        except (WorkflowError, SQLAlchemyError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever a handler raises is an incident
            _report(session, instance, definition, wait, error, now)
            failed.add(wait)
        else:
            timers = deadlines.carry(definition, marking, wait, instance.variables, timers)
            marking = following
            failed.clear()
    raise ProcessStuck(
        N_("Quy trình tự chạy quá nhiều bước mà không chờ ai, đến “%(id)s”."),
        id=wait.element if wait else "",
    )


def _waiting(marking: Marking) -> Iterator[Wait]:
    return (wait for wait in marking.waits if wait.kind == WaitKind.SERVICE)


def _serve(
    session: Session,
    instance: ProcessInstance,
    definition: Definition,
    marking: Marking,
    wait: Wait,
    now: datetime,
) -> Marking:
    topic = definition.elements[wait.element].topic
    added = HANDLERS[topic](session, instance, now)
    instance.variables = instance.variables | added
    following = engine.complete(definition, marking, wait, instance.variables)
    history.append(
        session,
        instance,
        EventKind.SERVICE_COMPLETED,
        actor=None,
        now=now,
        element=wait.element,
        ordinal=wait.ordinal,
        topic=topic,
        variables=added,
        state=following.state,
    )
    session.flush()  # what the handler did must hold here, not later
    return following


@contextmanager
def _attempt(session: Session, instance: ProcessInstance) -> Iterator[None]:
    """What fails inside leaves no trace, neither in the database nor in the chain."""
    save(session, instance)  # or the savepoint would take back what came before it as well
    with history.attempt(session), session.begin_nested():
        yield


def _report(
    session: Session,
    instance: ProcessInstance,
    definition: Definition,
    wait: Wait,
    error: Exception,
    now: datetime,
) -> None:
    query = select(Incident).where(
        Incident.instance_id == instance.id,
        Incident.element_id == wait.element,
        Incident.resolved_at.is_(None),
    )
    incident = session.scalars(query).first()
    if incident is None:
        incident = Incident(
            instance_id=instance.id,
            element_id=wait.element,
            topic=definition.elements[wait.element].topic,
            attempts=0,
            raised_at=now,
        )
        session.add(incident)
    incident.message = f"{type(error).__name__}: {error}"[:LONGEST_MESSAGE]
    incident.failed_at = now
    incident.attempts += 1
    session.flush()
    history.append(
        session,
        instance,
        EventKind.INCIDENT_RAISED,
        actor=None,
        now=now,
        element=wait.element,
        incident=incident.id,
        attempt=incident.attempts,
    )
