"""Gateways that fork and join.

A join counts what has arrived and not yet gone on. SpiffWorkflow's counts what ever arrived, and so
fires too early the second time.
"""

from abc import ABC, abstractmethod
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.util.task import TaskState

ACTIVE = TaskState.READY | TaskState.STARTED | TaskState.WAITING
PREDICTED = TaskState.FUTURE | TaskState.PREDICTED_MASK


class Join(ABC):
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

    @abstractmethod
    def _is_due(self, part: Any, arrived: set[str]) -> bool:
        """Whether it goes on when tokens have come from these elements."""


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
        matches, otherwise = self._get_matching_outputs(my_task)
        my_task._sync_children(matches or otherwise, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=PREDICTED)
        return True


def _is_token(task: Any) -> bool:
    arriving = task.state == TaskState.FUTURE and task.parent.state == TaskState.COMPLETED
    return arriving or bool(task.has_state(ACTIVE))
