"""The inbox: what a person has claimed, what waits in the person's queues, what is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, joinedload

from awards import units
from awards.listings import PAGE, matches
from models.awards import Nomination
from models.process import ProcessInstance
from models.tasks import OPEN, TaskState, UserTask
from workflows.actors import Actor

Columns = TypeVarTuple("Columns")


class Tab(StrEnum):
    MINE = "mine"
    GROUPS = "groups"
    DONE = "done"
    ESCALATED = "escalated"  # what those below have not finished, even after its due date


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
    wanted = _narrowed(select(UserTask.id).where(_of(actor, tab)), filters, now)
    total = session.scalar(wanted.with_only_columns(func.count(UserTask.id))) or 0
    page = wanted.order_by(*_order(tab)).offset((filters.page - 1) * PAGE).limit(PAGE)
    query = (
        select(UserTask, Nomination)
        .join(Nomination, Nomination.instance_id == UserTask.instance_id)
        .where(UserTask.id.in_(list(session.scalars(page))))
        .options(
            joinedload(Nomination.unit),
            joinedload(Nomination.instance).joinedload(ProcessInstance.definition),
            joinedload(Nomination.nominee),
            joinedload(Nomination.award),
        )
        .order_by(*_order(tab))
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
    mine = select(UserTask.id, UserTask.revision).where(_of(actor, tab))
    query = _narrowed(mine, filters, now)
    rows = session.execute(query.order_by(*_order(tab)).limit(limit))
    return {task: revision for task, revision in rows}  # noqa: C416 - rows, not pairs


def counts(session: Session, actor: Actor) -> dict[Tab, int]:
    """How many tasks wait in the first two tabs, whatever the filters."""
    count = select(func.count(UserTask.id))
    return {
        tab: session.scalar(count.where(_of(actor, tab))) or 0
        for tab in (Tab.MINE, Tab.GROUPS)
    }


def escalated(session: Session, actor: Actor) -> int:
    """How many open tasks of those below were escalated to the person's queues."""
    count = select(func.count(UserTask.id)).where(_of(actor, Tab.ESCALATED))
    return session.scalar(count) or 0


def waiting(session: Session, actor: Actor) -> int:
    """The number in the header: claimed by the person or ready in one of the person's queues."""
    found = counts(session, actor)
    return found[Tab.MINE] + found[Tab.GROUPS]


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
        case Tab.ESCALATED:
            return and_(UserTask.escalated_to.in_(actor.queues), UserTask.state.in_(OPEN))
        case Tab.DONE:
            return and_(
                UserTask.assignee_id == actor.id,
                UserTask.state == TaskState.COMPLETED,
                UserTask.closed_at.is_not(None),
            )


def _narrowed(query: Select[*Columns], filters: Filters, now: datetime) -> Select[*Columns]:
    if filters.movement:
        query = query.where(UserTask.series == filters.movement)
    if filters.step:
        query = query.where(UserTask.element_id == filters.step)
    if filters.is_overdue:
        query = query.where(UserTask.due_at < now)
    if filters.unit or filters.q.strip():
        query = query.join(Nomination, Nomination.instance_id == UserTask.instance_id)
        query = query.where(matches(filters.q))
    if filters.unit:
        query = query.where(Nomination.unit_id.in_(units.named(filters.unit)))
    return query
