"""Sequence flows: they join what is there, and only gateways choose."""

from collections.abc import Iterator

from workflows import expressions
from workflows.errors import BadExpression
from workflows.linter.drawings import ACTIVITIES, Drawing, Flow
from workflows.linter.findings import Finding, found
from workflows.words import N_

CHOOSING = ("exclusiveGateway", "inclusiveGateway")


def check(drawing: Drawing) -> Iterator[Finding]:
    """Ends, conditions, defaults."""
    for flow in drawing.flows:
        yield from _ends(drawing, flow)
        yield from _condition(drawing, flow)
    yield from _splits(drawing)
    for node in drawing.of(*CHOOSING):
        yield from _choice(drawing, node.id)


def _ends(drawing: Drawing, flow: Flow) -> Iterator[Finding]:
    source, target = drawing.nodes.get(flow.source), drawing.nodes.get(flow.target)
    for id_, node in ((flow.source, source), (flow.target, target)):
        scope = node.scope if node else drawing.strangers.get(id_)
        if scope != flow.scope:
            yield found(
                flow.xml,
                N_("Luồng nối tới “%(end)s” không có ở cùng tầng của sơ đồ."),
                N_("Nối lại hai đầu của luồng; không vẽ luồng xuyên qua viền sub-process."),
                end=id_,
            )
    if (source and source.tag == "endEvent") or (
        target and target.tag in {"startEvent", "boundaryEvent"}
    ):
        yield found(
            flow.xml,
            N_("Luồng đi ra từ chỗ kết thúc hoặc đi vào chỗ bắt đầu."),
            N_("Đổi hướng hoặc xóa luồng."),
        )


def _condition(drawing: Drawing, flow: Flow) -> Iterator[Finding]:
    if flow.condition is None:
        return
    source = drawing.nodes.get(flow.source)
    if source is not None and source.tag not in CHOOSING:
        yield found(
            flow.xml,
            N_("Luồng có điều kiện nhưng không đi ra từ cổng loại trừ hay cổng bao hàm."),
            N_("Đặt một cổng loại trừ sau “%(source)s” và ghi điều kiện ở đó."),
            source=flow.source,
        )
    if any(c.get("language") for c in flow.xml.iterfind("{*}conditionExpression")):
        yield found(
            flow.xml,
            N_("Điều kiện viết bằng ngôn ngữ riêng."),
            N_("Chọn “Expression”, ghi ví dụ ${outcome == 'return'}."),
        )
    try:
        expressions.parse(flow.condition)
    except BadExpression:
        yield found(
            flow.xml,
            N_("Không đọc được điều kiện “%(text)s”."),
            N_("Chỉ so sánh biến với giá trị, ví dụ ${outcome == 'return'}."),
            text=flow.condition,
        )


def _splits(drawing: Drawing) -> Iterator[Finding]:
    """An activity or event with several ways out would need a gateway to say which."""
    for node in drawing.nodes.values():
        out = drawing.leaving.get(node.id, [])
        is_plain = node.tag in ACTIVITIES or node.tag.endswith("Event")
        if is_plain and len(out) > 1:
            yield found(
                node.xml,
                N_("Có %(count)s luồng đi ra."),
                N_("Đặt một cổng ở sau: loại trừ để chọn, song song để làm cùng lúc."),
                count=len(out),
            )
        if node.xml.get("default") and node.tag not in CHOOSING:
            yield found(
                node.xml,
                N_("Luồng mặc định không dùng được ở đây."),
                N_("Chỉ cổng loại trừ và cổng bao hàm có luồng mặc định."),
            )


def _choice(drawing: Drawing, gateway: str) -> Iterator[Finding]:
    """One default, a condition on every other flow: some way is always open."""
    node, out = drawing.nodes[gateway], drawing.leaving.get(gateway, [])
    default = node.xml.get("default") or ""
    if default and default not in {flow.id for flow in out}:
        yield found(
            node.xml,
            N_("Luồng mặc định “%(flow)s” không đi ra từ cổng này."),
            N_("Chọn lại luồng mặc định trong các luồng đi ra."),
            flow=default,
        )
        return
    if not default and (len(out) > 1 or any(f.condition is not None for f in out)):
        yield found(
            node.xml,
            N_("Cổng chưa có luồng mặc định."),
            N_(
                "Đánh dấu một luồng đi ra là mặc định (Default Flow), thường là luồng đi tiếp."
            ),
        )
    for flow in out:
        if flow.id == default and flow.condition is not None:
            yield found(
                flow.xml,
                N_("Luồng mặc định có điều kiện."),
                N_("Xóa điều kiện: luồng mặc định được đi khi không điều kiện nào đúng."),
            )
        if default and flow.id != default and flow.condition is None:
            yield found(
                flow.xml,
                N_("Luồng này không có điều kiện, cũng không phải luồng mặc định."),
                N_("Ghi điều kiện, ví dụ ${outcome == 'return'}."),
            )
