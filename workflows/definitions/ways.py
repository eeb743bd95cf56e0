"""The ways through a diagram that lead from one wait to the next."""

from collections.abc import Iterator, Mapping

from workflows import expressions
from workflows.diagrams import Element, ElementKind, Flow, Trigger

_WAITS = {ElementKind.USER, ElementKind.RECEIVE, ElementKind.CATCH}
_ENDS = {Trigger.NONE, Trigger.TERMINATE}


def between(
    elements: Mapping[str, Element],
    flows: tuple[Flow, ...],
    source: str,
    target: str,
    outcome: str | None,
) -> tuple[str, ...]:
    """Ids of the flows on the shortest way on which nothing waits; () when there is none.

    It leads into sub-processes and called processes by their start and out of them by their ends.
    """
    trails: list[tuple[str, tuple[str, ...]]] = [(source, ())]
    seen = {source}
    while trails:
        node, taken = trails.pop(0)
        for flow in sorted(
            _leaving(elements, flows, node), key=lambda f: _opens(f, outcome)
        ):
            trail = (*taken, flow.id)
            reached = _inward(elements, flow.target)
            if target in reached:
                return trail
            last = elements[reached[-1]]
            if last.id not in seen and last.kind not in _WAITS:
                seen.add(last.id)
                trails.append((last.id, trail))
    return ()


def _inward(elements: Mapping[str, Element], node: str) -> list[str]:
    """The element and, where it is a container, the starts inside it."""
    reached = [node]
    for element in elements.values():
        if element.parent == reached[-1] and element.kind == ElementKind.START:
            return [*reached, *_inward(elements, element.id)]
    return reached


def _leaving(
    elements: Mapping[str, Element], flows: tuple[Flow, ...], node: str
) -> Iterator[Flow]:
    """The flows out of a node; from an end inside a container, those out of the container."""
    yield from (flow for flow in flows if flow.source == node)
    element = elements[node]
    if element.kind == ElementKind.END and element.parent:
        if element.trigger in _ENDS:
            yield from _leaving(elements, flows, element.parent)
        for event in elements.values():
            if event.attached_to == element.parent and event.trigger == element.trigger:
                yield from _leaving(elements, flows, event.id)


def _opens(flow: Flow, outcome: str | None) -> int:
    """0 for a flow that this outcome opens, 1 for one without a condition, 2 for any other."""
    if flow.condition is None:
        return 1
    return 0 if expressions.evaluate(flow.condition, {"outcome": outcome}) else 2
