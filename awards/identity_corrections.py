"""Putting a nominee's identity number right: who may and when, with a reason, told in the history.

By the number somebody's nominations are found for a copy and for erasure, so a wrong one does harm
to another person, also after the nomination has ended.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from awards import access, erasures, text
from awards.errors import NumberOfAnother, NumberUnchanged
from models.awards import Nomination, Nominee, NomineeKind
from models.history import EventKind
from models.organisation import Role
from models.process import InstanceStatus
from models.tasks import OPEN, Submission, UserTask
from workflows import commands, history, instances, submissions
from workflows.actors import Actor, Post
from workflows.canonical import salted
from workflows.errors import NotAllowed
from workflows.submissions import Entry

FORM = "identity"
_UNIT = {role.value for role in access.UNIT}


def post_for(session: Session, actor: Actor, nomination: Nomination) -> Post | None:
    """The post in which the actor may put the number right now, if there is one.

    The unit's officer while it is being prepared; the department's specialists once it has left
    the unit, however it goes on and ends. Nobody while the head is to sign, who can return it, nor
    of a group, nor what was erased.
    """
    is_person = nomination.nominee.kind == NomineeKind.INDIVIDUAL
    if not is_person or erasures.find(session, nomination) is not None:
        return None
    place = _place_in_unit(session, nomination)
    if place is None:
        return actor.post_for(Role.DEPARTMENT_SPECIALIST.value)
    is_stopped = nomination.instance.suspended_at is not None
    if place.queue.partition(":")[0] != Role.UNIT_OFFICER or is_stopped:
        return None
    return actor.post_for(f"{Role.UNIT_OFFICER.value}:{nomination.unit.kept_by.code}")


def correct(
    session: Session,
    nomination: Nomination,
    number: str,
    *,
    reason: str,
    is_sure: bool,
    actor: Actor,
    command_key: str,
    now: datetime,
) -> None:
    """Keep another identity number. The history tells who, why, and salted hashes of the two.

    The same command key again changes nothing. Raises NumberUnchanged, and NumberOfAnother where
    a nominee of another name has it and the actor `is_sure` of nothing yet.
    """
    instances.lock(session, nomination.instance_id)
    post = post_for(session, actor, nomination)
    if post is None:
        raise NotAllowed
    if commands.is_done(session, command_key, subject_id=nomination.id):
        return
    nominee = nomination.nominee
    if number == nominee.identity_number:
        raise NumberUnchanged
    others = of_others(session, nomination, number, actor=actor)
    if others and not is_sure:
        raise NumberOfAnother(
            cases=", ".join(f"{n.nominee.name} ({n.code})" for n in others)
        )
    entry = Entry(FORM, content={"reason": reason})
    _tell(session, nomination, number, entry, actor, post, now)
    nominee.identity_number = number
    commands.record(
        session,
        command_key,
        kind="identity",
        actor=actor,
        subject_id=nomination.id,
        now=now,
    )
    session.flush()


def of_others(
    session: Session, nomination: Nomination, number: str, *, actor: Actor
) -> Sequence[Nomination]:
    """Nominations of people of another name with this number, as far as the actor may see them.

    An officer is not told of other units' nominees: who types numbers would learn who is one.
    """
    query = (
        select(Nomination)
        .join(Nominee)
        .where(
            Nominee.identity_number == number,
            Nomination.id != nomination.id,
            access.visible_to(actor),
        )
    )
    found = session.scalars(
        query.options(joinedload(Nomination.nominee)).order_by(Nomination.id)
    )
    own = text.fold(nomination.nominee.name)
    return [other for other in found if text.fold(other.nominee.name) != own]


def _tell(
    session: Session,
    nomination: Nomination,
    number: str,
    entry: Entry,
    actor: Actor,
    post: Post,
    now: datetime,
) -> None:
    """Keep the reason, and hashes of both numbers under its salt: they go when that is erased."""
    instance = nomination.instance
    place = _place_in_unit(session, nomination)
    kept = submissions.keep(
        session,
        instance,
        entry,
        element_id=FORM,
        task_id=None,
        actor=actor,
        now=now,
    )
    salt = session.scalars(select(Submission.salt).where(Submission.id == kept.id)).one()
    history.append(
        session,
        instance,
        EventKind.IDENTITY_CORRECTED,
        actor=actor,
        post=post,
        now=now,
        element=place.element_id if place else FORM,
        submission=kept.id,
        submission_digest=kept.digest,
        before=salted(salt, nomination.nominee.identity_number),
        after=salted(salt, number),
    )


def _place_in_unit(session: Session, nomination: Nomination) -> UserTask | None:
    """The step of its unit where the nomination waits, if it waits there."""
    if nomination.instance.status != InstanceStatus.RUNNING:
        return None
    query = select(UserTask).where(
        UserTask.instance_id == nomination.instance_id, UserTask.state.in_(OPEN)
    )
    steps = session.scalars(query.order_by(UserTask.id))
    return next((s for s in steps if s.queue.partition(":")[0] in _UNIT), None)
