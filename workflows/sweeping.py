"""The sweep: once a minute, whatever has come due is done, each deadline once."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from models.deadlines import Deadline, DeadlineKind
from models.history import EventKind
from models.process import InstanceStatus, ProcessInstance
from models.session import reading, transaction
from models.tasks import UserTask
from models.writing import save
from workflows import (
    calendar,
    clocks,
    deployments,
    engine,
    history,
    instances,
    queues,
    states,
)
from workflows.engine import Wait, WaitKind

ROUND = 500  # as many as are looked up at once


def sweep(database: Engine, now: datetime) -> int:
    """Do all that is due, each deadline in a transaction of its own; gives how many there were.

    One that fails does not keep the others waiting: it raises when all have had their turn.
    """
    done, tried = 0, set[int]()
    errors: list[Exception] = []
    while found := [n for n in _due(database, now, len(tried)) if n not in tried]:
        for deadline_id in found:
            tried.add(deadline_id)
            try:
                with transaction(database) as session:
                    done += fire(session, deadline_id, now=now)
            except Exception as error:  # noqa: BLE001 - the next deadline is another case's
                errors.append(error)
    if errors:
        message = "deadlines could not be carried out"
        raise ExceptionGroup(message, errors)
    return done


def fire(session: Session, deadline_id: int, *, now: datetime) -> bool:
    """Do what a deadline is for, unless it was done, moved or taken off in the meantime."""
    instance_id = session.scalar(
        select(Deadline.instance_id).where(Deadline.id == deadline_id)
    )
    if instance_id is None:
        return False
    instance = instances.lock(session, instance_id)
    row = session.get(Deadline, deadline_id, populate_existing=True)
    if row is None or row.fired_at is not None or row.due_at > now:
        return False
    if instance.status != InstanceStatus.RUNNING or instance.suspended_at is not None:
        return False
    row.fired_at = now
    _KINDS[row.kind](session, instance, row, now)
    save(session, instance)
    session.flush()
    return True


def _due(database: Engine, now: datetime, skipped: int) -> list[int]:
    query = (
        select(Deadline.id)
        .join(ProcessInstance, ProcessInstance.id == Deadline.instance_id)
        .where(
            Deadline.fired_at.is_(None),
            Deadline.due_at <= now,
            ProcessInstance.suspended_at.is_(None),
        )
        .order_by(Deadline.due_at, Deadline.id)
        .limit(ROUND + skipped)
    )
    with reading(database) as session:
        return list(session.scalars(query))


def _timer(
    session: Session, instance: ProcessInstance, row: Deadline, now: datetime
) -> None:
    definition = deployments.definition_of(session, instance)
    marking = states.load(session, instance.state_hash)
    wait = Wait(WaitKind.DEADLINE, row.element_id, row.ordinal)
    following = engine.fire(definition, marking, wait, instance.variables)
    history.append(
        session,
        instance,
        EventKind.DEADLINE_FIRED,
        actor=None,
        now=now,
        element=wait.element,
        ordinal=wait.ordinal,
        state=following.state,
    )
    session.flush()
    instances.settle(
        session, instance, definition, following, before=marking, wait=wait, now=now
    )


def _remind(
    session: Session, instance: ProcessInstance, row: Deadline, now: datetime
) -> None:
    task = session.get_one(UserTask, row.task_id)
    task.reminded_at = now
    _tell(session, instance, EventKind.TASK_REMINDED, task, now)
    if task.due_at is not None:
        _follow(session, row, DeadlineKind.OVERDUE, task.due_at)


def _overdue(
    session: Session, instance: ProcessInstance, row: Deadline, now: datetime
) -> None:
    task = session.get_one(UserTask, row.task_id)
    _tell(session, instance, EventKind.TASK_OVERDUE, task, now)
    element = deployments.definition_of(session, instance).elements[task.element_id]
    if element.escalation_days is not None:
        moment = calendar.deadline(row.due_at, element.escalation_days)
        _follow(session, row, DeadlineKind.ESCALATION, moment)


def _escalate(
    session: Session, instance: ProcessInstance, row: Deadline, now: datetime
) -> None:
    task = session.get_one(UserTask, row.task_id)
    task.escalated_to = queues.superior(instance, task.queue)
    _tell(session, instance, EventKind.TASK_ESCALATED, task, now)


def _clock(
    session: Session, instance: ProcessInstance, row: Deadline, now: datetime
) -> None:
    name = row.element_id
    clock = next(c for c in clocks.of(session, instance.id) if c.name == name)
    history.append(
        session,
        instance,
        EventKind.CLOCK_EXPIRED,
        actor=None,
        now=now,
        clock=name,
        allowed_days=clock.allowed_days,
        used_days=clocks.used(clock, now),
    )


def _follow(session: Session, row: Deadline, kind: DeadlineKind, due_at: datetime) -> None:
    """The next deadline of the same task."""
    session.add(
        Deadline(
            instance_id=row.instance_id,
            kind=kind,
            task_id=row.task_id,
            element_id=row.element_id,
            ordinal=0,
            due_at=due_at,
        )
    )


def _tell(
    session: Session,
    instance: ProcessInstance,
    kind: EventKind,
    task: UserTask,
    now: datetime,
) -> None:
    history.append(
        session,
        instance,
        kind,
        actor=None,
        now=now,
        task=task.id,
        element=task.element_id,
        queue=task.queue,
        escalated_to=task.escalated_to,
    )


_KINDS = {
    DeadlineKind.REMINDER: _remind,
    DeadlineKind.OVERDUE: _overdue,
    DeadlineKind.ESCALATION: _escalate,
    DeadlineKind.TIMER: _timer,
    DeadlineKind.CLOCK: _clock,
}
