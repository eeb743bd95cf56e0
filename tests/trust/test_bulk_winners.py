"""R5 of trust.md, for many tasks at once: whoever reaches for them, each has one winner."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models import session as sessions
from models.history import EventKind, HistoryEvent
from tests import factories
from tests.conftest import NOW, connect
from workflows import bulk, history, tasks
from workflows.errors import TaskChanged
from workflows.submissions import Entry

pytestmark = [pytest.mark.trust, pytest.mark.timeout(600)]
THREADS = 8
QUEUE = f"unit_officer:{factories.UNIT}"
PEOPLE = [factories.stand_in(1_000 + n, QUEUE) for n in range(THREADS)]
WITHDRAWN: dict[str, object] = {"outcome": "withdraw"}
ENTRY = Entry("withdraw_many", content=WITHDRAWN)
Act = Callable[[Engine, list[int], int], Counter[int]]


@pytest.fixture
def engines(databases) -> Iterator[list[Engine]]:
    url = databases.copy("province")
    made = [connect(url) for _ in range(THREADS)]
    yield made
    for engine in made:
        engine.dispose()


def open_tasks(engine: Engine, count: int) -> list[int]:
    with sessions.transaction(engine) as session:
        begun = [factories.begin(session, has_papers=False) for _ in range(count)]
        return [factories.open_task(session, nomination).id for nomination in begun]


def together(engine: Engine, subjects: list[int], number: int) -> Counter[int]:
    """Complete half of all in one act, in an order of one's own; gives those that were won."""
    asked = random.Random(number).sample(subjects, len(subjects) // 2)
    with sessions.transaction(engine) as session:
        results = bulk.complete(
            session,
            dict.fromkeys(asked, 1),
            actor=PEOPLE[number],
            now=NOW,
            command_key=f"bulk-{number}",
            entry=ENTRY,
            variables=WITHDRAWN,
            batch=number,
        )
    assert [r for r in results if r.error and not isinstance(r.error, TaskChanged)] == []
    return Counter(result.task_id for result in results if not result.error)


def one_by_one(engine: Engine, subjects: list[int], number: int) -> Counter[int]:
    won: Counter[int] = Counter()
    for task_id in random.Random(number).sample(subjects, len(subjects) // 2):
        try:
            with sessions.transaction(engine) as session:
                send(session, task_id, number)
        except TaskChanged:
            continue
        won[task_id] += 1
    return won


def send(session: Session, task_id: int, number: int) -> None:
    tasks.complete(
        session,
        task_id,
        actor=PEOPLE[number],
        now=NOW,
        revision=1,
        command_key=f"{task_id}-{number}",
        entry=ENTRY,
        variables=WITHDRAWN,
    )


def race(engines: list[Engine], subjects: list[int], acts: tuple[Act, ...]) -> Counter[int]:
    """Let all go at once; gives how often each task was won. Anything else fails the test."""
    won: Counter[int] = Counter()
    wrong: list[Exception] = []
    start = Barrier(THREADS, timeout=60)

    def run(number: int) -> None:
        start.wait()
        try:
            won.update(acts[number % len(acts)](engines[number], subjects, number))
        except Exception as error:  # noqa: BLE001 - any error is what the test looks for
            wrong.append(error)

    threads = [Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    return won


def completed(engine: Engine) -> list[int]:
    with sessions.reading(engine) as session:
        kind = HistoryEvent.kind == EventKind.TASK_COMPLETED
        events = session.scalars(select(HistoryEvent).where(kind))
        return sorted(int(str(history.details(event)["task"])) for event in events)


def faults(engine: Engine) -> list[object]:
    with sessions.reading(engine) as session:
        return [fault for _instance, fault in history.verify_all(session) if fault]


@pytest.mark.parametrize(
    "acts", [(together,), (together, one_by_one)], ids=["bulk", "bulk and singles"]
)
def test_each_task_has_one_winner(engines, pytestconfig, acts):
    subjects = open_tasks(engines[0], 400 if pytestconfig.getoption("full") else 40)

    won = race(engines, subjects, acts)

    assert set(won.values()) == {1}
    assert completed(engines[0]) == sorted(won)
    assert len(won) > len(subjects) * 0.9  # all but what nobody happened to ask for
    assert faults(engines[0]) == []


def test_same_act_from_all_threads_has_one_effect(engines):
    subjects = open_tasks(engines[0], 20)

    def same(engine: Engine, subjects: list[int], _number: int) -> Counter[int]:
        return together(engine, subjects, 0)

    won = race(engines, subjects, (same,))

    assert set(won.values()) == {THREADS}
    assert completed(engines[0]) == sorted(won)
    assert faults(engines[0]) == []
