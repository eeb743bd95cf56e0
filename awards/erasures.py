"""Erasing what is written about a nominee: at the word of an administrator, on a legal ground.

Names, facts, texts, remarks and files go; outcomes, dates, counts and the history stay. Decisions
and signed proposals stay as they are: they are issued papers, kept under the rules on archives.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, defer

from awards import access, entered, holds, nominations, text
from awards.errors import Erased
from awards.examples import discoveries, stories
from models.awards import Nomination, Nominee, NomineeList, NomineeListState
from models.base import ERASED
from models.batches import Batch, BatchItem, BatchState
from models.erasures import Erasure
from models.organisation import Role
from models.papers import Attachment, Comment, DecisionDraft, Notice
from models.process import InstanceStatus
from models.proposals import ProposalEntry
from models.tasks import UserTask
from workflows import erasing, instances
from workflows.actors import Actor
from workflows.canonical import NO_SALT, fresh_salt, salted
from workflows.errors import NotAllowed, StillRunning


@dataclass(frozen=True, slots=True)
class Request:
    """Why somebody's words are erased: the rule that asks for it, and what has happened."""

    legal_ground: str
    reason: str

    def digest(self, salt: bytes) -> str:
        return salted(salt, {"legal_ground": self.legal_ground, "reason": self.reason})


def of_person(session: Session, nomination: Nomination) -> Sequence[Nomination]:
    """All nominations of this one's nominee, by the identity number if one is known."""
    number = nomination.nominee.identity_number
    if not number:
        return [nomination]
    query = select(Nomination).join(Nominee).where(Nominee.identity_number == number)
    return session.scalars(query.order_by(Nomination.id)).all()


def erase(
    session: Session,
    nomination: Nomination,
    request: Request,
    *,
    actor: Actor,
    now: datetime,
) -> list[str]:
    """Erase the words of one nomination; gives the tokens of files to be removed after the commit.

    Raises NotAllowed for all but administrators, and StillRunning before the end. What was erased
    before stays as it is. Raises UnderLegalHold while a hold stands on any of the person's.
    """
    if not access.keeps_accounts(actor):
        raise NotAllowed
    holds.check(session, of_person(session, nomination))
    return carry_out(session, nomination, request, actor=actor, now=now)


def check(session: Session, found: Sequence[Nomination]) -> None:
    """Raise Erased when nothing is left of any, StillRunning when one has not ended.

    Raises UnderLegalHold when one is held.
    """
    if all(find(session, nomination) is not None for nomination in found):
        raise Erased
    if any(n.instance.status == InstanceStatus.RUNNING for n in found):
        raise StillRunning
    holds.check(session, found)


def carry_out(
    session: Session,
    nomination: Nomination,
    request: Request,
    *,
    actor: Actor,
    now: datetime,
) -> list[str]:
    """As `erase`, for an act that the actor was allowed: carried out again after a restore."""
    instance = instances.lock(session, nomination.instance_id)
    if find(session, nomination) is not None:
        return []
    remarks, papers = _remarks(session, nomination), _papers(session, nomination)
    _erase_lists(session, nomination.nominee)
    discoveries.erase(session, nomination)
    stories.erase(session, nomination)
    _erase_facts(nomination)
    _erase_copies(session, nomination)
    _erase_answers(session, nomination)
    kept = _keep(session, nomination, request, actor, now)
    erasing.erase(
        session,
        instance,
        mark=ERASED,
        actor=actor,
        post=actor.post_for(Role.SYSTEM_ADMIN.value),
        now=now,
        comments=[row.id for row in remarks],
        attachments=[row.id for row in papers],
        erasure=kept.id,
        digest=kept.digest,
    )
    entered.forget(session, nomination)
    return [paper.token for paper in papers]


def find(session: Session, nomination: Nomination) -> Erasure | None:
    """The act that erased the nomination's words, if there was one."""
    query = select(Erasure).where(Erasure.nomination_id == nomination.id)
    return session.scalars(query).first()


