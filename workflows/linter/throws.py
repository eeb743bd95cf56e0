"""Errors and escalations: what is thrown is caught, what catches can be thrown to."""

from collections.abc import Iterator

from workflows.linter.drawings import Drawing, Node
from workflows.linter.findings import Finding, Known, found
from workflows.words import N_

CODES = {"error": "errorCode", "escalation": "escalationCode"}
_ANY = ""


def check(drawing: Drawing, known: Known) -> Iterator[Finding]:
    """Both sides of every throw."""
    for node in drawing.of("endEvent", "boundaryEvent"):
        yield from _reference(drawing, node)
    for node in drawing.of("boundaryEvent"):
        yield from _catch(drawing, node, known)
    if drawing.is_called_only:
        return
    for node, code in _thrown(drawing, "error", known):
        if not _is_caught(drawing, node, "error", code):
            yield found(
                node.xml,
                N_("Không nơi nào bắt lỗi này."),
                N_(
                    "Gắn sự kiện biên bắt lỗi vào sub-process bao quanh, hoặc kết thúc thường."
                ),
            )


def leaving(drawing: Drawing, kind: str, known: Known) -> frozenset[str]:
    """Codes of errors or escalations that nothing in the process catches."""
    return frozenset(
        code
        for node, code in _thrown(drawing, kind, known)
        if not _is_caught(drawing, node, kind, code)
    )


def _reference(drawing: Drawing, node: Node) -> Iterator[Finding]:
    for kind, attribute in CODES.items():
        if kind not in node.events:
            continue
        named = drawing.named(kind).get(node.reference(kind))
        is_open = node.tag == "boundaryEvent" and not node.reference(kind)
        if not is_open and (named is None or not named.get(attribute)):
            yield found(
                node.xml,
                N_("Chưa nói rõ lỗi hoặc sự kiện leo thang nào."),
                N_("Chọn một error hoặc escalation có mã (code)."),
            )


def _catch(drawing: Drawing, node: Node, known: Known) -> Iterator[Finding]:
    host = drawing.nodes.get(node.xml.get("attachedToRef") or "")
    for kind in CODES.keys() & set(node.events):
        wanted = _code(drawing, node, kind)
        thrown = {
            code
            for thrower, code in _thrown(drawing, kind, known)
            if host is not None and host.id in _hosts(drawing, thrower)
        }
        if not thrown or (wanted != _ANY and wanted not in thrown):
            yield found(
                node.xml,
                N_("Sự kiện này không bao giờ xảy ra: bên trong không có gì phát ra nó."),
                N_("Xóa, hoặc thêm kết thúc error, escalation cùng mã vào bên trong."),
            )


def _thrown(drawing: Drawing, kind: str, known: Known) -> Iterator[tuple[Node, str]]:
    """Every element that throws, with the code it throws."""
    for node in drawing.of("endEvent"):
        if kind in node.events:
            yield node, _code(drawing, node, kind)
    for node in drawing.of("callActivity"):
        called = known.processes.get(node.xml.get("calledElement") or "")
        if called is not None:
            codes = called.raises if kind == "error" else called.escalates
            yield from ((node, code) for code in sorted(codes))


def _hosts(drawing: Drawing, node: Node) -> list[str]:
    """What a catching event may be attached to, from the inside out."""
    around = [*drawing.around(node.scope)][:-1]
    return [node.id, *around] if node.tag == "callActivity" else around


def _is_caught(drawing: Drawing, node: Node, kind: str, code: str) -> bool:
    return any(
        kind in event.events and _code(drawing, event, kind) in {_ANY, code}
        for host in _hosts(drawing, node)
        for event in drawing.boundaries.get(host, ())
    )


def _code(drawing: Drawing, node: Node, kind: str) -> str:
    named = drawing.named(kind).get(node.reference(kind))
    return _ANY if named is None else str(named.get(CODES[kind]) or _ANY)
