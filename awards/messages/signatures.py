"""What waits to be signed, as news to those who sign: proposals, corrections and revocations.

They have no history of their own. Each says itself whether its signers were told, and is marked in
the transaction that writes the messages, under its lock: so nobody is told twice.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from awards.messages.news import News, Staff, Topic
from models.messages import MessageKind
from models.organisation import Role
from models.papers import DecisionDraft, DecisionKind
from models.proposals import Proposal
from workflows import calendar

PROPOSAL, CORRECTION, REVOCATION = "proposal", "correction", "revocation"
_SUBJECTS = {
    DecisionKind.CORRECTION: CORRECTION,
    DecisionKind.REVOCATION: REVOCATION,
}


def news(session: Session, now: datetime) -> list[News]:
    """What has come to wait since the last time. Nobody is told what he has handed in himself."""
    staff = Staff(session, calendar.today(now))
    return [*_proposals(session, staff, now), *_drafts(session, staff, now)]


def _proposals(session: Session, staff: Staff, now: datetime) -> Iterator[News]:
    query = (
        select(Proposal)
        .where(
            Proposal.submitted_at.is_not(None),
            Proposal.signed_at.is_(None),
            Proposal.told_at.is_(None),
        )
        .order_by(Proposal.id)
        .with_for_update()
    )
    topic = Topic(MessageKind.SIGNATURE, PROPOSAL)
    for proposal in session.scalars(query).all():
        _mark(proposal, now)
        for id_ in sorted(staff.of(proposal.queue) - {proposal.submitted_by}):
            yield News(id_, topic, proposal_id=proposal.id)


def _drafts(session: Session, staff: Staff, now: datetime) -> Iterator[News]:
    query = (
        select(DecisionDraft)
        .where(
            DecisionDraft.signed_at.is_(None),
            DecisionDraft.declined_at.is_(None),
            DecisionDraft.told_at.is_(None),
        )
        .order_by(DecisionDraft.id)
        .with_for_update()
    )
    for draft in session.scalars(query).all():
        _mark(draft, now)
        topic = Topic(MessageKind.SIGNATURE, _SUBJECTS[draft.kind])
        for id_ in sorted(staff.of(Role.CHAIRMAN.value) - {draft.prepared_by}):
            yield News(id_, topic, draft_id=draft.id)


def _mark(waiting: Proposal | DecisionDraft, now: datetime) -> None:
    waiting.told_at = now
