"""What a diagram is made of, in the field's terms."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workflows.fields import FormField


class ElementKind(StrEnum):
    """The nodes that can be run, by their BPMN tag."""

    START = "startEvent"
    END = "endEvent"
    USER = "userTask"
    SERVICE = "serviceTask"
    SEND = "sendTask"
    RECEIVE = "receiveTask"
    CALL = "callActivity"
    SUBPROCESS = "subProcess"
    EXCLUSIVE = "exclusiveGateway"
    PARALLEL = "parallelGateway"
    INCLUSIVE = "inclusiveGateway"
    EVENT_BASED = "eventBasedGateway"
    CATCH = "intermediateCatchEvent"
    BOUNDARY = "boundaryEvent"


class Trigger(StrEnum):
    """What an event waits for, or does to what is around it."""

    NONE = ""
    TIMER = "timer"
    MESSAGE = "message"
    ERROR = "error"
    ESCALATION = "escalation"
    TERMINATE = "terminate"


GATEWAYS = frozenset(
    {
        ElementKind.EXCLUSIVE,
        ElementKind.PARALLEL,
        ElementKind.INCLUSIVE,
        ElementKind.EVENT_BASED,
    }
)
CONTAINERS = frozenset({ElementKind.SUBPROCESS, ElementKind.CALL})


@dataclass(frozen=True, slots=True)
class Element:
    """A node of the diagram. Days are working days.

    `parent` is the sub-process or call activity around it, "" at the top. `code` is that of an
    error or an escalation; a boundary event without one catches all. `called` is a process key.
    While a step with a `clock` is open that clock runs, for `clock_days` in all; where it opens, a
    step with a `clock_stop` ends it. `signs` is the kind of paper with which cases that wait at a
    step are sent on together.
    """

    id: str
    kind: ElementKind
    name: str
    parent: str = ""
    lane: str = ""
    role: str = ""
    form_key: str = ""
    form_fields: tuple[FormField, ...] = ()
    topic: str = ""
    trigger: Trigger = Trigger.NONE
    message: str = ""
    timer_days: int | None = None
    code: str = ""
    attached_to: str = ""
    is_interrupting: bool = True
    called: str = ""
    result: str = ""
    stage: str = ""
    public_status: str = ""
    outcomes: tuple[str, ...] = ()
    due_days: int | None = None
    follow_up_days: int | None = None
    escalation_days: int | None = None
    clock: str = ""
    clock_days: int | None = None
    clock_stop: str = ""
    signs: str = ""
    priority: int = 50


@dataclass(frozen=True, slots=True)
class Flow:
    id: str
    source: str
    target: str
    name: str
    condition: str | None


@dataclass(frozen=True, slots=True)
class Diagram:
    """A file's one executable process, read and checked."""

    root: Any
    key: str
    name: str
    elements: dict[str, Element]
    flows: tuple[Flow, ...]

    @property
    def calls(self) -> tuple[str, ...]:
        """Keys of the processes that it calls, each once."""
        return tuple(sorted({e.called for e in self.elements.values() if e.called}))
