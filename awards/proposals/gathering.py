"""Drafts of proposals: gather what waits, say what is proposed of each, hand it in to be signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Select, delete, exists, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from awards import blocks
from awards.errors import NothingToPropose
from awards.proposals import rights
from models.awards import Movement, Nomination, NomineeKind, Outcome
from models.organisation import Block, Unit
from models.process import ProcessDefinition, ProcessInstance
from models.proposals import Proposal, ProposalEntry, ProposalKind
from models.session import take_turns
from models.tasks import OPEN, UserTask
from workflows import calendar, commands, deployments
from workflows.actors import Actor
from workflows.errors import NotAllowed, TaskChanged

KINDS = (NomineeKind.COLLECTIVE, NomineeKind.INDIVIDUAL, NomineeKind.HOUSEHOLD)
"""The order in which nominees stand on papers."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is proposed of one nomination, and what the step asks for beside."""

    outcome: Outcome
    reason: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


def waiting(
    session: Session, kind: ProposalKind, queue: str, movement_id: int
) -> list[Nomination]:
    """The movement's nominations that wait for this signature and are in no draft, in order."""
    in_draft = exists().where(
        ProposalEntry.nomination_id == Nomination.id,
        ProposalEntry.proposal_id == Proposal.id,
        Proposal.signed_at.is_(None),
        Proposal.queue == queue,
    )
    query = at_steps(session, kind, queue).where(
        Nomination.movement_id == movement_id, ~in_draft
    )
    return sorted(session.scalars(query).all(), key=order)


def movements(session: Session, kind: ProposalKind, queue: str) -> Sequence[Movement]:
    """The movements of which anything waits for this signature, newest first."""
    found = at_steps(session, kind, queue).with_only_columns(Nomination.movement_id)
    query = select(Movement).where(Movement.id.in_(found)).order_by(Movement.id.desc())
    return session.scalars(query).all()


def at_steps(session: Session, kind: ProposalKind, queue: str) -> Select[Nomination]:
    """Nominations that wait in the queue at steps which this kind of proposal signs."""
    which = (
        select(UserTask.element_id, ProcessInstance.definition_id)
        .join(UserTask.instance)
        .where(UserTask.queue == queue, UserTask.state.in_(OPEN))
        .distinct()
    )
    steps = {
        element_id
        for element_id, definition_id in session.execute(which).all()
        if _signs(session, definition_id, element_id) == kind
    }
    return (
        select(Nomination)
        .join(UserTask, UserTask.instance_id == Nomination.instance_id)
        .join(Nomination.nominee)
        .join(Nomination.award)
        .where(
            UserTask.queue == queue,
            UserTask.state.in_(OPEN),
            UserTask.element_id.in_(steps),
        )
        .options(
            contains_eager(Nomination.nominee),
            contains_eager(Nomination.award),
            joinedload(Nomination.unit),
        )
    )


def order(nomination: Nomination) -> tuple[int, int, bytes, int]:
    """Collectives, individuals, households; by award, then by name."""
    nominee = nomination.nominee
    return KINDS.index(nominee.kind), nomination.award_id, nominee.sort_key, nomination.id


def open_(
    session: Session,
    kind: ProposalKind,
    queue: str,
    movement: Movement,
    *,
    actor: Actor,
    command_key: str,
    now: datetime,
) -> Proposal:
    """Gather all that waits for a signature into a draft. The same command key gives it again.

    Raises NotAllowed, and NothingToPropose when nothing waits.
    """
    if not rights.prepares(actor, kind, queue):
        raise NotAllowed
    command = commands.take(session, command_key, kind="propose", actor=actor, now=now)
    if command is None:
        return session.get_one(Proposal, commands.subject_of(session, command_key))
    take_turns(session, f"proposals of {queue}")  # or two would gather the same
    unit, block = _office(session, kind, queue, calendar.today(now))
    proposal = Proposal(
        kind=kind,
        queue=queue,
        movement=movement,
        unit=unit,
        block=block,
        opened_by=actor.id,
        opened_at=now,
        content={},
    )
    session.add(proposal)
    session.flush()
    if not _gather(session, proposal):
        raise NothingToPropose
    command.subject_id = proposal.id
    session.flush()
    return proposal


