"""Separation of duties: what keeps somebody from a task although the queue is his.

Two acts by one person on one nomination follow the table in `docs/permissions.md`, which is written
by hand and read by a test. Nobody judges a nomination of himself or of whom he has declared.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from models.awards import Nomination, Nominee, NomineeKind
from models.history import EventKind, HistoryEvent
from models.interests import Interest, Relation
from models.organisation import Role, Unit
from models.sending import fetch
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
    acted: dict[int, set[str]] = {}
    related: dict[int, str] = {}
    places = {post.organisation for post in actor.posts} - {""}
    for instance_id, queue, relation, *units in _known(session, actor, tasks):
        if queue:
            acted.setdefault(instance_id, set()).add(_role(queue))
        elif relation or places.intersection(units):
            related[instance_id] = relation or Relation.SELF
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


def _known(
    session: Session, actor: Actor, tasks: Sequence[barriers.Task]
) -> Iterable[Sequence[Any]]:
    """The rows of `_facts`; of one act, for which somebody waits, past SQLAlchemy's layers."""
    asked = {"actor_id": actor.id, "name": actor.name}
    if len(tasks) == 1:
        found = {"instances": tasks[0].instance_id} | asked
        return fetch(session.connection(), _OF_ONE, found)
    instances = list({task.instance_id for task in tasks})
    return session.execute(_OF_MANY, {"instances": instances} | asked)


def _facts(
    is_asked: Callable[[InstrumentedAttribute[int]], ColumnElement[bool]],
) -> Select[*tuple[Any, ...]]:
    """What the actor has to do with instances; each row tells one thing.

    Instance, the queue in which he has acted on it, or the relation that he has declared, or the
    names of the unit and its keeper where the nominee has his name.
    """
    actor_id: BindParameter[int] = bindparam("actor_id")
    acted = select(UserTask.instance_id, UserTask.queue, *_empty(3)).where(
        is_asked(UserTask.instance_id),
        UserTask.state == TaskState.COMPLETED,
        UserTask.assignee_id == actor_id,
    )
    declared = (
        select(Nomination.instance_id, *_empty(1), Interest.relation, *_empty(2))
        .join(Interest, Interest.nomination_id == Nomination.id)
        .where(
            is_asked(Nomination.instance_id),
            Interest.person_id == actor_id,
            Interest.relation != Relation.NONE,
        )
    )
    keeper = aliased(Unit)
    keeper_name = func.coalesce(keeper.name, "")
    namesake = (
        select(Nomination.instance_id, *_empty(2), Unit.name, keeper_name)
        .join(Nominee, Nominee.id == Nomination.nominee_id)
        .join(Unit, Unit.id == Nomination.unit_id)
        .outerjoin(keeper, Unit.keeper)
        .where(
            is_asked(Nomination.instance_id),
            Nominee.kind == NomineeKind.INDIVIDUAL,
            Nominee.name == bindparam("name"),
        )
    )
    return select(*union_all(acted, declared, namesake).subquery().c)


def _empty(count: int) -> list[ColumnElement[str]]:
    """So many columns of their own: one that stands twice in a query would be one."""
    return [literal("") for _ in range(count)]


# Put together once: that takes longer than asking.
_OF_ONE = _facts(lambda instance: instance == bindparam("instances"))
_OF_MANY = _facts(lambda instance: instance.in_(bindparam("instances", expanding=True)))
