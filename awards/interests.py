"""Declarations of interest: asked for before a dossier is shown to those who judge it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, or_, select
from sqlalchemy.orm import Session, joinedload

from awards.separation import JUDGES
from models.awards import Nomination
from models.history import EventKind
from models.interests import Interest, Relation
from models.tasks import TaskState, UserTask
from models.writing import insert_absent
from workflows import history, instances, tasks
from workflows.actors import Actor

AT_ONCE = 300


def is_asked(session: Session, actor: Actor, nomination: Nomination) -> bool:
    """Whether the actor has to declare before this dossier is shown: its turn is the actor's."""
    queues = _judging(actor)
    if not queues:
        return False
    query = _undeclared(actor).where(Nomination.id == nomination.id)
    return session.scalars(query.limit(1)).first() is not None


def undeclared(
    session: Session, actor: Actor, *, first: Sequence[int] = ()
) -> Sequence[Nomination]:
    """The nominations in the actor's queues that are not declared on; `first` are tasks' ids.

    At most `AT_ONCE`; the others follow on the next page.
    """
    if not _judging(actor):
        return []
    asked = case((UserTask.id.in_(first), 0), else_=1)
    query = _undeclared(actor).order_by(asked, UserTask.due_at, Nomination.id)
    query = query.options(joinedload(Nomination.nominee), joinedload(Nomination.unit))
    return session.scalars(query.limit(AT_ONCE)).unique().all()  # steps may be side by side


def among(session: Session, actor: Actor, task_ids: Sequence[int]) -> bool:
    """Whether any of these tasks is of a nomination that the actor has to declare on first."""
    if not _judging(actor) or not task_ids:
        return False
    query = _undeclared(actor).where(UserTask.id.in_(task_ids))
    return session.scalars(query.limit(1)).first() is not None


def is_closed_to(actor: Actor) -> ColumnElement[bool]:
    """Which nominations' dossiers are not shown to the actor before a declaration."""
    if not _judging(actor):
        return false()
    return Nomination.id.in_(_undeclared(actor).with_only_columns(Nomination.id))


def declare(
    session: Session, relations: Mapping[int, Relation], *, actor: Actor, now: datetime
) -> None:
    """Keep what somebody declares of nominations, by their ids. What was declared before stays.

    A relation is told in the nomination's history, and the task goes back to the queue for others.
    """
    allowed = _undeclared(actor).add_columns(UserTask.queue)
    allowed = allowed.where(Nomination.id.in_(relations)).order_by(Nomination.id)
    for nomination, queue in session.execute(allowed).all():
        relation = relations[nomination.id]
        key = {"person_id": actor.id, "nomination_id": nomination.id}
        is_new = insert_absent(session, Interest, **key, relation=relation, declared_at=now)
        if is_new and relation != Relation.NONE:
            _stand_back(session, nomination, relation, actor, queue, now)
    session.flush()


def _stand_back(
    session: Session,
    nomination: Nomination,
    relation: Relation,
    actor: Actor,
    queue: str,
    now: datetime,
) -> None:
    instance = instances.lock(session, nomination.instance_id)
    history.append(
        session,
        instance,
        EventKind.INTEREST_DECLARED,
        actor=actor,
        post=actor.post_for(queue),
        now=now,
        relation=relation.value,
    )
    claimed = select(UserTask.id).where(
        UserTask.instance_id == instance.id,
        UserTask.assignee_id == actor.id,
        UserTask.state == TaskState.CLAIMED,
    )
    for task_id in session.scalars(claimed).all():
        tasks.release(session, task_id, now=now)


def _judging(actor: Actor) -> list[str]:
    return sorted(post.queue for post in actor.posts if post.role in JUDGES)


def _undeclared(actor: Actor) -> Select[Nomination]:
    mine = and_(UserTask.state == TaskState.CLAIMED, UserTask.assignee_id == actor.id)
    declared: ColumnElement[bool] = exists().where(
        Interest.person_id == actor.id, Interest.nomination_id == Nomination.id
    )
    return (
        select(Nomination)
        .join(UserTask, UserTask.instance_id == Nomination.instance_id)
        .where(
            UserTask.queue.in_(_judging(actor)),
            or_(UserTask.state == TaskState.READY, mine),
            ~declared,
        )
    )
