"""Take the words out of an instance that has ended. Its chain holds hashes of them, and holds.

A salted hash whose salt is gone says nothing any more. The event that tells of the erasure names
what was erased: only that may lack its words when the history is verified.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.history import EventKind
from models.operations import OperatorAct
from models.process import InstanceStatus, ProcessInstance
from models.tasks import Draft, Submission, UserTask
from workflows import history, submissions
from workflows.actors import Actor, Post
from workflows.canonical import NO_SALT
from workflows.errors import StillRunning


def erase(
    session: Session,
    instance: ProcessInstance,
    *,
    mark: str,
    actor: Actor,
    post: Post | None,
    now: datetime,
    **details: object,
) -> None:
    """Erase what was entered, typed and given as a reason, and tell it. `mark` stands in its place.

    The caller holds the instance's lock and has erased the rest, which `details` names by ids.
    Raises StillRunning while people may be at work on it.
    """
    if instance.status == InstanceStatus.RUNNING:
        raise StillRunning
    entries = submissions.of(session, instance.id)
    for entry in entries:
        entry.content = _without_words(entry)
        entry.salt = NO_SALT
    query = select(OperatorAct).where(OperatorAct.instance_id == instance.id)
    acts = session.scalars(query).all()
    for act in acts:
        act.reason, act.salt = mark, NO_SALT
    tasks = select(UserTask.id).where(UserTask.instance_id == instance.id)
    session.execute(delete(Draft).where(Draft.task_id.in_(tasks)))
    history.append(
        session,
        instance,
        EventKind.WORDS_ERASED,
        actor=actor,
        post=post,
        now=now,
        submissions=_ids(entries),
        acts=_ids(acts),
        **details,
    )
    session.flush()


def _without_words(entry: Submission) -> dict[str, object]:
    return {name: entry.content[name] for name in ("outcome",) if name in entry.content}


def _ids(rows: Collection[Submission] | Collection[OperatorAct]) -> list[int]:
    return sorted(row.id for row in rows)
