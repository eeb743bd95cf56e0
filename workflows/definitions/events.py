"""What the engine waits for, and what end events throw.

Everything that waits does so until the engine is told: no timer, message or service runs by itself.
An error or escalation goes to the sub-process around it; SpiffWorkflow hands it to whatever in the
process catches the same code.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.util.task import TaskState

from workflows.errors import ProcessStuck
from workflows.words import N_


class ServiceTask(defaults.UserTask):
    """A wait like any other; whoever calls the engine runs its handler, or sends."""


class Awaited(EventDefinition):
    """An event that only the engine sets off, known by the id of its element."""

    def catches(self, my_task: object, event: object) -> bool:
        del my_task, event
        return False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Awaited) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)


class Message(Awaited):
    """A message that only `engine.receive` can deliver."""


class Deadline(Awaited):
    """A deadline that only `engine.fire` can set off; the calendar knows how long it is."""


class Thrown(EventDefinition):
    """An error or escalation, thrown by an end event and caught by a boundary around it."""

    def __init__(self, name: str, code: str) -> None:
        super().__init__(name)
        self.code = code

    def catches(self, my_task: object, event: object) -> bool:
        del my_task, event
        return False

    def throw(self, my_task: Any) -> None:
        """Set off the nearest boundary event around the sub-process, or its callers', for it."""
        part = my_task.workflow
        while part.parent_task_id is not None:
            activity = part.top_workflow.get_task_from_id(part.parent_task_id)
            if catching := [task for task in beside(activity) if self._is_for(task)]:
                task = max(
                    catching, key=lambda task: bool(task.task_spec.event_definition.code)
                )
                set_off(task)
                return
            part = activity.workflow
        self.uncaught()

    def uncaught(self) -> None:
        """An escalation that nobody waits for changes nothing."""

    def _is_for(self, task: Any) -> bool:
        awaited = task.task_spec.event_definition
        return type(awaited) is type(self) and awaited.code in {"", self.code}


class Escalation(Thrown):
    """Something that those around should know of."""


class Error(Thrown):
    """Something that ends the sub-process around it."""

    def uncaught(self) -> None:
        """Where nothing catches it, there is nowhere to go."""
        raise ProcessStuck(
            N_("Không sự kiện biên nào nhận lỗi của “%(id)s”."), id=self.name
        )


class BoundaryEvent(defaults.BoundaryEvent):
    """One that does not interrupt can be set off again, unless it is a deadline: that passes."""

    def _on_complete_hook(self, my_task: Any) -> None:
        super()._on_complete_hook(my_task)
        if not self.cancel_activity and not isinstance(self.event_definition, Deadline):
            again = my_task.parent._add_child(self, TaskState.FUTURE)
            self._predict(again, mask=TaskState.FUTURE)
            self._update(again)


def beside(activity: Any) -> list[Any]:
    """The boundary events that wait beside an activity."""
    split = activity.parent
    if not isinstance(split.task_spec, BoundaryEventSplit):
        return []
    return [t for t in split.children if t is not activity and t.state == TaskState.WAITING]


def set_off(task: Any) -> None:
    """Let an event that waits happen."""
    task._set_internal_data(event_fired=True)
    task.task_spec._update(task)
