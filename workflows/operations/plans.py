"""What an operator's act would do, found out without doing it; or why it cannot be done.

Asked three times: on the page that shows it, when it is asked for, and when it is confirmed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.operations import OperatorActKind
from models.process import InstanceStatus, ProcessInstance
from models.tasks import OPEN, TaskState, UserTask
from workflows import barriers, deployments, engine, instances, queues
from workflows.actors import Actor
from workflows.definitions import Definition
from workflows.definitions.branches import is_in_branch
from workflows.engine import Marking
from workflows.errors import ActRefused
from workflows.operations import moves
from workflows.operations.moves import Move
from workflows.operations.wishes import Wish
from workflows.words import N_


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes an act would bring. `marking` is None where the tokens stay as they are."""

    wish: Wish
    definition: Definition
    marking: Marking | None = None
    task: UserTask | None = None
    assignee: Actor | None = None
    cancelled: tuple[UserTask, ...] = ()
    opened: tuple[str, ...] = ()
    move: Move | None = None


def plan(session: Session, instance: ProcessInstance, wish: Wish, *, now: datetime) -> Plan:
    """What the wish would do to the instance now. Raises ActRefused with the reason it cannot.

    A wish that was asked for earlier is refused too when the case has moved since then.
    """
    if instance.status == InstanceStatus.ENDED:
        raise ActRefused(N_("Hồ sơ đã kết thúc."))
    return _PLANS[wish.kind](session, instance, wish, now)


def completed_steps(
    session: Session, instance: ProcessInstance, definition: Definition
) -> tuple[str, ...]:
    """The steps an instance can be put back on: completed before, not open now, in their order."""
    query = select(UserTask.element_id, UserTask.state).where(
        UserTask.instance_id == instance.id
    )
    rows = session.execute(query).all()
    done = {element for element, state in rows if state == TaskState.COMPLETED}
    here = {element for element, state in rows if state in OPEN}
    return tuple(step.id for step in definition.user_tasks if step.id in done - here)


def _reassign(
    session: Session, instance: ProcessInstance, wish: Wish, now: datetime
) -> Plan:
    task = session.get(UserTask, wish.task, populate_existing=True)
    if task is None or task.instance_id != instance.id or task.state not in OPEN:
        raise ActRefused(N_("Việc này đã xong hoặc đã bị hủy."))
    if wish.state and wish.holder != (task.assignee_id or 0):
        raise ActRefused(N_("Việc này đã đổi người giữ từ khi có đề nghị."))
    if wish.assignee == (task.assignee_id or 0):
        raise ActRefused(N_("Việc này đã ở đúng người, đúng nhóm đó."))
    assignee = queues.serving(session, wish.assignee, task.queue, now)
    if wish.assignee and assignee is None:
        raise ActRefused(N_("Người được giao không phụ trách nhóm của việc này."))
    if assignee and barriers.against(session, assignee, [task]):
        raise ActRefused(
            N_("Người được giao đã xử lý bước khác hoặc có liên quan đến hồ sơ.")
        )
    definition = deployments.definition_of(session, instance)
    return Plan(wish, definition, task=task, assignee=assignee)


def _cancel(session: Session, instance: ProcessInstance, wish: Wish, now: datetime) -> Plan:
    del now
    _check_unmoved(instance, wish)
    definition = deployments.definition_of(session, instance)
    cancelled = tuple(instances.open_tasks(session, instance.id))
    return Plan(wish, definition, engine.CANCELLED, cancelled=cancelled)


def _place(session: Session, instance: ProcessInstance, wish: Wish, now: datetime) -> Plan:
    del now
    _check_unmoved(instance, wish)
    definition = deployments.definition_of(session, instance)
    if wish.element not in completed_steps(session, instance, definition):
        raise ActRefused(
            N_("Hồ sơ chưa từng hoàn thành bước này, hoặc đang ở chính bước này.")
        )
    if is_in_branch(definition.elements, definition.flows, wish.element):
        raise ActRefused(
            N_("Bước này chạy song song với bước khác nên không lùi riêng được.")
        )
    return Plan(
        wish,
        definition,
        engine.place(definition, definition.path(wish.element)),
        cancelled=tuple(instances.open_tasks(session, instance.id)),
        opened=(wish.element,),
    )


def _suspend(
    session: Session, instance: ProcessInstance, wish: Wish, now: datetime
) -> Plan:
    del now
    if instance.suspended_at is not None:
        raise ActRefused(N_("Hồ sơ đang tạm dừng rồi."))
    return Plan(wish, deployments.definition_of(session, instance))


def _resume(session: Session, instance: ProcessInstance, wish: Wish, now: datetime) -> Plan:
    del now
    if instance.suspended_at is None:
        raise ActRefused(N_("Hồ sơ không tạm dừng nên không cần chạy tiếp."))
    return Plan(wish, deployments.definition_of(session, instance))


def _migrate(
    session: Session, instance: ProcessInstance, wish: Wish, now: datetime
) -> Plan:
    del now
    _check_unmoved(instance, wish)
    move = moves.find(session, instance, wish.definition)
    return Plan(
        wish,
        move.definition,
        move.marking,
        cancelled=move.cancelled,
        opened=tuple(task.element_id for task in move.cancelled),
        move=move,
    )


def _check_unmoved(instance: ProcessInstance, wish: Wish) -> None:
    if wish.state and wish.state != instance.state_hash:
        raise ActRefused(N_("Hồ sơ đã chuyển bước từ khi có đề nghị. Cần thì đề nghị lại."))


_Planner: TypeAlias = Callable[[Session, ProcessInstance, Wish, datetime], Plan]
_PLANS: dict[OperatorActKind, _Planner] = {
    OperatorActKind.REASSIGN: _reassign,
    OperatorActKind.CANCEL: _cancel,
    OperatorActKind.PLACE: _place,
    OperatorActKind.SUSPEND: _suspend,
    OperatorActKind.RESUME: _resume,
    OperatorActKind.MIGRATE: _migrate,
}
