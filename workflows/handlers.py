"""What a diagram may call: service task handlers by topic, task listeners by form key.

Both registries are filled when the modules that hold the functions are imported.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.orm import Session

from models.process import ProcessInstance
from models.tasks import UserTask
from workflows.actors import Actor
from workflows.submissions import Kept

Variables: TypeAlias = dict[str, object]
Handler: TypeAlias = Callable[[Session, ProcessInstance, datetime], Variables]
Listener: TypeAlias = Callable[[Session, UserTask, Kept, Actor, datetime], Variables]

HANDLERS: dict[str, Handler] = {}
LISTENERS: dict[str, Listener] = {}
PURE: set[str] = set()
"""The forms whose listener neither reads nor writes, so that nothing of it has to be undone."""


def service_task(topic: str) -> Callable[[Handler], Handler]:
    """Register what a service task with this `camunda:topic` does.

    It runs inside the transaction of the act that reached it and returns variables to set.
    """

    def register(handler: Handler) -> Handler:
        if topic in HANDLERS:
            message = f"two handlers for the topic {topic}"
            raise ValueError(message)
        HANDLERS[topic] = handler
        return handler

    return register


def on_complete(form_key: str, *, is_pure: bool = False) -> Callable[[Listener], Listener]:
    """Register what completing a user task with this form also does, before the token moves.

    A pure listener touches no row but what it is given, and does nothing but give variables.
    """

    def register(listener: Listener) -> Listener:
        if form_key in LISTENERS:
            message = f"two listeners for the form {form_key}"
            raise ValueError(message)
        LISTENERS[form_key] = listener
        if is_pure:
            PURE.add(form_key)
        return listener

    return register


def is_pure(form_key: str) -> bool:
    """Whether a task with this form is completed without more reading and writing than others."""
    return form_key in PURE or form_key not in LISTENERS
