"""Reading a diagram's elements and flows from its XML."""

from collections.abc import Iterator
from typing import Any

from workflows import calendar, expressions, fields
from workflows.diagrams import checks, events
from workflows.diagrams.elements import Diagram, Element, ElementKind, Flow
from workflows.diagrams.files import camunda, local, process_of, property_of, root_of
from workflows.errors import BadDefinition, BadExpression
from workflows.namespaces import NS
from workflows.words import N_

DRAWING = {
    "",
    "laneSet",
    "sequenceFlow",
    "textAnnotation",
    "association",
    "group",
    "documentation",
    "dataObject",
    "dataObjectReference",
    "extensionElements",
    "incoming",
    "outgoing",
}


def read(xml: bytes) -> Diagram:
    """Read one BPMN file. Raises BadDefinition with the element and what to do."""
    root = root_of(xml)
    process = process_of(root)
    found = list(_elements(root, process, ""))
    flows = tuple(_flows(process))
    elements = {element.id: element for element in found}
    checks.check_ids(found, flows)
    checks.check_scopes(process.get("id"), elements)
    checks.check_flows(elements, flows)
    checks.check_sides(elements, flows)
    checks.check_gateways(process, elements, flows)
    return Diagram(
        root=root,
        key=process.get("id"),
        name=process.get("name") or process.get("id"),
        elements=_in_order(elements, flows),
        flows=flows,
    )


def _elements(root: Any, scope: Any, parent: str) -> Iterator[Element]:
    lanes = {
        (node.text or "").strip(): lane
        for lane in root.iterfind(".//b:lane", NS)
        for node in lane.iterfind("b:flowNodeRef", NS)
    }
    for node in scope:
        tag = local(node)
        if tag in DRAWING:
            continue
        checks.check_tag(node, tag)
        element = _element(root, node, ElementKind(tag), parent, lanes.get(node.get("id")))
        yield element
        if element.kind == ElementKind.SUBPROCESS:
            yield from _elements(root, node, element.id)


def _element(root: Any, node: Any, kind: ElementKind, parent: str, lane: Any) -> Element:
    checks.check_node(node)
    trigger = events.trigger_of(node, kind)
    lane_id, lane_name = (
        (lane.get("id"), lane.get("name")) if lane is not None else ("", "")
    )
    return Element(
        id=node.get("id"),
        kind=kind,
        name=" ".join((node.get("name") or "").split()),
        parent=parent,
        lane=lane_name or "",
        role=camunda(node, "candidateGroups") or lane_id,
        form_key=camunda(node, "formKey") or _drawn_form_key(node),
        form_fields=fields.read(node),
        topic=camunda(node, "topic"),
        trigger=trigger,
        message=events.message_of(root, node, trigger),
        timer_days=events.timer_of(node, trigger),
        code=events.code_of(root, node, kind, trigger),
        attached_to=node.get("attachedToRef") or "",
        is_interrupting=events.is_interrupting(node, trigger),
        called=(node.get("calledElement") or "") if kind == ElementKind.CALL else "",
        result=property_of(node, "result"),
        stage=property_of(node, "stage"),
        public_status=property_of(node, "public_status"),
        outcomes=tuple(property_of(node, "outcomes").split()),
        due_days=_days(node, "dueDate"),
        follow_up_days=_days(node, "followUpDate"),
        escalation_days=_property_days(node, "escalation"),
        clock=property_of(node, "clock"),
        clock_days=_property_days(node, "clock_days"),
        clock_stop=property_of(node, "clock_stop"),
        signs=property_of(node, "signs"),
        priority=_priority(node),
    )


def _drawn_form_key(node: Any) -> str:
    return f"{fields.GENERATED}{node.get('id')}" if fields.read(node) else ""


def _days(node: Any, name: str) -> int | None:
    return _working_days(node, camunda(node, name))


def _property_days(node: Any, name: str) -> int | None:
    return _working_days(node, property_of(node, name))


def _working_days(node: Any, text: str) -> int | None:
    try:
        return calendar.parse_working_days(text) if text else None
    except BadDefinition as error:
        raise checks.at(node, error) from error


def _priority(node: Any) -> int:
    text = camunda(node, "priority") or "50"
    if not text.isdecimal() or len(text) > 4:  # noqa: PLR2004 - more is no priority
        raise BadDefinition(
            N_("Phần tử “%(id)s”: độ ưu tiên phải là số nguyên."), id=node.get("id")
        )
    return int(text)


def _flows(process: Any) -> Iterator[Flow]:
    for node in process.iterfind(".//b:sequenceFlow", NS):
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
        raise checks.at(flow, error) from error


def _in_order(elements: dict[str, Element], flows: tuple[Flow, ...]) -> dict[str, Element]:
    """Elements by their distance from the start along unconditional flows first: the main path."""
    starts = {e.parent: e.id for e in elements.values() if e.kind == ElementKind.START}
    ordered: dict[str, Element] = {}
    waiting = [starts[""]]
    while waiting:
        node = waiting.pop(0)
        if node in ordered:
            continue
        ordered[node] = elements[node]
        out = sorted(
            (f for f in flows if f.source == node), key=lambda f: bool(f.condition)
        )
        inner = [starts[node]] if node in starts else []
        waiting = inner + [f.target for f in out] + waiting
    return ordered | {id_: e for id_, e in elements.items() if id_ not in ordered}
