"""The inbox: what a person has claimed, what waits in the person's queues, what is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from awards.listings import PAGE, matches
from models.awards import Movement, Nomination
from models.organisation import Unit
from models.tasks import TaskState, UserTask
from workflows.actors import Actor

Columns = TypeVarTuple("Columns")


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
    joined = _joined(select(UserTask, Nomination), actor, tab, filters, now)
    total = session.scalar(joined.with_only_columns(func.count(UserTask.id))) or 0
    query = (
        joined.options(
            contains_eager(Nomination.unit),
            contains_eager(Nomination.movement),
            joinedload(Nomination.instance),
            joinedload(UserTask.instance),
            joinedload(Nomination.nominee),
            joinedload(Nomination.award),
        )
        .order_by(*_order(tab))
        .offset((filters.page - 1) * PAGE)
        .limit(PAGE)
    )
    return [Item(task, nomination) for task, nomination in session.execute(query)], total


def revisions(
    session: Session,
    actor: Actor,
    tab: Tab,
    filters: Filters,
    now: datetime,
    *,
    limit: int,
) -> dict[int, int]:
    """The tasks of all pages of a tab, with the revision of each, in the order of the pages."""
    query = _joined(
        select(UserTask.id, UserTask.revision).select_from(UserTask),
        actor,
        tab,
        filters,
        now,
    )
    rows = session.execute(query.order_by(*_order(tab)).limit(limit))
    return {task: revision for task, revision in rows}  # noqa: C416 - rows, not pairs


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


def _joined(
    query: Select[*Columns], actor: Actor, tab: Tab, filters: Filters, now: datetime
) -> Select[*Columns]:
    return (
        query.join(Nomination, Nomination.instance_id == UserTask.instance_id)
        .join(Nomination.unit)
        .join(Nomination.movement)
        .where(and_(_of(actor, tab), _wanted(filters, now)))
    )


def _order(tab: Tab) -> tuple[ColumnElement[Any], ...]:
    if tab == Tab.DONE:
        return (UserTask.closed_at.desc(),)
    due_first = UserTask.due_at.asc().nulls_last()
    return (due_first, UserTask.priority.desc(), UserTask.id.asc())


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
