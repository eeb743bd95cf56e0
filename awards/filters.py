"""What the reader of a list of nominations asked for, and the conditions that come of it.

The plain ones (movement, step, status and so on) are in awards/listings.py; here are those that the
overview's figures lead to: the list behind each figure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from awards import access, scopes
from models.process import ProcessInstance
from models.tasks import TaskState, UserTask
from workflows import calendar
from workflows.actors import Actor

ALL = scopes.ALL
MAX_DAYS = 999
_WEEK = timedelta(days=7)
_FIRST_YEAR, _LAST_YEAR = 1900, 9000


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader of a list asked for. Empty means any; so does ALL for the movement.

    `holder` is a person's number or a queue, `waited` a number of working days, `passed` a step
    that was completed; `arrived`, `ended` and `stood` are the Mondays of weeks.
    """

    movement: str = ""
    block: str = ""
    unit: str = ""
    stage: str = ""
    status: str = ""
    q: str = ""
    sort: str = ""
    year: str = ""
    holder: str = ""
    waited: str = ""
    passed: str = ""
    arrived: str = ""
    ended: str = ""
    stood: str = ""
    page: int = 1

    @property
    def is_beyond(self) -> bool:
        """Whether it asks for more than the plain filters do."""
        return any(getattr(self, name) for name in BEYOND)


BEYOND = ("year", "holder", "waited", "passed", "arrived", "ended", "stood")


def conditions(
    actor: Actor, filters: Filters, now: datetime
) -> Iterator[ColumnElement[bool]]:
    """Those of the filters beyond the plain ones, on joined nominations and their open tasks.

    What makes no sense asks for nothing.
    """
    if filters.year:
        yield scopes.of_year(filters.year)
    if filters.holder and access.sees_inside(actor):
        yield _held_by(filters.holder)
    if days := _number(filters.waited):
        yield UserTask.opened_at < calendar.midnight(_opened_by(days, now))
    if filters.passed:
        yield _passed(filters.passed)
    yield from _in_weeks(filters)


def monday(text: str) -> date | None:
    """The day that a text names, if it names one that people live in."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _FIRST_YEAR <= day.year < _LAST_YEAR else None


def _in_weeks(filters: Filters) -> Iterator[ColumnElement[bool]]:
    started, ended = ProcessInstance.started_at, ProcessInstance.ended_at
    if day := monday(filters.arrived):
        yield and_(
            started >= calendar.midnight(day), started < calendar.midnight(day + _WEEK)
        )
    if day := monday(filters.ended):
        yield and_(ended >= calendar.midnight(day), ended < calendar.midnight(day + _WEEK))
    if day := monday(filters.stood):
        over = calendar.midnight(day + _WEEK)
        yield and_(started < over, or_(ended.is_(None), ended >= over))


def _held_by(holder: str) -> ColumnElement[bool]:
    if holder.isdecimal() and holder.isascii() and len(holder) < 10:  # noqa: PLR2004 - digits of 2**31 and less
        return UserTask.assignee_id == int(holder)
    return and_(UserTask.queue == holder, UserTask.assignee_id.is_(None))


def _passed(step: str) -> ColumnElement[bool]:
    done = select(UserTask.id).where(
        UserTask.instance_id == ProcessInstance.id,
        UserTask.element_id == step,
        UserTask.state == TaskState.COMPLETED,
    )
    return done.correlate(ProcessInstance).exists()


def _opened_by(days: int, now: datetime) -> date:
    """The day before which a task was opened that has waited longer than so many working days."""
    day = calendar.today(now)
    while days > 0:
        days -= calendar.is_working_day(day)
        day -= timedelta(days=1)
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return day


def _number(text: str) -> int:
    is_number = text.isdecimal() and text.isascii() and len(text) <= len(str(MAX_DAYS))
    return int(text) if is_number else 0
