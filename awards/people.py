"""People: their posts, and the Actor that those posts make of them."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models.organisation import BLOCK_ROLES, UNIT_ROLES, Person, Post
from workflows import actors
from workflows.actors import Actor


def find(session: Session, person_id: int) -> Person | None:
    """The person with the posts they ever held."""
    query = select(Person).where(Person.id == person_id).options(_POSTS)
    return session.scalars(query).first()


def by_login(session: Session, login: str) -> Person | None:
    """The active person with this login, with the posts they ever held."""
    query = select(Person).where(Person.login == login, Person.is_active).options(_POSTS)
    return session.scalars(query).first()


_POSTS = selectinload(Person.posts).options(
    selectinload(Post.unit), selectinload(Post.block)
)


def named(session: Session, ids: Collection[int]) -> dict[int, str]:
    """The names of these people."""
    query = select(Person.id, Person.name).where(Person.id.in_(ids))
    return {id_: name for id_, name in session.execute(query)}  # noqa: C416 - rows, not pairs


def serving(session: Session, queue: str, today: date) -> list[Actor]:
    """Who serves a queue today, by name."""
    role = queue.partition(":")[0]
    query = select(Person).join(Post).where(Post.role == role, Person.is_active)
    found = session.scalars(query.options(_POSTS).order_by(Person.name).distinct())
    actors_ = [actor_of(person, today) for person in found]
    return [actor for actor in actors_ if queue in actor.queues]


def actor_of(person: Person, today: date) -> Actor:
    """The person as somebody who acts, by the posts held today."""
    held = [post for post in person.posts if _is_held(post, today)]
    return Actor(person.id, person.name, tuple(_post(post) for post in held))


def queue_of(post: Post) -> str:
    """`role:scope` for posts in a unit or a block, the role alone for the province."""
    if post.role in UNIT_ROLES and post.unit is not None:
        return f"{post.role.value}:{post.unit.code}"
    if post.role in BLOCK_ROLES and post.block is not None:
        return f"{post.role.value}:{post.block.code}"
    return post.role.value


def _is_held(post: Post, today: date) -> bool:
    return post.valid_from <= today and (post.valid_to is None or today <= post.valid_to)


def _post(post: Post) -> actors.Post:
    return actors.Post(
        post.id, queue_of(post), post.title, post.organisation, is_deputy=post.is_deputy
    )
