"""What a tree waits for: read from SpiffWorkflow's tasks, and carried out on them."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, EventBasedGateway
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import CallActivity, SubWorkflowTask
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.util.task import TaskState

from workflows.definitions.events import (
    Awaited,
    Deadline,
    Message,
    ServiceTask,
    beside,
    set_off,
)
from workflows.definitions.gateways import ACTIVE, Join
from workflows.engine.markings import Place, Wait, WaitKind

_KINDS = {Message: WaitKind.MESSAGE, Deadline: WaitKind.DEADLINE}


class Target(NamedTuple):
    """What a wait stands for in a tree: a task, and which of its events."""

    task: Any
    event: Awaited | None


class _Node(NamedTuple):
    """A place and its task, with the nodes inside it."""

    place: Place
    task: Any
    inside: list["_Node"]


def places_of(tree: Any) -> tuple[Place, ...]:
    """Where the tokens are, in canonical order."""
    return tuple(node.place for node in _nodes(tree))


def of(tree: Any) -> dict[Wait, Target]:
    """What the tree waits for, and what each wait stands for in it."""
    found: dict[Wait, Target] = {}
    for kind, element, target in _awaited(_nodes(tree), ""):
        ordinal = sum(1 for w in found if (w.kind, w.element) == (kind, element))
        found[Wait(kind, element, ordinal)] = target
    return found


def act(target: Target) -> None:
    """Complete the task, or let its event happen."""
    task, event = target
    if event is None:
        task.run()
    elif isinstance(task.task_spec, EventBasedGateway):
        task.internal_data["seen_events"] = [BpmnEvent(event)]
        task.task_spec._update(task)
    else:
        set_off(task)


def _nodes(part: Any) -> list[_Node]:
    tokens = [t for t in part.tasks.values() if t.has_state(ACTIVE) and _is_token(t)]
    return sorted((_node(task) for task in tokens), key=lambda node: node.place)


def _is_token(task: Any) -> bool:
    """What else is active are events beside tokens, and SpiffWorkflow's own helpers."""
    if isinstance(task.task_spec, BoundaryEvent | BoundaryEventJoin | _EndJoin):
        return False
    return bool(task.task_spec.manual or not task.has_state(TaskState.READY))


def _node(task: Any) -> _Node:
    spec = task.task_spec
    inside = []
    if isinstance(spec, SubWorkflowTask):
        inside = _nodes(task.workflow.top_workflow.subprocesses[task.id])
    place = Place(
        spec.name,
        task.parent.task_spec.name if isinstance(spec, Join) else "",
        _fired(task),
        tuple(node.place for node in inside),
    )
    return _Node(place, task, inside)


def _fired(task: Any) -> tuple[str, ...]:
    waiting = {event.task_spec.name for event in beside(task)}
    attached = {t.task_spec.name for t in task.parent.children if _is_boundary(t)}
    return tuple(sorted(attached - waiting))


def _is_boundary(task: Any) -> bool:
    return isinstance(task.task_spec, BoundaryEvent)


def _awaited(nodes: list[_Node], prefix: str) -> Iterator[tuple[WaitKind, str, Target]]:
    for _place, task, inside in nodes:
        spec = task.task_spec
        if spec.manual:
            kind = WaitKind.SERVICE if isinstance(spec, ServiceTask) else WaitKind.USER
            yield kind, prefix + spec.name, Target(task, None)
        for event_task in (task, *beside(task)):
            for event in _events(event_task.task_spec):
                kind = _KINDS[type(event)]
                yield kind, prefix + event.name, Target(event_task, event)
        is_call = isinstance(spec, CallActivity)
        yield from _awaited(inside, f"{prefix}{spec.name}/" if is_call else prefix)


def _events(spec: Any) -> list[Awaited]:
    """The events that the element itself waits for."""
    definition = getattr(spec, "event_definition", None)
    several = getattr(definition, "event_definitions", [definition])
    return [event for event in several if isinstance(event, Awaited)]
