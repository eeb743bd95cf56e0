"""What stands around a decision in its archive: the tờ trình it drew from, notices of results."""

from collections.abc import Iterator
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from awards import archives, result_notices
from awards.archives import Member
from awards.tables.decisions import part, stored
from awards.templates import making
from models.organisation import Unit
from models.papers import Decision, DecisionEntry, DecisionKind, ScanState
from models.proposals import Proposal, ProposalEntry
from models.signed_papers import SignedPaper
from workflows.errors import WorkflowError


@part
def proposals(session: Session, decision: Decision) -> Iterator[Member]:
    """Every signed tờ trình that any of its nominations came with, printed and signed elsewhere."""
    for proposal in _drawn_from(session, decision):
        name = f"{proposal.number:02}-{proposal.year}-{proposal.suffix}"
        read = partial(_paper, session, proposal.id)
        sha256 = proposal.paper_sha256 or ""
        yield Member(f"to-trinh/{archives.safe(name)}.pdf", read, sha256=sha256)
        for row in _signed(session, proposal):
            path = f"to-trinh/{archives.safe(f'{name}-ky-so-{row.version}')}.pdf"
            yield Member(path, partial(stored, session, row.token), row.size, row.sha256)


@part
def notices(session: Session, decision: Decision) -> Iterator[Member]:
    """What each unit is told of it, as on the day of issue."""
    if decision.kind != DecisionKind.AWARD:
        return
    for unit in result_notices.units_of(session, decision):
        read = partial(_notice, session, decision, unit)
        yield Member(f"thong-bao/{archives.safe(unit.code)}.pdf", read)


def _drawn_from(session: Session, decision: Decision) -> list[Proposal]:
    awarded = select(DecisionEntry.nomination_id).where(
        DecisionEntry.decision_id == decision.id
    )
    drawn = select(ProposalEntry.proposal_id).where(
        ProposalEntry.nomination_id.in_(awarded)
    )
    query = select(Proposal).where(Proposal.id.in_(drawn), Proposal.signed_at.is_not(None))
    return list(session.scalars(query.order_by(Proposal.id)))


def _signed(session: Session, proposal: Proposal) -> list[SignedPaper]:
    query = select(SignedPaper).where(
        SignedPaper.proposal_id == proposal.id, SignedPaper.scan_state == ScanState.CLEAN
    )
    return list(session.scalars(query.order_by(SignedPaper.version)))


def _paper(session: Session, proposal_id: int) -> bytes | None:
    return session.scalar(select(Proposal.paper).where(Proposal.id == proposal_id))


def _notice(session: Session, decision: Decision, unit: Unit) -> bytes | None:
    day = decision.issued_on
    words = result_notices.of_decision(session, decision, unit, day)
    try:
        return making.make(session, result_notices.RESULTS, words, day=day).content
    except WorkflowError:  # a letter that the font lacks; the archive says what is missing
        return None
