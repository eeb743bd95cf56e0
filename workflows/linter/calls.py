"""Call activities: the process they call is deployed, and does not call back."""

from collections.abc import Iterator

from workflows.linter import deadlines, graphs, throws
from workflows.linter.drawings import Drawing
from workflows.linter.findings import Finding, Known, Outline, found
from workflows.words import N_


def check(drawing: Drawing, known: Known) -> Iterator[Finding]:
    """Every call."""
    for node in drawing.of("callActivity"):
        called = node.xml.get("calledElement") or ""
        if called == drawing.key or drawing.key in _behind(called, known):
            yield found(
                node.xml,
                N_("Quy trình gọi lại chính nó qua “%(called)s”."),
                N_("Vẽ vòng lặp bằng luồng quay lại; quy trình không tự gọi mình."),
                called=called,
            )
        elif called not in known.processes:
            yield found(
                node.xml,
                N_("Chưa có quy trình “%(called)s” nào được xác nhận."),
                N_("Triển khai và xác nhận quy trình được gọi trước."),
                called=called,
            )


def outline(drawing: Drawing, known: Known) -> Outline:
    """What callers of this process must know of it."""
    return Outline(
        calls=called(drawing),
        asks=deadlines.asks(drawing, known),
        lapses=deadlines.lapses(drawing, known),
        raises=throws.leaving(drawing, "error", known),
        escalates=throws.leaving(drawing, "escalation", known),
    )


def called(drawing: Drawing) -> frozenset[str]:
    """The keys of the processes that this one calls."""
    return frozenset(
        node.xml.get("calledElement") or "" for node in drawing.of("callActivity")
    )


def _behind(key: str, known: Known) -> set[str]:
    """All that a process calls, directly and through others."""

    def calls(name: str) -> frozenset[str]:
        entry = known.processes.get(name)
        return entry.calls if entry else frozenset()

    return graphs.reached([key], calls)
