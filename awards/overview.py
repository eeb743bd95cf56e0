"""One movement as a whole: its counts and its most urgent nominations, however many there are.

What the board shows first. Read from indexes alone, by the series that instances and tasks carry.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session

from models.awards import Result
from models.process import ProcessInstance
from models.tasks import UserTask


@dataclass(frozen=True, slots=True)
class Count:
    """How many nominations there are, and how many of them wait past their date."""

    count: int = 0
    late: int = 0


def counts(session: Session, movement: str, now: datetime) -> dict[str, Count]:
    """The waiting ones by step, the ended ones by result."""
    late = func.count(case((UserTask.due_at < now, 1)))
    waiting = select(UserTask.element_id, func.count(), late).where(_waits(movement))
    ended = select(ProcessInstance.result, func.count()).where(_ended(movement))
    found = {
        element_id: Count(count, overdue)
        for element_id, count, overdue in session.execute(
            waiting.group_by(UserTask.element_id)
        )
    }
    for result, count in session.execute(ended.group_by(ProcessInstance.result)):
        found[str(result)] = Count(count)
    return found


def instance_ids(
    session: Session, movement: str, *, stage: str, offset: int, limit: int
) -> list[int]:
    """A page of the movement's instances: by due date, then those that have ended.

    `stage` narrows it to one step, or to one result.
    """
    waiting = select(UserTask.instance_id).where(_waits(movement))
    ended = select(ProcessInstance.id).where(_ended(movement))
    if stage in set(Result):
        ended = ended.where(ProcessInstance.result == stage)
        return list(session.scalars(_page(ended, offset, limit)))
    if stage:
        waiting = waiting.where(UserTask.element_id == stage)
    waiting = waiting.order_by(
        UserTask.due_at.asc().nulls_last(), UserTask.instance_id.desc()
    )
    found = list(session.scalars(waiting.offset(offset).limit(limit)))
    if stage or len(found) == limit:
        return found
    many = session.scalar(select(func.count()).where(_waits(movement))) or 0
    rest = _page(ended, max(0, offset - many), limit - len(found))
    return found + list(session.scalars(rest))


def _page(ended: Select[int], offset: int, limit: int) -> Select[int]:
    return ended.order_by(ProcessInstance.id.desc()).offset(offset).limit(limit)


def _waits(movement: str) -> ColumnElement[bool]:
    return and_(UserTask.series == movement, UserTask.closed_at.is_(None))


def _ended(movement: str) -> ColumnElement[bool]:
    return and_(ProcessInstance.series == movement, ProcessInstance.result.is_not(None))
