"""What the token game is played on: a BPMN file as nodes and flows, read by itself."""

import ast
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

_WAITS = {
    "userTask": "user",
    "serviceTask": "service",
    "sendTask": "service",
    "receiveTask": "message",
}
_TRIGGERS = {"timer": "deadline", "message": "message"}


@dataclass(frozen=True)
class Node:
    """`wait` is the kind of wait it is, or ""; `throws` and `catches` say what kind of event."""

    id: str
    tag: str
    wait: str
    trigger: str
    code: str
    attached_to: str
    interrupts: bool
    called: str
    default: str


@dataclass(frozen=True)
class Arrow:
    id: str
    source: str
    target: str
    condition: str

    def is_open(self, variables: Mapping[str, object]) -> bool:
        """Whether its condition holds: read as Python, which is what it looks like."""
        return bool(eval(self.condition, {}, dict(variables)))  # noqa: S307 - files of ours


class Net:
    """One process: its nodes, the arrows between them, and where each of its scopes begins."""

    def __init__(self, xml: bytes) -> None:
        root = etree.fromstring(xml)
        (process,) = (p for p in root.iter("{*}process") if p.get("isExecutable") == "true")
        self.key = str(process.get("id"))
        self.nodes: dict[str, Node] = {}
        self.starts: dict[str, str] = {}
        self.leaving: dict[str, list[Arrow]] = defaultdict(list)
        self.entering: dict[str, set[str]] = defaultdict(set)
        self.attached: dict[str, list[Node]] = defaultdict(list)
        self.values: dict[str, set[object]] = defaultdict(set)
        codes = {str(node.get("id")): _code(node) for node in root}
        for element in process.iter("{*}*"):
            self._add(element, codes)

    def _add(self, element: Any, codes: Mapping[str, str]) -> None:
        tag = etree.QName(element).localname
        if tag == "sequenceFlow":
            self._add_arrow(element)
        elif tag.endswith(("Task", "Event", "Gateway", "Activity", "Process")):
            node = _node(element, tag, codes)
            self.nodes[node.id] = node
            self.attached[node.attached_to].append(node)
            if tag == "startEvent":
                scope = element.getparent()
                inner = etree.QName(scope).localname == "subProcess"
                self.starts[scope.get("id") if inner else ""] = node.id

    def _add_arrow(self, element: Any) -> None:
        text = (element.findtext("{*}conditionExpression") or "").strip()
        condition = text.removeprefix("${").removesuffix("}").strip()
        arrow = Arrow(
            element.get("id"), element.get("sourceRef"), element.get("targetRef"), condition
        )
        self.leaving[arrow.source].append(arrow)
        self.entering[arrow.target].add(arrow.source)
        if condition:
            for node in ast.walk(ast.parse(condition, mode="eval")):
                if isinstance(node, ast.Compare):
                    (name, value) = (node.left, node.comparators[0])
                    self.values[ast.unparse(name)].add(ast.literal_eval(value))


def _node(element: Any, tag: str, codes: Mapping[str, str]) -> Node:
    events = [e for e in element if etree.QName(e).localname.endswith("EventDefinition")]
    trigger, code = "", ""
    for event in events:
        trigger = etree.QName(event).localname.removesuffix("EventDefinition")
        code = codes.get(event.get(f"{trigger}Ref"), "")
    return Node(
        id=element.get("id"),
        tag=tag,
        wait=_WAITS.get(tag) or _TRIGGERS.get(trigger, ""),
        trigger=trigger,
        code=code,
        attached_to=element.get("attachedToRef", ""),
        interrupts=trigger == "error" or element.get("cancelActivity") != "false",
        called=element.get("calledElement", ""),
        default=element.get("default", ""),
    )


def _code(node: Any) -> str:
    return node.get("errorCode") or node.get("escalationCode") or ""
