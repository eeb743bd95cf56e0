"""Carrying out what an operator asked for and another confirmed: the change, with its events."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.orm import Session

from models.history import EventKind
from models.operations import OperatorAct, OperatorActKind
from models.process import InstanceStatus, ProcessInstance
from models.tasks import TaskState
from models.writing import save
from workflows import history, incidents, instances, states
from workflows.actors import Actor
from workflows.engine import Marking
from workflows.operations.plans import Plan
from workflows.operations.roles import post_of

CANCELLED = "cancelled"
EVENTS = {
    OperatorActKind.REASSIGN: EventKind.TASK_REASSIGNED,
    OperatorActKind.CANCEL: EventKind.INSTANCE_CANCELLED,
    OperatorActKind.PLACE: EventKind.INSTANCE_PLACED,
    OperatorActKind.SUSPEND: EventKind.INSTANCE_SUSPENDED,
    OperatorActKind.RESUME: EventKind.INSTANCE_RESUMED,
    OperatorActKind.MIGRATE: EventKind.INSTANCE_MIGRATED,
}
Listener: TypeAlias = Callable[[Session, ProcessInstance, str, datetime], None]
_ON_CANCEL: list[Listener] = []


def on_cancel(listener: Listener) -> Listener:
    """Register what cancelling also does, inside the act: `(session, instance, reason, now)`."""
    _ON_CANCEL.append(listener)
    return listener


def carry_out(
    session: Session,
    instance: ProcessInstance,
    act: OperatorAct,
    plan: Plan,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Do what the plan says. The caller holds the instance's lock and has just made the plan."""
    before = states.load(session, instance.state_hash)
    told = _CARRIERS[act.kind](session, instance, plan, now)
    history.append(
        session,
        instance,
        EVENTS[act.kind],
        actor=actor,
        post=post_of(actor),
        now=now,
        act=act.id,
        asked_by=act.asked_by,
        reason_digest=act.digest,
        **told,
    )
    if plan.marking is not None:
        incidents.close(session, instance, actor=actor, post=post_of(actor), now=now)
        _move(session, instance, plan, before, now)
    if act.kind == OperatorActKind.CANCEL:
        for listener in _ON_CANCEL:
            listener(session, instance, act.reason, now)
    session.flush()


_Told: TypeAlias = dict[str, object]


def _reassign(
    session: Session, instance: ProcessInstance, plan: Plan, now: datetime
) -> _Told:
    del instance, now
    task = plan.task
    assert task is not None  # noqa: S101 - the plan of this kind has one
    told = {
        "task": task.id,
        "element": task.element_id,
        "before": task.assignee_id,
        "assignee": plan.assignee.id if plan.assignee else None,
    }
    task.state = TaskState.CLAIMED if plan.assignee else TaskState.READY
    task.assignee_id = plan.assignee.id if plan.assignee else None
    save(session, task)
    return told


def _cancel(
    session: Session, instance: ProcessInstance, plan: Plan, now: datetime
) -> _Told:
    del session
    instance.status, instance.ended_at = InstanceStatus.ENDED, now
    instance.result, instance.suspended_at = CANCELLED, None
    return {"result": CANCELLED, "state": _state(plan)}


def _place(session: Session, instance: ProcessInstance, plan: Plan, now: datetime) -> _Told:
    del session, instance, now
    return {"element": plan.wish.element, "state": _state(plan)}


def _suspend(
    session: Session, instance: ProcessInstance, plan: Plan, now: datetime
) -> _Told:
    del session, plan
    instance.suspended_at = now
    return {"state": instance.state_hash}


def _resume(
    session: Session, instance: ProcessInstance, plan: Plan, now: datetime
) -> _Told:
    del session, plan, now
    instance.suspended_at = None
    return {"state": instance.state_hash}


def _migrate(
    session: Session, instance: ProcessInstance, plan: Plan, now: datetime
) -> _Told:
    del session, now
    move = plan.move
    assert move is not None  # noqa: S101 - the plan of this kind has one
    instance.definition_id = move.row.id
    return {
        "element": move.element,
        "definition": move.row.key,
        "version": move.row.version,
        "sha256": move.row.sha256,
        "state": _state(plan),
    }


_CARRIERS: dict[
    OperatorActKind, Callable[[Session, ProcessInstance, Plan, datetime], _Told]
] = {
    OperatorActKind.REASSIGN: _reassign,
    OperatorActKind.CANCEL: _cancel,
    OperatorActKind.PLACE: _place,
    OperatorActKind.SUSPEND: _suspend,
    OperatorActKind.RESUME: _resume,
    OperatorActKind.MIGRATE: _migrate,
}


def _state(plan: Plan) -> str:
    assert plan.marking is not None  # noqa: S101 - these kinds move the tokens
    return plan.marking.state


def _move(
    session: Session,
    instance: ProcessInstance,
    plan: Plan,
    before: Marking,
    now: datetime,
) -> None:
    """Close the tasks that the plan closes, and open what the new marking waits for."""
    assert plan.marking is not None  # noqa: S101 - asked before
    staying = Counter(t.element_id for t in instances.open_tasks(session, instance.id))
    for task in plan.cancelled:
        instances.cancel_task(session, instance, task, now)
        staying[task.element_id] -= 1
    instances.settle(
        session,
        instance,
        plan.definition,
        plan.marking,
        before=before,
        left=+staying,
        now=now,
    )
    session.expire(instance, ["definition"])
