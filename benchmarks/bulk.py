"""Five hundred approvals in one act of ours, against Viewflow, which completes them one by one."""

from collections.abc import Iterator
from itertools import count

from benchmarks.acts import ACTOR, ANSWER, ENTRY, Ours, assign_and_complete, started
from benchmarks.databases import NOW
from benchmarks.measuring import ROUNDS, Result, Side, interleave, timed
from benchmarks.peer.running import Peer
from workflows import bulk

SIZE = 500
PEER_SIZE = 50  # what one of them takes does not depend on how many there are
_NUMBERS = count(1)


def measure(kind: str, ours: Ours, peer: Peer, rounds: int = ROUNDS) -> list[Result]:
    """Milliseconds per nomination."""

    def our_acts() -> Iterator[float]:
        revisions = dict(ours.open_task(ours.start()) for _ in range(SIZE))
        yield timed(lambda: _complete(ours, revisions)) / SIZE

    def peer_acts() -> Iterator[float]:
        for key in [peer.start(started()) for _ in range(PEER_SIZE)]:
            task = peer.open_task(key)
            yield timed(lambda key=key, task=task: assign_and_complete(peer, key, task))  # type: ignore[misc] # mypy and defaults

    mine, theirs = Side("ours", our_acts), Side("viewflow", peer_acts)
    interleave(mine, theirs, rounds=rounds)
    ratio = theirs.seconds / mine.seconds
    return [Result("bulk_approve", kind, mine.seconds * 1_000, "ms", "viewflow", ratio)]


def _complete(ours: Ours, revisions: dict[int, int]) -> None:
    with ours.transaction() as session:
        results = bulk.complete(
            session,
            revisions,
            actor=ACTOR,
            now=NOW,
            command_key=f"bulk-{next(_NUMBERS)}",
            entry=ENTRY,
            variables={"outcome": ANSWER["outcome"]},
        )
    assert not [result for result in results if result.error]
