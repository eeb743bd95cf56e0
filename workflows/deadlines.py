"""Deadlines: moments that the calendar brings, and what is done when they come.

A task waits for one of its deadlines at a time: the reminder, then the due date, then, where the
diagram says so, the escalation. A timer of the diagram waits as long as the marking waits for it.
"""

from datetime import datetime
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import gathering
from models.deadlines import Deadline, DeadlineKind
from models.process import ProcessInstance
from models.writing import delete, insert
from workflows import calendar, engine
from workflows.definitions import Definition
from workflows.engine import Marking, Wait, WaitKind
from workflows.handlers import Variables

Timers: TypeAlias = dict[Wait, Wait]
"""The timers that waited before an act, and how each is called by now, if it still waits."""


def open_task(
    session: Session,
    instance_id: int,
    task_id: int,
    element_id: str,
    *,
    due_at: datetime | None,
    follow_up_at: datetime | None,
) -> None:
    """Keep the first deadline of a task that has just opened; none without a due date."""
    if due_at is None:
        return
    is_reminded = follow_up_at is not None and follow_up_at < due_at
    kind = DeadlineKind.REMINDER if is_reminded else DeadlineKind.OVERDUE
    insert(
        session,
        Deadline,
        instance_id=instance_id,
        kind=kind,
        task_id=task_id,
        element_id=element_id,
        ordinal=0,
        due_at=follow_up_at if is_reminded else due_at,
    )


def close_task(session: Session, task_id: int) -> None:
    """Nobody waits for this task any more."""
    delete(session, Deadline, task_id=task_id, fired_at=None)


def waiting(marking: Marking) -> Timers:
    """The timers of a marking, each called as it is."""
    return {wait: wait for wait in marking.waits if wait.kind == WaitKind.DEADLINE}


def carry(
    definition: Definition,
    marking: Marking,
    wait: Wait,
    variables: Variables,
    timers: Timers,
) -> Timers:
    """The timers as they are called after one more move."""
    if not timers:
        return timers
    names = engine.carried(definition, marking, wait, variables)
    return {first: names[last] for first, last in timers.items() if last in names}


def sync(
    session: Session,
    instance: ProcessInstance,
    definition: Definition,
    marking: Marking,
    timers: Timers,
    *,
    had_timers: bool,
    now: datetime,
) -> None:
    """Make the rows of timers agree with the marking: some run on, some are new, some are off."""
    wanted = waiting(marking)
    if not wanted and not had_timers:
        return
    gathering.refuse(session)
    kept = set()
    for row in _timers(session, instance.id):
        name = timers.get(Wait(WaitKind.DEADLINE, row.element_id, row.ordinal))
        if name is None or name not in wanted:
            session.delete(row)
        else:
            row.element_id, row.ordinal = name.element, name.ordinal
            kept.add(name)
    session.flush()
    for wait in wanted.keys() - kept:
        days = definition.elements[wait.element].timer_days or 0
        insert(
            session,
            Deadline,
            instance_id=instance.id,
            kind=DeadlineKind.TIMER,
            element_id=wait.element,
            ordinal=wait.ordinal,
            due_at=calendar.deadline(now, days),
        )


def _timers(session: Session, instance_id: int) -> list[Deadline]:
    query = select(Deadline).where(
        Deadline.instance_id == instance_id,
        Deadline.task_id.is_(None),
        Deadline.kind == DeadlineKind.TIMER,
        Deadline.fired_at.is_(None),
    )
    return list(session.scalars(query))
