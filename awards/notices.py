"""Notices to units: whose nominee is not awarded is owed the reason (domain.md 3.7)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from awards import nominations
from awards.access import UNIT
from models.awards import Nomination
from models.papers import Notice, NoticeKind
from models.process import ProcessInstance
from workflows import operations, submissions
from workflows.actors import Actor
from workflows.errors import NotAllowed
from workflows.handlers import Variables, service_task


@service_task("notify_refusal")
def notify_refusal(session: Session, instance: ProcessInstance, now: datetime) -> Variables:
    """Write to the nominating unit that its nominee is not awarded, with the reason given last."""
    last = submissions.of(session, instance.id)[-1]
    reason = str(last.content.get("reason") or "")
    return {"notice": _write(session, instance, NoticeKind.REFUSED, reason, now).id}


@operations.on_cancel
def notify_cancellation(
    session: Session, instance: ProcessInstance, reason: str, now: datetime
) -> None:
    """Write to the nominating unit that operators have ended its nomination, and why."""
    _write(session, instance, NoticeKind.CANCELLED, reason, now)


def unread(session: Session, actor: Actor) -> Sequence[Notice]:
    """What the actor's units have not read yet, newest first."""
    query = (
        select(Notice)
        .options(joinedload(Notice.nomination).joinedload(Nomination.nominee))
        .where(Notice.unit_code.in_(actor.scopes(*UNIT)), Notice.read_at.is_(None))
        .order_by(Notice.id.desc())
    )
    return session.scalars(query).all()


def mark_read(session: Session, notice_id: int, *, actor: Actor, now: datetime) -> Notice:
    """Note that somebody of the unit has read it. Reading twice changes nothing."""
    notice = session.get_one(Notice, notice_id)
    if notice.unit_code not in actor.scopes(*UNIT):
        raise NotAllowed
    notice.read_at = notice.read_at or now
    session.flush()
    return notice


def _write(
    session: Session,
    instance: ProcessInstance,
    kind: NoticeKind,
    reason: str,
    now: datetime,
) -> Notice:
    nomination = nominations.of_instance(session, instance.id)
    notice = Notice(
        kind=kind,
        nomination=nomination,
        unit_code=nomination.unit.kept_by.code,
        reason=reason,
        created_at=now,
    )
    session.add(notice)
    session.flush()
    return notice
