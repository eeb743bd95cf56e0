"""Which nominations somebody asks about together: of what movements, units and Khối.

The same scope narrows nominations themselves, the tasks that wait, and the counts that are kept.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from awards import access, units
from models.awards import Movement, Nomination
from models.organisation import Block, Role
from models.tallies import EVERYWHERE, StepTally, WeekTally
from workflows.actors import Actor

Column: TypeAlias = InstrumentedAttribute[Any]
ALL = "all"


@dataclass(frozen=True, slots=True)
class Scope:
    """None means any. What is `own` is a unit of these or in a Khối of these."""

    series: frozenset[str] | None = None
    units: frozenset[int] | None = None
    blocks: frozenset[int] | None = None
    own: tuple[frozenset[int], frozenset[int]] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it holds all units."""
        return self.units is None and self.blocks is None and self.own is None

    def has(self, series: str, unit_id: int, block_id: int) -> bool:
        """Whether a nomination like this is in it."""
        return (
            (self.series is None or series in self.series)
            and (self.units is None or unit_id in self.units)
            and (self.blocks is None or block_id in self.blocks)
            and (self.own is None or unit_id in self.own[0] or block_id in self.own[1])
        )

    def tallied(self, table: type[StepTally | WeekTally]) -> ColumnElement[bool]:
        """The rows of a table of counts that add up to it."""
        if self.is_whole:
            return and_(table.unit_id == EVERYWHERE, *self.in_series(table.series))
        of_units = table.unit_id != EVERYWHERE
        return and_(of_units, *self.in_series(table.series), *self._places(table))

    def nominations(self) -> list[ColumnElement[bool]]:
        """Conditions on nominations, but for their movement."""
        return self._places(Nomination)

    def in_series(self, series: Column) -> list[ColumnElement[bool]]:
        """The condition on what instances and tasks are counted with."""
        return [] if self.series is None else [series.in_(sorted(self.series))]

    def _places(
        self, table: type[StepTally | WeekTally | Nomination]
    ) -> list[ColumnElement[bool]]:
        unit: Column = table.unit_id
        block: Column = table.block_id
        conditions: list[ColumnElement[bool]] = []
        if self.units is not None:
            conditions.append(unit.in_(sorted(self.units)))
        if self.blocks is not None:
            conditions.append(block.in_(sorted(self.blocks)))
        if self.own is not None:
            conditions.append(
                or_(false(), *_in(unit, self.own[0]), *_in(block, self.own[1]))
            )
        return conditions


def of(
    session: Session,
    actor: Actor,
    *,
    movement: str = "",
    year: str = "",
    block: str = "",
    unit: str = "",
) -> Scope:
    """What of these the actor may see. An empty text means any, and so does ALL."""
    return Scope(
        series=_series(session, movement, year),
        units=frozenset(session.scalars(units.named(unit))) if unit else None,
        blocks=frozenset(session.scalars(select(Block.id).where(Block.code == block)))
        if block
        else None,
        own=None if access.sees_everything(actor) else _own(session, actor),
    )


def of_year(year: str) -> ColumnElement[bool]:
    """The movements whose nominations are set up from a day of this year on."""
    if not (year.isdecimal() and year.isascii() and len(year) == 4):  # noqa: PLR2004 - digits of a year
        return false()
    first, last = date(max(1, int(year)), 1, 1), date(max(1, int(year)), 12, 31)
    return Movement.nominations_from.between(first, last)


def _series(session: Session, movement: str, year: str) -> frozenset[str] | None:
    named = movement not in {"", ALL}
    if not year:
        return frozenset({movement}) if named else None
    found = frozenset(session.scalars(select(Movement.code).where(of_year(year))))
    return found & {movement} if named else found


def _own(session: Session, actor: Actor) -> tuple[frozenset[int], frozenset[int]]:
    kept = access.kept_by(actor.scopes(*access.UNIT))
    inside = select(Block.id).where(Block.code.in_(actor.scopes(Role.BLOCK_LEAD)))
    return frozenset(session.scalars(kept)), frozenset(session.scalars(inside))


def _in(column: Column, ids: Collection[int]) -> list[ColumnElement[bool]]:
    return [column.in_(sorted(ids))] if ids else []
