"""What a movement is for, readable by everybody, and which units say that they have read it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from awards import access
from models.awards import Movement, Nomination, Result
from models.examples import Acknowledgement
from models.organisation import Person, Unit
from models.process import ProcessInstance
from models.writing import insert_absent
from workflows.actors import Actor
from workflows.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Word:
    """A unit's word that it has read a movement's purpose and criteria."""

    unit: str
    person: str
    at: datetime


def every(session: Session) -> Sequence[Movement]:
    """All movements, the newest first."""
    return session.scalars(select(Movement).order_by(Movement.id.desc())).all()


def find(session: Session, code: str) -> Movement | None:
    """A movement with its criteria."""
    query = select(Movement).where(Movement.code == code)
    return session.scalars(query.options(selectinload(Movement.criteria))).first()


def acknowledge(
    session: Session, movement: Movement, unit_code: str, *, actor: Actor, now: datetime
) -> None:
    """Keep a unit's word, once. Raises NotAllowed for all but the unit's people."""
    if unit_code not in actor.scopes(*access.UNIT):
        raise NotAllowed
    unit = session.scalars(select(Unit).where(Unit.code == unit_code)).one()
    insert_absent(
        session,
        Acknowledgement,
        movement_id=movement.id,
        unit_id=unit.id,
        person_id=actor.id,
        at=now,
    )


def words(session: Session, movement: Movement) -> list[Word]:
    """Which units have given their word, the latest first."""
    query = (
        select(Unit.name, Person.name, Acknowledgement.at)
        .join(Acknowledgement, Acknowledgement.unit_id == Unit.id)
        .join(Person, Person.id == Acknowledgement.person_id)
        .where(Acknowledgement.movement_id == movement.id)
        .order_by(Acknowledgement.at.desc(), Unit.name)
    )
    return [Word(*row) for row in session.execute(query)]


def silent(session: Session, movement: Movement, codes: Collection[str]) -> Sequence[Unit]:
    """Those of these units that have not given their word."""
    given = select(Acknowledgement.unit_id).where(
        Acknowledgement.movement_id == movement.id
    )
    query = select(Unit).where(Unit.code.in_(codes), Unit.id.not_in(given))
    return session.scalars(query.order_by(Unit.name)).all()


def unread(session: Session, codes: Collection[str], today: date) -> Sequence[Movement]:
    """The movements taking nominations today on which one of these units has not given its word."""
    found = session.scalars(
        select(Movement)
        .where(Movement.nominations_from <= today, Movement.nominations_to >= today)
        .order_by(Movement.id.desc())
    )
    return [movement for movement in found if silent(session, movement, codes)]


def outcomes(session: Session, movement: Movement) -> dict[Result, int]:
    """How the movement's nominations have ended so far: what its criteria came to."""
    query = (
        select(ProcessInstance.result, func.count())
        .join(Nomination, Nomination.instance_id == ProcessInstance.id)
        .where(Nomination.movement_id == movement.id, ProcessInstance.result.is_not(None))
        .group_by(ProcessInstance.result)
    )
    found = {Result(str(result)): count for result, count in session.execute(query)}
    return {result: found[result] for result in Result if result in found}
