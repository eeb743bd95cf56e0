"""Walking over arrows: what can be reached, and where one comes round again."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

Arrows: TypeAlias = Callable[[str], Iterable[str]]


def reached(sources: Iterable[str], arrows: Arrows) -> set[str]:
    """Everything on some way from the sources, themselves included."""
    seen: set[str] = set()
    waiting = list(sources)
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting.extend(arrows(node))
    return seen


def turned(nodes: Iterable[str], arrows: Arrows) -> Arrows:
    """The same arrows the other way round."""
    back: dict[str, list[str]] = {}
    for node in nodes:
        for target in arrows(node):
            back.setdefault(target, []).append(node)
    return lambda node: back.get(node, [])


def cycles(nodes: Iterable[str], arrows: Arrows) -> Iterator[set[str]]:
    """Sets of nodes that lie on cycles with each other (Kosaraju's way, without recursion)."""
    known = list(nodes)
    inside = set(known)

    def within(node: str) -> list[str]:
        return [target for target in arrows(node) if target in inside]

    back = turned(known, within)
    seen: set[str] = set()
    for node in reversed(_finished(known, within)):
        if node in seen:
            continue
        part = reached([node], _without(seen, back))
        seen |= part
        if len(part) > 1 or node in within(node):
            yield part


def _without(nodes: set[str], arrows: Arrows) -> Arrows:
    left_out = frozenset(nodes)
    return lambda node: set(arrows(node)) - left_out


def _finished(nodes: Iterable[str], arrows: Arrows) -> list[str]:
    """The nodes in the order in which a depth-first walk has done with them."""
    done: list[str] = []
    seen: set[str] = set()
    for start in nodes:
        if start in seen:
            continue
        seen.add(start)
        trail = [(start, iter(arrows(start)))]
        while trail:
            node, targets = trail[-1]
            following = next((t for t in targets if t not in seen), None)
            if following is None:
                done.append(node)
                trail.pop()
            else:
                seen.add(following)
                trail.append((following, iter(arrows(following))))
    return done
