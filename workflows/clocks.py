"""Statutory clocks: a period of working days over several steps, which a return interrupts.

The diagram names the steps during which a clock runs (`clock`, `clock_days`) and the step that
stops it for good (`clock_stop`). In any other step it is paused.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.deadlines import Clock, Deadline, DeadlineKind
from models.history import EventKind
from models.process import ProcessInstance
from models.writing import delete, insert, save
from workflows import calendar, history
from workflows.actors import Actor, Post
from workflows.definitions import Definition
from workflows.engine import Marking


def of(session: Session, instance_id: int) -> list[Clock]:
    """The clocks of an instance that have been started."""
    query = select(Clock).where(Clock.instance_id == instance_id).order_by(Clock.id)
    return list(session.scalars(query))


def used(clock: Clock, now: datetime) -> int:
    """The working days that the clock has run so far."""
    if clock.running_since is None:
        return clock.used_days
    since = calendar.today(clock.running_since)
    return clock.used_days + calendar.working_days_between(since, calendar.today(now))


def due_at(clock: Clock) -> datetime | None:
    """When it runs out if nothing stops it; None while it stands still."""
    if clock.running_since is None:
        return None
    return calendar.deadline(
        clock.running_since, max(0, clock.allowed_days - clock.used_days)
    )


def sync(
    session: Session,
    instance: ProcessInstance,
    definition: Definition,
    marking: Marking,
    *,
    before: Marking,
    now: datetime,
) -> None:
    """Start, pause, resume or stop the clocks as the open steps say."""
    running, ran = _running(definition, marking), _running(definition, before)
    if running == ran:
        return
    known = {clock.name: clock for clock in of(session, instance.id)}
    stopping = {definition.elements[w.element].clock_stop for w in marking.waits}
    for name in sorted(ran.keys() - running.keys() & known.keys()):
        is_over = not marking.waits or name in stopping
        _halt(session, instance, known[name], is_over=is_over, now=now)
    for name in sorted(running.keys() - ran.keys()):
        if name not in known:
            _start(session, instance, name, running[name], now)
        elif known[name].stopped_at is None:
            _resume(session, instance, known[name], now)


def extend(
    session: Session,
    instance: ProcessInstance,
    name: str,
    *,
    days: int,
    actor: Actor,
    post: Post,
    now: datetime,
    **details: object,
) -> Clock:
    """Allow a clock more working days. The caller holds the lock and keeps the reason."""
    query = select(Clock).where(Clock.instance_id == instance.id, Clock.name == name)
    clock = session.scalars(query).one()
    clock.allowed_days += days
    save(session, clock)
    _tell(
        session,
        instance,
        clock,
        EventKind.CLOCK_EXTENDED,
        now,
        actor=actor,
        post=post,
        days=days,
        **details,
    )
    _set_deadline(session, clock)
    return clock


def _running(definition: Definition, marking: Marking) -> dict[str, int]:
    """The clocks that run at a marking, with their days. It may be one of an older version."""
    waits = (definition.elements.get(wait.element) for wait in marking.waits)
    return {e.clock: e.clock_days or 0 for e in waits if e is not None and e.clock}


def _start(
    session: Session, instance: ProcessInstance, name: str, days: int, now: datetime
) -> None:
    values = {
        "instance_id": instance.id,
        "name": name,
        "allowed_days": days,
        "used_days": 0,
        "started_at": now,
        "running_since": now,
    }
    insert(session, Clock, **values)
    clock = Clock(**values)  # to be read here, and not by the session
    _set_deadline(session, clock)
    _tell(session, instance, clock, EventKind.CLOCK_STARTED, now)


def _resume(
    session: Session, instance: ProcessInstance, clock: Clock, now: datetime
) -> None:
    clock.running_since = now
    save(session, clock)
    _set_deadline(session, clock)
    _tell(session, instance, clock, EventKind.CLOCK_RESUMED, now)


def _halt(
    session: Session,
    instance: ProcessInstance,
    clock: Clock,
    *,
    is_over: bool,
    now: datetime,
) -> None:
    if clock.running_since is None:
        return
    clock.used_days, clock.running_since = used(clock, now), None
    clock.stopped_at = now if is_over else None
    save(session, clock)
    _set_deadline(session, clock)
    kind = EventKind.CLOCK_STOPPED if is_over else EventKind.CLOCK_PAUSED
    _tell(session, instance, clock, kind, now)


def _set_deadline(session: Session, clock: Clock) -> None:
    """One row waits for the end of a clock that runs; one that has rung does not ring again."""
    this = {
        "instance_id": clock.instance_id,
        "kind": DeadlineKind.CLOCK,
        "element_id": clock.name,
    }
    delete(session, Deadline, **this, task_id=None, fired_at=None)
    moment = due_at(clock)
    if moment is not None:
        insert(session, Deadline, **this, ordinal=0, due_at=moment)


def _tell(
    session: Session,
    instance: ProcessInstance,
    clock: Clock,
    kind: EventKind,
    now: datetime,
    *,
    actor: Actor | None = None,
    post: Post | None = None,
    **details: object,
) -> None:
    history.append(
        session,
        instance,
        kind,
        actor=actor,
        post=post,
        now=now,
        clock=clock.name,
        allowed_days=clock.allowed_days,
        used_days=clock.used_days,
        **details,
    )
