"""Nominations in lists: filtered, counted by stage, sorted, one page at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager, joinedload

from awards import access, overview, text, units
from awards import filters as narrowing
from awards.filters import ALL, Filters
from awards.overview import Count
from models import search
from models.awards import Movement, Nomination, Nominee, Outcome, Result
from models.organisation import Block, Person, Unit
from models.process import InstanceStatus, ProcessInstance
from models.tasks import OPEN, UserTask
from workflows import calendar
from workflows.actors import Actor

PREPARING = "prepare_nomination"  # the step at which the unit itself works
PAGE = 50
AT_ONCE = 200  # rows that are read together where all are wanted
MAX_WORDS = 10  # of a question; the others are not looked for
Columns = TypeVarTuple("Columns")


class Status(StrEnum):
    """How a nomination stands, in one word. `overdue` is a wait past its date, nothing more."""

    WAITING = "waiting"
    RETURNED = "returned"
    OVERDUE = "overdue"
    AWARDED = "awarded"
    NOT_SELECTED = "not_selected"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Row:
    """One nomination in a list. Days are working days; `allowed` is None without a due date."""

    nomination: Nomination
    task: UserTask | None
    holder: Person | None
    status: Status
    waited: int
    allowed: int | None


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Row]
    total: int
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def page(
    session: Session,
    actor: Actor,
    filters: Filters,
    now: datetime,
    counted: dict[str, Count] | None = None,
) -> Page:
    """One page of the nominations that the actor may see.

    Who has counted them by stage already hands that in, so that it is not done twice.
    """
    skipped = (filters.page - 1) * PAGE
    if _asks_for_all(actor, filters):
        if counted is None:
            counted = overview.counts(session, filters.movement, now)
        total = sum(c.count for name, c in counted.items() if filters.stage in ("", name))
        ids = overview.instance_ids(
            session, filters.movement, stage=filters.stage, offset=skipped, limit=PAGE
        )
        shown = Nomination.instance_id.in_(ids)
        return Page(_rows(session, shown, filters, 0, now), total, filters.page)
    total = count(session, actor, filters, now)
    wanted = _wanted(actor, filters, now)
    return Page(_rows(session, wanted, filters, skipped, now), total, filters.page)


def count(
    session: Session,
    actor: Actor,
    filters: Filters,
    now: datetime,
    *also: ColumnElement[bool],
) -> int:
    """How many nominations the actor may see of those asked for."""
    wanted = and_(_wanted(actor, filters, now), *also)
    return session.scalar(_joined(select(func.count(Nomination.id))).where(wanted)) or 0


def every(
    session: Session,
    actor: Actor,
    filters: Filters,
    now: datetime,
    *also: ColumnElement[bool],
) -> Iterator[Row]:
    """All of them, in order, some at a time: no more are in memory than stand on a few pages."""
    wanted = and_(_wanted(actor, filters, now), *also)
    ordered = _joined(select(Nomination.id)).where(wanted).order_by(*_order(filters.sort))
    ids = session.scalars(ordered).all()
    for begin in range(0, len(ids), AT_ONCE):
        some = ids[begin : begin + AT_ONCE]
        query = _query(Nomination.id.in_(some), "").options(
            contains_eager(Nomination.movement)
        )
        found = {
            one.id: row(one, task, holder, now)
            for one, task, holder in session.execute(query)
        }
        yield from (found[id_] for id_ in some)


def these(session: Session, instance_ids: Sequence[int], now: datetime) -> list[Row]:
    """The nominations of these instances, in this order."""
    query = _query(Nomination.instance_id.in_(instance_ids), "")
    found = {
        one.instance_id: row(one, task, holder, now)
        for one, task, holder in session.execute(query)
    }
    return [found[id_] for id_ in instance_ids if id_ in found]


def _rows(
    session: Session,
    wanted: ColumnElement[bool],
    filters: Filters,
    skipped: int,
    now: datetime,
) -> list[Row]:
    query = _query(wanted, filters.sort).offset(skipped).limit(PAGE)
    return [row(n, task, holder, now) for n, task, holder in session.execute(query)]


def _query(wanted: ColumnElement[bool], sort: str) -> Select[Nomination, UserTask, Person]:
    return (
        _joined(select(Nomination, UserTask, Person))
        .outerjoin(Person, Person.id == UserTask.assignee_id)
        .options(
            contains_eager(Nomination.nominee),
            contains_eager(Nomination.unit),
            contains_eager(Nomination.block),
            contains_eager(Nomination.instance).joinedload(ProcessInstance.definition),
            joinedload(Nomination.award),
        )
        .where(wanted)
        .order_by(*_order(sort))
    )


def _asks_for_all(actor: Actor, filters: Filters) -> bool:
    """Whether whole movements are asked for, or one stage of them, as they are shown at first."""
    narrowed = (
        filters.block,
        filters.unit,
        filters.status,
        filters.q.strip(),
        filters.sort,
        filters.is_beyond,
    )
    return bool(filters.movement) and not any(narrowed) and access.sees_everything(actor)


def count_by_stage(
    session: Session, actor: Actor, filters: Filters, now: datetime
) -> dict[str, Count]:
    """How many nominations wait at each step; ended ones are counted under their result."""
    where = replace(filters, stage="", status="", sort="", page=1)
    if _asks_for_all(actor, where):
        return overview.counts(session, filters.movement, now)
    stage = func.coalesce(UserTask.element_id, ProcessInstance.result)
    late = func.count(case((UserTask.due_at < now, 1)))
    query = _joined(select(stage, func.count(Nomination.id), late)).where(
        _wanted(actor, where, now)
    )
    rows = session.execute(query.group_by(stage))
    return {name: Count(count, overdue) for name, count, overdue in rows if name}


def row(
    nomination: Nomination, task: UserTask | None, holder: Person | None, now: datetime
) -> Row:
    """A nomination with what a list tells of it."""
    waited, allowed = 0, None
    if task is not None:
        opened = calendar.today(task.opened_at)
        waited = calendar.working_days_between(opened, calendar.today(now))
        if task.due_at is not None:
            allowed = calendar.working_days_between(opened, calendar.today(task.due_at))
    return Row(nomination, task, holder, status_of(nomination, task, now), waited, allowed)


def status_of(nomination: Nomination, task: UserTask | None, now: datetime) -> Status:
    """The one word for how a nomination stands."""
    instance = nomination.instance
    if instance.status == InstanceStatus.ENDED:
        return Status(instance.result or "")
    if task is not None and task.due_at is not None and task.due_at < now:
        return Status.OVERDUE
    if task is not None and _is_returned(task, instance):
        return Status.RETURNED
    return Status.WAITING


def _is_returned(task: UserTask, instance: ProcessInstance) -> bool:
    """Returned to the unit. What offices return to one another is their own affair."""
    was_returned = instance.variables.get("outcome") == Outcome.RETURN
    return was_returned and task.element_id == PREPARING


def open_task(
    session: Session, nomination: Nomination
) -> tuple[UserTask | None, Person | None]:
    """The step where the nomination waits, and who has claimed it."""
    query = (
        select(UserTask, Person)
        .outerjoin(Person, Person.id == UserTask.assignee_id)
        .where(UserTask.instance_id == nomination.instance_id, UserTask.state.in_(OPEN))
    )
    found = session.execute(query).first()
    return (found[0], found[1]) if found else (None, None)


def matches(q: str) -> ColumnElement[bool]:
    """Every word of the question begins one of the nomination's, with or without its marks.

    Blanks ask for nothing; signs alone, which no word has, find nothing.
    """
    if not q.strip():
        return true()
    words = text.words(text.fold(q))[:MAX_WORDS]
    return search.holds(Nomination.search_text, words) if words else false()


def _joined(query: Select[*Columns]) -> Select[*Columns]:
    return (
        query.select_from(Nomination)
        .join(Nomination.nominee)
        .join(Nomination.unit)
        .join(Nomination.instance)
        .join(Nomination.movement)
        .outerjoin(Nomination.block)
        .outerjoin(
            UserTask,
            and_(UserTask.instance_id == Nomination.instance_id, UserTask.state.in_(OPEN)),
        )
    )


def _wanted(actor: Actor, filters: Filters, now: datetime) -> ColumnElement[bool]:
    conditions = [access.visible_to(actor)]
    if filters.movement not in {"", ALL}:
        conditions.append(Movement.code == filters.movement)
    if filters.block:
        conditions.append(Block.code == filters.block)
    if filters.unit:
        conditions.append(Nomination.unit_id.in_(units.named(filters.unit)))
    if filters.stage:
        conditions.append(
            or_(
                UserTask.element_id == filters.stage,
                ProcessInstance.result == filters.stage,
            )
        )
    if filters.status in set(Status):
        conditions.append(_has_status(Status(filters.status), now))
    if filters.q.strip():
        conditions.append(matches(filters.q))
    return and_(*conditions, *narrowing.conditions(actor, filters, now))


def _has_status(status: Status, now: datetime) -> ColumnElement[bool]:
    late = and_(UserTask.due_at.is_not(None), UserTask.due_at < now)
    returned = and_(
        UserTask.element_id == PREPARING,
        ProcessInstance.variables["outcome"].as_string() == Outcome.RETURN.value,
    )
    running = ProcessInstance.status == InstanceStatus.RUNNING
    match status:
        case Status.OVERDUE:
            return and_(running, late)
        case Status.RETURNED:
            return and_(running, ~func.coalesce(late, False), returned)
        case Status.WAITING:
            return and_(
                running, ~func.coalesce(late, False), ~func.coalesce(returned, False)
            )
        case _:
            return ProcessInstance.result == Result(status.value).value


_SORTS = {
    "code": Nomination.code,
    "nominee": Nominee.sort_key,
    "unit": Unit.name,
    "block": Block.name,
    "stage": UserTask.element_id,
    "holder": UserTask.queue,
    "waited": UserTask.opened_at,
    "due": UserTask.due_at,
    "status": ProcessInstance.result,
}


def _order(sort: str) -> list[ColumnElement[Any]]:
    column = _SORTS.get(sort.removeprefix("-"))
    last = Nomination.id.desc()
    if column is None:
        return [UserTask.due_at.asc().nulls_last(), last]
    direction = column.desc() if sort.startswith("-") else column.asc()
    return [direction.nulls_last(), last]
