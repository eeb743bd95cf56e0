"""What one act costs: completing a task and starting an instance, ours, Viewflow's, and raw SQL.

The process is the same, walked the same way: eight steps from `prepare_nomination` to
`decide_by_chairman`. Nothing of the business is on any side: no facts, no papers, no numbers.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from itertools import count

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from awards.demo import catalogue
from benchmarks.databases import NOW
from benchmarks.measuring import ROUNDS, Result, Side, compared, interleave, timed
from benchmarks.peer.running import Peer
from benchmarks.replay import Driver, Recorder
from models.session import transaction
from models.tasks import OPEN, UserTask
from workflows import deployments, instances, tasks
from workflows.actors import Actor, Post
from workflows.submissions import Entry

STEPS = 8
CASES = 12  # a round; times eight steps
_NUMBERS = count(1)
VARIABLES: dict[str, object] = {
    "unit": "SO-TP",
    "block": "K01",
    "award": catalogue.AWARD,
}
_OPINION = "Hồ sơ đầy đủ, đúng đối tượng, đủ tiêu chuẩn; đề nghị chuyển bước tiếp theo."
ANSWER = {"outcome": "approve", "opinion": _OPINION, "reason": ""}
ENTRY = Entry("measured", content=dict(ANSWER))
_ROLES = (
    "unit_officer:SO-TP",
    "unit_head:SO-TP",
    "block_lead:K01",
    "department_clerk",
    "department_specialist",
    "department_head",
    "office_specialist",
    "chairman",
    "records_clerk",
)
ACTORS = {  # nobody may do two steps of one nomination
    role: Actor(n, f"Người đo {n}", (Post(n, role, "Chuyên viên", ""),))
    for n, role in enumerate(_ROLES, 1)
}
ACTOR = ACTORS[_ROLES[0]]


class Ours:
    """Our own acts, one transaction each."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._whose: dict[int, Actor] = {}

    def transaction(self) -> AbstractContextManager[Session]:
        """One act."""
        return transaction(self.engine)

    def start(self) -> int:
        """Start an instance; gives its id."""
        with transaction(self.engine) as session:
            return self.start_in(session)

    def start_in(self, session: Session) -> int:
        """As `start`, in a transaction that stands open."""
        return instances.start(
            session,
            deployments.latest(session, catalogue.PROCESS),
            business_key=f"B-{next(_NUMBERS)}",
            variables=dict(VARIABLES),
            actor=ACTOR,
            post=ACTOR.posts[0],
            now=NOW,
        ).id

    def open_task(self, instance_id: int) -> tuple[int, int]:
        """Id and revision of the task where an instance waits; whose it is, is remembered."""
        query = select(UserTask.id, UserTask.revision, UserTask.queue).where(
            UserTask.instance_id == instance_id, UserTask.state.in_(OPEN)
        )
        with Session(self.engine) as session:
            task_id, revision, queue = session.execute(query).one()
            self._whose[task_id] = ACTORS[queue]
            return task_id, revision

    def claim(self, task_id: int) -> None:
        """Take a task."""
        with transaction(self.engine) as session:
            tasks.claim(session, task_id, actor=self._whose[task_id], now=NOW)

    def complete(self, task_id: int, revision: int) -> None:
        """Complete a task, claiming it on the way if nobody has."""
        with transaction(self.engine) as session:
            self.complete_in(task_id, revision, session)

    def complete_in(self, task_id: int, revision: int, session: Session) -> None:
        """As `complete`, in a transaction that stands open."""
        tasks.complete(
            session,
            task_id,
            actor=self._whose[task_id],
            now=NOW,
            revision=revision,
            command_key=f"key-{next(_NUMBERS)}",
            entry=ENTRY,
            variables={"outcome": "approve"},
        )


def measure(kind: str, ours: Ours, peer: Peer, rounds: int = ROUNDS) -> list[Result]:
    """The figures of single acts on one database."""
    recorder, driver = Recorder(ours.engine), Driver(ours.engine)
    try:
        return [
            *_completing(kind, ours, peer, recorder, driver, rounds),
            *_completing_claimed(kind, ours, peer, rounds),
            *_starting(kind, ours, peer, recorder, driver, rounds),
        ]
    finally:
        driver.close()


def _completing(
    kind: str, ours: Ours, peer: Peer, recorder: Recorder, driver: Driver, rounds: int
) -> list[Result]:
    """A ready task, taken and completed: one act of ours, two of Viewflow's."""

    def our_acts() -> Iterator[float]:
        for instance_id in [ours.start() for _ in range(CASES)]:
            for _ in range(STEPS):
                task = ours.open_task(instance_id)
                yield timed(partial(ours.complete, *task))

    def peer_acts() -> Iterator[float]:
        for key in [peer.start(started()) for _ in range(CASES)]:
            for _ in range(STEPS):
                task = peer.open_task(key)
                yield timed(partial(assign_and_complete, peer, key, task))

    def raw_acts() -> Iterator[float]:
        for instance_id in [ours.start() for _ in range(CASES)]:
            for _ in range(STEPS):
                task = ours.open_task(instance_id)
                sent = recorder.record(partial(ours.complete_in, *task))
                yield timed(partial(driver.send, sent))

    sides = (Side("ours", our_acts), Side("viewflow", peer_acts), Side("raw sql", raw_acts))
    interleave(*sides, rounds=rounds)
    return compared("complete_task", kind, *sides)


def _completing_claimed(kind: str, ours: Ours, peer: Peer, rounds: int) -> list[Result]:
    """A task that was taken before: one act on either side."""

    def our_acts() -> Iterator[float]:
        for instance_id in [ours.start() for _ in range(CASES)]:
            for _ in range(STEPS):
                task_id, _revision = ours.open_task(instance_id)
                ours.claim(task_id)
                task = ours.open_task(instance_id)
                yield timed(partial(ours.complete, *task))

    def peer_acts() -> Iterator[float]:
        for key in [peer.start(started()) for _ in range(CASES)]:
            for _ in range(STEPS):
                task = peer.open_task(key)
                peer.assign(key, task)
                yield timed(partial(peer.complete, key, task, ANSWER))

    sides = Side("ours", our_acts), Side("viewflow", peer_acts)
    interleave(*sides, rounds=rounds)
    return compared("complete_claimed_task", kind, *sides)


def _starting(
    kind: str, ours: Ours, peer: Peer, recorder: Recorder, driver: Driver, rounds: int
) -> list[Result]:
    def our_acts() -> Iterator[float]:
        for _ in range(CASES * 4):
            yield timed(ours.start)

    def peer_acts() -> Iterator[float]:
        for _ in range(CASES * 4):
            yield timed(lambda: peer.start(started()))

    def raw_acts() -> Iterator[float]:
        for _ in range(CASES * 4):
            sent = recorder.record(ours.start_in)
            yield timed(partial(driver.send, sent))

    sides = (Side("ours", our_acts), Side("viewflow", peer_acts), Side("raw sql", raw_acts))
    interleave(*sides, rounds=rounds)
    return compared("start_instance", kind, *sides)


def assign_and_complete(peer: Peer, process_key: int, task_key: int) -> None:
    """Take a task and complete it, as Viewflow has it: two acts."""
    peer.assign(process_key, task_key)
    peer.complete(process_key, task_key, ANSWER)


def started() -> dict[str, str]:
    """What a process of Viewflow's starts with."""
    return {name: str(value) for name, value in VARIABLES.items()}
