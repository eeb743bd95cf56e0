"""Posts: given for a time and ended early; with them come and go the rights, at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from awards import people
from awards.errors import BadPost
from models.organisation import (
    BLOCK_ROLES,
    UNIT_ROLES,
    Block,
    Delegation,
    Person,
    Post,
    Role,
    Unit,
)
from models.tasks import TaskState, UserTask
from workflows import calendar, tasks
from workflows.actors import Actor
from workflows.errors import NotAllowed
from workflows.words import N_

FOREVER = date.max
LATELY = timedelta(days=7)  # the longest that no server ran


@dataclass(frozen=True, slots=True)
class Appointment:
    """What somebody is to be. `unit` and `block` are codes, for the roles that need one."""

    role: Role
    title: str
    organisation: str
    valid_from: date
    valid_to: date | None = None
    unit: str = ""
    block: str = ""
    is_deputy: bool = False


def appoint(
    session: Session, person_id: int, wanted: Appointment, *, by: Actor, now: datetime
) -> Post:
    """Give somebody a post. Raises BadPost with what is wrong, NotAllowed for oneself."""
    person = _other(session, person_id, by)
    unit, block = _scope(session, wanted)
    if wanted.valid_to is not None and wanted.valid_to < wanted.valid_from:
        raise BadPost(N_("Ngày cuối không thể trước ngày đầu."))
    for post in person.posts:
        is_same = (post.role, post.unit, post.block) == (wanted.role, unit, block)
        if is_same and _overlap(post, wanted):
            raise BadPost(N_("Người này đã giữ chức vụ đó trong thời gian này."))
    post = Post(
        person=person,
        role=wanted.role,
        title=wanted.title,
        organisation=unit.name if unit else wanted.organisation,
        is_deputy=wanted.is_deputy,
        unit=unit,
        block=block,
        valid_from=wanted.valid_from,
        valid_to=wanted.valid_to,
        appointed_by=by.id,
        appointed_at=now,
    )
    session.add(post)
    session.flush()
    return post


def end(
    session: Session,
    post_id: int,
    *,
    person_id: int,
    last_day: date,
    by: Actor,
    now: datetime,
) -> Post:
    """Let a post end on this day, earlier than it would; a day before the first takes it back.

    What its holder has claimed goes back to the queue once the last day is over. Raises BadPost,
    NotAllowed for oneself.
    """
    person = _other(session, person_id, by)
    post = next((post for post in person.posts if post.id == post_id), None)
    if post is None:
        raise NotAllowed
    if last_day >= (post.valid_to or FOREVER):
        raise BadPost(N_("Chức vụ này kết thúc sớm hơn ngày đó rồi."))
    post.valid_to = max(last_day, post.valid_from - timedelta(days=1))
    post.ended_by, post.ended_at = by.id, now
    session.flush()
    release(session, person, now)
    for delegate in session.scalars(_delegates.where(Delegation.post_id == post.id)).all():
        release(session, delegate, now)
    return post


_delegates = select(Person).join(Delegation, Delegation.delegate_id == Person.id)


def release(session: Session, person: Person, now: datetime) -> None:
    """Give back to their queues the tasks that somebody has claimed and may not work on today."""
    mine = people.actor_of(person, calendar.today(now)) if person.is_active else None
    query = select(UserTask).where(
        UserTask.assignee_id == person.id, UserTask.state == TaskState.CLAIMED
    )
    for task in session.scalars(query.order_by(UserTask.instance_id)).all():
        if mine is None or task.queue not in mine.queues:
            tasks.release(session, task.id, now=now)


def release_ended(session: Session, now: datetime) -> None:
    """The same for all whose post or delegation has ended lately. Every minute is often enough."""
    today = calendar.today(now)
    is_over = and_(Post.valid_to < today, Post.valid_to >= today - LATELY)
    was_theirs = and_(Delegation.valid_to < today, Delegation.valid_to >= today - LATELY)
    concerned = (
        select(Post.person_id)
        .where(is_over)
        .union(select(Delegation.delegate_id).join(Post).where(or_(is_over, was_theirs)))
    )
    for person_id in sorted(session.scalars(concerned)):
        person = people.find(session, person_id)
        assert person is not None  # noqa: S101 - the post is somebody's
        release(session, person, now)


def units(session: Session, today: date) -> Sequence[Unit]:
    """The units that there are today, by name."""
    query = select(Unit).where(
        Unit.valid_from <= today, or_(Unit.valid_to.is_(None), Unit.valid_to >= today)
    )
    return session.scalars(query.order_by(Unit.name)).all()


def blocks(session: Session) -> Sequence[Block]:
    """All Khối, by code."""
    return session.scalars(select(Block).order_by(Block.code)).all()


def _scope(session: Session, wanted: Appointment) -> tuple[Unit | None, Block | None]:
    if wanted.role in UNIT_ROLES:
        unit = session.scalars(select(Unit).where(Unit.code == wanted.unit)).first()
        if unit is None:
            raise BadPost(N_("Chọn đơn vị cho chức vụ này."))
        if (
            wanted.valid_from < unit.valid_from
            or (unit.valid_to or FOREVER) < wanted.valid_from
        ):
            raise BadPost(N_("Vào ngày đó đơn vị này chưa có hoặc không còn."))
        return unit, None
    if wanted.role in BLOCK_ROLES:
        block = session.scalars(select(Block).where(Block.code == wanted.block)).first()
        if block is None:
            raise BadPost(N_("Chọn Khối cho chức vụ này."))
        return None, block
    return None, None


def _overlap(post: Post, wanted: Appointment) -> bool:
    return post.valid_from <= (wanted.valid_to or FOREVER) and wanted.valid_from <= (
        post.valid_to or FOREVER
    )


def _other(session: Session, person_id: int, by: Actor) -> Person:
    """The person, held; nobody gives or takes posts of his own."""
    if person_id == by.id:
        raise NotAllowed
    session.get_one(Person, person_id, with_for_update=True)
    person = people.find(session, person_id)
    assert person is not None  # noqa: S101 - it is held
    return person
