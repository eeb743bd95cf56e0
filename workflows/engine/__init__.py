"""The engine as a pure function: where the tokens go, and nothing else.

It reads no clock, row or file and runs no handler. A state holds no case's data, so cases share
states, and moves are remembered by what can matter to them: definition, state, wait, and the
variables that conditions read.
"""

import json
from functools import lru_cache
from typing import Any, NamedTuple

from workflows.definitions import Definition
from workflows.engine import markings, trees, waits
from workflows.engine.markings import Marking, Place, Wait, WaitKind, marking
from workflows.errors import ProcessStuck
from workflows.handlers import Variables
from workflows.words import N_

__all__ = [
    "CANCELLED",
    "NOWHERE",
    "Marking",
    "Wait",
    "WaitKind",
    "carried",
    "chosen",
    "complete",
    "fire",
    "marking",
    "move",
    "place",
    "receive",
    "standing",
    "start",
]

REMEMBERED_MOVES = 20_000
NOWHERE = Marking("", (), None)
"""Before an instance has started."""
CANCELLED = markings.written((), (), None)
"""Once operators have ended it: no token, and no end reached."""


def start(definition: Definition, variables: Variables) -> Marking:
    """The marking of a new instance, up to its first waits."""
    return _start(definition, _read(definition, variables))


def complete(
    definition: Definition, marking: Marking, wait: Wait, variables: Variables
) -> Marking:
    """Complete a user or service task and go on to the next waits."""
    _expect(wait, WaitKind.USER, WaitKind.SERVICE)
    return _move(definition, marking, wait, _read(definition, variables)).marking


def fire(
    definition: Definition, marking: Marking, wait: Wait, variables: Variables
) -> Marking:
    """Let a deadline pass that the marking waits for."""
    _expect(wait, WaitKind.DEADLINE)
    return _move(definition, marking, wait, _read(definition, variables)).marking


def receive(
    definition: Definition, marking: Marking, wait: Wait, variables: Variables
) -> Marking:
    """Deliver a message that the marking waits for."""
    _expect(wait, WaitKind.MESSAGE)
    return _move(definition, marking, wait, _read(definition, variables)).marking


def move(
    definition: Definition, marking: Marking, wait: Wait, variables: Variables
) -> Marking:
    """Let a wait of any kind be over, for whoever goes through all of them."""
    return _move(definition, marking, wait, _read(definition, variables)).marking


def carried(
    definition: Definition, marking: Marking, wait: Wait, variables: Variables
) -> dict[Wait, Wait]:
    """Which waits outlast the move, and how each is called after it.

    A deadline that is still here runs on; one of the same name that is not begins anew, as in a
    loop that comes back to its task at once. Ordinals may shift when a token moves away.
    """
    return dict(_move(definition, marking, wait, _read(definition, variables)).carried)


def chosen(
    definition: Definition, marking: Marking, wait: Wait | None, variables: Variables
) -> tuple[tuple[str, str], ...]:
    """Each gateway that chooses a way in this move, in order, and the element after it.

    Without a wait, those of the start. An element is named as in `definition.elements`.
    """
    return _chosen(definition, marking, wait, _read(definition, variables))


def place(definition: Definition, path: tuple[str, ...]) -> Marking:
    """A marking with one token on an element; `path` leads down to it from the top process.

    `definition.path` knows the path to each element. Raises BadDefinition for an unknown element,
    ProcessStuck for one on which nothing waits.
    """
    tree = trees.grow(definition, _chain(path), {})
    there = [t for t in waits.of(tree).values() if t.task.task_spec.name == path[-1]]
    if waits.places_of(tree) != _chain(path) or not there:
        raise ProcessStuck(N_("Không có gì chờ ở “%(id)s”."), id="/".join(path))
    return _marking(tree, None)


def standing(definition: Definition, marking: Marking) -> str | None:
    """The element that the only token stands on; None where there are several, or none."""
    if marking.ended is not None or markings.tokens_of(marking.text) is not None:
        return None
    path = markings.path_to(marking.text)
    return next((id_ for id_ in definition.elements if definition.path(id_) == path), None)


class _Move(NamedTuple):
    marking: Marking
    carried: tuple[tuple[Wait, Wait], ...]


def _expect(wait: Wait, *kinds: WaitKind) -> None:
    if wait.kind not in kinds:
        message = f"{wait} is not for this"
        raise ValueError(message)


def _read(definition: Definition, variables: Variables) -> str:
    """What conditions may read, as text: values of any JSON kind can be remembered by it."""
    return json.dumps(
        {name: value for name, value in variables.items() if name in definition.reads},
        sort_keys=True,
    )


@lru_cache(maxsize=1_000)
def _start(definition: Definition, read: str) -> Marking:
    tree = trees.seed(definition, json.loads(read))
    return _marking(tree, trees.run(tree))


@lru_cache(maxsize=REMEMBERED_MOVES)
def _move(definition: Definition, marking: Marking, wait: Wait, read: str) -> _Move:
    tree = _loaded(definition, marking, json.loads(read))
    before = waits.of(tree)
    if wait not in marking.waits or wait not in before:
        message = f"the marking does not wait for {wait}"
        raise ValueError(message)
    waits.act(before[wait])
    ended = trees.run(tree)
    after = {target: wait for wait, target in waits.of(tree).items()}
    kept = [(old, after[target]) for old, target in before.items() if target in after]
    return _Move(_marking(tree, ended), tuple(kept))


@lru_cache(maxsize=1_000)
def _chosen(
    definition: Definition, marking: Marking, wait: Wait | None, read: str
) -> tuple[tuple[str, str], ...]:
    variables = json.loads(read)
    if wait is None:
        tree = trees.seed(definition, variables)
    else:
        tree = _loaded(definition, marking, variables)
        waits.act(waits.of(tree)[wait])
    taken: trees.Taken = []
    trees.run(tree, taken)
    return tuple(taken)


def _loaded(definition: Definition, marking: Marking, variables: Variables) -> Any:
    """The tree of a marking. With one token, what is not waited for beside it has passed."""
    places = markings.tokens_of(marking.text)
    if places is not None:
        return trees.grow(definition, places, variables)
    tree = trees.grow(definition, _chain(markings.path_to(marking.text)), variables)
    for wait, target in waits.of(tree).items():
        if wait not in marking.waits:
            target.task.cancel()
    return tree


def _chain(path: tuple[str, ...]) -> tuple[Place, ...]:
    places: tuple[Place, ...] = ()
    for element in reversed(path):
        places = (Place(element, inside=places),)
    return places


def _marking(tree: Any, ended: str | None) -> Marking:
    awaited = tuple(sorted(waits.of(tree)))
    places = waits.places_of(tree)
    if ended is None and not awaited:
        raise ProcessStuck(
            N_("Quy trình không còn chờ gì mà chưa kết thúc, dừng ở “%(ids)s”."),
            ids=", ".join(sorted({place.element for place in places})),
        )
    return markings.written(places, awaited, ended)
