"""What waits now: by step with how long it has waited, by who holds it too long, and the oldest.

Read from the index over open tasks. Those are never more than the offices hold, however many
nominations there are.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVarTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Row,
    Select,
    SQLColumnExpression,
    case,
    cast,
    func,
    null,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from awards.scopes import Scope
from models.awards import Nomination
from models.organisation import Block, Person, Role, Unit
from models.process import ProcessInstance
from models.tasks import UserTask
from workflows import calendar

MOST_HOLDERS = 15
Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True)
class Waits:
    """Those that wait at a step: how many, how many past their date, and since how many days."""

    count: int = 0
    late: int = 0
    days: Mapping[int, int] = field(default_factory=dict)

    @property
    def longest(self) -> int:
        """The working days that the longest has waited."""
        return max(self.days, default=0)

    @property
    def middle(self) -> int:
        """The working days that half of them have not waited yet."""
        passed = 0
        for days in sorted(self.days):
            passed += self.days[days]
            if passed * 2 >= self.count:
                return days
        return 0


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has too many: a person who has claimed, or a queue that nobody has claimed from.

    `key` is what the board is filtered by. Without a `person` the role is to be named, with the
    unit or Khối whose it is; `count` are past their date, the first of them since `since`.
    """

    key: str
    role: Role | None
    place: str
    person: str
    count: int
    since: datetime | None


def day_of(session: Session, moment: SQLColumnExpression[Any]) -> ColumnElement[date]:
    """The day in Vietnam that a moment falls on, to group by."""
    if session.get_bind().dialect.name == "sqlite":
        return type_coerce(func.date(moment, "+7 hours"), Date)
    return cast(func.timezone(str(calendar.VIETNAM), moment), Date)


def by_step(session: Session, scope: Scope, now: datetime) -> dict[str, Waits]:
    """The waiting ones of the scope, by step."""
    late = func.count(case((UserTask.due_at < now, 1)))
    day = day_of(session, UserTask.opened_at)
    query = _open(scope, select(UserTask.element_id, day, func.count(), late))
    days: dict[str, Counter[int]] = {}
    lates: Counter[str] = Counter()
    waited: dict[date, int] = {}
    for step, opened, count, overdue in session.execute(
        query.group_by(UserTask.element_id, day)
    ):
        if opened not in waited:
            waited[opened] = calendar.working_days_between(opened, calendar.today(now))
        days.setdefault(step, Counter())[waited[opened]] += count
        lates[step] += overdue
    return {step: Waits(found.total(), lates[step], found) for step, found in days.items()}


def late_holders(
    session: Session, scope: Scope, step: str, now: datetime, *, by_person: bool
) -> list[Holder]:
    """Who holds most past their date; people by name only where the reader may know."""
    who = type_coerce(UserTask.assignee_id if by_person else null(), Integer)
    most = func.count()
    query = _open(scope, select(UserTask.queue, who, most, func.min(UserTask.due_at)), step)
    query = query.where(UserTask.due_at < now)
    query = query.group_by(UserTask.queue, *([UserTask.assignee_id] if by_person else []))
    query = query.order_by(most.desc(), UserTask.queue).limit(MOST_HOLDERS)
    return list(_named(session, session.execute(query).all()))


def oldest(session: Session, scope: Scope, step: str, limit: int) -> list[int]:
    """The instances that run longest, among those that wait at the step, if one is given."""
    query = (
        select(ProcessInstance.id)
        .where(ProcessInstance.ended_at.is_(None), *scope.in_series(ProcessInstance.series))
        .order_by(ProcessInstance.started_at, ProcessInstance.id)
        .limit(limit)
    )
    nominated = select(Nomination.id).where(
        Nomination.instance_id == ProcessInstance.id, *scope.nominations()
    )
    query = query.where(nominated.exists())
    if step:
        at_step = select(UserTask.id).where(
            UserTask.instance_id == ProcessInstance.id,
            UserTask.closed_at.is_(None),
            UserTask.element_id == step,
        )
        query = query.where(at_step.exists())
    return list(session.scalars(query))


def _open(scope: Scope, query: Select[*Columns], step: str = "") -> Select[*Columns]:
    query = query.where(UserTask.closed_at.is_(None), *scope.in_series(UserTask.series))
    if step:
        query = query.where(UserTask.element_id == step)
    if scope.is_whole:
        return query
    joined = query.join(Nomination, Nomination.instance_id == UserTask.instance_id)
    return joined.where(*scope.nominations())


def _named(
    session: Session, rows: Sequence[Row[str, int | None, int, datetime | None]]
) -> Iterator[Holder]:
    scopes = {queue.partition(":")[2] for queue, *_ in rows}
    places: dict[str, str] = {}
    for table in (Unit, Block):
        named = select(table.code, table.name).where(table.code.in_(scopes))
        places |= {code: name for code, name in session.execute(named)}  # noqa: C416 - rows, not pairs
    ids = {person_id for _, person_id, *_ in rows if person_id is not None}
    people = select(Person.id, Person.name).where(Person.id.in_(ids))
    names = {id_: name for id_, name in session.execute(people)}  # noqa: C416 - rows, not pairs
    for queue, person_id, count, since in rows:
        role, _, code = queue.partition(":")
        yield Holder(
            key=queue if person_id is None else str(person_id),
            role=Role(role) if role in set(Role) else None,
            place=places.get(code, ""),
            person=names.get(person_id, "") if person_id is not None else "",
            count=count,
            since=since,
        )
