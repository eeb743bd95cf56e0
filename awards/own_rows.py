"""Which rows of which tables speak of a nominee."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, select
from sqlalchemy.orm import Session

from awards import text
from awards.examples import discoveries
from models.awards import Nomination, Nominee, NomineeList
from models.base import Base
from models.batches import Batch, BatchItem
from models.certificates import Certificate
from models.erasures import Erasure
from models.examples import Discovery, Story
from models.interests import Interest
from models.messages import Mail, Message
from models.operations import OperatorAct
from models.papers import (
    Attachment,
    Comment,
    Decision,
    DecisionChange,
    DecisionDraft,
    DecisionEntry,
    Notice,
)
from models.process import ProcessInstance
from models.proposals import Proposal, ProposalEntry
from models.reads import ReadEvent
from models.signed_papers import SignedPaper
from models.tasks import Draft, Submission, UserTask


def about(session: Session, nomination: Nomination) -> Mapping[type[Base], Sequence[Any]]:
    """Every row about the nominee of this nomination, by table."""
    instance, own = nomination.instance_id, nomination.id
    tasks = select(UserTask.id).where(UserTask.instance_id == instance)
    batches = select(BatchItem.batch_id).where(BatchItem.task_id.in_(tasks))
    proposals = select(ProposalEntry.proposal_id).where(ProposalEntry.nomination_id == own)
    where: dict[type[Base], ColumnElement[bool]] = {
        Nominee: Nominee.id == nomination.nominee_id,
        Nomination: Nomination.id == own,
        ProcessInstance: ProcessInstance.id == instance,
        Submission: Submission.instance_id == instance,
        Draft: Draft.task_id.in_(tasks),
        Comment: Comment.nomination_id == own,
        Attachment: Attachment.nomination_id == own,
        Proposal: Proposal.id.in_(proposals),
        ProposalEntry: ProposalEntry.nomination_id == own,
        Decision: Decision.id.in_(decisions(own)),
        DecisionEntry: DecisionEntry.nomination_id == own,
        SignedPaper: SignedPaper.decision_id.in_(decisions(own)),
        Certificate: Certificate.nomination_id == own,
        DecisionChange: DecisionChange.nomination_id == own,
        Notice: Notice.nomination_id == own,
        Message: Message.nomination_id == own,
        Mail: Mail.about_id.in_(select(Message.id).where(Message.nomination_id == own)),
        Interest: Interest.nomination_id == own,
        OperatorAct: OperatorAct.instance_id == instance,
        Batch: Batch.id.in_(batches),
        BatchItem: BatchItem.task_id.in_(tasks),
        Story: Story.nomination_id == own,
        Discovery: discoveries.about(nomination),
        Erasure: Erasure.nomination_id == own,
        ReadEvent: ReadEvent.chain == nomination.code,
    }
    found = {
        table: session.scalars(select(table).where(w)).all() for table, w in where.items()
    }
    return found | {
        NomineeList: _lists(session, nomination.nominee),
        DecisionDraft: _drafts(session, own),
    }


def decisions(nomination_id: int) -> CompoundSelect[int]:
    """Those that award this nomination, and those that correct or revoke the award."""
    awarding = select(DecisionEntry.decision_id).where(
        DecisionEntry.nomination_id == nomination_id
    )
    changing = select(DecisionChange.decision_id).where(
        DecisionChange.nomination_id == nomination_id
    )
    return awarding.union(changing)


def names(row: Mapping[str, object], name: str) -> bool:
    """Whether a line of a list is of this folded name."""
    return text.fold(str(row.get("name", ""))) == name


def _drafts(session: Session, nomination_id: int) -> list[DecisionDraft]:
    drafts = select(DecisionDraft).where(
        DecisionDraft.refers_to_id.in_(decisions(nomination_id))
    )
    return [draft for draft in session.scalars(drafts) if str(nomination_id) in draft.rows]


def _lists(session: Session, nominee: Nominee) -> list[NomineeList]:
    name = text.fold(nominee.name)
    every = session.scalars(select(NomineeList))
    return [sent for sent in every if any(names(row, name) for row in sent.rows)]
