"""R5 of trust.md: when many reach for one task at one moment, one gets it, the rest are told."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models import session as sessions
from models.history import EventKind, HistoryEvent
from models.process import ProcessInstance
from models.tasks import Draft, UserTask
from tests import factories
from tests.conftest import NOW, connect
from workflows import drafts, history, messages, tasks
from workflows.errors import WorkflowError
from workflows.submissions import Entry

pytestmark = [pytest.mark.trust, pytest.mark.timeout(600)]
THREADS, SERVERS = 16, 4
ROUNDS = 200
WON = "won"
QUEUE = f"unit_officer:{factories.UNIT}"
PEOPLE = [factories.stand_in(1_000 + n, QUEUE) for n in range(THREADS)]
WITHDRAWN: dict[str, object] = {"outcome": "withdraw"}
Act = Callable[[Session, int, int], object]


@pytest.fixture
def engines(databases) -> Iterator[list[Engine]]:
    """Several servers on one database; each of their threads has a connection of its own."""
    url = databases.copy("province")
    made = [connect(url) for _ in range(SERVERS)]
    yield made
    for engine in made:
        engine.dispose()


def open_tasks(engine: Engine, count: int) -> list[int]:
    """Nominations at their first step: the ids of their tasks."""
    with sessions.transaction(engine) as session:
        begun = [factories.begin(session, has_papers=False) for _ in range(count)]
        return [factories.open_task(session, nomination).id for nomination in begun]


def race(engines: list[Engine], subjects: list[int], act: Act) -> list[Counter[str]]:
    """For each subject, let all threads go at once; gives how often each thing came of it."""
    outcomes = [[""] * THREADS for _ in subjects]
    start = Barrier(THREADS, timeout=60)

    def run(number: int) -> None:
        for turn, subject in enumerate(subjects):
            start.wait()
            outcomes[turn][number] = attempt(
                engines[number % len(engines)], act, subject, number
            )

    threads = [Thread(target=run, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [Counter(turn) for turn in outcomes]


def attempt(engine: Engine, act: Act, subject: int, number: int) -> str:
    """What came of one act: that it was carried out, or the name of what was raised."""
    try:
        with sessions.transaction(engine) as session:
            act(session, subject, number)
    except WorkflowError as error:
        return type(error).__name__
    except Exception as error:  # noqa: BLE001 - any other error is what the test looks for
        return f"{type(error).__module__}.{type(error).__name__}"
    return WON


def anomalies(
    rounds: list[Counter[str]], allowed: tuple[str, ...] = ("TaskChanged",)
) -> list[str]:
    """The rounds in which not exactly one won, or the others were told something else."""
    return [
        f"round {number}: {dict(outcomes)}"
        for number, outcomes in enumerate(rounds)
        if outcomes[WON] != 1 or sum(outcomes[name] for name in allowed) != THREADS - 1
    ]


def claim(session: Session, task_id: int, number: int) -> object:
    return tasks.claim(session, task_id, actor=PEOPLE[number], now=NOW)


def complete(session: Session, task_id: int, number: int) -> object:
    return send(session, task_id, number, key=f"{task_id}-{number}")


def send(session: Session, task_id: int, number: int, *, key: str) -> object:
    return tasks.complete(
        session,
        task_id,
        actor=PEOPLE[number],
        now=NOW,
        revision=1,
        command_key=key,
        entry=Entry("prepare_nomination", content=WITHDRAWN),
        variables=WITHDRAWN,
    )


def withdraw(session: Session, task_id: int, number: int) -> object:
    return messages.receive(
        session,
        session.get_one(UserTask, task_id).instance_id,
        message="withdrawal",
        actor=PEOPLE[number],
        post=PEOPLE[number].posts[0],
        now=NOW,
        command_key=f"{task_id}-{number}",
        entry=Entry("withdraw", content=WITHDRAWN),
        variables=WITHDRAWN,
    )


def halves(even: Act, odd: Act) -> Act:
    """Half of the threads do one thing, the other half the other."""
    return lambda session, task_id, number: (even, odd)[number % 2](
        session, task_id, number
    )


def told(engine: Engine, kind: EventKind) -> list[tuple[object, int | None]]:
    """The task and the actor of every event of a kind."""
    with sessions.reading(engine) as session:
        events = session.scalars(select(HistoryEvent).where(HistoryEvent.kind == kind))
        return [(history.details(event)["task"], event.actor_id) for event in events]


def faults(engine: Engine) -> list[object]:
    with sessions.reading(engine) as session:
        return [fault for _instance, fault in history.verify_all(session) if fault]


def test_claim_has_one_winner(engines, size):
    subjects = open_tasks(engines[0], size(ROUNDS))

    assert anomalies(race(engines, subjects, claim)) == []

    with sessions.reading(engines[0]) as session:
        holders = session.execute(select(UserTask.id, UserTask.assignee_id)).all()
    assert sorted(told(engines[0], EventKind.TASK_CLAIMED)) == sorted(map(tuple, holders))
    assert faults(engines[0]) == []


def test_complete_has_one_winner(engines, size):
    subjects = open_tasks(engines[0], size(100))

    assert anomalies(race(engines, subjects, complete)) == []

    completed = [task for task, _actor in told(engines[0], EventKind.TASK_COMPLETED)]
    assert sorted(completed) == subjects
    assert faults(engines[0]) == []


def test_claim_against_complete_leaves_the_task_with_one_person(engines, size):
    subjects = open_tasks(engines[0], size(100))

    rounds = race(engines, subjects, halves(claim, complete))

    assert anomalies(rounds) == []
    assert sorted(t for t, _ in told(engines[0], EventKind.TASK_CLAIMED)) == subjects
    assert faults(engines[0]) == []


def test_complete_against_withdrawal_ends_the_case_once(engines, size):
    subjects = open_tasks(engines[0], size(100))

    rounds = race(engines, subjects, halves(withdraw, complete))

    assert anomalies(rounds, ("TaskChanged", "MessageNotAwaited")) == []
    with sessions.reading(engines[0]) as session:
        ended = HistoryEvent.kind == EventKind.INSTANCE_ENDED
        ends = session.scalars(select(HistoryEvent.instance_id).where(ended)).all()
        assert sorted(ends) == sorted(session.scalars(select(ProcessInstance.id)))
    assert faults(engines[0]) == []


def test_same_command_key_from_all_threads_has_one_effect(engines, size):
    subjects = open_tasks(engines[0], size(50))

    rounds = race(
        engines, subjects, lambda s, task, _n: send(s, task, 0, key=f"once-{task}")
    )

    assert rounds == [Counter({WON: THREADS})] * len(subjects)
    assert sorted(t for t, _ in told(engines[0], EventKind.TASK_COMPLETED)) == subjects
    assert faults(engines[0]) == []


def test_creation_with_one_command_key_makes_one_nomination(engines, size):
    keys = range(size(50))

    def create(session: Session, number: int, _thread: int) -> object:
        return factories.begin(session, key=f"create-{number}", has_papers=False)

    assert race(engines, list(keys), create) == [Counter({WON: THREADS})] * len(keys)

    with sessions.reading(engines[0]) as session:
        assert len(session.scalars(select(ProcessInstance.id)).all()) == len(keys)
    assert faults(engines[0]) == []


def test_draft_saved_by_all_threads_is_one_draft(engines):
    (task_id,) = open_tasks(engines[0], 1)

    def save(session: Session, _turn: int, number: int) -> None:
        fields = [["achievements", f"Bản nháp {number}"]]
        drafts.save(session, task_id, actor=PEOPLE[0], fields=fields, now=NOW)

    assert race(engines, [1], save) == [Counter({WON: THREADS})]
    with sessions.reading(engines[0]) as session:
        assert len(session.scalars(select(Draft)).all()) == 1


def test_claim_without_the_lock_is_caught(engines, monkeypatch):
    subjects = open_tasks(engines[0], 20)
    monkeypatch.setattr(tasks, "_HELD", tasks._SEEN)
    monkeypatch.setattr(sessions, "transaction", deferred)

    assert anomalies(race(engines, subjects, claim)) != []


@contextmanager
def deferred(engine: Engine) -> Iterator[Session]:
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session
