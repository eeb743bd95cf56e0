"""The posts of units that end: who holds them, and how they pass to the unit that takes over."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, selectinload

from models.organisation import Post, Unit, UnitEvent, UnitEventKind
from workflows.actors import Actor
from workflows.errors import NotAllowed

DAY = timedelta(days=1)


def held_in(session: Session, unit: Unit) -> Sequence[Post]:
    """All posts that were ever held in a unit, the latest first."""
    query = select(Post).where(Post.unit_id == unit.id)
    query = query.options(selectinload(Post.person))
    return session.scalars(query.order_by(Post.valid_from.desc(), Post.id)).all()


def lasting(session: Session, units: Sequence[Unit], day: date) -> Sequence[Post]:
    """The posts in units that would last into a day or begin after it."""
    query = select(Post).where(
        Post.unit_id.in_([unit.id for unit in units]),
        or_(
            Post.valid_to.is_(None),
            and_(Post.valid_to >= day, Post.valid_to >= Post.valid_from),  # not taken back
        ),
    )
    query = query.options(selectinload(Post.person), selectinload(Post.unit))
    return session.scalars(query.order_by(Post.id)).all()


def hand_over(
    session: Session, event: UnitEvent, ending: Sequence[Unit], by: Actor, now: datetime
) -> None:
    """End the posts of units that end; their holders hold the same in the heir from that day on.

    Raises NotAllowed for whoever would end an own post.
    """
    heir, day = event.heir, event.effective_on
    assert heir is not None  # noqa: S101 - the caller has just set it
    for post in lasting(session, ending, day):
        if post.person_id == by.id:
            raise NotAllowed
        since = max(day, post.valid_from)
        if event.kind != UnitEventKind.DISSOLVE and not _has(session, post, heir, since):
            session.add(
                Post(
                    person_id=post.person_id,
                    role=post.role,
                    title=post.title,
                    organisation=heir.name,
                    is_deputy=post.is_deputy,
                    unit=heir,
                    valid_from=since,
                    valid_to=post.valid_to,
                    appointed_by=by.id,
                    appointed_at=now,
                )
            )
        post.valid_to = since - DAY
        post.ended_by, post.ended_at = by.id, now
    session.flush()
    for person in {post.person for unit in ending for post in held_in(session, unit)}:
        session.expire(person, ["posts"])


def _has(session: Session, post: Post, heir: Unit, since: date) -> bool:
    """Whether the same person does the same in the heir already, for as long as the post lasts."""
    until = post.valid_to or date.max
    query = select(Post.id).where(
        Post.person_id == post.person_id,
        Post.role == post.role,
        Post.unit_id == heir.id,
        Post.valid_from <= since,
        or_(Post.valid_to.is_(None), Post.valid_to >= until),
    )
    return session.scalars(query).first() is not None
