"""How SpiffWorkflow is to run our elements, where its own way is wrong or not ours.

- Everything that waits does so until the engine is told: no timer, message or service runs by
  itself.
- A join counts what has arrived and not yet gone on. SpiffWorkflow's counts what ever arrived, and
  so fires too early the second time.
- An error or escalation goes to the sub-process around it, not to whatever catches the same code.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.util.task import TaskState

from workflows.errors import ProcessStuck
from workflows.words import N_

ACTIVE = TaskState.READY | TaskState.STARTED | TaskState.WAITING
PREDICTED = TaskState.FUTURE | TaskState.PREDICTED_MASK


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
            self._predict(again, mask=PREDICTED)
            self._update(again)


class Join:
    """Which tokens have arrived at a gateway; they wait in it until it goes on."""

    name: str
    _inputs: list[str]

    def _update_hook(self, my_task: Any) -> bool:
        arrived = {my_task.parent.task_spec.name: my_task}
        for task in my_task.workflow.tasks.values():
            if task.task_spec is self and task.state == TaskState.WAITING:
                arrived.setdefault(task.parent.task_spec.name, task)
        if not self._is_due(my_task.workflow, set(arrived)):
            my_task._set_state(TaskState.WAITING)
            return False
        for task in arrived.values():
            if task is not my_task:
                task.cancel()
        return True

    def _is_due(self, part: Any, arrived: set[str]) -> bool:
        raise NotImplementedError


class ParallelGateway(Join, defaults.ParallelGateway):
    """Goes on when a token has come from every side."""

    def _is_due(self, part: Any, arrived: set[str]) -> bool:
        del part
        return arrived >= set(self._inputs)

    def _run_hook(self, my_task: Any) -> bool:
        del my_task
        return True


class InclusiveGateway(Join, defaults.InclusiveGateway):
    """Goes on when no token elsewhere can still reach a side from which none has come.

    As BPMN has it (13.4.3), a token that can also reach a side from which one has come is not
    waited for.
    """

    def _is_due(self, part: Any, arrived: set[str]) -> bool:
        elsewhere = {t.task_spec for t in part.tasks.values() if _is_token(t)} - {self}
        reached = (self._reached(spec) for spec in elsewhere)
        return not any(sides - arrived and not sides & arrived for sides in reached)

    def _reached(self, source: Any) -> set[str]:
        """The sides of this gateway to which a way leads from the element, not through it."""
        seen, ahead = {source.name}, [source]
        while ahead:
            for spec in ahead.pop().outputs:
                if spec is not self and spec.name not in seen:
                    seen.add(spec.name)
                    ahead.append(spec)
        return seen & set(self._inputs)

    def _run_hook(self, my_task: Any) -> bool:
        matches, defaults_ = self._get_matching_outputs(my_task)
        my_task._sync_children(matches or defaults_, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=PREDICTED)
        return True


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


def _is_token(task: Any) -> bool:
    arriving = task.state == TaskState.FUTURE and task.parent.state == TaskState.COMPLETED
    return arriving or bool(task.has_state(ACTIVE))
