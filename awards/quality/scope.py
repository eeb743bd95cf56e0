"""What is looked at: a year, perhaps one movement, as of a day; and the units of that day.

What belongs to a unit that had ended by that day is counted for the one that took over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from awards import blocks
from models.awards import Movement
from models.organisation import Block, BlockMember, Unit, UnitEvent, UnitEventPart
from workflows import calendar

YEARS = 3  # how far back one looks for years in which nothing was done
FIRST_YEAR = 2019  # of the letter's movement
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Scope:
    """`owners` tells for every unit that ever was who answers for it on `day`, by id."""

    year: int
    movement: Movement | None
    day: date
    units: Sequence[Unit]
    owners: Mapping[int, int]
    blocks: Mapping[int, Block]

    @property
    def years(self) -> range:
        """The year and those before it that are looked at."""
        return range(self.year - YEARS + 1, self.year + 1)

    def days(self, year: int) -> tuple[date, date]:
        """The first and the last day of a year, up to the day that is looked at."""
        return date(year, 1, 1), min(date(year, 12, 31), self.day)

    def moments(self, year: int) -> tuple[datetime, datetime]:
        """From when, and until before when, a year's moments are."""
        first, last = self.days(year)
        return calendar.midnight(first), calendar.midnight(last + _DAY)

    @property
    def known_until(self) -> datetime:
        """The end of the day: what happened later is not known."""
        return calendar.midnight(self.day + _DAY)

    def filters(self, **more: str) -> dict[str, str]:
        """This scope as the query of an address."""
        movement = {"movement": self.movement.code} if self.movement else {}
        return {"year": str(self.year)} | movement | more


def look(session: Session, *, year: int, movement: str, day: date) -> Scope:
    """The scope for a year, the code of a movement or none, and a day."""
    units = session.scalars(select(Unit).order_by(Unit.name)).all()
    alive = {unit.id for unit in units if _is_alive(unit, day)}
    heirs = _heirs(session)
    found = {unit.id: _owner(unit.id, alive, heirs) for unit in units}
    members = select(BlockMember.unit_id, Block).join(BlockMember.block)
    placed = session.execute(members.where(blocks.within(BlockMember, day)))
    return Scope(
        year=year,
        movement=session.scalars(select(Movement).where(Movement.code == movement)).first(),
        day=day,
        units=[unit for unit in units if unit.id in alive],
        owners={unit_id: owner for unit_id, owner in found.items() if owner},
        blocks={unit_id: block for unit_id, block in placed},  # noqa: C416 - rows, not pairs
    )


def read(session: Session, wanted: Mapping[str, str], today: date) -> Scope:
    """The scope an address asks for: without a word this year, every movement, today.

    `on` is year-month-day. What lies ahead, or before the movement began, is not looked at.
    """
    text = wanted.get("year", "")
    is_year = text.isdecimal() and text.isascii() and len(text) == 4  # noqa: PLR2004 - as years are
    year = int(text) if is_year else today.year
    on = wanted.get("on")
    return look(
        session,
        year=year if FIRST_YEAR <= year <= today.year else today.year,
        movement=wanted.get("movement", ""),
        day=min(date.fromisoformat(on), today) if on else today,
    )


def _is_alive(unit: Unit, day: date) -> bool:
    return unit.valid_from <= day and (unit.valid_to is None or unit.valid_to >= day)


def _heirs(session: Session) -> dict[int, int]:
    query = select(UnitEventPart.unit_id, UnitEvent.heir_id).join(
        UnitEvent, UnitEvent.id == UnitEventPart.event_id
    )
    rows = session.execute(query.where(UnitEventPart.is_new.is_(False)))
    return {unit_id: heir_id for unit_id, heir_id in rows if heir_id}


def _owner(unit_id: int, alive: set[int], heirs: Mapping[int, int]) -> int:
    """The unit itself, or who has taken over by then; 0 for one that there was not yet."""
    seen = {unit_id}
    while unit_id not in alive:
        unit_id = heirs.get(unit_id, 0)
        if not unit_id or unit_id in seen:
            return 0
        seen.add(unit_id)
    return unit_id
