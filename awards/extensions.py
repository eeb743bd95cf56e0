"""Extending the appraisal of a nomination: an act of the department's head, with a reason."""

from datetime import datetime

from sqlalchemy.orm import Session

from awards import access
from awards.errors import NothingToExtend
from models.awards import Nomination
from models.deadlines import Clock
from models.process import InstanceStatus
from workflows import clocks, commands, instances, submissions
from workflows.actors import Actor
from workflows.errors import NotAllowed
from workflows.submissions import Entry

MAX_DAYS = 30


def open_clock(session: Session, nomination: Nomination) -> Clock | None:
    """The clock that may still be extended: started and not stopped."""
    if nomination.instance.status != InstanceStatus.RUNNING:
        return None
    running = clocks.of(session, nomination.instance_id)
    return next((clock for clock in running if clock.stopped_at is None), None)


def extend(
    session: Session,
    nomination: Nomination,
    *,
    days: int,
    reason: str,
    actor: Actor,
    command_key: str,
    now: datetime,
) -> None:
    """Allow the appraisal more working days. The same command key again changes nothing.

    Raises NothingToExtend when no period runs any more.
    """
    post = access.extending_post(actor, nomination)
    if post is None:
        raise NotAllowed
    instance = instances.lock(session, nomination.instance_id)
    if commands.is_done(session, command_key, subject_id=nomination.id):
        return
    clock = open_clock(session, nomination)
    if clock is None:
        raise NothingToExtend
    entry = Entry("extension", content={"days": days, "reason": reason})
    kept = submissions.keep(
        session,
        instance,
        entry,
        element_id=clock.name,
        task_id=None,
        actor=actor,
        now=now,
    )
    clocks.extend(
        session,
        instance,
        clock.name,
        days=days,
        actor=actor,
        post=post,
        now=now,
        submission=kept.id,
        submission_digest=kept.digest,
    )
    commands.record(
        session, command_key, kind="extend", actor=actor, subject_id=nomination.id, now=now
    )
    session.flush()
