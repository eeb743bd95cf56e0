"""Ways through the diagram: everything is reached, everything ends, nothing runs round for ever."""

from collections.abc import Iterator

from workflows.linter import graphs
from workflows.linter.drawings import Drawing, Node
from workflows.linter.findings import Finding, Known, found
from workflows.words import N_

_PASSED = {"startEvent", "exclusiveGateway", "parallelGateway", "inclusiveGateway"}
_PASSED |= {"serviceTask", "sendTask"}


def check(drawing: Drawing, known: Known) -> Iterator[Finding]:
    """Scope by scope: starts and ends, dead ends, endless loops, joins on loops."""
    for scope in drawing.scopes:
        nodes = {node.id: node for node in drawing.inside(scope)}
        yield from _ends(drawing, scope, nodes)
        if (
            scope not in drawing.broken
        ):  # else ways end where an element has to be drawn anew
            yield from _reach(drawing, nodes)
        yield from _loops(drawing, nodes, known)
        yield from _joins(drawing, nodes)


def _ends(drawing: Drawing, scope: str, nodes: dict[str, Node]) -> Iterator[Finding]:
    starts = [node for node in nodes.values() if node.tag == "startEvent"]
    if len(starts) != 1:
        yield found(
            drawing.scopes[scope],
            N_("Có %(count)s sự kiện bắt đầu."),
            N_("Mỗi quy trình, mỗi sub-process có đúng một sự kiện bắt đầu."),
            count=len(starts),
        )
    if not any(node.tag == "endEvent" for node in nodes.values()):
        yield found(
            drawing.scopes[scope],
            N_("Không có sự kiện kết thúc."),
            N_("Vẽ ít nhất một sự kiện kết thúc."),
        )


def _reach(drawing: Drawing, nodes: dict[str, Node]) -> Iterator[Finding]:
    def after(id_: str) -> list[str]:
        return [t for t in drawing.after(nodes[id_]) if t in nodes]

    starts = [n.id for n in nodes.values() if n.tag == "startEvent"]
    ahead = graphs.reached(starts, after)
    stops = [n.id for n in nodes.values() if not drawing.leaving.get(n.id)]
    ending = graphs.reached(stops, graphs.turned(nodes, after))
    for node in nodes.values():
        if node.id not in ahead:
            yield found(
                node.xml,
                N_("Không có đường nào dẫn tới đây."),
                N_("Nối luồng vào, hoặc xóa."),
            )
        if node.tag != "endEvent" and not drawing.leaving.get(node.id):
            yield found(
                node.xml,
                N_("Đường đi cụt ở đây."),
                N_("Nối tiếp, hoặc kết thúc bằng sự kiện kết thúc."),
            )
        elif node.id not in ending:
            yield found(
                node.xml,
                N_("Từ đây không có đường nào tới chỗ kết thúc."),
                N_("Thêm một luồng ra khỏi vòng này."),
            )


def _loops(drawing: Drawing, nodes: dict[str, Node], known: Known) -> Iterator[Finding]:
    """A cycle on which nothing waits for anybody would run for ever in one act."""
    passed = [node.id for node in nodes.values() if _is_passed(drawing, node, known)]
    for part in graphs.cycles(passed, lambda id_: drawing.after(nodes[id_])):
        ids = [id_ for id_ in nodes if id_ in part]
        yield found(
            nodes[ids[0]].xml,
            N_("Vòng lặp tự chạy mãi, không chờ ai: %(ids)s."),
            N_("Đặt một bước có người làm, hoặc một hẹn giờ, trên vòng này."),
            ids=", ".join(ids),
        )


def _is_passed(drawing: Drawing, node: Node, known: Known) -> bool:
    """Whether a token may go through without waiting for anybody or anything."""
    if node.tag == "callActivity":
        called = known.processes.get(node.xml.get("calledElement") or "")
        return called is not None and not called.asks
    if node.tag == "boundaryEvent":
        return not {"timer", "message"} & set(node.events)
    if node.tag != "subProcess":
        return node.tag in _PASSED
    inside = {inner.id: inner for inner in drawing.inside(node.id)}
    open_ = {
        id_
        for id_, inner in inside.items()
        if inner.tag == "endEvent" or _is_passed(drawing, inner, known)
    }
    starts = [id_ for id_ in open_ if inside[id_].tag == "startEvent"]
    ways = graphs.reached(
        starts, lambda id_: [t for t in drawing.after(inside[id_]) if t in open_]
    )
    return any(inside[id_].tag == "endEvent" for id_ in ways)


def _joins(drawing: Drawing, nodes: dict[str, Node]) -> Iterator[Finding]:
    """SpiffWorkflow lets a join on a cycle go too early from the second round on."""
    arrows = {
        id_: [t for t in drawing.after(node) if t in nodes] for id_, node in nodes.items()
    }
    for part in graphs.cycles(nodes, lambda id_: arrows[id_]):
        for node in (nodes[id_] for id_ in nodes if id_ in part):
            is_join = node.tag in {"parallelGateway", "inclusiveGateway"}
            if is_join and len(drawing.entering.get(node.id, ())) > 1:
                yield found(
                    node.xml,
                    N_("Cổng gộp nằm trên một vòng lặp của chính tầng này."),
                    N_("Đưa chỗ tách và chỗ gộp vào một sub-process."),
                )
