"""People noticed early: a quick note all year, from any unit, that can start a nomination."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from awards.errors import BadChange
from awards.examples import rights
from models.awards import Nomination
from models.base import ERASED
from models.examples import Discovery
from models.organisation import Person, Unit
from workflows.actors import Actor
from workflows.errors import NotAllowed, TaskChanged
from workflows.words import N_


@dataclass(frozen=True, slots=True)
class Sight:
    """Who was seen to do what, when, and where that person works."""

    unit_code: str
    name: str
    is_serving_public: bool
    happened_on: date
    text: str


def note(
    session: Session, sight: Sight, *, actor: Actor, now: datetime, today: date
) -> Discovery:
    """Keep what was seen. Raises BadChange for a day to come, or a unit there is not."""
    if not rights.notices(actor):
        raise NotAllowed
    if sight.happened_on > today:
        raise BadChange(N_("Ngày này chưa đến."))
    unit = session.scalars(select(Unit).where(Unit.code == sight.unit_code)).first()
    if unit is None:
        raise BadChange(N_("Không có đơn vị này."))
    row = Discovery(
        unit_id=unit.kept_by.id,
        name=sight.name,
        is_serving_public=sight.is_serving_public,
        happened_on=sight.happened_on,
        text=sight.text,
        author_id=actor.id,
        noted_at=now,
    )
    session.add(row)
    session.flush()
    return row


def decline(
    session: Session, discovery_id: int, answer: str, *, actor: Actor, now: datetime
) -> None:
    """Say why no nomination comes of it. Raises NotAllowed, TaskChanged when it was answered."""
    row = find(session, discovery_id, actor=actor)
    if row.answered_at is not None:
        if row.answer == answer and row.answered_by == actor.id:
            return
        raise TaskChanged
    row.answer, row.answered_by, row.answered_at = answer, actor.id, now
    session.flush()


def begin(
    session: Session,
    discovery_id: int,
    nomination: Nomination,
    *,
    actor: Actor,
    now: datetime,
) -> Discovery:
    """A nomination has come of it, of the same unit. Raises NotAllowed, TaskChanged as above."""
    row = find(session, discovery_id, actor=actor)
    if row.nomination_id != nomination.id:
        if row.answered_at is not None:
            raise TaskChanged
        row.nomination_id, row.answered_by, row.answered_at = (
            nomination.id,
            actor.id,
            now,
        )
        session.flush()
    return row


def find(session: Session, discovery_id: int, *, actor: Actor) -> Discovery:
    """A note that the actor answers for. Raises NotAllowed."""
    row = session.get(Discovery, discovery_id, with_for_update=True)
    if row is None or not rights.answers(actor, session, row):
        raise NotAllowed
    return row


def page(
    session: Session, actor: Actor, *, offset: int, limit: int
) -> tuple[Sequence[tuple[Discovery, str]], int]:
    """The latest notes that the actor may see, with their authors' names; how many there are."""
    seen = rights.visible_discoveries(actor)
    query = (
        select(Discovery, Person.name)
        .join(Person, Person.id == Discovery.author_id)
        .where(seen)
        .options(joinedload(Discovery.unit), joinedload(Discovery.nomination))
        .order_by(Discovery.answered_at.is_not(None), Discovery.noted_at.desc())
    )
    rows = session.execute(query.offset(offset).limit(limit)).all()
    total = session.scalar(select(func.count()).select_from(Discovery).where(seen)) or 0
    return [(row, name) for row, name in rows], total


def about(nomination: Nomination) -> ColumnElement[bool]:
    """The notes of which this nomination came, and those of its nominee's name in its unit."""
    here = Discovery.unit_id.in_({nomination.unit_id, nomination.unit.kept_by.id})
    named = Discovery.name == nomination.nominee.name
    return or_(Discovery.nomination_id == nomination.id, and_(here, named))


def erase(session: Session, nomination: Nomination) -> None:
    """Take away what was noted about the nominee."""
    for row in session.scalars(select(Discovery).where(about(nomination))):
        row.name = row.text = ERASED
        row.answer = ERASED if row.answer else ""
