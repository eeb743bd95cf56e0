"""Delegations: a post's work done by somebody else for a time, in the holder's name.

They end by themselves. Only what is really one's own is passed on: no chains. The Chairman's post
is not among them: his deputies sign for him in posts of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, joinedload

from awards import access, people, posts
from awards.blocks import within
from awards.errors import BadDelegation
from models.history import EventKind, HistoryEvent
from models.organisation import UNIT_ROLES, BlockMember, Delegation, Person, Post, Role
from models.tasks import TaskState, UserTask
from workflows import calendar, tasks
from workflows.actors import Actor
from workflows.errors import NotAllowed
from workflows.words import N_

LONGEST = timedelta(days=366)
GRANTERS = {
    Role.UNIT_OFFICER: Role.UNIT_HEAD,
    Role.BLOCK_LEAD: Role.DEPARTMENT_HEAD,
    Role.DEPARTMENT_CLERK: Role.DEPARTMENT_HEAD,
    Role.DEPARTMENT_SPECIALIST: Role.DEPARTMENT_HEAD,
}
"""Who may delegate a post for a holder who is absent, beside the administrator."""

DELEGABLE = (
    *UNIT_ROLES,
    Role.BLOCK_LEAD,
    Role.DEPARTMENT_CLERK,
    Role.DEPARTMENT_SPECIALIST,
    Role.DEPARTMENT_HEAD,
    Role.OFFICE_SPECIALIST,
    Role.RECORDS_CLERK,
)


@dataclass(frozen=True, slots=True)
class Mandate:
    """Who is to do the work of a post, from when to when, and by which paper."""

    post_id: int
    delegate_id: int
    valid_from: date
    valid_to: date
    legal_basis: str


def may_grant(actor: Actor, post: Post) -> bool:
    """The holder, the superior, the administrator; each in posts of their own."""
    if post.role not in DELEGABLE:
        return False
    own = actor.own
    if access.keeps_accounts(own) or post.person_id == actor.id:
        return True
    superior = GRANTERS.get(post.role)
    scope = f":{post.unit.code}" if post.unit else ""
    return superior is not None and own.post_for(f"{superior.value}{scope}") is not None


def find_post(session: Session, post_id: int, *, actor: Actor, now: datetime) -> Post:
    """A post that is held now or later and that the actor may delegate; or NotAllowed."""
    post = session.get(Post, post_id)
    if post is None or (post.valid_to or date.max) < calendar.today(now):
        raise NotAllowed
    if not may_grant(actor, post):
        raise NotAllowed
    return post


def offered(session: Session, actor: Actor, now: datetime) -> list[Post]:
    """The posts that the actor holds or stands above, and may delegate; the own ones first."""
    mine = [post.id for post in actor.own.posts]
    led = [role for role, granter in GRANTERS.items() if actor.own.has(granter)]
    query = select(Post).where(
        or_(Post.id.in_(mine), Post.role.in_(led)), within(Post, calendar.today(now))
    )
    query = query.options(joinedload(Post.person), joinedload(Post.unit))
    found = session.scalars(query.order_by(Post.role, Post.id))
    fitting = [post for post in found if may_grant(actor, post)]
    return sorted(fitting, key=lambda post: post.person_id != actor.id)


def colleagues(
    session: Session, post: Post, *, actor: Actor, now: datetime
) -> list[Person]:
    """To whom a post can be delegated, by name: people of the same place; in a Khối, its heads."""
    today = calendar.today(now)
    if post.block_id is not None:
        members = select(BlockMember.unit_id).where(
            BlockMember.block_id == post.block_id, within(BlockMember, today)
        )
        near = and_(Post.role == Role.UNIT_HEAD, Post.unit_id.in_(members))
    else:
        near = Post.organisation == post.organisation
    query = select(Person).where(
        Person.is_active,
        Person.id.not_in([post.person_id, actor.id]),
        Person.id.in_(select(Post.person_id).where(near, within(Post, today))),
    )
    queue = people.queue_of(post)
    found = session.scalars(query.options(*people.WITH_POSTS).order_by(Person.name))
    return [one for one in found if queue not in people.actor_of(one, today).own.queues]


def grant(session: Session, mandate: Mandate, *, by: Actor, now: datetime) -> Delegation:
    """Let somebody do a post's work. Raises BadDelegation with what is wrong, NotAllowed."""
    session.get(Post, mandate.post_id, with_for_update=True)
    post = find_post(session, mandate.post_id, actor=by, now=now)
    if mandate.valid_to < mandate.valid_from:
        raise BadDelegation(N_("Ngày cuối không thể trước ngày đầu."))
    if mandate.valid_to - mandate.valid_from > LONGEST:
        raise BadDelegation(N_("Mỗi lần ủy quyền không quá một năm."))
    if mandate.valid_from < calendar.today(now):
        raise BadDelegation(N_("Không ủy quyền cho ngày đã qua."))
    if mandate.delegate_id not in {
        person.id for person in colleagues(session, post, actor=by, now=now)
    }:
        raise BadDelegation(N_("Chọn một người cùng cơ quan, không phải người giao."))
    same = select(Delegation).where(
        Delegation.post_id == post.id,
        Delegation.ended_at.is_(None),
        Delegation.valid_from <= mandate.valid_to,
        Delegation.valid_to >= mandate.valid_from,
    )
    if taken := session.scalars(same).first():
        raise BadDelegation(
            N_("Trong thời gian đó chức vụ này đã ủy quyền cho %(name)s."),
            name=taken.delegate.name,
        )
    delegation = Delegation(
        post=post,
        delegate_id=mandate.delegate_id,
        valid_from=mandate.valid_from,
        valid_to=mandate.valid_to,
        legal_basis=mandate.legal_basis,
        granted_by=by.id,
        granted_at=now,
    )
    session.add(delegation)
    session.flush()
    if delegation.valid_from == calendar.today(now):
        _release_held(session, delegation, now)
    return delegation


