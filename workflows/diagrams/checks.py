"""What is refused at once because it could not be run as it is drawn.

The engine would misread these or stop at them. What merely makes no sense is for a linter to find.
"""

from collections import Counter
from typing import Any

from workflows.diagrams.elements import CONTAINERS, Element, ElementKind, Flow, Trigger
from workflows.diagrams.files import local
from workflows.errors import BadDefinition, BadExpression
from workflows.namespaces import NS
from workflows.words import N_

TAKEN_IDS = {"", "Start", "End", "Root"}  # SpiffWorkflow's own
TAKEN_PARTS = ("/", ".BoundaryEventSplit", ".BoundaryEventJoin", ".EndJoin")
_ACTIVITIES = CONTAINERS | {
    ElementKind.USER,
    ElementKind.SERVICE,
    ElementKind.SEND,
    ElementKind.RECEIVE,
}
_CHOOSING = {ElementKind.EXCLUSIVE, ElementKind.INCLUSIVE}
_SCRIPTS = ".//*[local-name()='preScript' or local-name()='postScript']"
_REPEATED = "b:multiInstanceLoopCharacteristics | b:standardLoopCharacteristics"
_PASSED_ON = "b:ioSpecification | b:extensionElements/c:in | b:extensionElements/c:out"


def at(node: Any, error: BadDefinition | BadExpression) -> BadDefinition:
    """The error, with the element it stands at."""
    return BadDefinition(
        N_("Phần tử “%(id)s”: %(reason)s"), id=node.get("id"), reason=str(error)
    )


def check_tag(node: Any, tag: str) -> None:
    """Only nodes on the allow-list are run."""
    if tag not in set(ElementKind) or node.get("triggeredByEvent") == "true":
        raise BadDefinition(
            N_("Phần tử “%(id)s” thuộc loại %(tag)s, chưa được hỗ trợ."),
            id=node.get("id"),
            tag=tag,
        )


def check_node(node: Any) -> None:
    """No scripts, no multi-instance, no variables passed in and out, no id of the engine's own."""
    refusals = {
        N_("Phần tử “%(id)s” có mã lệnh."): _SCRIPTS,
        N_("Phần tử “%(id)s” lặp nhiều lần cùng lúc, chưa được hỗ trợ."): _REPEATED,
        N_(
            "Phần tử “%(id)s” khai biến vào, ra. Biến dùng chung, không cần khai."
        ): _PASSED_ON,
    }
    for message, path in refusals.items():
        if node.xpath(path, namespaces=NS):
            raise BadDefinition(message, id=node.get("id"))
    id_ = node.get("id") or ""
    if id_ in TAKEN_IDS or any(part in id_ for part in TAKEN_PARTS):
        raise BadDefinition(
            N_("Tên “%(id)s” dành riêng cho hệ thống. Đặt tên khác."), id=id_
        )


def check_ids(elements: list[Element], flows: tuple[Flow, ...]) -> None:
    """An id names one thing: waits, rows and the history are told apart by it."""
    ids = Counter([*(element.id for element in elements), *(flow.id for flow in flows)])
    for id_, times in ids.items():
        if times > 1:
            raise BadDefinition(N_("Tên “%(id)s” được dùng hai lần."), id=id_)


def check_scopes(key: str, elements: dict[str, Element]) -> None:
    """Every process begins once, a sub-process ends too, and every boundary has an activity."""
    scopes = {"": key} | {
        e.id: e.id for e in elements.values() if e.kind == ElementKind.SUBPROCESS
    }
    for parent, name in scopes.items():
        kinds = [e.kind for e in elements.values() if e.parent == parent]
        has_end = ElementKind.END in kinds or not parent
        if kinds.count(ElementKind.START) != 1 or not has_end:
            raise BadDefinition(
                N_(
                    "“%(id)s” phải có đúng một sự kiện bắt đầu; quy trình con cần cả kết thúc."
                ),
                id=name,
            )
    for event in elements.values():
        if event.kind == ElementKind.BOUNDARY:
            _check_boundary(event, elements.get(event.attached_to))


def _check_boundary(event: Element, activity: Element | None) -> None:
    inner = event.trigger in {Trigger.ERROR, Trigger.ESCALATION}
    if (
        activity is None
        or activity.parent != event.parent
        or activity.kind not in (CONTAINERS if inner else _ACTIVITIES)
    ):
        raise BadDefinition(
            N_("Sự kiện biên “%(id)s” không gắn vào công việc nhận được nó."), id=event.id
        )


def check_flows(elements: dict[str, Element], flows: tuple[Flow, ...]) -> None:
    """Flows join elements of one scope; only those of a choosing gateway have conditions."""
    for flow in flows:
        for end in (flow.source, flow.target):
            if end not in elements:
                raise BadDefinition(
                    N_("Luồng “%(id)s” nối tới “%(end)s” không có trong sơ đồ."),
                    id=flow.id,
                    end=end,
                )
        source, target = elements[flow.source], elements[flow.target]
        if source.parent != target.parent:
            raise BadDefinition(
                N_("Luồng “%(id)s” đi xuyên qua vách quy trình con."), id=flow.id
            )
        if flow.condition is not None and source.kind not in _CHOOSING:
            raise BadDefinition(
                N_("Luồng “%(id)s” có điều kiện nhưng không đi ra từ cổng lựa chọn."),
                id=flow.id,
            )


def check_sides(elements: dict[str, Element], flows: tuple[Flow, ...]) -> None:
    """A join tells its sides apart by the elements that they come from."""
    for (source, target), times in Counter((f.source, f.target) for f in flows).items():
        is_join = elements[target].kind in {ElementKind.PARALLEL, ElementKind.INCLUSIVE}
        if is_join and times > 1:
            raise BadDefinition(
                N_("Hai luồng đi từ “%(source)s” vào cổng “%(id)s”. Chỉ giữ một."),
                source=source,
                id=target,
            )


def check_gateways(
    process: Any, elements: dict[str, Element], flows: tuple[Flow, ...]
) -> None:
    """Gateways lead somewhere, choosing ones always; behind an event-based one stand events."""
    for node in process.iterfind(".//b:*", NS):
        kind, id_ = local(node), node.get("id")
        out = [flow for flow in flows if flow.source == id_]
        if kind.endswith("Gateway") and not out:
            raise BadDefinition(N_("Cổng “%(id)s” chưa nối tới đâu."), id=id_)
        if kind in _CHOOSING and len(out) > 1 and not node.get("default"):
            raise BadDefinition(N_("Cổng “%(id)s” chưa có luồng mặc định."), id=id_)
        if kind == ElementKind.EVENT_BASED:
            attached = {e.attached_to for e in elements.values()}
            for flow in out:
                _check_awaited(id_, elements[flow.target], flows, attached)


def _check_awaited(
    gateway: str, event: Element, flows: tuple[Flow, ...], attached: set[str]
) -> None:
    entering = [flow for flow in flows if flow.target == event.id]
    if (
        event.kind not in {ElementKind.CATCH, ElementKind.RECEIVE}
        or len(entering) > 1
        or event.id in attached
    ):
        raise BadDefinition(
            N_("Sau cổng sự kiện “%(id)s” phải là sự kiện chờ chỉ có một luồng vào."),
            id=gateway,
        )
