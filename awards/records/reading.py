"""Records as lists and one by one, for whoever may read them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from awards import units
from awards.filters import ALL
from awards.listings import PAGE
from awards.records import rights
from awards.records.kinds import KINDS, Kind, Record
from models.awards import Movement
from models.organisation import Unit
from models.records import (
    InspectionFinding,
    RecordKind,
    RecordVersion,
    UnitEvaluation,
)
from workflows.actors import Actor

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader of a list asked for. Empty means any."""

    kind: RecordKind
    year: str = ""
    unit: str = ""
    movement: str = ""
    state: str = ""


def page(
    session: Session, actor: Actor, wanted: Wanted, day: date, number: int
) -> tuple[Sequence[Record], int]:
    """A page of records, the latest first, and how many there are."""
    query = _query(actor, wanted, day)
    rows = session.scalars(_ordered(query, wanted).offset((number - 1) * PAGE).limit(PAGE))
    return rows.all(), _count(session, query)


def count(session: Session, actor: Actor, wanted: Wanted, day: date) -> int:
    """How many records there are."""
    return _count(session, _query(actor, wanted, day))


def every(session: Session, actor: Actor, wanted: Wanted, day: date) -> Iterator[Record]:
    """All of them, some at a time."""
    query, start = _ordered(_query(actor, wanted, day), wanted), 0
    while rows := session.scalars(query.offset(start).limit(_AT_ONCE)).all():
        yield from rows
        start += len(rows)


def find(
    session: Session, actor: Actor, kind: RecordKind, record_id: int, day: date
) -> Record | None:
    """The record, if the actor may read it."""
    table = KINDS[kind].table
    query = select(table).where(table.id == record_id, rights.visible_to(actor, table, day))
    found: Record | None = session.scalars(query).first()
    return found


def versions(session: Session, kind: RecordKind, record_id: int) -> Sequence[RecordVersion]:
    """All that was ever said in it, the latest first."""
    query = select(RecordVersion).options(joinedload(RecordVersion.actor))
    query = query.where(RecordVersion.kind == kind, RecordVersion.record_id == record_id)
    return session.scalars(query.order_by(RecordVersion.version.desc())).all()


def years_of(year: str) -> tuple[date, date] | None:
    """The days of a year somebody typed; None where it is no year."""
    if not (year.isdecimal() and year.isascii() and len(year) == 4):  # noqa: PLR2004 - as years are
        return None
    number = int(year)
    return (date(number, 1, 1), date(number, 12, 31)) if number else None


def _query(actor: Actor, wanted: Wanted, day: date) -> Select[Record]:
    kind = KINDS[wanted.kind]
    table = kind.table
    query = select(table).where(rights.visible_to(actor, table, day))
    if days := years_of(wanted.year):
        first, last = days
        if kind.is_yearly:
            query = query.where(table.year == first.year)
        else:
            query = query.where(kind.when.between(first, last))
    if wanted.unit:
        query = query.where(table.unit_id.in_(units.named(wanted.unit)))
    if wanted.movement not in ("", ALL) and kind.has_movement:
        of = select(Movement.id).where(Movement.code == wanted.movement)
        query = query.where(table.movement_id.in_(of))
    return _in_state(query, kind, wanted.state, day)


def _in_state(query: Select[Record], kind: Kind, state: str, day: date) -> Select[Record]:
    """Void ones are not counted, and are shown where somebody asks for them."""
    table = kind.table
    query = query.where(
        table.voided_at.is_not(None) if state == "void" else table.voided_at.is_(None)
    )
    match kind.key, state:
        case RecordKind.EVALUATION, "signed":
            query = query.where(UnitEvaluation.signed_at.is_not(None))
        case RecordKind.EVALUATION, "unsigned":
            query = query.where(UnitEvaluation.signed_at.is_(None))
        case RecordKind.INSPECTION, "open" | "late":
            of = select(InspectionFinding.inspection_id)
            of = of.where(InspectionFinding.closed_on.is_(None))
            if state == "late":
                of = of.where(InspectionFinding.due_on < day)
            query = query.where(table.id.in_(of))
    return query


def _ordered(query: Select[Record], wanted: Wanted) -> Select[Record]:
    kind = KINDS[wanted.kind]
    query = query.join(Unit, Unit.id == kind.table.unit_id)
    query = query.options(joinedload(kind.table.unit))
    if kind.has_movement:
        query = query.options(joinedload(kind.table.movement))
    if kind.lines:
        query = query.options(selectinload(getattr(kind.table, kind.lines)))
    return query.order_by(kind.when.desc(), Unit.name, kind.table.id.desc())


def _count(session: Session, query: Select[Record]) -> int:
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0