def add_waiting(session: Session, proposal_id: int, *, actor: Actor) -> int:
    """Put what has come to wait meanwhile into a draft; says how much that was."""
    proposal = draft(session, proposal_id, actor)
    take_turns(session, f"proposals of {proposal.queue}")
    return _gather(session, proposal)


def edit(
    session: Session, proposal_id: int, rows: Mapping[int, Row], *, actor: Actor
) -> Proposal:
    """Say what is proposed of some of the nominations, by their ids. Others stay as they are."""
    proposal = draft(session, proposal_id, actor)
    query = select(ProposalEntry).where(
        ProposalEntry.proposal_id == proposal.id, ProposalEntry.nomination_id.in_(rows)
    )
    for entry in session.scalars(query):
        row = rows[entry.nomination_id]
        entry.outcome, entry.reason = row.outcome, row.reason
        entry.values = dict(row.values)
    session.flush()
    return proposal


def leave_out(
    session: Session, proposal_id: int, nominations: Sequence[int], *, actor: Actor
) -> Proposal:
    """Take nominations out of a draft; they go on waiting and may be in another."""
    proposal = draft(session, proposal_id, actor)
    session.execute(
        delete(ProposalEntry).where(
            ProposalEntry.proposal_id == proposal.id,
            ProposalEntry.nomination_id.in_(nominations),
        )
    )
    session.flush()
    session.expire(proposal, ["entries"])
    return proposal


def submit(session: Session, proposal_id: int, *, actor: Actor, now: datetime) -> Proposal:
    """Hand a draft in to be signed. Handing it in twice changes nothing."""
    proposal = draft(session, proposal_id, actor)
    if not proposal.entries:
        raise NothingToPropose
    if proposal.submitted_at is None:
        proposal.submitted_at, proposal.submitted_by = now, actor.id
    session.flush()
    return proposal


def take_back(session: Session, proposal_id: int, *, actor: Actor) -> Proposal:
    """Make it a draft to be worked on again, before it is signed."""
    proposal = draft(session, proposal_id, actor)
    proposal.submitted_at = proposal.submitted_by = proposal.told_at = None
    session.flush()
    return proposal


def discard(session: Session, proposal_id: int, *, actor: Actor) -> None:
    """Do away with a draft; its nominations go on waiting."""
    proposal = draft(session, proposal_id, actor)
    of_it = ProposalEntry.proposal_id == proposal.id
    session.execute(delete(ProposalEntry).where(of_it))
    session.execute(delete(Proposal).where(Proposal.id == proposal.id))
    session.flush()


def draft(session: Session, proposal_id: int, actor: Actor) -> Proposal:
    """The draft under its lock. Raises NotAllowed, and TaskChanged once it is signed or gone."""
    query = select(Proposal).where(Proposal.id == proposal_id).with_for_update()
    query = query.execution_options(populate_existing=True)
    proposal = session.scalars(query).first()
    if proposal is None:
        raise TaskChanged
    if not rights.prepares(actor, proposal.kind, proposal.queue):
        raise NotAllowed
    if proposal.signed_at is not None:
        raise TaskChanged
    return proposal


def _gather(session: Session, proposal: Proposal) -> int:
    found = waiting(session, proposal.kind, proposal.queue, proposal.movement_id)
    first = len(proposal.entries) + 1
    proposal.entries += [
        ProposalEntry(
            nomination=nomination,
            position=position,
            outcome=Outcome.APPROVE,
            reason="",
            values={},
        )
        for position, nomination in enumerate(found, start=first)
    ]
    session.flush()
    return len(found)


def _signs(session: Session, definition_id: int, element_id: str) -> str:
    row = session.get_one(ProcessDefinition, definition_id)
    return deployments.parsed(session, row).elements[element_id].signs


def _office(
    session: Session, kind: ProposalKind, queue: str, today: date
) -> tuple[Unit | None, Block | None]:
    scope = queue.partition(":")[2]
    if kind == ProposalKind.UNIT:
        unit = session.scalars(select(Unit).where(Unit.code == scope)).one()
        return unit, blocks.of(session, unit, today)
    if kind == ProposalKind.BLOCK:
        return None, blocks.find(session, scope)
    return None, None
