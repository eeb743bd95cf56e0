"""What people have typed and not sent: kept per task and person, never shown to the engine."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.tasks import OPEN, Draft, UserTask
from workflows.actors import Actor
from workflows.errors import TaskChanged

Fields = list[list[str]]


def save(
    session: Session, task_id: int, *, actor: Actor, fields: Fields, now: datetime
) -> Draft:
    """Keep the fields as they were typed, in order. Raises TaskChanged once the task is closed."""
    if session.get_one(UserTask, task_id).state not in OPEN:
        raise TaskChanged
    draft = find(session, task_id, person_id=actor.id)
    if draft is None:
        draft = Draft(task_id=task_id, person_id=actor.id, fields=fields, saved_at=now)
        session.add(draft)
    draft.fields, draft.saved_at = fields, now
    session.flush()
    return draft


def find(session: Session, task_id: int, *, person_id: int) -> Draft | None:
    """The person's own draft of the task."""
    query = select(Draft).where(Draft.task_id == task_id, Draft.person_id == person_id)
    return session.scalars(query).first()


def discard(session: Session, task_id: int, *, person_id: int) -> None:
    """Forget a draft that has been sent. Others keep theirs: they may want their words back."""
    session.execute(
        delete(Draft).where(Draft.task_id == task_id, Draft.person_id == person_id)
    )
