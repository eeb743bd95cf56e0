"""Who keeps, signs and reads records. `docs/permissions.md` says it in prose."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, true

from awards import access, blocks
from awards.records.kinds import Record
from models.organisation import Block, BlockMember, Role, Unit
from models.records import Inspection, RecordKind, UnitEvaluation
from workflows.actors import Actor, Post


def reads_records(actor: Actor) -> bool:
    """Units their own, a Khối's lead those of its members, the offices and watchers all."""
    return access.follows_nominations(actor)


def reads_quality(actor: Actor) -> bool:
    """The offices, the council and those who watch: the answers compare all units."""
    return access.sees_everything(actor)


def keeps_own_records(actor: Actor) -> bool:
    """A unit's officer keeps what the unit says of itself."""
    return actor.has(Role.UNIT_OFFICER)


def keeps_inspections(actor: Actor) -> bool:
    """The department inspects; nobody keeps a record of inspecting himself."""
    return actor.has(*access.DEPARTMENT)


def signs_records(actor: Actor) -> bool:
    """The head signs the unit's evaluation."""
    return actor.has(Role.UNIT_HEAD)


def keepers(kind: RecordKind) -> Callable[[Actor], bool]:
    """Who keeps records of a kind for some unit."""
    return keeps_inspections if kind == RecordKind.INSPECTION else keeps_own_records


def may_keep(actor: Actor, kind: RecordKind, unit: Unit) -> bool:
    """Whether the actor may record this of the unit, or correct it."""
    if kind == RecordKind.INSPECTION:
        return keeps_inspections(actor)
    return unit.kept_by.code in actor.scopes(Role.UNIT_OFFICER)


def signing_post(actor: Actor, record: UnitEvaluation) -> Post | None:
    """The post in which the actor may sign: head of the unit."""
    return actor.post_for(f"{Role.UNIT_HEAD.value}:{record.unit.kept_by.code}")


def may_close(actor: Actor, record: Record) -> bool:
    """Whether the actor may say that a finding was put right."""
    return isinstance(record, Inspection) and keeps_inspections(actor)


def visible_to(actor: Actor, table: type[Any], day: date) -> ColumnElement[bool]:
    """Which records of a table the actor may read on a day, as a condition on queries."""
    if access.sees_everything(actor):
        return true()
    conditions = []
    if units := actor.scopes(*access.UNIT):
        conditions.append(table.unit_id.in_(access.kept_by(units)))
    if led := actor.scopes(Role.BLOCK_LEAD):
        members = select(BlockMember.unit_id).join(Block, BlockMember.block_id == Block.id)
        inside = members.where(Block.code.in_(led), blocks.within(BlockMember, day))
        conditions.append(table.unit_id.in_(inside))
    return or_(false(), *conditions)
