"""Reading a BPMN file: what it says of its steps, and the engine's own reading of it.

The conventions are those of `bpmn/README.md`. SpiffWorkflow's parser reads hardly any of them, so
roles, forms, due dates, topics and messages are read from the XML here; it is asked for the flow
alone. Whatever the engine would misread is refused by name.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser import event_parsers
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, full_tag
from SpiffWorkflow.bpmn.parser.task_parsers import TaskParser
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, UserTask
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition

from workflows import calendar, expressions
from workflows.errors import BadDefinition
from workflows.words import N_

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
MAX_BYTES = 1_000_000
NS = {"b": BPMN, "c": CAMUNDA}


class ElementKind(StrEnum):
    START = "startEvent"
    END = "endEvent"
    USER = "userTask"
    SERVICE = "serviceTask"
    GATEWAY = "exclusiveGateway"
    MESSAGE = "boundaryEvent"


DRAWING = {
    "laneSet",
    "sequenceFlow",
    "textAnnotation",
    "association",
    "group",
    "documentation",
}
DRAWING |= {"dataObject", "dataObjectReference", "extensionElements"}


@dataclass(frozen=True, slots=True)
class Element:
    """A node of the diagram, in the field's terms. Days are working days."""

    id: str
    kind: ElementKind
    name: str
    lane: str = ""
    role: str = ""
    form_key: str = ""
    topic: str = ""
    message: str = ""
    result: str = ""
    stage: str = ""
    public_status: str = ""
    outcomes: tuple[str, ...] = ()
    due_days: int | None = None
    follow_up_days: int | None = None
    priority: int = 50


@dataclass(frozen=True, slots=True)
class Flow:
    id: str
    source: str
    target: str
    name: str
    condition: str | None


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
    root = _read_xml(xml)
    process = _process(root)
    elements = {element.id: element for element in _elements(root, process)}
    flows = tuple(_flows(process))
    _check_flows(process, elements, flows)
    parser = _Parser()
    try:
        parser.add_bpmn_xml(root)
        spec = parser.get_spec(process.get("id"))
        subprocess_specs = parser.get_subprocess_specs(process.get("id"))
    except ValidationException as error:
        raise BadDefinition(
            N_("Không đọc được sơ đồ: %(reason)s"), reason=str(error)
        ) from error
    return Definition(
        key=process.get("id"),
        name=process.get("name") or process.get("id"),
        sha256=hashlib.sha256(xml).hexdigest(),
        elements=_in_order(elements, flows),
        flows=flows,
        reads=frozenset().union(
            *(expressions.names(f.condition) for f in flows if f.condition)
        ),
        spec=spec,
        subprocess_specs=subprocess_specs,
    )


def _read_xml(xml: bytes) -> Any:
    if len(xml) > MAX_BYTES:
        raise BadDefinition(N_("Tệp BPMN lớn quá 1 MB."))
    safe = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(xml, safe)
    except etree.XMLSyntaxError as error:
        raise BadDefinition(
            N_("Tệp không phải XML: %(reason)s"), reason=error.msg
        ) from error
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr] # lxml-stubs knows less
        raise BadDefinition(N_("Tệp BPMN không được có DOCTYPE."))
    return root


def _process(root: Any) -> Any:
    executable = root.xpath("//b:process[@isExecutable='true']", namespaces=NS)
    if len(executable) != 1:
        raise BadDefinition(N_("Tệp phải có đúng một quy trình thực thi được."))
    return executable[0]


def _elements(root: Any, process: Any) -> Iterator[Element]:
    lanes = {
        node.text.strip(): lane
        for lane in process.iterfind(".//b:lane", NS)
        for node in lane.iterfind("b:flowNodeRef", NS)
    }
    messages = {m.get("id"): m.get("name") for m in root.iterfind("b:message", NS)}
    for node in process:
        tag = etree.QName(node).localname if isinstance(node.tag, str) else "documentation"
        if tag in DRAWING:
            continue
        if tag not in set(ElementKind):
            raise BadDefinition(
                N_("Phần tử “%(id)s” thuộc loại %(tag)s, chưa được hỗ trợ."),
                id=node.get("id"),
                tag=tag,
            )
        yield _element(node, ElementKind(tag), lanes.get(node.get("id")), messages)


