"""Ways that time alone may open: no deadline grants anything without a person's step.

The nodes of all scopes as one graph. A sub-process is entered at its own id and left at the id with
`_OUT` behind it, where its end events lead.
"""

from collections.abc import Iterator

from workflows.linter import graphs
from workflows.linter.drawings import Drawing, Node
from workflows.linter.findings import Finding, Known, Outline, found
from workflows.words import N_

_OUT = "\0out"
_NOTHING_KNOWN = Outline(asks=False)


def check(drawing: Drawing, known: Known) -> Iterator[Finding]:
    """Deadlines from which an end that grants is reached without a user task."""
    for source, starts in _deadlines(drawing, known):
        ways = graphs.reached(starts, lambda id_: _after(drawing, known, id_))
        for end in _ends(drawing):
            if end.id in ways and end.property("result") in known.grants:
                yield found(
                    source.xml,
                    N_("Hết hạn ở đây dẫn thẳng tới “%(end)s” mà không qua người nào."),
                    N_("Đặt một bước có người làm (user task) trên đường này."),
                    end=end.id,
                )


def lapses(drawing: Drawing, known: Known) -> bool:
    """Whether a deadline alone may end the process."""
    return any(
        end.id in graphs.reached(starts, lambda id_: _after(drawing, known, id_))
        for _source, starts in _deadlines(drawing, known)
        for end in _ends(drawing)
    )


def asks(drawing: Drawing, known: Known) -> bool:
    """Whether nobody gets through the process without a user task."""
    starts = [n.id for n in drawing.of("startEvent") if n.scope == drawing.key]
    ways = graphs.reached(starts, lambda id_: _after(drawing, known, id_))
    return not any(end.id in ways for end in _ends(drawing))


def _ends(drawing: Drawing) -> list[Node]:
    return [node for node in drawing.of("endEvent") if node.scope == drawing.key]


def _deadlines(drawing: Drawing, known: Known) -> Iterator[tuple[Node, list[str]]]:
    """Where time acts, with the places it leads to."""
    for node in drawing.of("boundaryEvent", "intermediateCatchEvent"):
        if "timer" in node.events:
            yield node, [node.id]
    for node in drawing.of("callActivity"):
        if _called(node, known).lapses:
            yield node, [flow.target for flow in drawing.leaving.get(node.id, ())]


def _called(node: Node, known: Known) -> Outline:
    return known.processes.get(node.xml.get("calledElement") or "", _NOTHING_KNOWN)


def _after(drawing: Drawing, known: Known, id_: str) -> list[str]:
    """Where a token goes on from here without any person's completing a step."""
    if id_.endswith(_OUT):
        flows = drawing.leaving.get(id_.removesuffix(_OUT), ())
        return [flow.target for flow in flows]
    node = drawing.nodes.get(id_)
    if node is None or node.tag == "userTask":
        return []
    if node.tag == "subProcess":
        starts = [n.id for n in drawing.inside(id_) if n.tag == "startEvent"]
        return starts + [event.id for event in drawing.boundaries.get(id_, ())]
    if node.tag == "callActivity" and _called(node, known).asks:
        return [event.id for event in drawing.boundaries.get(id_, ())]
    if node.tag == "endEvent" and node.scope != drawing.key:
        around = [*drawing.around(node.scope)][:-1]
        events = [event.id for s in around for event in drawing.boundaries.get(s, ())]
        return [f"{node.scope}{_OUT}", *events]
    return drawing.after(node)
