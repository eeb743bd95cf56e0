"""An instance comes under another roof: its variables say so, and its open tasks go there."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.history import EventKind
from models.process import ProcessInstance
from models.tasks import TaskState, UserTask
from workflows import deployments, history, instances, queues


def rehome(
    session: Session,
    instance_id: int,
    variables: Mapping[str, object],
    *,
    reason: Mapping[str, object],
    now: datetime,
) -> None:
    """Set variables that decide on queues, and move the open tasks to where they lie since.

    Who has claimed a task keeps it if that person serves the new queue. `reason` stands in the
    event: it names what somebody has decided elsewhere. No condition of a diagram may read these
    variables: the token stays where it is.
    """
    query = select(ProcessInstance).where(ProcessInstance.id == instance_id)
    instance = session.scalars(query.with_for_update()).one()
    instance.variables = instance.variables | dict(variables)
    moved = [
        told
        for task in instances.open_tasks(session, instance.id)
        if (told := _move(session, instance, task, now))
    ]
    history.append(
        session,
        instance,
        EventKind.INSTANCE_REHOMED,
        actor=None,
        now=now,
        variables=dict(variables),
        tasks=moved,
        reason=dict(reason),
    )
    session.flush()


def _move(
    session: Session, instance: ProcessInstance, task: UserTask, now: datetime
) -> dict[str, object] | None:
    """Put the task into the queue that the resolver names now; None if it lies there already."""
    definition = deployments.definition_of(session, instance)
    before = task.queue
    queue = queues.resolve(instance, definition.elements[task.element_id].role)
    if queue == before:
        return None
    task.queue = queue
    if task.escalated_to is not None:
        task.escalated_to = queues.superior(instance, queue)
    holder = task.assignee_id
    if holder is not None and queues.serving(session, holder, queue, now) is None:
        task.state, task.assignee_id = TaskState.READY, None
    return {
        "task": task.id,
        "element": task.element_id,
        "before": before,
        "queue": queue,
        "assignee": task.assignee_id,
    }
