"""What a province needs before its first nomination can go all the way, and what lacks of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from awards import blocks
from models.awards import Award, LegalBasis, Movement
from models.organisation import Block, Post, Role, Unit
from workflows import deployments


class Part(StrEnum):
    """A part of the set-up, in the order in which they build on one another."""

    BLOCKS = "blocks"
    UNITS = "units"
    PEOPLE = "people"
    LEADS = "leads"
    PROCESS = "process"
    AWARDS = "awards"
    MOVEMENTS = "movements"
    LAW = "law"


@dataclass(frozen=True, slots=True)
class State:
    """How far the set-up has come. `roles` are those that a process needs and nobody holds."""

    done: frozenset[Part]
    roles: Sequence[Role]

    @property
    def is_whole(self) -> bool:
        return len(self.done) == len(Part)


def state(session: Session, day: date) -> State:
    """What there is on a day. Roles that only a Khối's lead has count under LEADS."""
    tables = {
        Part.BLOCKS: Block.id,
        Part.UNITS: Unit.id,
        Part.AWARDS: Award.id,
        Part.MOVEMENTS: Movement.id,
        Part.LAW: LegalBasis.id,
    }
    done = {
        part
        for part, column in tables.items()
        if session.scalars(select(column).limit(1)).first() is not None
    }
    needed = _needed(session)
    if needed:
        done.add(Part.PROCESS)
    held = set(
        session.scalars(select(Post.role).where(blocks.within(Post, day)).distinct())
    )
    vacant = [role for role in (needed or _BEFORE_A_PROCESS) if role not in held]
    if not vacant:
        done.add(Part.PEOPLE)
    standing = {one.block.id for one in blocks.standings(session, day) if one.members}
    if standing and standing <= blocks.led_on(session, day):
        done.add(Part.LEADS)
    return State(frozenset(done), vacant)


# What any route begins with, and who brings and confirms the process that asks for more.
_BEFORE_A_PROCESS = (Role.UNIT_OFFICER, Role.UNIT_HEAD, Role.PROCESS_ADMIN)


def _needed(session: Session) -> list[Role]:
    """The roles with a step in a process that serves, in the order of the steps."""
    found: dict[Role, None] = {}
    serving = {
        row.key: row for row in reversed(deployments.every(session)) if row.confirmed_at
    }
    for row in serving.values():
        for step in deployments.parsed(session, row).user_tasks:
            found.setdefault(Role(step.role))
    return [role for role in found if role != Role.BLOCK_LEAD]