def tokens(session: Session) -> Sequence[str]:
    """The files of everything erased: they may have come back with a backup."""
    query = select(Attachment.token).join(
        Erasure, Erasure.nomination_id == Attachment.nomination_id
    )
    return session.scalars(query).all()


def _keep(
    session: Session, nomination: Nomination, request: Request, actor: Actor, now: datetime
) -> Erasure:
    salt = fresh_salt()
    kept = Erasure(
        nomination_id=nomination.id,
        asked_by=actor.id,
        asked_at=now,
        legal_ground=request.legal_ground,
        reason=request.reason,
        salt=salt,
        digest=request.digest(salt),
    )
    session.add(kept)
    session.flush()
    return kept


def _erase_facts(nomination: Nomination) -> None:
    nominee = nomination.nominee
    nominee.name, nominee.sort_key = ERASED, text.name_key(ERASED)
    nominee.honorific = nominee.position = nominee.identity_number = ""
    nominee.birth_date = None
    nomination.achievements = ""
    nomination.search_text = nominations.words_of(nomination)


def _remarks(session: Session, nomination: Nomination) -> Sequence[Comment]:
    query = select(Comment).where(Comment.nomination_id == nomination.id)
    rows = session.scalars(query.order_by(Comment.id)).all()
    for row in rows:
        row.text, row.salt = ERASED, NO_SALT
    return rows


def _papers(session: Session, nomination: Nomination) -> Sequence[Attachment]:
    query = select(Attachment).where(Attachment.nomination_id == nomination.id)
    rows = session.scalars(query.order_by(Attachment.id)).all()
    for row in rows:
        row.file_name = ERASED
    return rows


def _erase_copies(session: Session, nomination: Nomination) -> None:
    """The notice to the unit, and what was entered for many tasks at once, one of them here."""
    for notice in session.scalars(
        select(Notice).where(Notice.nomination_id == nomination.id)
    ):
        notice.reason = ERASED
    batches = (
        select(Batch)
        .join(BatchItem, BatchItem.batch_id == Batch.id)
        .join(UserTask, UserTask.id == BatchItem.task_id)
        .where(
            UserTask.instance_id == nomination.instance_id, Batch.state == BatchState.DONE
        )
    )
    for batch in session.scalars(batches):
        batch.content = {}


def _erase_answers(session: Session, nomination: Nomination) -> None:
    """What proposals and their batches say of this one alone, and corrections that are over."""
    entries = select(ProposalEntry).where(ProposalEntry.nomination_id == nomination.id)
    for entry in session.scalars(entries):
        entry.reason, entry.values = ERASED if entry.reason else "", {}
    items = select(BatchItem).join(UserTask, UserTask.id == BatchItem.task_id)
    for item in session.scalars(
        items.where(UserTask.instance_id == nomination.instance_id)
    ):
        item.answer = None
    over = or_(
        DecisionDraft.decision_id.is_not(None), DecisionDraft.declined_at.is_not(None)
    )
    for draft in session.scalars(select(DecisionDraft).where(over)):
        if str(nomination.id) in draft.rows:
            draft.rows = {**draft.rows, str(nomination.id): {}}
            draft.reason = ERASED if len(draft.rows) == 1 else draft.reason


def _erase_lists(session: Session, nominee: Nominee) -> None:
    """Rows about the nominee in lists that were read; the spreadsheet itself is needed no more."""
    read = NomineeList.state != NomineeListState.UPLOADED
    lists = select(NomineeList).where(read).options(defer(NomineeList.content))
    for sent in session.scalars(lists):
        rows = [row for row in sent.rows if not _is_about(row, nominee)]
        if len(rows) != len(sent.rows) and sent.state != NomineeListState.CONFIRMED:
            sent.rows, sent.errors, sent.content = rows, [], b""
            sent.file_name = ERASED


def _is_about(row: dict[str, object], nominee: Nominee) -> bool:
    return text.fold(str(row["name"])) == text.fold(nominee.name)
