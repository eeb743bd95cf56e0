"""The counts of steps and weeks for generated nominations, from their rows all at once.

The application follows its history event by event, some thousands a second; here nobody waits for
hours' worth of it. tests/awards/test_tallies.py shows that both ways come to the same.
"""

from collections import Counter

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from awards import tallies, waiting
from awards.tallies import Step, Week
from models.awards import Nomination
from models.history import HistoryEvent, HistoryMark
from models.process import ProcessInstance
from models.session import transaction
from models.tallies import ARRIVED, EVERYWHERE, StepTally, WeekTally
from models.tasks import TaskState, UserTask
from workflows import calendar

_PLACE = (
    Nomination.unit_id,
    ProcessInstance.series,
    func.coalesce(Nomination.block_id, EVERYWHERE),
)


def count(engine_: Engine) -> None:
    """Count everything anew, and take the history as read."""
    with transaction(engine_) as session:
        for table in (StepTally, WeekTally):
            session.execute(delete(table))
        tallies.add(session, *recounted(session))
        last = select(func.coalesce(func.max(HistoryEvent.id), 0)).scalar_subquery()
        mark = update(HistoryMark).where(HistoryMark.reader == tallies.READER)
        session.execute(mark.values(read_to=last))


def recounted(session: Session) -> tuple[Counter[Step], Counter[Week]]:
    """What the tasks and instances themselves come to."""
    return _steps(session), _weeks(session)


def _steps(session: Session) -> Counter[Step]:
    opened = waiting.day_of(session, UserTask.opened_at)
    closed = waiting.day_of(session, UserTask.closed_at)
    what = (*_PLACE, UserTask.element_id, opened, closed)
    query = (
        select(*what, func.count())
        .select_from(UserTask)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .join(Nomination, Nomination.instance_id == ProcessInstance.id)
        .where(UserTask.state == TaskState.COMPLETED)
        .group_by(*what)
    )
    found: Counter[Step] = Counter()
    for unit, series, block, element, began, ended, times in session.execute(query):
        days = calendar.working_days_between(began, ended)
        found[Step(unit, series, block, element, days)] += times
    return found


def _weeks(session: Session) -> Counter[Week]:
    found: Counter[Week] = Counter()
    for moment, is_end in (
        (ProcessInstance.started_at, False),
        (ProcessInstance.ended_at, True),
    ):
        day = waiting.day_of(session, moment)
        what = (*_PLACE, day, ProcessInstance.result)
        query = select(*what, func.count()).select_from(ProcessInstance)
        query = query.join(Nomination, Nomination.instance_id == ProcessInstance.id)
        rows = session.execute(query.where(moment.is_not(None)).group_by(*what))
        for unit, series, block, on, result, times in rows:
            kind = str(result) if is_end else ARRIVED
            found[Week(unit, series, block, tallies.monday_of(on), kind)] += times
    return found
