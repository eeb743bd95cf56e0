"""Signed files of proposals and decisions: examined, kept, told in every history concerned."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from awards import access, contents, files, scanning
from awards.clamd import Verdict
from awards.errors import BadSignedPaper, NotCompared
from awards.files import StoredFile
from awards.proposals import rights
from awards.signed import comparing, limited
from models.awards import Nomination
from models.history import EventKind
from models.organisation import Role
from models.papers import Decision, DecisionChange, DecisionEntry, ScanState
from models.process import ProcessInstance
from models.proposals import Proposal, ProposalEntry
from models.signed_papers import SignedPaper
from workflows import history
from workflows.actors import Actor, Post
from workflows.canonical import salted
from workflows.errors import NotAllowed
from workflows.words import N_

Paper: TypeAlias = Proposal | Decision
Report: TypeAlias = Mapping[str, object]
_MAY_DO = (ScanState.CLEAN, ScanState.PENDING)
_PDF = contents.MEDIA_TYPES["pdf"]


def may_add(actor: Actor, paper: Paper) -> bool:
    """Who prepares or signs a proposal brings its signed file; of a decision the records clerk."""
    if isinstance(paper, Decision):
        return actor.has(Role.RECORDS_CLERK)
    is_signed = paper.signed_at is not None
    return is_signed and (
        rights.prepares(actor, paper.kind, paper.queue) or rights.signs(actor, paper)
    )


def may_see(session: Session, actor: Actor, paper: Paper) -> bool:
    """Whoever may read the paper itself."""
    if isinstance(paper, Proposal):
        return paper.signed_at is not None and rights.may_see(actor, paper)
    if access.sees_everything(actor):
        return True
    concerned = select(Nomination.id).where(Nomination.id.in_(_concerned(paper)))
    found = session.scalars(concerned.where(access.visible_to(actor)).limit(1))
    return found.first() is not None


def examine(
    stored: StoredFile,
    paper: Paper,
    folder: Path,
    *,
    roots: Path | None,
    is_confirmed: bool,
    now: datetime,
) -> Report:
    """What is to be kept of a file's signatures.

    Raises BadSignedPaper with the reason why it is refused; and NotCompared where the file has no
    words to compare number and date by and nobody has confirmed (`is_confirmed`) to have looked.
    """
    if stored.media_type != _PDF:
        raise BadSignedPaper(N_("Văn bản đã ký phải là tệp PDF."))
    content = files.read(stored.token, folder)
    number, suffix, day = _head(paper)
    seen = limited.look(content, stored.file_name, roots=roots, now=now)
    is_compared = comparing.matches(seen.words, number=number, suffix=suffix, day=day)
    if not (is_compared or is_confirmed):
        raise NotCompared
    return {
        "signatures": seen.signatures,
        "is_compared": is_compared,
    }


def add(
    session: Session,
    paper: Paper,
    stored: StoredFile,
    report: Report,
    *,
    actor: Actor,
    now: datetime,
    is_to_be_scanned: bool = False,
) -> SignedPaper:
    """Keep a signed file as the newest version, and tell every nomination the paper is about.

    The very file that is the newest already changes nothing, unless the scanner holds that one
    back. Where a scanner is used, nobody opens it before that has answered. Raises NotAllowed.
    """
    if not may_add(actor, paper):
        raise NotAllowed
    _lock(session, paper)
    earlier = of(session, paper)
    if earlier and earlier[0].sha256 == stored.sha256 and earlier[0].scan_state in _MAY_DO:
        return earlier[0]
    row = SignedPaper(
        proposal_id=paper.id if isinstance(paper, Proposal) else None,
        decision_id=paper.id if isinstance(paper, Decision) else None,
        version=len(earlier) + 1,
        token=stored.token,
        file_name=stored.file_name,
        size=stored.size,
        sha256=stored.sha256,
        report=dict(report),
        salt=secrets.token_bytes(16),
        added_by=actor.id,
        added_at=now,
        scan_state=ScanState.PENDING if is_to_be_scanned else ScanState.CLEAN,
        scan_finding="",
    )
    row.digest = digest(row)
    session.add(row)
    session.flush()
    queue = paper.queue if isinstance(paper, Proposal) else Role.RECORDS_CLERK.value
    _tell(
        session,
        paper,
        EventKind.PAPER_SIGNED,
        actor=actor,
        post=actor.post_for(queue) or actor.posts[0],
        now=now,
        signed_paper=row.id,
        version=row.version,
        sha256=row.sha256,
        digest=row.digest,
        scan=row.scan_state.value,
    )
    return row


def settle(session: Session, row: SignedPaper, verdict: Verdict, *, now: datetime) -> None:
    """Keep the scanner's verdict, unless there is a final one, and tell it in every history."""
    paper = paper_of(session, row)
    _lock(session, paper)
    session.refresh(row)
    if not scanning.is_news(row, verdict):
        return
    row.scan_state, row.scan_finding = verdict.state, verdict.finding
    session.flush()
    _tell(
        session,
        paper,
        EventKind.FILE_SCANNED,
        now=now,
        signed_paper=row.id,
        sha256=row.sha256,
        scan=verdict.state.value,
        finding=verdict.finding,
    )