def _element(node: Any, kind: ElementKind, lane: Any, messages: dict[str, str]) -> Element:
    if node.xpath("b:scriptTask | .//*[local-name()='preScript' or local-name()='postScript']",
                  namespaces=NS):  # fmt: skip
        raise BadDefinition(N_("Phần tử “%(id)s” có mã lệnh."), id=node.get("id"))
    lane_id, lane_name = (
        (lane.get("id"), lane.get("name")) if lane is not None else ("", "")
    )
    return Element(
        id=node.get("id"),
        kind=kind,
        name=" ".join((node.get("name") or "").split()),
        lane=lane_name or "",
        role=_camunda(node, "candidateGroups") or lane_id,
        form_key=_camunda(node, "formKey"),
        topic=_camunda(node, "topic"),
        message=_message(node, kind, messages),
        result=_property(node, "result"),
        stage=_property(node, "stage"),
        public_status=_property(node, "public_status"),
        outcomes=tuple(_property(node, "outcomes").split()),
        due_days=_days(node, "dueDate"),
        follow_up_days=_days(node, "followUpDate"),
        priority=int(_camunda(node, "priority") or 50),
    )


def _camunda(node: Any, name: str) -> str:
    return node.get(f"{{{CAMUNDA}}}{name}") or ""


def _days(node: Any, name: str) -> int | None:
    text = _camunda(node, name)
    return calendar.parse_working_days(text) if text else None


def _property(node: Any, name: str) -> str:
    found = node.xpath(f".//c:property[@name='{name}']/@value", namespaces=NS)
    return str(found[0]) if found else ""


def _message(node: Any, kind: ElementKind, messages: dict[str, str]) -> str:
    if kind != ElementKind.MESSAGE:
        return ""
    reference = node.xpath("b:messageEventDefinition/@messageRef", namespaces=NS)
    if not reference or reference[0] not in messages:
        raise BadDefinition(
            N_("Sự kiện biên “%(id)s” phải chờ một thông điệp có tên."), id=node.get("id")
        )
    return messages[reference[0]]


def _flows(process: Any) -> Iterator[Flow]:
    for node in process.iterfind("b:sequenceFlow", NS):
        condition = node.findtext("b:conditionExpression", None, NS)
        if condition is not None:
            expressions.parse(condition)
        yield Flow(
            node.get("id"),
            node.get("sourceRef"),
            node.get("targetRef"),
            node.get("name") or "",
            condition,
        )


def _check_flows(
    process: Any, elements: dict[str, Element], flows: tuple[Flow, ...]
) -> None:
    for flow in flows:
        for end in (flow.source, flow.target):
            if end not in elements:
                raise BadDefinition(
                    N_("Luồng “%(id)s” nối tới “%(end)s” không có trong sơ đồ."),
                    id=flow.id,
                    end=end,
                )
    for gateway in process.iterfind("b:exclusiveGateway", NS):
        out = [flow for flow in flows if flow.source == gateway.get("id")]
        if len(out) > 1 and not gateway.get("default"):
            raise BadDefinition(
                N_("Cổng “%(id)s” chưa có luồng mặc định."), id=gateway.get("id")
            )


def _in_order(elements: dict[str, Element], flows: tuple[Flow, ...]) -> dict[str, Element]:
    """Elements by their distance from the start along unconditional flows first: the main path."""
    starts = [e.id for e in elements.values() if e.kind == ElementKind.START]
    ordered: dict[str, Element] = {}
    waiting = list(starts)
    while waiting:
        node = waiting.pop(0)
        if node in ordered:
            continue
        ordered[node] = elements[node]
        out = sorted(
            (f for f in flows if f.source == node), key=lambda f: bool(f.condition)
        )
        waiting = [f.target for f in out] + waiting
    return ordered | {id_: e for id_, e in elements.items() if id_ not in ordered}
