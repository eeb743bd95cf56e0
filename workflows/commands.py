"""Acts by their key: a form sent twice is carried out once."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.tasks import Command
from workflows.actors import Actor


def is_done(session: Session, key: str) -> bool:
    """Whether an act with this key was carried out. Ask it under the subject's lock."""
    return session.get(Command, key) is not None


def record(
    session: Session, key: str, *, kind: str, actor: Actor, subject_id: int, now: datetime
) -> None:
    """Remember that the act was carried out, in its own transaction."""
    session.add(
        Command(key=key, kind=kind, actor_id=actor.id, subject_id=subject_id, done_at=now)
    )
