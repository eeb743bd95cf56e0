"""The inbox: what a person has claimed, what waits in the person's queues, what is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, TypeVarTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, select
from sqlalchemy.orm import Session

from awards import units
from awards.listings import PAGE, matches
from models.awards import Award, Nomination, Nominee, Outcome
from models.organisation import Unit
from models.process import InstanceStatus, ProcessDefinition, ProcessInstance
from models.tasks import OPEN, TaskState, UserTask
from workflows.actors import Actor

Columns = TypeVarTuple("Columns")
_RUNNING = ProcessInstance.status == InstanceStatus.RUNNING
_RETURNED = ProcessInstance.variables["outcome"].as_string() == Outcome.RETURN.value
_SHOWN = (
    select(
        UserTask.id,
        UserTask.instance_id,
        UserTask.revision,
        UserTask.queue,
        UserTask.element_id,
        UserTask.opened_at,
        UserTask.due_at,
        UserTask.closed_at,
        UserTask.outcome,
        Nomination.code,
        Nominee.name,
        Award.name,
        Unit.name,
        ProcessInstance.definition_id,
        ProcessDefinition.sha256,
        _RUNNING,
        ProcessInstance.suspended_at,
        func.coalesce(_RETURNED, False),
    )
    .join(Nomination, Nomination.instance_id == UserTask.instance_id)
    .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
    .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
    .join(Nominee, Nominee.id == Nomination.nominee_id)
    .join(Award, Award.id == Nomination.award_id)
    .join(Unit, Unit.id == Nomination.unit_id)
)
"""The columns of `Item`."""


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


class Item(NamedTuple):
    """A task as a list shows it, with what it is about; one that fifty are read of at a time.

    `outcome` is that of the task. `is_returned`: the nomination came back from a later step.
    """

    id: int
    instance_id: int
    revision: int
    queue: str
    element_id: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    code: str
    nominee: str
    award: str
    unit: str
    definition_id: int
    definition_sha256: str
    is_running: bool
    suspended_at: datetime | None
    is_returned: bool


def items(
    session: Session, actor: Actor, tab: Tab, filters: Filters, now: datetime
) -> tuple[Sequence[Item], int]:
    """One page of a tab, late first, then by due date and priority; and how many there are."""
    wanted = _narrowed(select(UserTask.id).where(_of(actor, tab)), filters, now)
    total = session.scalar(wanted.with_only_columns(func.count(UserTask.id))) or 0
    page = wanted.order_by(*_order(tab)).offset((filters.page - 1) * PAGE).limit(PAGE)
    query = _SHOWN.where(UserTask.id.in_(list(session.scalars(page))))
    return [Item._make(row) for row in session.execute(query.order_by(*_order(tab)))], total


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
    tabs = (Tab.MINE, Tab.GROUPS)
    found = session.execute(select(*(_count(actor, tab) for tab in tabs))).one()
    return dict(zip(tabs, found, strict=True))


def escalated(session: Session, actor: Actor) -> int:
    """How many open tasks of those below were escalated to the person's queues."""
    return session.scalar(select(_count(actor, Tab.ESCALATED))) or 0


def _count(actor: Actor, tab: Tab) -> ScalarSelect[int]:
    return select(func.count(UserTask.id)).where(_of(actor, tab)).scalar_subquery()


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
