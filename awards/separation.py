"""Separation of duties: what keeps somebody from a task although the queue is his.

Two acts by one person on one nomination follow the table in `docs/permissions.md`, which is written
by hand and read by a test. Nobody judges a nomination of himself or of whom he has declared.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from models.awards import Nomination, Nominee, NomineeKind
from models.history import EventKind, HistoryEvent
from models.interests import Interest, Relation
from models.organisation import Role, Unit
from models.tasks import TaskState, UserTask
from workflows import barriers, history, instances
from workflows import tasks as tasks_
from workflows.actors import Actor
from workflows.errors import WorkflowError
from workflows.words import N_

TOGETHER = {
    frozenset(pair)
    for pair in (
        (Role.DEPARTMENT_CLERK, Role.DEPARTMENT_SPECIALIST),
        (Role.DEPARTMENT_CLERK, Role.DEPARTMENT_HEAD),
        (Role.DEPARTMENT_CLERK, Role.RECORDS_CLERK),
        (Role.OFFICE_SPECIALIST, Role.RECORDS_CLERK),
    )
}
"""Roles in which one person may act on one nomination, beside the same role again and again."""

JUDGES = (
    Role.BLOCK_LEAD,
    Role.DEPARTMENT_SPECIALIST,
    Role.DEPARTMENT_HEAD,
    Role.OFFICE_SPECIALIST,
    Role.CHAIRMAN,
)
"""Who declares interests before seeing a dossier."""

_NOT_OWN = (*JUDGES, Role.UNIT_HEAD)  # who may not act on a nomination of himself


class Barred(WorkflowError):
    """What keeps somebody from a task although the queue is his."""


class ActedBefore(Barred):
    message = N_(
        "Bạn đã xử lý hồ sơ này ở một bước khác, nên bước này để người khác trong nhóm làm."
    )


class Interested(Barred):
    message = N_("Bạn có liên quan đến hồ sơ này, nên để người khác làm.")


def may_follow(earlier: str, later: str) -> bool:
    """Whether one person may act in both roles on one nomination."""
    return earlier == later or frozenset((earlier, later)) in TOGETHER


@barriers.barrier
def against(
    session: Session, actor: Actor, tasks: Sequence[barriers.Task]
) -> dict[int, WorkflowError]:
    """What stands between the actor and each of the tasks, in one query for all of them."""
    asked = {
        "instances": list({task.instance_id for task in tasks}),
        "actor_id": actor.id,
        "name": actor.name,
        "places": list({post.organisation for post in actor.posts}),
    }
    acted: dict[int, set[str]] = {}
    related: dict[int, str] = {}
    for instance_id, queue, relation in session.execute(_FACTS, asked):
        if relation:
            related[instance_id] = relation
        else:
            acted.setdefault(instance_id, set()).add(_role(queue))
    found: dict[int, WorkflowError] = {}
    for task in tasks:
        role = _role(task.queue)
        relation = related.get(task.instance_id, "")
        if relation and role in (_NOT_OWN if relation == Relation.SELF else JUDGES):
            found[task.id] = Interested()
        elif not all(may_follow(one, role) for one in acted.get(task.instance_id, ())):
            found[task.id] = ActedBefore()
    return found


def turn_away(
    session: Session, barred: Mapping[int, WorkflowError], *, actor: Actor, now: datetime
) -> None:
    """Tell the history, once, that somebody was kept from tasks, and leave them to others.

    `barred` says what stood between the person and each task. Instances are locked in the order of
    their ids, as acts on many are.
    """
    rows = select(UserTask.id, UserTask.instance_id).where(UserTask.id.in_(barred))
    for task_id, instance_id in session.execute(rows.order_by(UserTask.instance_id)).all():
        instance = instances.lock(session, instance_id)
        if _was_told(session, instance_id, task_id, actor):
            continue
        task = session.get_one(UserTask, task_id, populate_existing=True)
        if task.state == TaskState.CLAIMED and task.assignee_id == actor.id:
            tasks_.release(session, task_id, now=now)
        history.append(
            session,
            instance,
            EventKind.TASK_BARRED,
            actor=actor,
            post=actor.post_for(task.queue),
            now=now,
            task=task_id,
            element=task.element_id,
            because="interest"
            if isinstance(barred[task_id], Interested)
            else "acted_before",
        )


def _was_told(session: Session, instance_id: int, task_id: int, actor: Actor) -> bool:
    told = select(HistoryEvent).where(
        HistoryEvent.instance_id == instance_id,
        HistoryEvent.kind == EventKind.TASK_BARRED,
        HistoryEvent.actor_id == actor.id,
    )
    return any(history.details(one)["task"] == task_id for one in session.scalars(told))


def _role(queue: str) -> str:
    return queue.partition(":")[0]


def _facts() -> Select[*tuple[Any, ...]]:
    """Rows of instance, the queue in which the actor has acted on it, or else the relation."""
    instances: BindParameter[int] = bindparam("instances", expanding=True)
    actor_id: BindParameter[int] = bindparam("actor_id")
    acted = select(UserTask.instance_id, UserTask.queue, literal("")).where(
        UserTask.instance_id.in_(instances),
        UserTask.state == TaskState.COMPLETED,
        UserTask.assignee_id == actor_id,
    )
    declared = (
        select(Nomination.instance_id, literal(""), Interest.relation)
        .join(Interest, Interest.nomination_id == Nomination.id)
        .where(
            Nomination.instance_id.in_(instances),
            Interest.person_id == actor_id,
            Interest.relation != Relation.NONE,
        )
    )
    keeper = aliased(Unit)
    places: BindParameter[str] = bindparam("places", expanding=True)
    namesake = (
        select(Nomination.instance_id, literal(""), literal(Relation.SELF.value))
        .join(Nominee, Nominee.id == Nomination.nominee_id)
        .join(Unit, Unit.id == Nomination.unit_id)
        .outerjoin(keeper, Unit.keeper)
        .where(
            Nomination.instance_id.in_(instances),
            Nominee.kind == NomineeKind.INDIVIDUAL,
            Nominee.name == bindparam("name"),
            or_(Unit.name.in_(places), keeper.name.in_(places)),
        )
    )
    return select(*union_all(acted, declared, namesake).subquery().c)


_FACTS = _facts()  # put together once: that takes longer than asking
