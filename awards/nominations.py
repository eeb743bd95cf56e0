"""Nominations: set one up, and keep its facts as its unit states them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from awards import access, blocks, codes, text
from awards.errors import NoBlock, OutsidePeriod, UnitIsOver
from models.awards import Award, Movement, Nomination, Nominee, NomineeKind
from models.base import ERASED
from models.organisation import BLOCK_ROLES, Role, Unit
from workflows import calendar, commands, deployments, instances
from workflows.actors import Actor
from workflows.errors import BadDefinition, NotAllowed


@dataclass(frozen=True, slots=True)
class Facts:
    """Who is nominated, as a unit states it. Only individuals have a date of birth.

    The identity number is stated when the nomination is set up; later versions leave it, and
    `identity_corrections` puts it right.
    """

    kind: NomineeKind
    name: str
    honorific: str = ""
    birth_date: date | None = None
    position: str = ""
    is_serving_public: bool = False
    is_leader: bool = False
    achievements: str = ""
    identity_number: str = ""


def create(
    session: Session,
    *,
    movement: Movement,
    award: Award,
    unit: Unit,
    facts: Facts,
    actor: Actor,
    now: datetime,
) -> Nomination:
    """Set up a nomination for a unit and start its process.

    Raises NotAllowed outside the actor's units, OutsidePeriod outside the movement's dates,
    UnitIsOver for a unit that has ended and NoBlock where nobody could do the Khối's steps.
    """
    if not access.may_import_for(actor, unit.code):
        raise NotAllowed
    today = calendar.today(now)
    if not movement.nominations_from <= today <= movement.nominations_to:
        raise OutsidePeriod
    if unit.valid_to is not None and unit.valid_to < today:
        raise UnitIsOver(unit=unit.name)
    block = blocks.of(session, unit, today)
    if block is None and needs_block(session, award):
        raise NoBlock(unit=unit.name)
    code = codes.nomination_code(session, today.year)
    instance = instances.start(
        session,
        deployments.latest(session, award.process_key),
        business_key=code,
        series=movement.code,
        variables={
            "unit": unit.code,
            "block": block.code if block else None,
            "award": award.code,
        },
        actor=actor,
        post=actor.post_for(f"{Role.UNIT_OFFICER.value}:{unit.code}") or actor.posts[0],
        now=now,
    )
    nomination = Nomination(
        code=code,
        instance=instance,
        movement=movement,
        award=award,
        unit=unit,
        block=block,
        nominee=Nominee(identity_number=facts.identity_number),
        created_at=now,
    )
    restate(nomination, facts)
    session.add(nomination)
    session.flush()
    return nomination


def needs_block(session: Session, award: Award) -> bool:
    """Whether a step of the award's process is for the unit's Khối."""
    try:
        newest = deployments.latest(session, award.process_key)
    except BadDefinition:  # nothing starts on it yet
        return False
    elements = deployments.parsed(session, newest).elements.values()
    return any(element.role in BLOCK_ROLES for element in elements)


def create_once(
    session: Session, *, command_key: str, actor: Actor, now: datetime, **facts: Any
) -> Nomination:
    """As `create`; the same command key again gives the nomination it made the first time."""
    command = commands.take(session, command_key, kind="create", actor=actor, now=now)
    if command is None:
        return session.get_one(Nomination, commands.subject_of(session, command_key))
    nomination = create(session, actor=actor, now=now, **facts)
    command.subject_id = nomination.id
    session.flush()
    return nomination


def restate(nomination: Nomination, facts: Facts) -> None:
    """Take over the facts as the unit states them now. Earlier versions stay in submissions."""
    nominee = nomination.nominee
    nominee.kind = facts.kind
    nominee.name = facts.name
    nominee.honorific = facts.honorific
    nominee.birth_date = facts.birth_date if facts.kind == NomineeKind.INDIVIDUAL else None
    nominee.position = facts.position
    nominee.is_serving_public = facts.is_serving_public
    nominee.is_leader = facts.is_leader
    nominee.sort_key = text.name_key(facts.name)
    nomination.achievements = facts.achievements
    nomination.search_text = words_of(nomination)


def words_of(nomination: Nomination) -> str:
    """By which words a nomination is found; one that was erased no longer by its nominee's name."""
    name = nomination.nominee.name
    return text.searchable(
        nomination.code,
        "" if name == ERASED else name,
        nomination.unit.name,
        nomination.award.name,
    )


def find(session: Session, code: str) -> Nomination | None:
    """The nomination with this code, its unit, nominee, award and movement loaded."""
    if "\0" in code:  # PostgreSQL cannot even be asked for it
        return None
    return session.scalars(_WHOLE.where(Nomination.code == code)).first()


def named(session: Session, codes: Collection[str]) -> dict[str, str]:
    """The nominees' names by code; what is no nomination's code is left out."""
    query = select(Nomination.code, Nominee.name).join(Nomination.nominee)
    rows = session.execute(query.where(Nomination.code.in_(codes)))
    return {code: name for code, name in rows}  # noqa: C416 - rows, not pairs


def of_instance(session: Session, instance_id: int) -> Nomination:
    """The nomination that a process instance carries."""
    return session.scalars(_WHOLE.where(Nomination.instance_id == instance_id)).one()


_WHOLE = select(Nomination).options(
    joinedload(Nomination.unit).joinedload(Unit.keeper),
    joinedload(Nomination.block),
    joinedload(Nomination.nominee),
    joinedload(Nomination.award),
    joinedload(Nomination.movement),
    joinedload(Nomination.instance),
)
