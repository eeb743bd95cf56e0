"""The executable process as nodes and flows, sub-processes included, however odd the file is."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lxml import etree

from workflows.namespaces import BPMN, CAMUNDA, NS

ACTIVITIES = {
    "userTask",
    "serviceTask",
    "sendTask",
    "receiveTask",
    "callActivity",
    "subProcess",
}
GATEWAYS = {
    "exclusiveGateway",
    "parallelGateway",
    "inclusiveGateway",
    "eventBasedGateway",
}
EVENTS = {"startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent"}
NODES = ACTIVITIES | GATEWAYS | EVENTS


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A flow node that we can run. `scope` is the id of the process or sub-process around it."""

    id: str
    tag: str
    scope: str
    xml: Any

    @property
    def events(self) -> list[str]:
        """What it waits for or throws: `timer`, `message`, `error` and so on."""
        return [
            local(child).removesuffix("EventDefinition")
            for child in self.xml
            if local(child).endswith("EventDefinition")
        ]

    def reference(self, kind: str) -> str:
        """The id that its event definition of this kind refers to."""
        definition = self.xml.find(f"b:{kind}EventDefinition", NS)
        return "" if definition is None else definition.get(f"{kind}Ref") or ""

    def camunda(self, name: str) -> str:
        """A Camunda attribute."""
        return self.xml.get(f"{{{CAMUNDA}}}{name}") or ""

    def property(self, name: str) -> str:
        """A Camunda property of the element itself."""
        path = "b:extensionElements/c:properties/c:property"
        for entry in self.xml.iterfind(path, NS):
            if entry.get("name") == name:
                return str(entry.get("value") or "")
        return ""


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """A sequence flow; `condition` is None where it has none."""

    id: str
    source: str
    target: str
    scope: str
    condition: str | None
    xml: Any


class Drawing:
    """What the rules look at: nodes by id, flows by their ends, scopes from the outside in.

    `strangers` are the elements off the allow-list, with their scopes: one finding each is enough.
    """

    def __init__(self, tree: Any, process: Any) -> None:
        self.tree, self.process = tree, process
        self.key = process.get("id") or ""
        self.scopes: dict[str, Any] = {self.key: process}
        self.parents: dict[str, str] = {}
        self.nodes: dict[str, Node] = {}
        self.strangers: dict[str, str] = {}
        self.flows: list[Flow] = []
        self._named: dict[str, dict[str, Any]] = {}
        for holder in [process, *process.iter(f"{{{BPMN}}}subProcess")]:
            self._read(holder)

    def _read(self, holder: Any) -> None:
        scope = holder.get("id") or ""
        for child in holder:
            tag = local(child)
            if tag == "sequenceFlow":
                self.flows.append(_flow(child, scope))
            elif tag in NODES:
                node = Node(child.get("id") or "", tag, scope, child)
                self.nodes.setdefault(node.id, node)
                if tag == "subProcess" and node.id not in self.scopes:
                    self.scopes[node.id], self.parents[node.id] = child, scope
            elif tag and child.get("id"):
                self.strangers.setdefault(child.get("id"), scope)

    @cached_property
    def leaving(self) -> dict[str, list[Flow]]:
        """Flows by where they come from."""
        return _by(self.flows, "source")

    @cached_property
    def entering(self) -> dict[str, list[Flow]]:
        """Flows by where they lead."""
        return _by(self.flows, "target")

    @cached_property
    def boundaries(self) -> dict[str, list[Node]]:
        """Boundary events by what they are attached to."""
        found: dict[str, list[Node]] = defaultdict(list)
        for node in self.of("boundaryEvent"):
            found[node.xml.get("attachedToRef") or ""].append(node)
        return found

    @cached_property
    def broken(self) -> set[str]:
        """Scopes with a stranger on one of their ways."""
        joined = self.leaving.keys() | self.entering.keys()
        return {scope for id_, scope in self.strangers.items() if id_ in joined}

    @cached_property
    def is_called_only(self) -> bool:
        """Whether the process is marked as one that is never started by itself."""
        return bool(self.process.get(f"{{{CAMUNDA}}}isStartableInTasklist") == "false")

    def of(self, *tags: str) -> Iterator[Node]:
        """The nodes of these kinds."""
        return (node for node in self.nodes.values() if node.tag in tags)

    def inside(self, scope: str) -> list[Node]:
        """The nodes that lie directly in a scope."""
        return [node for node in self.nodes.values() if node.scope == scope]

    def around(self, scope: str) -> Iterator[str]:
        """A scope and those around it, from the inside out."""
        seen: set[str] = set()
        while scope in self.scopes and scope not in seen:
            yield scope
            seen.add(scope)
            scope = self.parents.get(scope, "")

    def after(self, node: Node) -> list[str]:
        """Where a token on this node may be next within its scope."""
        flows = [flow.target for flow in self.leaving.get(node.id, ())]
        return flows + [event.id for event in self.boundaries.get(node.id, ())]

    def named(self, kind: str) -> dict[str, Any]:
        """The file's messages, errors or escalations by id."""
        if kind not in self._named:
            found = self.tree.iterfind(f"b:{kind}", NS)
            self._named[kind] = {node.get("id"): node for node in found}
        return self._named[kind]


def local(node: Any) -> str:
    """The BPMN name of an XML node; nothing for comments and other people's elements."""
    if not isinstance(node.tag, str):
        return ""
    name = etree.QName(node)
    return str(name.localname) if name.namespace == BPMN else ""


def _flow(node: Any, scope: str) -> Flow:
    condition = node.find("b:conditionExpression", NS)
    text = None if condition is None else condition.text or ""
    source, target = node.get("sourceRef") or "", node.get("targetRef") or ""
    return Flow(node.get("id") or "", source, target, scope, text, node)


def _by(flows: Iterable[Flow], end: str) -> dict[str, list[Flow]]:
    found: dict[str, list[Flow]] = defaultdict(list)
    for flow in flows:
        found[getattr(flow, end)].append(flow)
    return found
