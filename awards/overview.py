"""One movement as a whole, or all: the counts and the most urgent ones, however many there are.

What the board shows first. Read from indexes alone, by the series that instances and tasks carry;
how many nominations of all movements have ended is read from the counts that are kept.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, select, true
from sqlalchemy.orm import Session

from awards import tallies
from awards.scopes import ALL, Scope
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
    found = {
        element_id: Count(count, overdue)
        for element_id, count, overdue in session.execute(
            waiting.group_by(UserTask.element_id)
        )
    }
    for result, count in _ends(session, movement).items():
        found[result] = Count(count)
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


def _ends(session: Session, movement: str) -> dict[str, int]:
    if movement == ALL:
        kept = tallies.of(session, Scope())
        if kept.behind_since is None:
            return kept.ends
    ended = select(ProcessInstance.result, func.count()).where(_ended(movement))
    rows = session.execute(ended.group_by(ProcessInstance.result))
    return {str(result): count for result, count in rows}


def _page(ended: Select[int], offset: int, limit: int) -> Select[int]:
    return ended.order_by(ProcessInstance.id.desc()).offset(offset).limit(limit)


def _waits(movement: str) -> ColumnElement[bool]:
    of_it = true() if movement == ALL else UserTask.series == movement
    return and_(of_it, UserTask.closed_at.is_(None))


def _ended(movement: str) -> ColumnElement[bool]:
    of_it = true() if movement == ALL else ProcessInstance.series == movement
    return and_(of_it, ProcessInstance.result.is_not(None))
