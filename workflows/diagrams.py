"""Reading a diagram: what a BPMN file says of its steps and flows, in the field's terms.

The conventions are those of `bpmn/README.md`. What we cannot run as it is drawn is refused, with
the element's id and what to do about it.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lxml import etree

from workflows import calendar, expressions, fields
from workflows.errors import BadDefinition, BadExpression
from workflows.fields import FormField
from workflows.namespaces import BPMN, CAMUNDA, NS
from workflows.words import N_

MAX_BYTES = 1_000_000
DRAWING = {
    "laneSet",
    "sequenceFlow",
    "textAnnotation",
    "association",
    "group",
    "documentation",
}
DRAWING |= {"dataObject", "dataObjectReference", "extensionElements"}
DATA = (
    "dataObject",
    "dataObjectReference",
    "dataInputAssociation",
    "dataOutputAssociation",
)
TAKEN_IDS = {"Start", "End", "Root"}  # SpiffWorkflow's own


class ElementKind(StrEnum):
    START = "startEvent"
    END = "endEvent"
    USER = "userTask"
    SERVICE = "serviceTask"
    GATEWAY = "exclusiveGateway"
    MESSAGE = "boundaryEvent"


@dataclass(frozen=True, slots=True)
class Element:
    """A node of the diagram, in the field's terms. Days are working days."""

    id: str
    kind: ElementKind
    name: str
    lane: str = ""
    role: str = ""
    form_key: str = ""
    form_fields: tuple[FormField, ...] = ()
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


@dataclass(frozen=True, slots=True)
class Diagram:
    """A file's one executable process, read and checked."""

    root: Any
    key: str
    name: str
    elements: dict[str, Element]
    flows: tuple[Flow, ...]


def read(xml: bytes) -> Diagram:
    """Read one BPMN file. Raises BadDefinition with the element and what to do."""
    root = _read_xml(xml)
    process = _process(root)
    elements = {element.id: element for element in _elements(root, process)}
    flows = tuple(_flows(process))
    _check_flows(process, elements, flows)
    return Diagram(
        root=root,
        key=process.get("id"),
        name=process.get("name") or process.get("id"),
        elements=_in_order(elements, flows),
        flows=flows,
    )


def translated(xml: bytes, translate: Callable[[str], str]) -> bytes:
    """The same drawing with every name on it in another language."""
    root = _read_xml(xml)
    for node in root.xpath("//b:*[@name and not(self::b:message)]", namespaces=NS):
        node.set("name", translate(" ".join(node.get("name").split())))
    return etree.tostring(root)


def without_data(root: Any) -> Any:
    """The tree without data objects: they are there to be read, and the parser trips over them."""
    copy = deepcopy(root)
    for node in list(copy.iter(*(f"{{{BPMN}}}{tag}" for tag in DATA))):
        node.getparent().remove(node)
    return copy


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
        (node.text or "").strip(): lane
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
    if node.get("id") in TAKEN_IDS:
        raise BadDefinition(
            N_("Tên “%(id)s” dành riêng cho hệ thống. Đặt tên khác."), id=node.get("id")
        )
    if kind in (ElementKind.START, ElementKind.END) and node.xpath(
        "*[contains(local-name(), 'EventDefinition')]"
    ):
        raise BadDefinition(
            N_("Sự kiện “%(id)s” phải là sự kiện thường, không chờ hay gửi gì."),
            id=node.get("id"),
        )
    lane_id, lane_name = (
        (lane.get("id"), lane.get("name")) if lane is not None else ("", "")
    )
    return Element(
        id=node.get("id"),
        kind=kind,
        name=" ".join((node.get("name") or "").split()),
        lane=lane_name or "",
        role=_camunda(node, "candidateGroups") or lane_id,
        form_key=_camunda(node, "formKey") or _drawn_form_key(node),
        form_fields=fields.read(node),
        topic=_camunda(node, "topic"),
        message=_message(node, kind, messages),
        result=_property(node, "result"),
        stage=_property(node, "stage"),
        public_status=_property(node, "public_status"),
        outcomes=tuple(_property(node, "outcomes").split()),
        due_days=_days(node, "dueDate"),
        follow_up_days=_days(node, "followUpDate"),
        priority=_priority(node),
    )


def _drawn_form_key(node: Any) -> str:
    return f"{fields.GENERATED}{node.get('id')}" if fields.read(node) else ""


def _camunda(node: Any, name: str) -> str:
    return node.get(f"{{{CAMUNDA}}}{name}") or ""


def _days(node: Any, name: str) -> int | None:
    text = _camunda(node, name)
    try:
        return calendar.parse_working_days(text) if text else None
    except BadDefinition as error:
        raise _at(node, error) from error


def _priority(node: Any) -> int:
    text = _camunda(node, "priority") or "50"
    if not text.isdecimal() or len(text) > 4:  # noqa: PLR2004 - more is no priority
        raise BadDefinition(
            N_("Phần tử “%(id)s”: độ ưu tiên phải là số nguyên."), id=node.get("id")
        )
    return int(text)


def _at(node: Any, error: BadDefinition | BadExpression) -> BadDefinition:
    """The error, with the element it stands at."""
    return BadDefinition(
        N_("Phần tử “%(id)s”: %(reason)s"), id=node.get("id"), reason=str(error)
    )


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
            _check_condition(node, condition)
        yield Flow(
            node.get("id"),
            node.get("sourceRef"),
            node.get("targetRef"),
            node.get("name") or "",
            condition,
        )


def _check_condition(flow: Any, condition: str) -> None:
    try:
        expressions.parse(condition)
    except BadExpression as error:
        raise _at(flow, error) from error


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
        if not out:
            raise BadDefinition(N_("Cổng “%(id)s” chưa nối tới đâu."), id=gateway.get("id"))
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
