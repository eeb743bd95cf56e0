"""Process definitions: a diagram, and the engine's own reading of it.

SpiffWorkflow's parser reads hardly any of our conventions, so it is asked for the flow alone; the
rest comes from `workflows.diagrams`.
"""

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from SpiffWorkflow.bpmn.parser import event_parsers
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, full_tag
from SpiffWorkflow.bpmn.parser.task_parsers import TaskParser
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, UserTask
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition

from workflows import diagrams, expressions
from workflows.diagrams import Element, ElementKind, Flow
from workflows.errors import BadDefinition
from workflows.words import N_


@dataclass(frozen=True, eq=False)
class Definition:
    """A process definition, parsed. Two are the same when their files are."""

    key: str
    name: str
    sha256: str
    elements: dict[str, Element]
    flows: tuple[Flow, ...]
    reads: frozenset[str]
    spec: Any = field(repr=False)
    subprocess_specs: dict[str, Any] = field(repr=False)

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Definition) and other.sha256 == self.sha256

    @property
    def user_tasks(self) -> tuple[Element, ...]:
        """The steps that wait for people, in the order of the main path."""
        return tuple(e for e in self.elements.values() if e.kind == ElementKind.USER)

    def way(self, source: str, target: str, outcome: str | None) -> tuple[str, ...]:
        """Ids of the flows that lead from one wait to the next without passing another wait."""
        trails: list[tuple[str, tuple[str, ...]]] = [(source, ())]
        seen = {source}
        while trails:
            node, taken = trails.pop(0)
            for flow in self._leaving(node, outcome):
                if flow.target == target:
                    return (*taken, flow.id)
                if flow.target not in seen and not self._waits(flow.target):
                    seen.add(flow.target)
                    trails.append((flow.target, (*taken, flow.id)))
        return ()

    def _waits(self, element_id: str) -> bool:
        return self.elements[element_id].kind == ElementKind.USER

    def _leaving(self, node: str, outcome: str | None) -> list[Flow]:
        """The flows out of a node, those that this outcome opens before the others."""
        out = [flow for flow in self.flows if flow.source == node]
        return sorted(out, key=lambda flow: _opens(flow, outcome))


def _opens(flow: Flow, outcome: str | None) -> int:
    if flow.condition is None:
        return 1
    return 0 if expressions.evaluate(flow.condition, {"outcome": outcome}) else 2


class Message(EventDefinition):
    """A message that only `engine.receive` can deliver."""

    def catches(self, my_task: object, event: object) -> bool:
        del my_task, event
        return False


class ServiceTask(UserTask):
    """A wait like any other; whoever calls the engine runs its handler."""


class _BoundaryParser(event_parsers.BoundaryEventParser):
    def parse_message_event(self, event: Any) -> Message:
        del event
        return Message(self.node.get("id"))


class _Parser(BpmnParser):
    OVERRIDE_PARSER_CLASSES = {
        full_tag("serviceTask"): (TaskParser, ServiceTask),
        full_tag("boundaryEvent"): (_BoundaryParser, BoundaryEvent),
    }


@lru_cache(maxsize=64)
def parse(xml: bytes) -> Definition:
    """Read one BPMN file with one executable process. Raises BadDefinition with the element."""
    diagram = diagrams.read(xml)
    parser = _Parser()
    try:
        parser.add_bpmn_xml(diagrams.without_data(diagram.root))
        spec = parser.get_spec(diagram.key)
        subprocess_specs = parser.get_subprocess_specs(diagram.key)
    except ValidationException as error:
        raise BadDefinition(
            N_("Không đọc được sơ đồ: %(reason)s"), reason=str(error)
        ) from error
    conditions = [flow.condition for flow in diagram.flows if flow.condition]
    return Definition(
        key=diagram.key,
        name=diagram.name,
        sha256=hashlib.sha256(xml).hexdigest(),
        elements=diagram.elements,
        flows=diagram.flows,
        reads=frozenset().union(
            *(expressions.names(condition) for condition in conditions)
        ),
        spec=spec,
        subprocess_specs=subprocess_specs,
    )
