"""What modelers write beside BPMN: few Camunda attributes and parts mean something here."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from workflows.linter.drawings import Drawing, local
from workflows.linter.findings import Finding, found
from workflows.namespaces import BPMN, CAMUNDA, NS
from workflows.words import N_

ANYWHERE = {  # how Camunda saves and retries; every act of ours is one transaction already
    "asyncBefore",
    "asyncAfter",
    "exclusive",
    "modelerTemplate",
    "modelerTemplateVersion",
    "modelerTemplateIcon",
}
ATTRIBUTES = {
    "process": {"historyTimeToLive", "versionTag", "isStartableInTasklist"},
    "userTask": {"formKey", "candidateGroups", "dueDate", "followUpDate", "priority"},
    "serviceTask": {"type", "topic"},
    "sendTask": {"type", "topic"},
}
UNUSUAL = {  # attributes of BPMN's own that would change what a diagram means
    "isForCompensation": {"false"},
    "triggeredByEvent": {"false"},
    "instantiate": {"false"},
    "parallelMultiple": {"false"},
    "startQuantity": {"1"},
    "completionQuantity": {"1"},
    "eventGatewayType": {"Exclusive"},
    "implementation": {"##WebService", "##unspecified"},
}
_PEOPLE = N_("Ghi một vai trò ở làn hoặc camunda:candidateGroups.")
_CODE = N_('Dùng camunda:type="external" và camunda:topic.')
_SHARED = N_("Xóa: quy trình được gọi dùng chung biến với hồ sơ.")
_PINNED = N_("Xóa: phiên bản được ghim khi triển khai.")
_MEANINGLESS = N_("Xóa: hệ thống không dùng phần này.")
INSTEAD = {
    "assignee": _PEOPLE,
    "candidateUsers": _PEOPLE,
    "candidateStarterGroups": _PEOPLE,
    "candidateStarterUsers": _PEOPLE,
    "class": _CODE,
    "expression": _CODE,
    "delegateExpression": _CODE,
    "resultVariable": _CODE,
    "connector": _CODE,
    "executionListener": _CODE,
    "taskListener": _CODE,
    "in": _SHARED,
    "out": _SHARED,
    "inputOutput": _SHARED,
    "calledElementBinding": _PINNED,
    "calledElementVersion": _PINNED,
    "calledElementVersionTag": _PINNED,
    "formRef": N_("Dùng camunda:formKey hoặc camunda:formData."),
}


def check(drawing: Drawing) -> Iterator[Finding]:
    """Attributes and extension elements of everything in the process."""
    for node in drawing.process.iter():
        tag = local(node)
        if tag and node.get("id"):
            yield from _attributes(node, tag)
        if tag == "extensionElements":
            yield from _extensions(node)


def _attributes(node: Any, tag: str) -> Iterator[Finding]:
    known = ANYWHERE | ATTRIBUTES.get(tag, set())
    for key, value in node.attrib.items():
        name = etree.QName(key)
        if name.namespace == CAMUNDA and name.localname not in known:
            yield found(
                node,
                N_("Thuộc tính camunda:%(name)s không dùng được ở đây."),
                INSTEAD.get(name.localname, _MEANINGLESS),
                name=name.localname,
            )
        elif not name.namespace and value not in UNUSUAL.get(name.localname, {value}):
            yield found(
                node,
                N_('Thuộc tính %(name)s="%(value)s" không dùng được.'),
                INSTEAD.get(name.localname, _MEANINGLESS),
                name=name.localname,
                value=value,
            )


def _extensions(node: Any) -> Iterator[Finding]:
    holder = node.getparent()
    for child in node:
        if not isinstance(child.tag, str):
            continue
        name = etree.QName(child)
        if child.tag == f"{{{CAMUNDA}}}properties":
            yield from _properties(holder, child)
        elif child.tag == f"{{{CAMUNDA}}}formData" and local(holder) == "userTask":
            continue  # `fields` reads it
        else:
            yield found(
                holder,
                N_("Phần mở rộng “%(tag)s” không dùng được ở đây."),
                INSTEAD.get(name.localname, _MEANINGLESS),
                tag=name.localname,
            )


def _properties(holder: Any, node: Any) -> Iterator[Finding]:
    times = Counter(entry.get("name") or "" for entry in node.iterfind("c:property", NS))
    for name in (name for name, count in times.items() if count > 1):
        yield found(
            holder,
            N_("Thuộc tính “%(name)s” ghi hai lần."),
            N_("Giữ một dòng."),
            name=name,
        )


def is_text_alone(drawing: Drawing) -> Iterator[Finding]:
    """Comments within a text: readers of XML differ in what they then take for the text."""
    tags = ("conditionExpression", "timeDuration", "flowNodeRef", "timeDate", "timeCycle")
    for node in drawing.process.iter(*(f"{{{BPMN}}}{tag}" for tag in tags)):
        if len(node):
            yield found(
                next(a for a in [node, *node.iterancestors()] if a.get("id")),
                N_("Có chú thích hoặc phần tử lạ bên trong %(tag)s."),
                N_("Chỉ để lại nội dung chữ."),
                tag=local(node),
            )
