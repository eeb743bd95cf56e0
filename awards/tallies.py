"""How long steps took and what arrived and ended week by week, without counting it all each time.

The history is followed: what has been read is kept as counts, a few rows for many events, and what
has happened since is counted when somebody asks. So an act pays nothing for it, and whoever looks
sees the last act. docs/decisions/28-counts-that-follow.md says why.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeAlias

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from awards.scopes import Scope
from models.awards import Nomination
from models.history import EventKind, HistoryEvent, HistoryMark
from models.process import ProcessInstance
from models.tallies import ARRIVED, EVERYWHERE, StepTally, WeekTally
from models.tasks import UserTask
from workflows import calendar, following, history

READER = "tallies"
AT_ONCE = 2_000
"""How many events are counted in one transaction."""

UNREAD = 6_000
"""How many events are counted while somebody waits: more than come in the busiest minute."""

_ENDS = (EventKind.INSTANCE_ENDED, EventKind.INSTANCE_CANCELLED)


class Step(NamedTuple):
    """A task that was completed, by where it belongs and the working days it took."""

    unit_id: int
    series: str
    block_id: int
    element_id: str
    days: int


class Week(NamedTuple):
    """A nomination that arrived or ended in the week of a Monday."""

    unit_id: int
    series: str
    block_id: int
    week: date
    kind: str


Found: TypeAlias = tuple[Counter[Step], Counter[Week]]


@dataclass(frozen=True, slots=True)
class Tallies:
    """What a scope comes to: completed tasks by (step, days), nominations by (week, kind).

    `behind_since` is the moment of the last event that is counted, where too many wait to be.
    """

    steps: Counter[tuple[str, int]]
    weeks: Counter[tuple[date, str]]
    behind_since: datetime | None = None

    @property
    def ends(self) -> dict[str, int]:
        """How many nominations have ended, by result."""
        found: Counter[str] = Counter()
        for (_week, kind), count in self.weeks.items():
            if kind != ARRIVED:
                found[kind] += count
        return dict(found)


def fold(session: Session) -> bool:
    """Count the next events for good; whether there may be more of them.

    Does nothing while somebody's act is under way that takes too long; the next time will do.
    """
    up_to = following.settled(session)
    if up_to is None:
        return False
    events = following.take(session, READER, up_to, AT_ONCE)
    add(session, *_found(session, events))
    return len(events) == AT_ONCE


def add(session: Session, steps: Counter[Step], weeks: Counter[Week]) -> None:
    """Add to what is kept, for each unit and for all together."""
    _add(session, StepTally, _with_whole(steps))
    _add(session, WeekTally, _with_whole(weeks))


def of(session: Session, scope: Scope) -> Tallies:
    """What is kept and what has happened since, as of the moment that the session sees."""
    took = select(StepTally.element_id, StepTally.days, func.sum(StepTally.count))
    took = took.where(scope.tallied(StepTally)).group_by(
        StepTally.element_id, StepTally.days
    )
    came = select(WeekTally.week, WeekTally.kind, func.sum(WeekTally.count))
    came = came.where(scope.tallied(WeekTally)).group_by(WeekTally.week, WeekTally.kind)
    steps = Counter({(step, days): int(n) for step, days, n in session.execute(took)})
    weeks = Counter({(week, kind): int(n) for week, kind, n in session.execute(came)})
    events = unread(session)
    since_steps, since_weeks = _found(session, events[:UNREAD])
    for step, count in since_steps.items():
        if scope.has(step.series, step.unit_id, step.block_id):
            steps[step.element_id, step.days] += count
    for one, count in since_weeks.items():
        if scope.has(one.series, one.unit_id, one.block_id):
            weeks[one.week, one.kind] += count
    behind = events[UNREAD - 1].at if len(events) > UNREAD else None
    return Tallies(steps, weeks, behind)


def unread(session: Session) -> Sequence[HistoryEvent]:
    """What has happened since the counts were last kept, and at most one event more than UNREAD."""
    read_to = select(HistoryMark.read_to).where(HistoryMark.reader == READER)
    query = select(HistoryEvent).where(HistoryEvent.id > read_to.scalar_subquery())
    return session.scalars(query.order_by(HistoryEvent.id).limit(UNREAD + 1)).all()


def monday(moment: datetime) -> date:
    """The Monday of a moment's week, in Vietnam."""
    return monday_of(calendar.today(moment))


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def days_taken(opened_at: datetime, closed_at: datetime) -> int:
    """The working days between the opening of a task and its end, as lists count them."""
    return calendar.working_days_between(
        calendar.today(opened_at), calendar.today(closed_at)
    )


def _found(session: Session, events: Sequence[HistoryEvent]) -> Found:
    """What these events count as. Instances that are nobody's nomination count as nothing."""
    completed = [
        int(str(history.details(event)["task"]))
        for event in events
        if event.kind == EventKind.TASK_COMPLETED
    ]
    arrived = [e for e in events if e.kind == EventKind.INSTANCE_STARTED]
    ended = [e for e in events if e.kind in _ENDS]
    steps = Counter(_steps(session, completed))
    weeks = Counter(_weeks(session, arrived)) + Counter(_weeks(session, ended, is_end=True))
    return steps, weeks


_PLACE = (
    Nomination.unit_id,
    ProcessInstance.series,
    func.coalesce(Nomination.block_id, EVERYWHERE),
)


def _steps(session: Session, task_ids: Sequence[int]) -> Iterator[Step]:
    query = (
        select(*_PLACE, UserTask.element_id, UserTask.opened_at, UserTask.closed_at)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .join(Nomination, Nomination.instance_id == UserTask.instance_id)
        .where(UserTask.id.in_(task_ids))
    )
    for unit, series, block, element_id, opened_at, closed_at in session.execute(query):
        if closed_at is not None:
            yield Step(unit, series, block, element_id, days_taken(opened_at, closed_at))


def _weeks(
    session: Session, events: Sequence[HistoryEvent], *, is_end: bool = False
) -> Iterator[Week]:
    query = (
        select(ProcessInstance.id, *_PLACE, ProcessInstance.result)
        .join(Nomination, Nomination.instance_id == ProcessInstance.id)
        .where(ProcessInstance.id.in_([event.instance_id for event in events]))
    )
    found = {row[0]: row for row in session.execute(query)}
    for event in events:
        if event.instance_id in found:
            _, unit, series, block, result = found[event.instance_id]
            kind = str(result) if is_end else ARRIVED
            yield Week(unit, series, block, monday(event.at), kind)


def _with_whole(found: Counter[Step] | Counter[Week]) -> Counter[Step | Week]:
    """The counts, and under EVERYWHERE what they come to."""
    both: Counter[Step | Week] = Counter(found)
    for key, count in found.items():
        both[key._replace(unit_id=EVERYWHERE, block_id=EVERYWHERE)] += count
    return both


def _add(
    session: Session,
    table: type[StepTally | WeekTally],
    found: Counter[Step | Week],
) -> None:
    if not found:
        return
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert(table) if is_sqlite else postgresql.insert(table)
    key = list(table.__table__.primary_key)
    adding = insert.on_conflict_do_update(
        index_elements=key, set_={"count": table.count + insert.excluded.count}
    )
    session.execute(adding, [one._asdict() | {"count": n} for one, n in found.items()])
