"""Proposals in lists: what is prepared, what was signed, what waits for somebody inside each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from awards.listings import PAGE, PREPARING
from awards.proposals import rights
from models.awards import Nomination, Outcome, Result
from models.process import ProcessInstance
from models.proposals import Proposal, ProposalEntry
from models.tasks import OPEN, TaskState, UserTask
from workflows.actors import Actor


class Tab(StrEnum):
    WAITING = "waiting"
    DRAFTS = "drafts"
    SIGNED = "signed"


class Stand(StrEnum):
    """How a nomination in a proposal stands, as far as a proposal tells."""

    IN_PROGRESS = "in_progress"
    RETURNED = "returned"
    AWARDED = "awarded"
    REFUSED = "refused"
    GONE = "gone"


_STANDS = {
    Result.AWARDED: Stand.AWARDED,
    Result.REFUSED: Stand.REFUSED,
    Result.NOT_SELECTED: Stand.REFUSED,
    Result.WITHDRAWN: Stand.GONE,
    Result.CANCELLED: Stand.GONE,
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait for somebody in one proposal, how many late, how many to look at first."""

    proposal: Proposal
    count: int
    late: int
    doubted: int


def page(
    session: Session, actor: Actor, tab: Tab, number: int
) -> tuple[Sequence[Proposal], int]:
    """A page of the drafts or of the signed proposals that the actor may see, newest first."""
    is_signed = Proposal.signed_at.is_not(None)
    wanted = and_(is_signed if tab == Tab.SIGNED else ~is_signed, rights.visible_to(actor))
    total = session.scalar(select(func.count(Proposal.id)).where(wanted)) or 0
    newest = (Proposal.signed_at.desc(), Proposal.id.desc())
    query = _WHOLE.where(wanted).order_by(*newest)
    return session.scalars(query.offset((number - 1) * PAGE).limit(PAGE)).all(), total


def to_sign(session: Session, actor: Actor) -> Sequence[Proposal]:
    """The drafts that were handed in for the actor's signature, the longest waiting first."""
    query = _WHOLE.where(_is_to_sign(actor)).order_by(Proposal.submitted_at)
    return session.scalars(query).all()


def to_sign_count(session: Session, actor: Actor) -> int:
    """How many drafts wait for the actor's signature: the number in the header."""
    return session.scalar(select(func.count(Proposal.id)).where(_is_to_sign(actor))) or 0


def waiting(session: Session, actor: Actor, now: datetime) -> list[Waiting]:
    """What waits for the actor, by the proposal that brought it, the latest due first.

    The proposal that brought a nomination is the last signed one that was for it.
    """
    brought = _brought(actor)
    doubted = ProcessInstance.variables["proposal"].as_string() == Outcome.REFUSE.value
    query = (
        select(
            brought.c.proposal_id,
            func.count(),
            func.count(case((UserTask.due_at < now, 1))),
            func.count(case((doubted, 1))),
        )
        .join(UserTask, UserTask.id == brought.c.task_id)
        .join(ProcessInstance, ProcessInstance.id == UserTask.instance_id)
        .group_by(brought.c.proposal_id)
        .order_by(func.min(UserTask.due_at).asc().nulls_last(), brought.c.proposal_id)
    )
    rows = session.execute(query).all()
    ids = [row[0] for row in rows]
    found = {p.id: p for p in session.scalars(_WHOLE.where(Proposal.id.in_(ids)))}
    return [Waiting(found[id_], count, late, doubts) for id_, count, late, doubts in rows]


def tasks_in(
    session: Session, actor: Actor, proposal_id: int
) -> list[tuple[UserTask, Nomination, ProposalEntry]]:
    """The tasks that this proposal has brought the actor, in the order of its paper."""
    brought = _brought(actor)
    query = (
        select(UserTask, Nomination, ProposalEntry)
        .join(brought, brought.c.task_id == UserTask.id)
        .join(Nomination, Nomination.instance_id == UserTask.instance_id)
        .join(
            ProposalEntry,
            and_(
                ProposalEntry.nomination_id == Nomination.id,
                ProposalEntry.proposal_id == proposal_id,
            ),
        )
        .where(brought.c.proposal_id == proposal_id)
        .options(
            joinedload(Nomination.nominee),
            joinedload(Nomination.award),
            joinedload(Nomination.unit),
            joinedload(Nomination.instance).joinedload(ProcessInstance.definition),
        )
        .order_by(ProposalEntry.position)
    )
    return [(t, n, e) for t, n, e in session.execute(query)]


def stands(session: Session, proposal_ids: Sequence[int]) -> dict[int, Counter[Stand]]:
    """How many nominations of each proposal stand where."""
    returned = and_(
        UserTask.element_id == PREPARING,
        ProcessInstance.variables["outcome"].as_string() == Outcome.RETURN.value,
    )
    at_home = case((returned, 1), else_=0)
    query = (
        select(ProposalEntry.proposal_id, ProcessInstance.result, at_home, func.count())
        .join(Nomination, Nomination.id == ProposalEntry.nomination_id)
        .join(ProcessInstance, ProcessInstance.id == Nomination.instance_id)
        .outerjoin(
            UserTask,
            and_(UserTask.instance_id == ProcessInstance.id, UserTask.state.in_(OPEN)),
        )
        .where(ProposalEntry.proposal_id.in_(proposal_ids))
        .group_by(ProposalEntry.proposal_id, ProcessInstance.result, at_home)
    )
    found: dict[int, Counter[Stand]] = {id_: Counter() for id_ in proposal_ids}
    for proposal_id, result, is_home, count in session.execute(query):
        found[proposal_id][_stand(result, is_home=bool(is_home))] += count
    return found


