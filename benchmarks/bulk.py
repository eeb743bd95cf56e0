"""Five hundred approvals in one act of ours, against Viewflow, which completes them one by one."""

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from typing import Any

from benchmarks.acts import ACTOR, ANSWER, ENTRY, Ours, assign_and_complete, started
from benchmarks.databases import NOW
from benchmarks.measuring import ROUNDS, Result, Side, interleave, timed
from benchmarks.peer.running import Peer

SIZE = 500
PEER_SIZE = 50  # what one of them takes does not depend on how many there are
_NUMBERS = count(1)


def measure(kind: str, ours: Ours, peer: Peer, rounds: int = ROUNDS) -> list[Result]:
    """Milliseconds per nomination. Without `workflows.bulk` only the peer's side is known."""

    def peer_acts() -> Iterator[float]:
        for key in [peer.start(started()) for _ in range(PEER_SIZE)]:
            task = peer.open_task(key)
            yield timed(lambda key=key, task=task: assign_and_complete(peer, key, task))  # type: ignore[misc] # mypy and defaults

    complete = _operation()
    theirs = Side("viewflow", peer_acts)
    if complete is None:
        print(
            f"bulk_approve ({kind}): workflows.bulk is not there yet, our side is skipped"
        )
        interleave(theirs, rounds=rounds)
        return [Result("bulk_approve_peer", kind, theirs.seconds * 1_000, "ms")]

    def our_acts() -> Iterator[float]:
        tasks = [ours.open_task(ours.start()) for _ in range(SIZE)]
        yield timed(lambda: complete(ours, tasks)) / SIZE

    mine = Side("ours", our_acts)
    interleave(mine, theirs, rounds=rounds)
    ratio = theirs.seconds / mine.seconds
    return [Result("bulk_approve", kind, mine.seconds * 1_000, "ms", "viewflow", ratio)]


def _operation() -> Callable[[Ours, list[tuple[int, int]]], None] | None:
    """Our act on tasks given by id and revision. The one place that names its arguments."""
    if find_spec("workflows.bulk") is None:
        return None
    bulk: Any = import_module("workflows.bulk")

    def complete(ours: Ours, tasks: list[tuple[int, int]]) -> None:
        with ours.transaction() as session:
            bulk.complete(
                session,
                tasks,
                actor=ACTOR,
                now=NOW,
                command_key=f"bulk-{next(_NUMBERS)}",
                entry=ENTRY,
                variables={"outcome": ANSWER["outcome"]},
            )

    return complete
