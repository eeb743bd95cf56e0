"""What people entered at a step: kept as it was, once per act."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.process import ProcessInstance
from models.tasks import Submission
from models.writing import insert_numbered
from workflows.actors import Actor
from workflows.canonical import fresh_salt, salted


@dataclass(frozen=True, slots=True)
class Entry:
    """A form that somebody sent: which one, in which version, with what in it."""

    form_key: str
    form_version: int = 1
    content: dict[str, object] = field(default_factory=dict)


def keep(
    session: Session,
    instance: ProcessInstance,
    entry: Entry,
    *,
    element_id: str,
    task_id: int | None,
    actor: Actor,
    now: datetime,
) -> Submission:
    """Store an entry with a salt of its own. What is given back stands outside the session."""
    salt = fresh_salt()
    values = {
        "instance_id": instance.id,
        "task_id": task_id,
        "element_id": element_id,
        "form_key": entry.form_key,
        "form_version": entry.form_version,
        "content": entry.content,
        "salt": salt,
        "digest": salted(salt, entry.content),
        "submitted_by": actor.id,
        "submitted_at": now,
    }
    return Submission(id=insert_numbered(session, Submission, **values), **values)


def of(session: Session, instance_id: int) -> Sequence[Submission]:
    """Everything entered in an instance, oldest first."""
    query = select(Submission).where(Submission.instance_id == instance_id)
    return session.scalars(query.order_by(Submission.id)).all()


def latest(session: Session, instance_id: int, element_id: str) -> Submission | None:
    """What was entered last at one step."""
    query = select(Submission).where(
        Submission.instance_id == instance_id, Submission.element_id == element_id
    )
    return session.scalars(query.order_by(Submission.id.desc()).limit(1)).first()
