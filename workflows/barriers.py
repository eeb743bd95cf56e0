"""What keeps a person from a task in the own queue. The business says; here is the place for it."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeAlias

from sqlalchemy import Row
from sqlalchemy.orm import Session

from models.tasks import UserTask
from workflows.actors import Actor
from workflows.errors import WorkflowError


class _Item(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def instance_id(self) -> int: ...
    @property
    def queue(self) -> str: ...


Task: TypeAlias = UserTask | Row[Any] | _Item
"""A task, or whatever has its `id`, `instance_id` and `queue`."""

Barrier: TypeAlias = Callable[[Session, Actor, Sequence[Task]], dict[int, WorkflowError]]
_BARRIERS: list[Barrier] = []


def barrier(function: Barrier) -> Barrier:
    """Register the one function `(session, actor, tasks) -> what stands against it, by task`.

    It reads in as many statements for a thousand tasks as for one, and writes nothing.
    """
    if _BARRIERS:
        message = "the barrier is registered already"
        raise ValueError(message)
    _BARRIERS.append(function)
    return function


def against(
    session: Session, actor: Actor, tasks: Sequence[Task]
) -> dict[int, WorkflowError]:
    """The tasks that the actor may not work on although the queue is served, and why not."""
    return _BARRIERS[0](session, actor, tasks) if _BARRIERS and tasks else {}


def check(session: Session, actor: Actor, task: UserTask) -> None:
    """Raise what stands between the actor and the task."""
    error = against(session, actor, [task]).get(task.id)
    if error is not None:
        raise error
