"""The allow-list: what may stand in a process, and what to draw in place of the rest."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from workflows.linter.drawings import NODES, Drawing, local
from workflows.linter.findings import Finding, found
from workflows.namespaces import BPMN
from workflows.words import N_

MAX_ELEMENTS = 300  # SpiffWorkflow walks a chain by recursion, twice as deep as it is long
MAX_FLOWS = 2_000
MAX_DEPTH = 10
DRAWN = {  # looked at by people only
    "laneSet",
    "sequenceFlow",
    "textAnnotation",
    "association",
    "group",
    "dataObject",
    "dataObjectReference",
    "documentation",
    "extensionElements",
}
INSIDE = {"incoming", "outgoing", "documentation", "extensionElements"}
INSIDE |= {"dataInputAssociation", "dataOutputAssociation", "property"}  # drawn as well
_OTHER = N_("Xóa, hoặc vẽ lại bằng các phần tử dùng được nêu trong bpmn/README.md.")
_SERVICE = N_("Dùng service task có camunda:topic; việc tự động do mã của hệ thống làm.")
_STEP = N_("Dùng user task có biểu mẫu nếu người làm, service task nếu máy làm.")
_NESTED = N_("Dùng sub-process thường.")
_ONE_FORM = N_("Dùng một user task; nhiều người góp ý thì vẽ mỗi người một bước.")
_DATA = N_("Vẽ đối tượng dữ liệu (data object): chỉ để người đọc, hệ thống không dùng.")
INSTEAD = {
    "scriptTask": _SERVICE,
    "businessRuleTask": _SERVICE,
    "task": _STEP,
    "manualTask": _STEP,
    "transaction": _NESTED,
    "adHocSubProcess": _NESTED,
    "complexGateway": N_("Dùng cổng song song hoặc cổng bao hàm."),
    "intermediateThrowEvent": N_("Dùng send task, hoặc sự kiện kết thúc."),
    "dataStoreReference": _DATA,
    "ioSpecification": _DATA,
    "multiInstanceLoopCharacteristics": _ONE_FORM,
    "standardLoopCharacteristics": N_("Vẽ vòng lặp bằng cổng loại trừ và luồng quay lại."),
    "potentialOwner": N_("Ghi vai trò ở làn hoặc camunda:candidateGroups."),
    "humanPerformer": N_("Ghi vai trò ở làn hoặc camunda:candidateGroups."),
    "performer": N_("Ghi vai trò ở làn hoặc camunda:candidateGroups."),
}


def is_too_much(drawing: Drawing) -> Iterator[Finding]:
    """Diagrams larger than anybody can read, or than rules and parser should work through."""
    count = sum(1 for _node in drawing.process.iter(*(f"{{{BPMN}}}{tag}" for tag in NODES)))
    if count > MAX_ELEMENTS:
        yield found(
            drawing.process,
            N_("Sơ đồ có %(count)s phần tử, quá %(limit)s."),
            N_("Tách thành các quy trình gọi nhau bằng call activity."),
            count=count,
            limit=MAX_ELEMENTS,
        )
    if len(drawing.flows) > MAX_FLOWS:
        yield found(
            drawing.process,
            N_("Sơ đồ có %(count)s luồng, quá %(limit)s."),
            N_("Tách thành các quy trình gọi nhau bằng call activity."),
            count=len(drawing.flows),
            limit=MAX_FLOWS,
        )
    for scope, node in drawing.scopes.items():
        if len(list(drawing.around(scope))) == MAX_DEPTH + 2:
            yield found(
                node,
                N_("Sub-process lồng nhau quá %(limit)s tầng."),
                N_("Đưa phần bên trong ra quy trình riêng, gọi bằng call activity."),
                limit=MAX_DEPTH,
            )


def check(drawing: Drawing) -> Iterator[Finding]:
    """Every element in every scope, and every part of every element."""
    for holder in drawing.scopes.values():
        for child in holder:
            tag = local(child)
            is_inside = holder is not drawing.process and tag in INSIDE
            if tag in NODES:
                yield from _parts(child)
            elif isinstance(child.tag, str) and tag not in DRAWN and not is_inside:
                yield _unknown(child, holder)


def _parts(node: Any) -> Iterator[Finding]:
    """What stands inside a flow node; a sub-process is walked as a scope of its own."""
    if local(node) == "subProcess":
        return
    for child in node:
        tag = local(child)
        is_event = tag.endswith("EventDefinition") and local(node).endswith("Event")
        if isinstance(child.tag, str) and tag not in INSIDE and not is_event:
            yield _unknown(child, node)


def _unknown(child: Any, holder: Any) -> Finding:
    """Where the part has an id of its own it is named, else the element that holds it."""
    name = etree.QName(child)
    if name.namespace != BPMN:
        return found(
            holder,
            N_("“%(tag)s” không thuộc BPMN."),
            N_("Xóa, hoặc đưa vào extensionElements của công cụ vẽ."),
            tag=child.tag,
        )
    return found(
        child if child.get("id") else holder,
        N_("%(tag)s không dùng được."),
        INSTEAD.get(name.localname, _OTHER),
        tag=name.localname,
    )
