"""The inbox: what a person has claimed, what waits in the person's queues, what is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from awards.listings import PAGE, matches
from models.awards import Movement, Nomination
from models.organisation import Unit
from models.tasks import TaskState, UserTask
from workflows.actors import Actor


class Tab(StrEnum):
    MINE = "mine"
    GROUPS = "groups"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked for. Empty means any."""

    movement: str = ""
    unit: str = ""
    step: str = ""
    is_overdue: bool = False
    q: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Item:
    task: UserTask
    nomination: Nomination


def items(
    session: Session, actor: Actor, tab: Tab, filters: Filters, now: datetime
) -> tuple[Sequence[Item], int]:
    """One page of a tab, late first, then by due date and priority; and how many there are."""
    wanted = and_(_of(actor, tab), _wanted(filters, now))
    joined = (
        select(UserTask, Nomination)
        .join(Nomination, Nomination.instance_id == UserTask.instance_id)
        .join(Nomination.unit)
        .join(Nomination.movement)
        .where(wanted)
    )
    total = session.scalar(joined.with_only_columns(func.count(UserTask.id))) or 0
    order = (
        (UserTask.closed_at.desc(),)
        if tab == Tab.DONE
        else (UserTask.due_at.asc().nulls_last(), UserTask.priority.desc(), UserTask.id)
    )
    query = (
        joined.options(
            contains_eager(Nomination.unit),
            contains_eager(Nomination.movement),
            joinedload(Nomination.instance),
            joinedload(UserTask.instance),
            joinedload(Nomination.nominee),
            joinedload(Nomination.award),
        )
        .order_by(*order)
        .offset((filters.page - 1) * PAGE)
        .limit(PAGE)
    )
    return [Item(task, nomination) for task, nomination in session.execute(query)], total


def counts(session: Session, actor: Actor) -> dict[Tab, int]:
    """How many tasks lie in each tab, whatever the filters."""
    count = select(func.count(UserTask.id))
    return {tab: session.scalar(count.where(_of(actor, tab))) or 0 for tab in Tab}


def waiting(session: Session, actor: Actor) -> int:
    """The number in the header: claimed by the person or ready in one of the person's queues."""
    count = select(func.count(UserTask.id)).where(
        _of(actor, Tab.MINE) | _of(actor, Tab.GROUPS)
    )
    return session.scalar(count) or 0


def _of(actor: Actor, tab: Tab) -> ColumnElement[bool]:
    match tab:
        case Tab.MINE:
            return and_(
                UserTask.assignee_id == actor.id,
                UserTask.state == TaskState.CLAIMED,
                UserTask.queue.in_(actor.queues),
            )
        case Tab.GROUPS:
            return and_(UserTask.queue.in_(actor.queues), UserTask.state == TaskState.READY)
        case Tab.DONE:
            return and_(
                UserTask.assignee_id == actor.id, UserTask.state == TaskState.COMPLETED
            )


def _wanted(filters: Filters, now: datetime) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [UserTask.id > 0]
    if filters.movement:
        conditions.append(Movement.code == filters.movement)
    if filters.unit:
        conditions.append(Unit.code == filters.unit)
    if filters.step:
        conditions.append(UserTask.element_id == filters.step)
    if filters.is_overdue:
        conditions.append(UserTask.due_at < now)
    if filters.q.strip():
        conditions.append(matches(filters.q))
    return and_(*conditions)
