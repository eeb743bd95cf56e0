"""Where tokens run side by side: between a fork and the join that waits for all of them."""

from collections.abc import Iterator, Mapping

from workflows.diagrams import Element, ElementKind, Flow

_SPLITTING = {ElementKind.PARALLEL, ElementKind.INCLUSIVE}


def is_in_branch(
    elements: Mapping[str, Element], flows: tuple[Flow, ...], element_id: str
) -> bool:
    """Whether a join waits for more than a token on this element, or on what it lies in.

    One token put there alone would wait in the join for ever.
    """
    while element_id:
        if _meets_join(elements, flows, element_id):
            return True
        element_id = elements[element_id].parent
    return False


def _meets_join(
    elements: Mapping[str, Element], flows: tuple[Flow, ...], start: str
) -> bool:
    """Whether a way leads from here into a join without going through a fork first."""
    seen, ahead = {start}, [start]
    while ahead:
        for node in _following(elements, flows, ahead.pop()):
            kind = elements[node].kind
            if kind in _SPLITTING and sum(flow.target == node for flow in flows) > 1:
                return True
            if kind not in _SPLITTING and node not in seen:
                seen.add(node)
                ahead.append(node)
    return False


def _following(
    elements: Mapping[str, Element], flows: tuple[Flow, ...], node: str
) -> Iterator[str]:
    """What comes after a node, or after an event beside it."""
    sources = {node, *(e.id for e in elements.values() if e.attached_to == node)}
    return (flow.target for flow in flows if flow.source in sources)
