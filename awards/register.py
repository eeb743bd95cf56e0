"""The Chairman's register: every number that was taken, and what became of each decision."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from awards import access
from awards.listings import PAGE
from models.awards import Nomination
from models.papers import Decision, DecisionChange, DecisionEntry, DecisionKind
from workflows.actors import Actor


class Validity(StrEnum):
    """What anybody may know of a decision who has its paper in hand."""

    VALID = "valid"
    CORRECTED = "corrected"
    PARTLY_REVOKED = "partly_revoked"
    REVOKED = "revoked"
    CANCELLED = "cancelled"


def sees_register(actor: Actor) -> bool:
    """The province's offices, and those who watch over the whole."""
    return access.sees_everything(actor)


def readable(actor: Actor) -> Select[int]:
    """The decisions of which the actor may see a nomination that it awards or changes."""
    visible = access.visible_to(actor)
    awarded = select(DecisionEntry.decision_id).join(DecisionEntry.nomination)
    changed = select(DecisionChange.decision_id).join(DecisionChange.nomination)
    found = awarded.where(visible).union(changed.where(visible)).subquery()
    return select(found.c.decision_id)


def page(session: Session, number: int) -> tuple[Sequence[tuple[Decision, int]], int]:
    """A page of the register, the newest number first, with how many each decision awards."""
    total = session.scalar(select(func.count(Decision.id))) or 0
    count = (
        select(func.count())
        .where(DecisionEntry.decision_id == Decision.id)
        .scalar_subquery()
    )
    query = (
        select(Decision, count)
        .options(joinedload(Decision.refers_to), selectinload(Decision.changes))
        .order_by(Decision.issued_at.desc(), Decision.id.desc())
        .offset((number - 1) * PAGE)
        .limit(PAGE)
    )
    return [(decision, awarded) for decision, awarded in session.execute(query)], total


def find(session: Session, decision_id: int) -> Decision | None:
    """A decision with whom it awards."""
    entry = selectinload(Decision.entries).joinedload(DecisionEntry.nomination)
    query = select(Decision).where(Decision.id == decision_id)
    return session.scalars(
        query.options(
            entry.joinedload(Nomination.nominee), entry.joinedload(Nomination.unit)
        )
    ).first()


def by_token(session: Session, token: str) -> Decision | None:
    """The decision that a paper's code points to."""
    query = select(Decision).where(Decision.token == token.replace("\0", ""))
    return session.scalars(query).first()


def validity(session: Session, decisions: Sequence[Decision]) -> dict[int, Validity]:
    """What became of each of these decisions, in one query."""
    later = (
        select(Decision)
        .where(Decision.refers_to_id.in_([decision.id for decision in decisions]))
        .options(selectinload(Decision.changes))
    )
    corrected: set[int | None] = set()
    revoked: dict[int | None, int] = {}
    for one in session.scalars(later):
        if one.kind == DecisionKind.REVOCATION:
            revoked[one.refers_to_id] = revoked.get(one.refers_to_id, 0) + len(one.changes)
        else:
            corrected.add(one.refers_to_id)
    counts = _awarded(session, list(revoked))
    return {
        decision.id: _validity(
            decision, decision.id in corrected, revoked.get(decision.id, 0), counts
        )
        for decision in decisions
    }


def _validity(
    decision: Decision,
    is_corrected: bool,  # noqa: FBT001 - private
    revoked: int,
    awarded: dict[int, int],
) -> Validity:
    if decision.cancelled_at is not None:
        return Validity.CANCELLED
    if revoked:
        is_whole = revoked >= awarded.get(decision.id, 0)
        return Validity.REVOKED if is_whole else Validity.PARTLY_REVOKED
    return Validity.CORRECTED if is_corrected else Validity.VALID


def _awarded(session: Session, ids: Sequence[int | None]) -> dict[int, int]:
    query = select(DecisionEntry.decision_id, func.count()).where(
        DecisionEntry.decision_id.in_(ids)
    )
    rows = session.execute(query.group_by(DecisionEntry.decision_id))
    return {decision_id: count for decision_id, count in rows}  # noqa: C416 - rows, not pairs