def newest(session: Session, paper: Paper) -> SignedPaper | None:
    """The version that counts: the newest that the scanner lets pass."""
    return next((row for row in of(session, paper) if row.is_clean), None)


def of(session: Session, paper: Paper) -> Sequence[SignedPaper]:
    """All versions of a paper's signed file, the newest first."""
    column = (
        SignedPaper.proposal_id if isinstance(paper, Proposal) else SignedPaper.decision_id
    )
    query = select(SignedPaper).where(column == paper.id)
    query = query.options(joinedload(SignedPaper.adder))
    return session.scalars(query.order_by(SignedPaper.version.desc())).all()


def paper_of(session: Session, row: SignedPaper) -> Paper:
    """The proposal or decision whose signed file it is."""
    if row.proposal_id is not None:
        return session.get_one(Proposal, row.proposal_id)
    return session.get_one(Decision, row.decision_id)


def about(session: Session, instance_id: int) -> Sequence[SignedPaper]:
    """Every signed file that a nomination's history has to tell of."""
    one = select(Nomination.id).where(Nomination.instance_id == instance_id)
    of_one = one.scalar_subquery()
    proposals = select(ProposalEntry.proposal_id).where(
        ProposalEntry.nomination_id == of_one
    )
    awarding = select(DecisionEntry.decision_id).where(
        DecisionEntry.nomination_id == of_one
    )
    changing = select(DecisionChange.decision_id).where(
        DecisionChange.nomination_id == of_one
    )
    query = select(SignedPaper).where(
        or_(
            SignedPaper.proposal_id.in_(proposals),
            SignedPaper.decision_id.in_(awarding.union_all(changing)),
        )
    )
    return session.scalars(query).all()


def digest(row: SignedPaper) -> str:
    """The salted hash of all that a row says."""
    told = {
        "proposal": row.proposal_id,
        "decision": row.decision_id,
        "version": row.version,
        "token": row.token,
        "file_name": row.file_name,
        "size": row.size,
        "sha256": row.sha256,
        "report": row.report,
    }
    return salted(row.salt, told)


def _head(paper: Paper) -> tuple[int, str, date]:
    """Number, suffix and date as they stand on the paper."""
    if isinstance(paper, Decision):
        return paper.number, paper.suffix, paper.issued_on
    if paper.number is None or paper.suffix is None or paper.signed_on is None:
        raise NotAllowed
    return paper.number, paper.suffix, paper.signed_on


def _lock(session: Session, paper: Paper) -> None:
    """Two who bring a file at one moment make two versions."""
    table = type(paper)
    session.execute(select(table.id).where(table.id == paper.id).with_for_update())


def _tell(
    session: Session,
    paper: Paper,
    kind: EventKind,
    *,
    now: datetime,
    actor: Actor | None = None,
    post: Post | None = None,
    **details: object,
) -> None:
    """One act for all: every history locked in one order, all events in one statement."""
    query = (
        select(ProcessInstance)
        .join(Nomination, Nomination.instance_id == ProcessInstance.id)
        .where(Nomination.id.in_(_concerned(paper)))
        .order_by(ProcessInstance.id)
        .with_for_update(of=ProcessInstance)
        .execution_options(populate_existing=True)
    )
    with history.together(session):
        for instance in session.scalars(query):
            history.append(
                session, instance, kind, actor=actor, post=post, now=now, **details
            )
    session.flush()


def _concerned(paper: Paper) -> Select[int]:
    """The ids of the nominations a paper is about."""
    if isinstance(paper, Proposal):
        return select(ProposalEntry.nomination_id).where(
            ProposalEntry.proposal_id == paper.id
        )
    awarded = select(DecisionEntry.nomination_id).where(
        DecisionEntry.decision_id == paper.id
    )
    changed = select(DecisionChange.nomination_id).where(
        DecisionChange.decision_id == paper.id
    )
    return select(awarded.union(changed).subquery().c.nomination_id)
