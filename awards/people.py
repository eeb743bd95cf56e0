"""People: their posts, and the Actor that those posts make of them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from models.organisation import BLOCK_ROLES, UNIT_ROLES, Delegation, Person, Post
from workflows import actors
from workflows.actors import Actor


def find(session: Session, person_id: int) -> Person | None:
    """The person with the posts they ever held."""
    query = select(Person).where(Person.id == person_id).options(*WITH_POSTS)
    return session.scalars(query).first()


def by_login(session: Session, login: str) -> Person | None:
    """The active person with this login, with the posts they ever held."""
    query = (
        select(Person).where(Person.login == login, Person.is_active).options(*WITH_POSTS)
    )
    return session.scalars(query).first()


WITH_POSTS = (
    selectinload(Person.posts).options(selectinload(Post.unit), selectinload(Post.block)),
    selectinload(Person.delegations)
    .joinedload(Delegation.post)
    .options(joinedload(Post.unit), joinedload(Post.block), joinedload(Post.person)),
)
"""What `actor_of` looks at, for queries over people."""


def named(session: Session, ids: Collection[int]) -> dict[int, str]:
    """The names of these people."""
    query = select(Person.id, Person.name).where(Person.id.in_(ids))
    return {id_: name for id_, name in session.execute(query)}  # noqa: C416 - rows, not pairs


def serving(session: Session, queue: str, today: date) -> list[Actor]:
    """Who serves a queue today, by name."""
    role = queue.partition(":")[0]
    holders = select(Post.person_id).where(Post.role == role)
    delegates = select(Delegation.delegate_id).join(Post).where(Post.role == role)
    query = select(Person).where(
        or_(Person.id.in_(holders), Person.id.in_(delegates)), Person.is_active
    )
    found = session.scalars(query.options(*WITH_POSTS).order_by(Person.name))
    actors_ = [actor_of(person, today) for person in found]
    return [actor for actor in actors_ if queue in actor.queues]


def actor_of(person: Person, today: date) -> Actor:
    """The person as somebody who acts, by the posts held today, the own ones first."""
    own = [_post(post) for post in person.posts if _is_held(post, today)]
    others = [
        replace(
            _post(one.post), on_behalf_of=one.post.person_id, holder=one.post.person.name
        )
        for one in person.delegations
        if one.ended_at is None and _is_held(one, today) and _is_held(one.post, today)
    ]
    return Actor(person.id, person.name, (*own, *others))


def queue_of(post: Post) -> str:
    """`role:scope` for posts in a unit or a block, the role alone for the province."""
    if post.role in UNIT_ROLES and post.unit is not None:
        return f"{post.role.value}:{post.unit.code}"
    if post.role in BLOCK_ROLES and post.block is not None:
        return f"{post.role.value}:{post.block.code}"
    return post.role.value


def _is_held(held: Post | Delegation, today: date) -> bool:
    return held.valid_from <= today and (held.valid_to is None or today <= held.valid_to)


def _post(post: Post) -> actors.Post:
    return actors.Post(
        post.id, queue_of(post), post.title, post.organisation, is_deputy=post.is_deputy
    )
