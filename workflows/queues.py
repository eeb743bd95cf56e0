"""Which queue a task opens in. The business says; here is only the place to say it."""

from collections.abc import Callable
from typing import TypeAlias

from models.process import ProcessInstance

Resolver: TypeAlias = Callable[[ProcessInstance, str], str]
_RESOLVERS: list[Resolver] = []
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
