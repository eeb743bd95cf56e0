"""Which queue a task opens in, and who somebody is. The business says; here is the place for it."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.orm import Session

from models.process import ProcessInstance
from workflows.actors import Actor

Resolver: TypeAlias = Callable[[ProcessInstance, str], str]
Directory: TypeAlias = Callable[[Session, int, datetime], Actor | None]
_RESOLVERS: list[Resolver] = []
_DIRECTORIES: list[Directory] = []
_SUPERIORS: list[Resolver] = []


def resolver(function: Resolver) -> Resolver:
    """Register the one function `(instance, role) -> queue`."""
    if _RESOLVERS:
        message = "the queue resolver is registered already"
        raise ValueError(message)
    _RESOLVERS.append(function)
    return function


def resolve(instance: ProcessInstance, role: str) -> str:
    """The queue that holds this instance's tasks for the role; the role itself by default."""
    return _RESOLVERS[0](instance, role) if _RESOLVERS else role


def directory(function: Directory) -> Directory:
    """Register the one function `(session, person's id, now) -> who that is now, if anybody`."""
    if _DIRECTORIES:
        message = "the directory of people is registered already"
        raise ValueError(message)
    _DIRECTORIES.append(function)
    return function


def serving(session: Session, person_id: int, queue: str, now: datetime) -> Actor | None:
    """The person, if there is one with this id who serves the queue now."""
    person = _DIRECTORIES[0](session, person_id, now) if _DIRECTORIES else None
    return person if person is not None and queue in person.queues else None


def superiors(function: Resolver) -> Resolver:
    """Register the one function `(instance, queue) -> queue` of those to whom it is escalated."""
    if _SUPERIORS:
        message = "the superiors are registered already"
        raise ValueError(message)
    _SUPERIORS.append(function)
    return function


def superior(instance: ProcessInstance, queue: str) -> str:
    """Whose queue a task is escalated to; its own by default."""
    return _SUPERIORS[0](instance, queue) if _SUPERIORS else queue
