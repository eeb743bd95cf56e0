"""People: their passwords, their posts, and the Actor that those posts make of them."""

from collections.abc import Collection
from datetime import date

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from models.organisation import BLOCK_ROLES, UNIT_ROLES, Person, Post
from workflows import actors
from workflows.actors import Actor

MIN_PASSWORD_LENGTH = 15
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's floor
_NOBODY = _HASHER.hash("nobody has this password")


def hash_password(password: str) -> str:
    """Argon2id. Raises ValueError below the length that NIST SP 800-63B-4 asks for."""
    if len(password) < MIN_PASSWORD_LENGTH:
        message = f"a password has at least {MIN_PASSWORD_LENGTH} characters"
        raise ValueError(message)
    return _HASHER.hash(password)


def authenticate(session: Session, login: str, password: str) -> Person | None:
    """The active person with this login and password.

    An unknown login takes as long as a wrong password: nobody learns which logins exist.
    """
    person = session.scalars(
        select(Person).where(Person.login == login.strip().lower())
    ).first()
    try:
        _HASHER.verify(person.password_hash if person else _NOBODY, password)
    except (VerifyMismatchError, InvalidHashError):
        return None
    return person if person is not None and person.is_active else None


def find(session: Session, person_id: int) -> Person | None:
    """The person with the posts they ever held, in one query: every page asks for somebody."""
    posts = joinedload(Person.posts).options(joinedload(Post.unit), joinedload(Post.block))
    query = select(Person).where(Person.id == person_id).options(posts)
    return session.scalars(query).unique().first()


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
