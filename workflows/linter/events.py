"""Events: which kinds may stand where, and what they wait for."""

from collections.abc import Iterator

from workflows import calendar
from workflows.errors import BadDefinition
from workflows.linter.drawings import ACTIVITIES, Drawing, Node
from workflows.linter.findings import Finding, found
from workflows.namespaces import NS
from workflows.words import N_

KINDS: dict[str, set[str]] = {
    "startEvent": set(),
    "endEvent": {"terminate", "error", "escalation"},
    "intermediateCatchEvent": {"timer", "message"},
    "boundaryEvent": {"timer", "message", "error", "escalation"},
}
INSTEAD = {
    "startEvent": N_("Dùng sự kiện bắt đầu thường: hồ sơ do người lập."),
    "endEvent": N_("Dùng kết thúc thường, terminate, error hoặc escalation."),
    "intermediateCatchEvent": N_("Chỉ chờ thông điệp (message) hoặc hẹn giờ (timer)."),
    "boundaryEvent": N_("Chỉ dùng timer, message, error hoặc escalation."),
}
WAITING = {"userTask", "receiveTask", "callActivity", "subProcess"}
_PERIOD = N_("Ghi timeDuration dạng P5D: năm ngày làm việc, ít nhất P1D.")


def check(drawing: Drawing) -> Iterator[Finding]:
    """Every event, and the tasks that wait for one."""
    for node in drawing.of(*KINDS):
        yield from _kind(node)
        yield from _timer(node)
    for node in drawing.of("boundaryEvent", "intermediateCatchEvent", "receiveTask"):
        yield from _message(drawing, node)
    for node in drawing.of("boundaryEvent"):
        yield from _host(drawing, node)
    for node in drawing.of("eventBasedGateway"):
        yield from _race(drawing, node)


def _kind(node: Node) -> Iterator[Finding]:
    kinds = node.events
    needs_one = node.tag in {"boundaryEvent", "intermediateCatchEvent"}
    if set(kinds) - KINDS[node.tag] or len(kinds) > 1 or (needs_one and not kinds):
        yield found(
            node.xml,
            N_("Sự kiện loại này (%(kind)s) không dùng được ở đây."),
            INSTEAD[node.tag],
            kind=", ".join(kinds) or "none",
        )


def _timer(node: Node) -> Iterator[Finding]:
    for timer in node.xml.iterfind("b:timerEventDefinition", NS):
        parts = [child for child in timer if isinstance(child.tag, str)]
        period = timer.findtext("b:timeDuration", "", NS).strip()
        if len(parts) != 1 or not _is_period(period):
            yield found(
                node.xml,
                N_("Hẹn giờ không đọc được: “%(text)s”."),
                _PERIOD,
                text=period or " ".join("".join(timer.itertext()).split()),
            )


def _is_period(text: str) -> bool:
    try:
        return calendar.parse_working_days(text) > 0
    except BadDefinition:
        return False


def _message(drawing: Drawing, node: Node) -> Iterator[Finding]:
    if node.tag != "receiveTask" and "message" not in node.events:
        return
    reference = (
        node.xml.get("messageRef")
        if node.tag == "receiveTask"
        else node.reference("message")
    )
    message = drawing.named("message").get(reference)
    if message is None or not (message.get("name") or "").strip():
        yield found(
            node.xml,
            N_("Chưa nói chờ thông điệp nào."),
            N_("Chọn một thông điệp (message) có tên."),
        )


def _host(drawing: Drawing, node: Node) -> Iterator[Finding]:
    host = drawing.nodes.get(node.xml.get("attachedToRef") or "")
    if host is None or host.scope != node.scope or host.tag not in ACTIVITIES:
        yield found(
            node.xml,
            N_("Sự kiện biên không gắn vào bước nào cùng tầng."),
            N_("Gắn lại vào viền của một bước."),
        )
    elif host.tag not in WAITING:
        yield found(
            node.xml,
            N_("Sự kiện này không bao giờ xảy ra: “%(host)s” làm xong ngay, không chờ."),
            N_("Xóa, hoặc gắn vào bước có người làm."),
            host=host.id,
        )
    if node.xml.get("cancelActivity") == "false" and "error" in node.events:
        yield found(
            node.xml,
            N_("Lỗi luôn ngắt bước đang làm."),
            N_("Dùng sự kiện biên ngắt (interrupting)."),
        )


def _race(drawing: Drawing, gateway: Node) -> Iterator[Finding]:
    """Whichever comes first: two events or more, at most one of them a deadline."""
    out = [drawing.nodes.get(f.target) for f in drawing.leaving.get(gateway.id, ())]
    targets = [node for node in out if node is not None]
    if len(targets) < 2 or any(n.tag != "intermediateCatchEvent" for n in targets):  # noqa: PLR2004 - one is no race
        yield found(
            gateway.xml,
            N_("Sau cổng sự kiện phải là từ hai sự kiện chờ trở lên."),
            N_("Nối cổng tới các sự kiện chờ message hoặc timer."),
        )
    if sum("timer" in node.events for node in targets) > 1:
        yield found(
            gateway.xml,
            N_("Hai hẹn giờ ở một cổng sự kiện."),
            N_("Giữ hẹn giờ ngắn hơn; cái kia không bao giờ tới lượt."),
        )
    names = [node.reference("message") for node in targets if "message" in node.events]
    if len(names) != len(set(names)):
        yield found(
            gateway.xml,
            N_("Hai nhánh chờ cùng một thông điệp."),
            N_("Mỗi nhánh một thông điệp riêng."),
        )
    for node in targets:
        if len(drawing.entering.get(node.id, ())) > 1:
            yield found(
                node.xml,
                N_("Sự kiện sau cổng sự kiện có thêm luồng khác đi vào."),
                N_("Chỉ nối từ cổng sự kiện."),
            )
