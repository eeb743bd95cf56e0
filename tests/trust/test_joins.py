"""R6 of trust.md: where five ways meet the case goes on once, though all five arrive at once."""

from collections import Counter
from collections.abc import Iterator
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from models import session as sessions
from models.history import EventKind, HistoryEvent
from models.process import ProcessInstance
from models.tasks import TaskState, UserTask
from tests.conftest import NOW, connect
from tests.trust.sizes import on_sqlite_at_least
from tests.trust.test_one_winner import WON, deferred
from tests.workflows import cases
from tests.workflows.conftest import diagram, flow
from workflows import history, instances, replay, tasks
from workflows.submissions import Entry

pytestmark = [
    pytest.mark.trust,
    pytest.mark.timeout(1200),
    pytest.mark.usefixtures("chains_alone"),
]
CASES, REVIEWERS = 500, 5
APPROVED: dict[str, object] = {"outcome": "approve"}
_ROLE = f'camunda:candidateGroups="{cases.ROLE}"'
REVIEWED_BY_FIVE = diagram(
    '<bpmn:startEvent id="begun" /><bpmn:parallelGateway id="fork" />',
    *(f'<bpmn:userTask id="review_{n}" {_ROLE} />' for n in range(REVIEWERS)),
    f'<bpmn:parallelGateway id="join" /><bpmn:userTask id="council" {_ROLE} />',
    '<bpmn:endEvent id="done" />',
    flow("begin", "begun", "fork"),
    *(flow(f"to_{n}", "fork", f"review_{n}") for n in range(REVIEWERS)),
    *(flow(f"from_{n}", f"review_{n}", "join") for n in range(REVIEWERS)),
    flow("on", "join", "council"),
    flow("finish", "council", "done"),
)


@pytest.fixture
def engines(databases) -> Iterator[list[Engine]]:
    url = databases.copy("province")
    made = [connect(url) for _ in range(REVIEWERS)]
    yield made
    for engine in made:
        engine.dispose()


def begin(engine: Engine, count: int) -> list[list[int]]:
    """Cases in review: for each the ids of its five tasks."""
    with sessions.transaction(engine) as session:
        begun = [cases.begin(session, REVIEWED_BY_FIVE) for _ in range(count)]
        return [
            [task.id for _element, task in sorted(cases.waiting(session, case).items())]
            for case in begun
        ]


def review(session: Session, task_id: int) -> None:
    tasks.complete(
        session,
        task_id,
        actor=cases.ME,
        now=NOW,
        revision=1,
        command_key=f"review-{task_id}",
        entry=Entry("review", content=APPROVED),
        variables=APPROVED,
    )


def complete_at_once(engines: list[Engine], begun: list[list[int]]) -> Counter[str]:
    """Each reviewer completes his task of one case after the other, all at the same moment."""
    start, outcomes = Barrier(REVIEWERS, timeout=60), Counter[str]()

    def work(number: int) -> None:
        for waiting in begun:
            start.wait()
            try:
                with sessions.transaction(engines[number]) as session:
                    review(session, waiting[number])
                outcomes[WON] += 1
            except Exception as error:  # noqa: BLE001 - what the test looks for
                outcomes[type(error).__name__] += 1

    threads = [Thread(target=work, args=(number,)) for number in range(REVIEWERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def joined(engine: Engine) -> Counter[int]:
    """How often the council was asked, by case."""
    with sessions.reading(engine) as session:
        query = select(UserTask.instance_id).where(UserTask.element_id == "council")
        return Counter(session.scalars(query))


def test_five_reviews_at_once_meet_once(engines, size):
    count = size(CASES)
    begun = begin(engines[0], count)

    assert complete_at_once(engines, begun) == {WON: count * REVIEWERS}

    with sessions.reading(engines[0]) as session:
        every = list(session.scalars(select(ProcessInstance)))
        done = select(func.count(HistoryEvent.id)).where(
            HistoryEvent.kind == EventKind.TASK_COMPLETED
        )
        waiting = select(UserTask.element_id).where(UserTask.state == TaskState.READY)
        assert session.scalar(done) == count * REVIEWERS
        assert Counter(session.scalars(waiting)) == {"council": count}
        assert [f for _case, f in history.verify_all(session) if f] == []
        assert [f for case in every if (f := replay.replay(session, case))] == []
    assert joined(engines[0]) == Counter({case.id: 1 for case in every})


@on_sqlite_at_least
def test_reviews_without_the_lock_are_caught(engines, monkeypatch):
    begun = begin(engines[0], 20)
    monkeypatch.setattr(tasks, "_HELD", tasks._SEEN)
    monkeypatch.setattr(tasks, "_READ", tasks._PLAIN)
    monkeypatch.setattr(sessions, "transaction", deferred)

    outcomes = complete_at_once(engines, begun)

    assert outcomes != {WON: 20 * REVIEWERS}


def test_reviews_without_lock_and_revision_do_not_meet(postgresql, monkeypatch):
    """What the lock and the revision keep away: each review overwrites where the others stood."""
    url = postgresql.copy("province")
    engines = [connect(url) for _ in range(REVIEWERS)]
    begun = begin(engines[0], 20)
    monkeypatch.setattr(tasks, "_HELD", tasks._SEEN)
    monkeypatch.setattr(tasks, "_READ", tasks._PLAIN)
    monkeypatch.setattr(history, "append", lambda *_, **__: None)
    monkeypatch.setattr(instances, "save", overwrite)

    complete_at_once(engines, begun)

    times = joined(engines[0])
    assert any(times[case] != 1 for case in range(1, 21))
    for engine in engines:
        engine.dispose()


def overwrite(session: Session, row: ProcessInstance) -> None:
    """Write a case down, whatever another has made of it meanwhile."""
    table: Any = ProcessInstance.__table__
    values = {"state_hash": row.state_hash, "variables": row.variables}
    session.expunge(row)
    session.connection().execute(table.update().where(table.c.id == row.id), values)
