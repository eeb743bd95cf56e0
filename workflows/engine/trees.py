"""SpiffWorkflow's trees: grown from places, run until everything waits, read back as places.

A tree lives for one move. It has each token right under its root, so it is never deeper than the
move is long: SpiffWorkflow loses sight of tasks more than a thousand levels down.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, EndEvent, EventBasedGateway
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import CallActivity, SubWorkflowTask
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.util.task import TaskState

from workflows import expressions
from workflows.definitions import Definition
from workflows.definitions.specs import (
    ACTIVE,
    PREDICTED,
    Awaited,
    Deadline,
    Join,
    Message,
    ServiceTask,
    beside,
    set_off,
)
from workflows.engine.markings import Place, Wait, WaitKind
from workflows.errors import BadDefinition, ProcessStuck
from workflows.handlers import Variables
from workflows.words import N_

MAX_STEPS = 500  # and so the deepest tree


class Target(NamedTuple):
    """What a wait stands for in a tree: a task, and which of its events."""

    task: Any
    event: Awaited | None


class _Node(NamedTuple):
    """A place and its task, with the nodes inside it."""

    place: Place
    task: Any
    inside: list["_Node"]


def seed(definition: Definition, variables: Variables) -> Any:
    """A new tree, its token on the start event."""
    return BpmnWorkflow(
        definition.spec,
        dict(definition.subprocess_specs),
        script_engine=_Conditions(variables),
    )


def grow(definition: Definition, places: tuple[Place, ...], variables: Variables) -> Any:
    """A tree with a token on each place and nothing behind it."""
    tree = seed(definition, variables)
    _plant(tree, places)
    return tree


def run(tree: Any) -> str | None:
    """Take steps until everything waits; the end event reached last when nothing is left.

    Boundary events go first, so that what they interrupt takes no further step.
    """
    ended = None
    for _ in range(MAX_STEPS):
        ready = [t for t in tree.get_tasks(state=TaskState.READY) if not t.task_spec.manual]
        if not ready:
            return ended if tree.completed else None
        task = next((t for t in ready if isinstance(t.task_spec, BoundaryEvent)), ready[0])
        task.run()
        if task.workflow is tree and isinstance(task.task_spec, EndEvent):
            ended = str(task.task_spec.bpmn_id)
    raise ProcessStuck(N_("Quy trình tự chạy quá nhiều bước mà không chờ ai."))


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


def places_of(tree: Any) -> tuple[Place, ...]:
    """Where the tokens are, in canonical order."""
    return tuple(node.place for node in _nodes(tree))


def waits_of(tree: Any) -> dict[Wait, Target]:
    """What the tree waits for, and what each wait stands for in it."""
    found: dict[Wait, Target] = {}
    for kind, element, target in _awaited(_nodes(tree), ""):
        ordinal = sum(1 for w in found if (w.kind, w.element) == (kind, element))
        found[Wait(kind, element, ordinal)] = target
    return found


def _plant(part: Any, places: tuple[Place, ...]) -> None:
    root = part.task_tree
    for child in list(root.children):
        part._remove_task(child.id)
    root._set_state(TaskState.COMPLETED)
    for place in sorted(places, key=lambda place: bool(place.source)):
        _put(part, place)  # those in joins last: a join asks who else is on the way


def _put(part: Any, place: Place) -> None:
    specs, parent = part.spec.task_specs, part.task_tree
    split = specs.get(f"{place.element}.BoundaryEventSplit")
    spec = split or specs.get(place.element)
    if spec is None:
        raise BadDefinition(N_("Sơ đồ không có phần tử “%(id)s”."), id=place.element)
    if place.source:
        parent = parent._add_child(specs[place.source], TaskState.FUTURE)
        parent._set_state(TaskState.COMPLETED)
    token = parent._add_child(spec, TaskState.FUTURE)
    spec._predict(token, mask=PREDICTED)
    if place.source:
        token._set_state(TaskState.WAITING)
        return
    spec._update(token)
    if split is not None:
        token.run()
        for event in list(token.children):
            if event.task_spec.name in place.fired:
                event.cancel()
        token = next(t for t in token.children if t.task_spec.name == place.element)
    if isinstance(token.task_spec, SubWorkflowTask):
        _plant(part.top_workflow.subprocesses[token.id], place.inside)


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


_KINDS = {Message: WaitKind.MESSAGE, Deadline: WaitKind.DEADLINE}


def _events(spec: Any) -> list[Awaited]:
    """The events that the element itself waits for."""
    definition = getattr(spec, "event_definition", None)
    several = getattr(definition, "event_definitions", [definition])
    return [event for event in several if isinstance(event, Awaited)]


class _Conditions(PythonScriptEngine):
    """Answers conditions by our own grammar from the variables handed in; never runs Python."""

    def __init__(self, variables: Variables) -> None:
        super().__init__()
        self._variables = variables

    def evaluate(
        self, task: object, expression: str, external_context: object = None
    ) -> bool:
        del task, external_context
        return expressions.evaluate(expression, self._variables)

    def execute(self, task: object, script: str, external_context: object = None) -> bool:
        del task, script, external_context
        raise BadDefinition(N_("Sơ đồ có mã lệnh; mã lệnh không được chạy."))