def of_nomination(session: Session, nomination_id: int) -> Sequence[ProposalEntry]:
    """Every signed proposal that a nomination was in, the earliest first."""
    query = (
        select(ProposalEntry)
        .join(ProposalEntry.proposal)
        .where(
            ProposalEntry.nomination_id == nomination_id, Proposal.signed_at.is_not(None)
        )
        .options(
            joinedload(ProposalEntry.proposal).joinedload(Proposal.unit),
            joinedload(ProposalEntry.proposal).joinedload(Proposal.block),
        )
        .order_by(Proposal.signed_at)
    )
    return session.scalars(query).all()


def entries(
    session: Session, proposal_id: int, number: int, *, size: int = PAGE
) -> Sequence[ProposalEntry]:
    """A page of a proposal's nominations, in the order of its paper."""
    query = (
        select(ProposalEntry)
        .where(ProposalEntry.proposal_id == proposal_id)
        .options(*_ENTRY)
        .order_by(ProposalEntry.position)
    )
    return session.scalars(query.offset((number - 1) * size).limit(size)).all()


def open_tasks(session: Session, entries: Sequence[ProposalEntry]) -> dict[int, UserTask]:
    """Where the nominations of these entries wait now, by nomination."""
    instances = {e.nomination.instance_id: e.nomination_id for e in entries}
    query = select(UserTask).where(
        UserTask.instance_id.in_(instances), UserTask.state.in_(OPEN)
    )
    return {instances[task.instance_id]: task for task in session.scalars(query)}


def whole(session: Session, proposal_id: int) -> Proposal | None:
    """A proposal with all its nominations loaded."""
    query = _WHOLE.where(Proposal.id == proposal_id)
    proposal = session.scalars(query).first()
    if proposal is not None:
        every = select(ProposalEntry).where(ProposalEntry.proposal_id == proposal_id)
        session.scalars(every.options(*_ENTRY)).all()
    return proposal


def proposed(session: Session, proposal_ids: Sequence[int]) -> Mapping[int, int]:
    """How many nominations each proposal is for; the others in it were dropped, with reasons."""
    query = (
        select(ProposalEntry.proposal_id, func.count())
        .where(
            ProposalEntry.proposal_id.in_(proposal_ids),
            ProposalEntry.outcome == Outcome.APPROVE,
        )
        .group_by(ProposalEntry.proposal_id)
    )
    return {proposal_id: count for proposal_id, count in session.execute(query)}  # noqa: C416 - rows, not pairs


def _stand(result: str | None, *, is_home: bool) -> Stand:
    if result is not None:
        return _STANDS[Result(result)]
    return Stand.RETURNED if is_home else Stand.IN_PROGRESS


def _brought(actor: Actor) -> Subquery:
    """Each task that waits for the actor, with the proposal that brought its nomination here."""
    last = func.max(ProposalEntry.proposal_id).label("proposal_id")
    return (
        select(UserTask.id.label("task_id"), last)
        .join(Nomination, Nomination.instance_id == UserTask.instance_id)
        .join(ProposalEntry, ProposalEntry.nomination_id == Nomination.id)
        .join(ProposalEntry.proposal)
        .where(
            _is_waiting_for(actor),
            ProposalEntry.outcome == Outcome.APPROVE,
            Proposal.signed_at.is_not(None),
        )
        .group_by(UserTask.id)
        .subquery()
    )


def _is_to_sign(actor: Actor) -> ColumnElement[bool]:
    return and_(
        Proposal.queue.in_(actor.queues),
        Proposal.signed_at.is_(None),
        Proposal.submitted_at.is_not(None),
    )


def _is_waiting_for(actor: Actor) -> ColumnElement[bool]:
    mine = and_(UserTask.state == TaskState.CLAIMED, UserTask.assignee_id == actor.id)
    ready = UserTask.state == TaskState.READY
    return and_(UserTask.queue.in_(actor.queues), or_(ready, mine))


_WHOLE = select(Proposal).options(
    joinedload(Proposal.movement), joinedload(Proposal.unit), joinedload(Proposal.block)
)
_ENTRY = (
    joinedload(ProposalEntry.nomination).joinedload(Nomination.nominee),
    joinedload(ProposalEntry.nomination).joinedload(Nomination.award),
    joinedload(ProposalEntry.nomination).joinedload(Nomination.unit),
    joinedload(ProposalEntry.nomination).joinedload(Nomination.block),
    joinedload(ProposalEntry.nomination)
    .joinedload(Nomination.instance)
    .joinedload(ProcessInstance.definition),
)
