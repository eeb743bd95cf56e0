"""SpiffWorkflow's trees: grown from places and run until everything waits.

A tree lives for one move. It has each token right under its root, so it is never deeper than the
move is long: SpiffWorkflow loses sight of tasks more than a thousand levels down.
"""

from typing import Any, TypeAlias

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, EndEvent, ExclusiveGateway
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import CallActivity, SubWorkflowTask
from SpiffWorkflow.util.task import TaskState

from workflows import expressions
from workflows.definitions import Definition
from workflows.definitions.gateways import PREDICTED, InclusiveGateway
from workflows.engine.markings import Place
from workflows.errors import BadDefinition, ProcessStuck
from workflows.handlers import Variables
from workflows.words import N_

MAX_STEPS = 500  # and so the deepest tree
Taken: TypeAlias = list[tuple[str, str]]
_SPLIT = ".BoundaryEventSplit"


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


def run(tree: Any, taken: Taken | None = None) -> str | None:
    """Take steps until everything waits; the end event reached last when nothing is left.

    Boundary events go first, so that what they interrupt takes no further step. `taken` gathers
    each gateway that chose a way, and what came after it.
    """
    ended, name = None, ""
    for _ in range(MAX_STEPS):
        ready = [t for t in tree.get_tasks(state=TaskState.READY) if not t.task_spec.manual]
        if not ready:
            return ended if tree.completed else None
        task = next((t for t in ready if isinstance(t.task_spec, BoundaryEvent)), ready[0])
        task.run()
        name = str(task.task_spec.bpmn_id or name)  # SpiffWorkflow adds some of its own
        if taken is not None and isinstance(
            task.task_spec, ExclusiveGateway | InclusiveGateway
        ):
            taken += _chosen(task)
        if task.workflow is tree and isinstance(task.task_spec, EndEvent):
            ended = name
    raise ProcessStuck(
        N_("Quy trình tự chạy quá nhiều bước mà không chờ ai, đến “%(id)s”."), id=name
    )


def _chosen(gateway: Any) -> Taken:
    """A gateway that has run, and each element it went on to, as definitions name them."""
    prefix, part = "", gateway.workflow
    while part.parent_task_id is not None:
        around = part.top_workflow.get_task_from_id(part.parent_task_id)
        if isinstance(around.task_spec, CallActivity):
            prefix = f"{around.task_spec.name}/{prefix}"
        part = around.workflow
    name = f"{prefix}{gateway.task_spec.name}"
    following = (child.task_spec.name.removesuffix(_SPLIT) for child in gateway.children)
    return [(name, f"{prefix}{one}") for one in following]


def _plant(part: Any, places: tuple[Place, ...]) -> None:
    root = part.task_tree
    for child in list(root.children):
        part._remove_task(child.id)
    root._set_state(TaskState.COMPLETED)
    for place in sorted(places, key=lambda place: bool(place.source)):
        _put(part, place)  # those in joins last: a join asks who else is on the way


def _put(part: Any, place: Place) -> None:
    specs, parent = part.spec.task_specs, part.task_tree
    split = specs.get(f"{place.element}{_SPLIT}")
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
