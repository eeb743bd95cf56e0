"""A Khối's meeting about what its proposal holds: who came, who led it, who wrote it down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from awards import blocks
from awards.proposals import rights
from models.organisation import Unit
from models.proposals import BlockMeeting, Proposal, ProposalKind
from workflows import calendar
from workflows.actors import Actor
from workflows.errors import NotAllowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is recorded of a meeting. `present` says who came, by the member's id."""

    held_on: date
    began: str
    ended: str
    place: str
    chair: str
    secretary: str
    present: Mapping[int, str]


def has_meeting(proposal: Proposal) -> bool:
    """A Khối meets about its proposal; a unit's and the department's have councils of their own."""
    return proposal.kind == ProposalKind.BLOCK


def records(actor: Actor, proposal: Proposal) -> bool:
    """Whoever prepares the Khối's proposal records the meeting."""
    return has_meeting(proposal) and rights.prepares(actor, proposal.kind, proposal.queue)


def members(session: Session, proposal: Proposal) -> Sequence[Unit]:
    """The units that were in the Khối when the proposal was opened."""
    assert proposal.block is not None  # noqa: S101 - a Khối's proposal has its Khối
    return blocks.units_on(session, proposal.block, calendar.today(proposal.opened_at))


def of(session: Session, proposal: Proposal) -> BlockMeeting | None:
    """The meeting, if it was recorded."""
    return session.get(BlockMeeting, proposal.id)


def record(
    session: Session, proposal_id: int, facts: Facts, *, actor: Actor, now: datetime
) -> BlockMeeting:
    """Write down, or anew, what the minutes say of the meeting. Raises NotAllowed."""
    proposal = session.get_one(Proposal, proposal_id, with_for_update=True)
    if not records(actor, proposal):
        raise NotAllowed
    meeting = session.merge(
        BlockMeeting(
            proposal_id=proposal.id,
            held_on=facts.held_on,
            began=facts.began,
            ended=facts.ended,
            place=facts.place,
            chair=facts.chair,
            secretary=facts.secretary,
            present={str(id_): name for id_, name in facts.present.items()},
            recorded_by=actor.id,
            recorded_at=now,
        )
    )
    session.flush()
    return meeting