def begin_due(session: Session, now: datetime) -> None:
    """Leave to delegates what holders had claimed before. Every minute is often enough."""
    today = calendar.today(now)
    query = select(Delegation).where(
        Delegation.ended_at.is_(None), within(Delegation, today)
    )
    query = query.options(joinedload(Delegation.post))
    for delegation in session.scalars(query.order_by(Delegation.id)).all():
        _release_held(session, delegation, now)


def may_end(actor: Actor, delegation: Delegation) -> bool:
    """Whoever may grant it, and whoever has it."""
    return actor.id == delegation.delegate_id or may_grant(actor, delegation.post)


def end(session: Session, delegation_id: int, *, by: Actor, now: datetime) -> Delegation:
    """End a delegation at once, and give back what was claimed by it. Again: nothing happens."""
    delegation = session.get(Delegation, delegation_id, with_for_update=True)
    if delegation is None or not may_end(by, delegation):
        raise NotAllowed
    if delegation.ended_at is None:
        delegation.ended_by, delegation.ended_at = by.id, now
        session.flush()
        posts.release(session, delegation.delegate, now)
    return delegation


def concerning(session: Session, actor: Actor, *, limit: int) -> Sequence[Delegation]:
    """Delegations from, to and by the actor, the latest first; an administrator's are all."""
    query = (
        select(Delegation)
        .join(Delegation.post)
        .options(
            joinedload(Delegation.delegate),
            joinedload(Delegation.post).options(
                joinedload(Post.person), joinedload(Post.unit)
            ),
        )
    )
    if not access.keeps_accounts(actor):
        query = query.where(
            or_(
                Post.person_id == actor.id,
                Delegation.delegate_id == actor.id,
                Delegation.granted_by == actor.id,
            )
        )
    ordered = query.order_by(Delegation.valid_from.desc(), Delegation.id.desc())
    return session.scalars(ordered.limit(limit)).all()


def _release_held(session: Session, delegation: Delegation, now: datetime) -> None:
    """Give back to the queue what the holder has claimed, but for what was since it began."""
    post = delegation.post
    begun_at = max(delegation.granted_at, calendar.midnight(delegation.valid_from))
    claimed_since = exists().where(
        HistoryEvent.instance_id == UserTask.instance_id,
        HistoryEvent.kind.in_((EventKind.TASK_CLAIMED, EventKind.TASK_REASSIGNED)),
        HistoryEvent.at > begun_at,
    )
    held = select(UserTask.id).where(
        UserTask.assignee_id == post.person_id,
        UserTask.state == TaskState.CLAIMED,
        UserTask.queue == people.queue_of(post),
        ~claimed_since,
    )
    for task_id in session.scalars(held.order_by(UserTask.instance_id)).all():
        tasks.release(session, task_id, now=now)
