"""What answers have in common: a line for each kind of unit, one for each unit."""

from collections.abc import Callable, Iterator

from awards.names import UNIT_KINDS
from awards.quality.asking import Asked, Behind, Line, Value, Where
from awards.quality.counts import Done
from models.organisation import Unit, UnitKind

Numbers = Callable[[Done], tuple[int, ...]]
Cells = Callable[[Unit, Done], tuple[Value, ...]]


def of_kinds(asked: Asked, key: str, numbers: Numbers) -> list[Line]:
    """A line for each kind of unit that there is: how many units, and the sums of these numbers."""
    lines = []
    for kind, name in UNIT_KINDS.items():
        done = [asked.counts[unit.id] for unit in asked.scope.units if unit.kind == kind]
        if done:
            sums = tuple(sum(column) for column in zip(*map(numbers, done), strict=True))
            lines.append(Line((name, len(done), *sums), {0: _those_of(asked, key, kind)}))
    return lines


def of_units(
    asked: Asked, cells: Cells, behind: Callable[[Unit], dict[int, Behind]]
) -> list[Line]:
    """A line for each unit, by name, which leads on to what was counted of it."""
    return [
        Line(
            (unit.name, *cells(unit, asked.counts[unit.id])),
            behind(unit),
            group=unit.kind.value,
        )
        for unit in asked.scope.units
    ]


def total(asked: Asked, number: Callable[[Done], int]) -> int:
    """The sum of a number over all units."""
    return sum(number(done) for done in asked.counts.values())


def records(asked: Asked, unit: Unit, path: str, **more: str) -> Behind:
    """The list of a unit's records of a kind, by its path, of this year."""
    query = {"path": path, "unit": unit.code, **more}
    return Behind(Where.RECORDS, asked.scope.filters(**query))


def board(asked: Asked, unit: Unit) -> Behind:
    """The unit's nominations on the board."""
    movement = asked.scope.movement
    code = movement.code if movement else "all"
    return Behind(Where.BOARD, {"movement": code, "unit": unit.code})


def within(asked: Asked, key: str, group: str) -> Behind:
    """The part of a question's own list."""
    query = asked.scope.filters(on=asked.scope.day.isoformat(), group=group)
    return Behind(Where.QUESTION, {"key": key, **query})


def _those_of(asked: Asked, key: str, kind: UnitKind) -> Behind:
    return within(asked, key, kind.value)


def kinds_there(asked: Asked) -> Iterator[UnitKind]:
    """The kinds of the units that there are."""
    found = {unit.kind for unit in asked.scope.units}
    yield from (kind for kind in UNIT_KINDS if kind in found)
