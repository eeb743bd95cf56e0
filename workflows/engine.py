"""The engine as a pure function: where the tokens go, and nothing else.

It reads no clock, row or file and runs no handler. A state holds no case's data: with one token its
text is the token's place and what it waits for, whatever way led there, so cases share states, and
moves are remembered by what can matter to them: definition, state, wait, and the variables that
conditions read.
"""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, EndEvent
from SpiffWorkflow.util.task import TaskState

from workflows import expressions
from workflows.definitions import Definition, Message, ServiceTask
from workflows.errors import BadDefinition, ProcessStuck
from workflows.handlers import Variables
from workflows.words import N_

MAX_STEPS = 1_000
REMEMBERED_MOVES = 20_000


class WaitKind(StrEnum):
    USER = "user"
    SERVICE = "service"
    MESSAGE = "message"


class Wait(NamedTuple):
    """Something a marking waits for; `ordinal` tells apart several waits on one element."""

    kind: WaitKind
    element: str
    ordinal: int = 0


@dataclass(frozen=True, slots=True)
class Marking:
    """Where the tokens are. `ended` is the end event reached, once none is left."""

    text: str
    waits: tuple[Wait, ...]
    ended: str | None

    @property
    def state(self) -> str:
        """SHA-256 of the canonical text, in hex: the same for the same place, for ever."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def service_wait(self) -> Wait | None:
        """The first wait that no person has to answer."""
        return next((wait for wait in self.waits if wait.kind == WaitKind.SERVICE), None)


def start(definition: Definition, variables: Variables) -> Marking:
    """The marking of a new instance, up to its first waits."""
    return _start(definition, _read(definition, variables))


def complete(
    definition: Definition, marking: Marking, wait: Wait, variables: Variables
) -> Marking:
    """Complete a user or service task and go on to the next waits."""
    return _move(definition, marking, wait, _read(definition, variables))


def receive(
    definition: Definition, marking: Marking, wait: Wait, variables: Variables
) -> Marking:
    """Deliver a message that the marking waits for."""
    return _move(definition, marking, wait, _read(definition, variables))


def place(definition: Definition, path: tuple[str, ...]) -> Marking:
    """A marking with one token on an element; `path` leads down to it from the top process."""
    return _mark(_placed(definition, path, {}))


def marking(text: str) -> Marking:
    """The marking that a state's text describes."""
    stored = json.loads(text)
    waits = tuple(Wait(WaitKind(kind), element, n) for kind, element, n in stored["waits"])
    return Marking(text, waits, stored["ended"])


def _read(definition: Definition, variables: Variables) -> str:
    """What conditions may read, as text: values of any JSON kind can be remembered by it."""
    return json.dumps(
        {name: value for name, value in variables.items() if name in definition.reads},
        sort_keys=True,
    )


@lru_cache(maxsize=1_000)
def _start(definition: Definition, read: str) -> Marking:
    workflow = BpmnWorkflow(
        definition.spec,
        dict(definition.subprocess_specs),
        script_engine=_Conditions(json.loads(read)),
    )
    return _mark(_run(workflow))


@lru_cache(maxsize=REMEMBERED_MOVES)
def _move(definition: Definition, marking: Marking, wait: Wait, read: str) -> Marking:
    if wait not in marking.waits:
        message = f"the marking does not wait for {wait}"
        raise ValueError(message)
    path = tuple(json.loads(marking.text)["at"])
    workflow = _placed(definition, path, json.loads(read))
    task = _waiting(workflow, wait)
    if wait.kind == WaitKind.MESSAGE:
        task._set_internal_data(event_fired=True)  # noqa: SLF001 - Spiff offers no other way
        task.task_spec._update(task)  # noqa: SLF001 - as above
    else:
        task.run()
    return _mark(_run(workflow))


def _waiting(workflow: Any, wait: Wait) -> Any:
    state = TaskState.WAITING if wait.kind == WaitKind.MESSAGE else TaskState.READY
    found = [
        t for t in workflow.get_tasks(state=state) if t.task_spec.bpmn_id == wait.element
    ]
    return found[wait.ordinal]


def _run(workflow: Any) -> Any:
    steps = iter(range(MAX_STEPS))

    def count(_task: object) -> None:
        if next(steps, None) is None:
            raise ProcessStuck(N_("Quy trình tự chạy quá nhiều bước mà không chờ ai."))

    workflow.do_engine_steps(will_complete_task=count)
    return workflow


def _placed(definition: Definition, path: tuple[str, ...], variables: Variables) -> Any:
    """A fresh tree with one token on the element, its boundary events waiting beside it."""
    (name,) = path
    workflow = BpmnWorkflow(
        definition.spec,
        dict(definition.subprocess_specs),
        script_engine=_Conditions(variables),
    )
    root = workflow.task_tree
    for child in list(root.children):
        workflow._remove_task(child.id)  # noqa: SLF001 - the tree is ours alone
    root._set_state(TaskState.COMPLETED)  # noqa: SLF001 - as above
    specs = workflow.spec.task_specs
    spec = specs.get(f"{name}.BoundaryEventSplit") or specs.get(name)
    if spec is None:
        raise BadDefinition(N_("Sơ đồ không có phần tử “%(id)s”."), id=name)
    token = root._add_child(spec, TaskState.FUTURE)  # noqa: SLF001 - as above
    spec._predict(token, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)  # noqa: SLF001 - as above
    spec._update(token)  # noqa: SLF001 - as above
    if spec.name != name:
        token.run()
    return workflow


def _mark(workflow: Any) -> Marking:
    waits = tuple(_waits(workflow))
    ended = _end(workflow)
    at = [wait.element for wait in waits if wait.kind != WaitKind.MESSAGE]
    if ended is None and len(at) != 1:
        raise ProcessStuck(N_("Quy trình không đứng ở đúng một bước."))
    canonical = {"at": at, "ended": ended, "waits": waits}
    text = json.dumps(canonical, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return Marking(text, waits, ended)


def _waits(workflow: Any) -> list[Wait]:
    ready = [task.task_spec for task in workflow.get_tasks(state=TaskState.READY)]
    caught = [task.task_spec for task in workflow.get_tasks(state=TaskState.WAITING)]
    waits = [
        Wait(WaitKind.SERVICE if isinstance(s, ServiceTask) else WaitKind.USER, s.bpmn_id)
        for s in ready
        if s.manual
    ]
    waits += [
        Wait(WaitKind.MESSAGE, s.bpmn_id)
        for s in caught
        if isinstance(s, BoundaryEvent) and isinstance(s.event_definition, Message)
    ]
    return sorted(waits)


def _end(workflow: Any) -> str | None:
    if not workflow.completed:
        return None
    ends = [
        task.task_spec.bpmn_id
        for task in workflow.get_tasks(state=TaskState.COMPLETED)
        if isinstance(task.task_spec, EndEvent)
    ]
    return str(ends[-1])


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
