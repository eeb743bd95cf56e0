"""Days off and swapped working days, as they are announced."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from awards.errors import BadChange
from models.calendar import SpecialDay
from workflows import calendar
from workflows.actors import Actor
from workflows.words import N_


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the year that is not as its weekday says; `row` where it was recorded here."""

    day: date
    is_working: bool
    name: str
    source: str = ""
    row: SpecialDay | None = None


def load(session: Session) -> None:
    """Let the calendar of this process know the days that were recorded."""
    rows = session.execute(select(SpecialDay.day, SpecialDay.is_working))
    calendar.use({day: is_working for day, is_working in rows})  # noqa: C416 - rows, not pairs


def of_year(session: Session, year: int) -> list[Day]:
    """The year's holidays by law, and what was recorded beside or against them, by day."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    query = select(SpecialDay).where(SpecialDay.day.between(first, last))
    found = {day: Day(day, False, name) for day, name in calendar.holidays_of(year).items()}  # noqa: FBT003 - named above
    for row in session.scalars(query):
        found[row.day] = Day(row.day, row.is_working, row.name, row.source, row)
    return [found[day] for day in sorted(found)]


def record(
    session: Session,
    day: date,
    *,
    is_working: bool,
    name: str,
    source: str,
    by: Actor,
    now: datetime,
) -> SpecialDay:
    """Record a day, in place of what was recorded of it. Deadlines from now on are counted so.

    Raises BadChange for a day that is over: what was counted by it stays.
    """
    if day < calendar.today(now):
        raise BadChange(N_("Ngày này đã qua; thời hạn đã tính theo nó giữ nguyên."))
    row = session.get(SpecialDay, day, with_for_update=True) or SpecialDay(day=day)
    row.is_working, row.name, row.source = is_working, name, source
    row.recorded_by, row.recorded_at = by.id, now
    session.add(row)
    session.flush()
    return row


def forget(session: Session, day: date, now: datetime) -> None:
    """Take back a day that has not come yet. One that was not recorded is as it was."""
    row = session.get(SpecialDay, day, with_for_update=True)
    if row is None:
        return
    if day < calendar.today(now):
        raise BadChange(N_("Ngày này đã qua; thời hạn đã tính theo nó giữ nguyên."))
    session.delete(row)
    session.flush()
