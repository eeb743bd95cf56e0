"""Legal holds: while one stands on any nomination of a person, nothing about the person is erased.

For what a court, an inspection or a complaint may ask for. Placing and lifting are acts with a
reason, told in the nomination's history.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from awards import access
from awards.errors import AlreadyHeld, UnderLegalHold
from models.awards import Nomination
from models.history import EventKind, HistoryEvent
from models.organisation import Role
from models.process import ProcessInstance
from models.safekeeping import LegalHold
from workflows import history, instances
from workflows.actors import Actor
from workflows.canonical import fresh_salt, salted
from workflows.errors import NotAllowed
from workflows.words import N_

_SHOWN = 200


def place(
    session: Session, nomination: Nomination, *, reason: str, actor: Actor, now: datetime
) -> LegalHold:
    """Hold a nomination. Raises NotAllowed for all but administrators, AlreadyHeld if it is."""
    if not access.keeps_accounts(actor):
        raise NotAllowed
    instance = instances.lock(session, nomination.instance_id)
    if standing(session, [nomination]):
        raise AlreadyHeld(code=nomination.code)
    row = LegalHold(
        nomination_id=nomination.id,
        reason=reason,
        salt=fresh_salt(),
        placed_by=actor.id,
        placed_at=now,
    )
    session.add(row)
    session.flush()
    _tell(session, instance, EventKind.HOLD_PLACED, row, reason, actor, now)
    return row


def lift(
    session: Session, hold: LegalHold, *, reason: str, actor: Actor, now: datetime
) -> None:
    """End a hold. One that has ended stays as it is. Raises NotAllowed as `place` does."""
    if not access.keeps_accounts(actor):
        raise NotAllowed
    instance = instances.lock(session, hold.nomination.instance_id)
    session.refresh(hold)
    if hold.lifted_at is not None:
        return
    hold.lifted_by, hold.lifted_at, hold.lifted_reason = actor.id, now, reason
    _tell(session, instance, EventKind.HOLD_LIFTED, hold, reason, actor, now)


def standing(session: Session, found: Sequence[Nomination]) -> Sequence[LegalHold]:
    """The holds that stand on any of these nominations."""
    ids = [nomination.id for nomination in found]
    query = select(LegalHold).where(
        LegalHold.nomination_id.in_(ids), LegalHold.lifted_at.is_(None)
    )
    return session.scalars(query).all()


def check(session: Session, found: Sequence[Nomination]) -> None:
    """Raise UnderLegalHold where one of these nominations is held."""
    held = standing(session, found)
    if held:
        raise UnderLegalHold(code=held[0].nomination.code)


def latest(session: Session) -> Sequence[LegalHold]:
    """The holds, those that stand first, then newest first."""
    query = select(LegalHold).options(
        joinedload(LegalHold.nomination),
        joinedload(LegalHold.placer),
        joinedload(LegalHold.lifter),
    )
    order = (LegalHold.lifted_at.is_not(None), LegalHold.id.desc())
    return session.scalars(query.order_by(*order).limit(_SHOWN)).all()


@history.evidence
def evidence(
    session: Session, instance: ProcessInstance, events: Sequence[HistoryEvent]
) -> tuple[int, str] | None:
    """Holds were placed and lifted by acts that are told of, for the reasons that were given."""
    query = select(LegalHold).join(Nomination).where(Nomination.instance_id == instance.id)
    rows = {row.id: row for row in session.scalars(query)}
    placed: set[int] = set()
    lifted: set[int] = set()
    for event in events:
        if event.kind not in (EventKind.HOLD_PLACED, EventKind.HOLD_LIFTED):
            continue
        told = history.details(event)
        row = rows.get(int(str(told["hold"])))
        is_placing = event.kind == EventKind.HOLD_PLACED
        said = row and (row.reason if is_placing else row.lifted_reason)
        if row is None or salted(row.salt, said) != told["digest"]:
            return event.sequence, N_("Lý do giữ lại hồ sơ đã bị sửa hoặc bị xóa.")
        (placed if is_placing else lifted).add(row.id)
    ended = {row.id for row in rows.values() if row.lifted_at is not None}
    if placed != rows.keys() or lifted != ended:
        return len(events), N_("Có việc giữ lại hồ sơ không được ghi vào lịch sử.")
    return None


def _tell(
    session: Session,
    instance: ProcessInstance,
    kind: EventKind,
    row: LegalHold,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    history.append(
        session,
        instance,
        kind,
        actor=actor,
        post=actor.post_for(Role.SYSTEM_ADMIN.value),
        now=now,
        hold=row.id,
        digest=salted(row.salt, reason),
    )
    session.flush()
