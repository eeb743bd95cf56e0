"""Process definitions: a diagram, the processes it calls, and the engine's own reading of both."""

import hashlib
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from workflows import diagrams, expressions
from workflows.definitions import ways
from workflows.definitions.parsing import specs_of
from workflows.diagrams import Diagram, Element, ElementKind, Flow
from workflows.errors import BadDefinition
from workflows.words import N_

__all__ = ["Definition", "parse"]


@dataclass(frozen=True, eq=False)
class Definition:
    """A process definition, parsed. Two are the same when their files are, and what they call.

    `elements` and `flows` are those of the whole: its own, those inside its sub-processes, and
    those of the processes it calls, with the call activity's id and a slash before theirs
    (`review/check_papers`). Waits name their elements in the same way.
    """

    key: str
    name: str
    sha256: str
    elements: dict[str, Element]
    flows: tuple[Flow, ...]
    reads: frozenset[str]
    called: tuple["Definition", ...]
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

    def path(self, element_id: str) -> tuple[str, ...]:
        """The ids from the top down to an element, as `engine.place` takes them."""
        names: list[str] = []
        while element_id:
            names.insert(0, element_id.rpartition("/")[2])
            element_id = self.elements[element_id].parent
        return tuple(names)

    def way(self, source: str, target: str, outcome: str | None) -> tuple[str, ...]:
        """Ids of the flows that lead from one wait to the next without passing another wait."""
        return ways.between(self.elements, self.flows, source, target, outcome)


@lru_cache(maxsize=64)
def parse(xml: bytes, called: tuple[Definition, ...] = ()) -> Definition:
    """Read one BPMN file with one executable process. Raises BadDefinition with the element.

    `called` are the definitions of the processes that it calls, in the versions it is to call;
    `diagrams.read(xml).calls` says their keys. More may be given than are called.
    """
    diagram = diagrams.read(xml)
    callees = _callees(diagram, called)
    sha256 = _sha256(xml, callees)
    shas = {key: callee.sha256 for key, callee in callees.items()}
    spec, subprocess_specs = specs_of(diagram, sha256, shas)
    for callee in callees.values():
        subprocess_specs |= callee.subprocess_specs | {callee.sha256: callee.spec}
    conditions = [flow.condition for flow in diagram.flows if flow.condition]
    reads = [expressions.names(condition) for condition in conditions]
    return Definition(
        key=diagram.key,
        name=diagram.name,
        sha256=sha256,
        elements=_with_called_elements(diagram, callees),
        flows=_with_called_flows(diagram, callees),
        reads=frozenset().union(*reads, *(callee.reads for callee in callees.values())),
        called=tuple(callees.values()),
        spec=spec,
        subprocess_specs=subprocess_specs,
    )


def _callees(diagram: Diagram, called: tuple[Definition, ...]) -> dict[str, Definition]:
    known = {definition.key: definition for definition in called}
    for element in diagram.elements.values():
        if element.kind == ElementKind.CALL and element.called not in known:
            raise BadDefinition(
                N_("Phần tử “%(id)s” gọi quy trình “%(key)s” chưa có."),
                id=element.id,
                key=element.called,
            )
    return {key: known[key] for key in diagram.calls}


def _sha256(xml: bytes, callees: dict[str, Definition]) -> str:
    """The hash of the file; where it calls others, of their hashes as well."""
    own = hashlib.sha256(xml).hexdigest()
    if not callees:
        return own
    lines = [own, *(f"{key} {callee.sha256}" for key, callee in callees.items())]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _with_called_elements(
    diagram: Diagram, callees: dict[str, Definition]
) -> dict[str, Element]:
    elements: dict[str, Element] = {}
    for element in diagram.elements.values():
        elements[element.id] = element
        if element.kind == ElementKind.CALL:
            for inner in callees[element.called].elements.values():
                moved = _moved(element.id, inner)
                elements[moved.id] = moved
    return elements


def _moved(call: str, inner: Element) -> Element:
    return replace(
        inner,
        id=f"{call}/{inner.id}",
        parent=f"{call}/{inner.parent}" if inner.parent else call,
        attached_to=f"{call}/{inner.attached_to}" if inner.attached_to else "",
    )


def _with_called_flows(
    diagram: Diagram, callees: dict[str, Definition]
) -> tuple[Flow, ...]:
    flows = list(diagram.flows)
    for call in diagram.elements.values():
        if call.kind == ElementKind.CALL:
            flows += [
                replace(
                    flow,
                    id=f"{call.id}/{flow.id}",
                    source=f"{call.id}/{flow.source}",
                    target=f"{call.id}/{flow.target}",
                )
                for flow in callees[call.called].flows
            ]
    return tuple(flows)
