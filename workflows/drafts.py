"""What people have typed and not sent: kept per task and person, never shown to the engine."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.tasks import OPEN, Draft, UserTask
from models.writing import delete, insert_absent
from workflows import barriers
from workflows.actors import Actor
from workflows.errors import TaskChanged

Fields = list[list[str]]


def save(
    session: Session, task_id: int, *, actor: Actor, fields: Fields, now: datetime
) -> None:
    """Keep the fields as they were typed, in order.

    Raises TaskChanged once the task is closed or somebody else's, and what keeps the actor from it:
    papers come with drafts. Two windows of one person may
    save at the same moment; the later one stays.
    """
    task = session.get_one(UserTask, task_id)
    if task.state not in OPEN or task.assignee_id not in (None, actor.id):
        raise TaskChanged
    barriers.check(session, actor, task)
    key = {"task_id": task_id, "person_id": actor.id}
    if not insert_absent(session, Draft, **key, fields=fields, saved_at=now):
        mine = update(Draft).filter_by(**key)
        session.execute(mine.values(fields=fields, saved_at=now))


def find(session: Session, task_id: int, *, person_id: int) -> Draft | None:
    """The person's own draft of the task."""
    query = select(Draft).where(Draft.task_id == task_id, Draft.person_id == person_id)
    return session.scalars(query).first()


def discard(session: Session, task_id: int, *, person_id: int) -> None:
    """Forget a draft that has been sent. Others keep theirs: they may want their words back."""
    delete(session, Draft, task_id=task_id, person_id=person_id)
