"""Recording, correcting, signing and voiding. Each leaves a version of the whole record."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from awards.errors import BadChange
from awards.records import rights
from awards.records.facts import Facts
from awards.records.kinds import KINDS, Kind, Record
from models.base import Base
from models.organisation import Unit
from models.records import (
    Inspection,
    InspectionFinding,
    RecordAct,
    RecordKind,
    RecordVersion,
    UnitEvaluation,
)
from workflows import calendar, commands
from workflows.actors import Actor
from workflows.errors import NotAllowed, TaskChanged
from workflows.words import N_

_FIRST_YEAR = 2000
_OWN = frozenset({"id", "recorded_by", "recorded_at", "revision", "voided_at"})
_LINE_OWN = frozenset({"id", "registration_id", "inspection_id"})


def record(
    session: Session,
    kind: RecordKind,
    unit: Unit,
    facts: Facts,
    *,
    actor: Actor,
    command_key: str,
    now: datetime,
) -> Record:
    """Write a record down; the same command key again gives the one it made.

    Raises NotAllowed, and BadChange for what cannot be or is there already.
    """
    unit = session.get_one(Unit, unit.id, with_for_update=True)  # one of a year takes turns
    if not rights.may_keep(actor, kind, unit):
        raise NotAllowed
    table = KINDS[kind].table
    command = commands.take(session, command_key, kind="record", actor=actor, now=now)
    if command is None:
        earlier: Record = session.get_one(table, commands.subject_of(session, command_key))
        return earlier
    _check(session, KINDS[kind], unit, facts, now)
    row: Record = table(unit=unit, recorded_by=actor.id, recorded_at=now)
    _fill(row, facts)
    session.add(row)
    session.flush()
    command.subject_id = row.id
    _keep_version(session, kind, row, RecordAct.RECORDED, "", actor, now)
    return row


def correct(
    session: Session,
    kind: RecordKind,
    record_id: int,
    facts: Facts,
    *,
    reason: str,
    revision: int,
    actor: Actor,
    now: datetime,
) -> Record:
    """Put a record right, with the reason. A signed evaluation is to be signed anew.

    Raises NotAllowed; TaskChanged where somebody was first; BadChange.
    """
    row = _held(session, kind, record_id, revision)
    if not rights.may_keep(actor, kind, row.unit):
        raise NotAllowed
    _check(session, KINDS[kind], row.unit, facts, now, but=row.id)
    _fill(row, facts)
    if isinstance(row, UnitEvaluation):
        row.signed_by = row.signed_at = None
    _keep_version(session, kind, row, RecordAct.CORRECTED, reason, actor, now)
    return row


def void(
    session: Session,
    kind: RecordKind,
    record_id: int,
    *,
    reason: str,
    revision: int,
    actor: Actor,
    now: datetime,
) -> Record:
    """Say of a record that it should not be there. Raises NotAllowed, TaskChanged."""
    row = _held(session, kind, record_id, revision)
    if not rights.may_keep(actor, kind, row.unit):
        raise NotAllowed
    row.voided_at = now
    _keep_version(session, kind, row, RecordAct.VOIDED, reason, actor, now)
    return row


def sign(
    session: Session, record_id: int, *, revision: int, actor: Actor, now: datetime
) -> UnitEvaluation:
    """The head signs the unit's evaluation; signed already, it stays so.

    Raises NotAllowed, and TaskChanged where it was corrected since the head read it.
    """
    row = session.get_one(UnitEvaluation, record_id, with_for_update=True)
    post = rights.signing_post(actor, row)
    if post is None:
        raise NotAllowed
    if row.signed_at is not None and row.signed_by == actor.id:
        return row
    _check_revision(row, revision)
    row.signed_by, row.signed_at = actor.id, now
    kind = RecordKind.EVALUATION
    _keep_version(session, kind, row, RecordAct.SIGNED, "", actor, now, post.acting_as)
    return row


def close_finding(
    session: Session,
    finding_id: int,
    *,
    remedy: str,
    closed_on: date,
    actor: Actor,
    now: datetime,
) -> InspectionFinding:
    """The department sees that a finding was put right.

    Raises NotAllowed; TaskChanged where it is closed already; BadChange for a day that cannot be.
    """
    found = session.get_one(InspectionFinding, finding_id)
    row = session.get_one(Inspection, found.inspection_id, with_for_update=True)
    session.refresh(found)
    if not rights.may_close(actor, row):
        raise NotAllowed
    if found.closed_on is not None or row.voided_at is not None:
        raise TaskChanged
    if not row.inspected_on <= closed_on <= calendar.today(now):
        raise BadChange(N_("Ngày khắc phục phải từ ngày kiểm tra đến hôm nay."))
    found.remedy, found.closed_on = remedy, closed_on
    act = RecordAct.FINDING_CLOSED
    _keep_version(session, RecordKind.INSPECTION, row, act, "", actor, now)
    return found


def _held(session: Session, kind: RecordKind, record_id: int, revision: int) -> Record:
    row: Record = session.get_one(KINDS[kind].table, record_id, with_for_update=True)
    _check_revision(row, revision)
    return row


def _check_revision(row: Record, revision: int) -> None:
    if row.revision != revision or row.voided_at is not None:
        raise TaskChanged


def _check(
    session: Session, kind: Kind, unit: Unit, facts: Facts, now: datetime, but: int = 0
) -> None:
    today, when = calendar.today(now), getattr(facts, kind.when.key)
    year = when if kind.is_yearly else when.year
    if not _FIRST_YEAR <= year <= today.year + 1:
        raise BadChange(N_("Năm phải từ 2000 đến năm sau."))
    if not kind.is_yearly and when > today:
        raise BadChange(N_("Ngày không thể sau hôm nay."))
    if kind.is_yearly and _is_there(session, kind, unit, facts, but):
        raise BadChange(
            N_("%(unit)s đã có bản ghi của năm %(year)s. Mở bản đó ra sửa."),
            unit=unit.name,
            year=str(year),
        )
    for line in getattr(facts, "findings", {}).values():
        if line.due_on < when:
            raise BadChange(N_("Hạn khắc phục không thể trước ngày kiểm tra."))


def _is_there(session: Session, kind: Kind, unit: Unit, facts: Facts, but: int) -> bool:
    """Whether the unit has one of that year, and of that movement, already."""
    table = kind.table
    names = ("year", "movement_id") if kind.has_movement else ("year",)
    same = [getattr(table, name) == getattr(facts, name) for name in names]
    query = select(table.id).where(table.unit_id == unit.id, *same)
    query = query.where(table.voided_at.is_(None), table.id != but)
    return session.scalars(query.limit(1)).first() is not None


def _fill(row: Record, facts: Facts) -> None:
    kind = next(kind for kind in KINDS.values() if isinstance(row, kind.table))
    for field in fields(facts):
        value = getattr(facts, field.name)
        if field.name == kind.lines:
            _fill_lines(getattr(row, kind.lines), kind, value)
        else:
            setattr(row, field.name, value)


def _fill_lines(kept: list[Any], kind: Kind, wanted: Mapping[int, Any]) -> None:
    """Lines keep their place, so that what was said of one since is not said of another."""
    there = {line.position: line for line in kept}
    for position, line in there.items():
        if position not in wanted:
            kept.remove(line)
    for position, facts in wanted.items():
        line = there.get(position)
        if line is None:
            assert kind.line is not None  # noqa: S101 - who has lines says of which table
            line = kind.line(position=position)
            kept.append(line)
        for name, value in asdict(facts).items():
            setattr(line, name, value)


def _keep_version(
    session: Session,
    kind: RecordKind,
    row: Record,
    act: RecordAct,
    reason: str,
    actor: Actor,
    now: datetime,
    acting_as: str = "",
) -> None:
    if act != RecordAct.RECORDED:
        row.revision += 1
    row.recorded_by, row.recorded_at = actor.id, now
    session.flush()
    mine = (RecordVersion.kind == kind, RecordVersion.record_id == row.id)
    last = session.scalar(select(func.max(RecordVersion.version)).where(*mine)) or 0
    session.add(
        RecordVersion(
            kind=kind,
            record_id=row.id,
            version=last + 1,
            act=act,
            content=_content(row, KINDS[kind]),
            reason=reason,
            actor_id=actor.id,
            acting_as=acting_as or actor.acting_as,
            at=now,
        )
    )
    session.flush()


def _content(row: Record, kind: Kind) -> dict[str, object]:
    said = _plain(row, _OWN)
    if kind.lines:
        lines = sorted(getattr(row, kind.lines), key=lambda line: line.position)
        said[kind.lines] = [_plain(line, _LINE_OWN) for line in lines]
    return said


def _plain(row: Base, without: frozenset[str]) -> dict[str, object]:
    names = [column.key for column in inspect(type(row)).column_attrs]
    return {name: _json(getattr(row, name)) for name in names if name not in without}


def _json(value: object) -> object:
    if isinstance(value, date):  # a moment is one too
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value
