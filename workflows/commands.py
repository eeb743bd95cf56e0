"""Acts by their key: a form sent twice is carried out once."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.sending import AlreadyThere
from models.tasks import Command
from models.writing import insert_absent, insert_first
from workflows.actors import Actor
from workflows.canonical import sha256
from workflows.errors import TaskChanged


def is_done(session: Session, key: str, *, subject_id: int) -> bool:
    """Whether an act with this key was carried out on the subject. Ask it under its lock.

    Raises TaskChanged when the key was given to something else.
    """
    done = session.get(Command, key)
    if done is not None and done.subject_id != subject_id:
        raise TaskChanged
    return done is not None


def done(session: Session, keys: Collection[str]) -> set[str]:
    """Those of the keys with which an act was carried out."""
    if not keys:
        return set()
    return set(session.scalars(select(Command.key).where(Command.key.in_(keys))))


def part_of(key: str, subject_id: int) -> str:
    """The key of one act among many that share a key. Nobody can make it who does not know that."""
    return sha256(f"{key}/{subject_id}")


def take(
    session: Session, key: str, *, kind: str, actor: Actor, now: datetime
) -> Command | None:
    """The command to fill in with its subject, or None when another act has this key already.

    For acts that have no subject to lock yet: who comes second waits here for the first.
    """
    fresh = insert_absent(
        session, Command, key=key, kind=kind, actor_id=actor.id, subject_id=0, done_at=now
    )
    return session.get_one(Command, key) if fresh else None


def subject_of(session: Session, key: str) -> int:
    """What the act with this key was done to, or made."""
    return session.get_one(Command, key).subject_id


def record(
    session: Session, key: str, *, kind: str, actor: Actor, subject_id: int, now: datetime
) -> None:
    """Remember that the act is carried out, in its own transaction.

    Raises TaskChanged when the key was given to another act; around acts that are gathered,
    `only_once` does.
    """
    with only_once():
        insert_first(
            session,
            Command,
            key=key,
            kind=kind,
            actor_id=actor.id,
            subject_id=subject_id,
            done_at=now,
        )


@contextmanager
def only_once() -> Iterator[None]:
    """Who comes with a key that somebody else has used meanwhile finds the task changed."""
    try:
        yield
    except AlreadyThere:
        raise TaskChanged from None
