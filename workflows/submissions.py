"""What people entered at a step: kept as it was, once per act."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.process import ProcessInstance
from models.tasks import Submission
from models.writing import insert_numbered
from workflows.actors import Actor
from workflows.canonical import canonical, fresh_salt, salted_text


@dataclass(frozen=True)
class Entry:
    """A form that somebody sent: which one, in which version, with what in it."""

    form_key: str
    form_version: int = 1
    content: dict[str, object] = field(default_factory=dict)

    @cached_property
    def text(self) -> str:
        """The content as it is hashed."""
        return canonical(self.content)


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry that was stored: its number, what is in it, and its salted hash."""

    id: int
    content: dict[str, object]
    digest: str


def keep(
    session: Session,
    instance: ProcessInstance,
    entry: Entry,
    *,
    element_id: str,
    task_id: int | None,
    actor: Actor,
    now: datetime,
) -> Kept:
    """Store an entry with a salt of its own."""
    salt = fresh_salt()
    digest = salted_text(salt, entry.text)
    values = {
        "instance_id": instance.id,
        "task_id": task_id,
        "element_id": element_id,
        "form_key": entry.form_key,
        "form_version": entry.form_version,
        "content": entry.content,
        "salt": salt,
        "digest": digest,
        "submitted_by": actor.id,
        "submitted_at": now,
    }
    return Kept(insert_numbered(session, Submission, **values), entry.content, digest)


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
