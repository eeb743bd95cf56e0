"""The file as a whole: is it XML, is it BPMN 2.0, which one process is to be run."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from workflows.diagrams import MAX_BYTES
from workflows.linter.findings import Finding, found
from workflows.namespaces import BPMN, NS
from workflows.words import N_

ENCODINGS = {None, "UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "US-ASCII", "ASCII"}
AT_THE_TOP = {
    "process",
    "collaboration",
    "message",
    "error",
    "escalation",
    "signal",
    "category",
    "itemDefinition",
    "documentation",
    "extensionElements",
}
_MAX_ATTRIBUTES = 100  # libxml2 goes along all of them to read one
_EXPORT = N_("Mở sơ đồ trong Camunda Modeler hoặc bpmn.io, lưu lại dạng BPMN 2.0 (.bpmn).")


class Unreadable(Exception):
    """There is nothing to look at; `finding` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def root(xml: bytes) -> Any:
    """The tree of a file that may be looked at. Raises Unreadable."""
    if len(xml) > MAX_BYTES:
        raise Unreadable(
            found(
                None,
                N_("Tệp lớn quá 1 MB."),
                N_("Chia quy trình thành các quy trình gọi nhau."),
            )
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        tree = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, LookupError) as error:
        reason = getattr(error, "msg", None) or error
        raise Unreadable(
            found(None, N_("Tệp không phải XML: %(reason)s."), _EXPORT, reason=reason)
        ) from error
    _check_kind(tree)
    _check_attributes(tree)
    return tree


def process(tree: Any) -> Any:
    """The one process that is to be run. Raises Unreadable where there is none."""
    for node in tree.iterfind("b:process", NS):
        if node.get("isExecutable") == "true":
            return node
    raise Unreadable(
        found(
            tree.find("b:process", NS),
            N_("Tệp không có quy trình nào thực thi được."),
            N_("Đánh dấu “Executable” (isExecutable) cho quy trình cần chạy."),
        )
    )


def check(tree: Any) -> Iterator[Finding]:
    """One process that runs, drawn pools beside it, and nothing else."""
    yield from _others(tree, process(tree))
    for node in tree:
        if not isinstance(node.tag, str) or etree.QName(node).namespace != BPMN:
            continue
        if etree.QName(node).localname not in AT_THE_TOP:
            yield found(
                node,
                N_("%(tag)s không dùng được trong tệp quy trình."),
                N_("Xóa phần này khỏi tệp."),
                tag=etree.QName(node).localname,
            )
    for node in tree.iterfind(
        "b:collaboration/b:participant/b:participantMultiplicity", NS
    ):
        yield found(
            node.getparent(),
            N_("Bể lặp nhiều lần không chạy được."),
            N_("Bỏ dấu lặp của bể; mỗi hồ sơ đã là một lần chạy."),
        )


def _check_kind(tree: Any) -> None:
    info = tree.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise Unreadable(
            found(
                None,
                N_("Tệp có DOCTYPE."),
                N_("Xóa khai báo DOCTYPE và các thực thể của nó."),
            )
        )
    if (info.encoding or "UTF-8").upper() not in ENCODINGS:
        raise Unreadable(
            found(
                None,
                N_("Tệp dùng bảng mã %(encoding)s."),
                N_("Lưu lại bằng UTF-8."),
                encoding=info.encoding,
            )
        )
    if tree.tag != f"{{{BPMN}}}definitions":
        raise Unreadable(
            found(
                None,
                N_("Đây không phải BPMN 2.0: phần tử gốc là “%(tag)s”."),
                _EXPORT,
                tag=tree.tag,
            )
        )


def _check_attributes(tree: Any) -> None:
    for node in tree.iter(etree.Element):
        if len(node.attrib) > _MAX_ATTRIBUTES:
            raise Unreadable(
                found(
                    node,
                    N_("Phần tử có hơn %(count)s thuộc tính."),
                    _EXPORT,
                    count=_MAX_ATTRIBUTES,
                )
            )


def _others(tree: Any, running: Any) -> Iterator[Finding]:
    """Processes beside the one that runs: what is drawn in them would never happen."""
    for node in tree.iter(f"{{{BPMN}}}process"):
        if node is running:
            continue
        if node.get("isExecutable") == "true" or node.getparent() is not tree:
            yield found(
                node,
                N_("Tệp có hơn một quy trình thực thi được."),
                N_(
                    "Mỗi tệp một quy trình; quy trình kia để tệp riêng, gọi bằng call activity."
                ),
            )
        elif len(node):
            yield found(
                node,
                N_("Bể này vẽ một quy trình không được chạy."),
                N_("Vẽ bể này thành bể trống (collapsed pool), hoặc xóa đi."),
            )
