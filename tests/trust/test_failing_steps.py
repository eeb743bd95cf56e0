"""R10 of trust.md: an automatic step that fails anywhere, in any process, can be tried again.

On ways through our processes and through random ones each call of a handler fails once, first to
last. The case waits there with its incident; tried again it stands where the token game stands, and
what the step does was done once.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext

import pytest
from sqlalchemy import Engine, func, select

from models.history import EventKind, HistoryEvent
from models.operations import Incident
from models.session import reading
from tests.conftest import connect
from tests.processes import paths
from tests.processes.paths import Process
from tests.trust import walks
from tests.trust.walks import Walk
from workflows import handlers

pytestmark = [
    pytest.mark.trust,
    pytest.mark.timeout(1800),
    pytest.mark.usefixtures("chains_alone"),
]
DRAWN = 20
DONE = "done by a handler"


class Broken(Exception):
    """What a handler's author did not think of."""


class Steps(dict[str, object]):
    """Every topic's handler: it writes a row, and fails at its so-manieth call."""

    def __init__(self) -> None:
        super().__init__()
        self.fails_at = 0
        self.calls = 0
        self.outside: list[int] = []  # what no rollback takes back

    def __getitem__(self, topic: str) -> object:
        return self._serve

    def _serve(self, session, instance, now) -> dict[str, object]:
        self.calls += 1
        self.outside.append(instance.id)
        session.add(
            Incident(
                instance_id=instance.id,
                element_id=DONE,
                topic=DONE,
                message="",
                attempts=1,
                raised_at=now,
                failed_at=now,
                resolved_at=now,
            )
        )
        if self.calls == self.fails_at:
            raise Broken
        return {}


@pytest.fixture
def steps(monkeypatch) -> Steps:
    made = Steps()
    monkeypatch.setattr("workflows.services.HANDLERS", made)
    monkeypatch.setattr(handlers, "LISTENERS", {})
    return made


@pytest.fixture
def database(databases) -> Iterator[Engine]:
    engine = connect(databases.copy("province"))
    yield engine
    engine.dispose()


def told(database: Engine, walk: Walk) -> Counter[EventKind]:
    with reading(database) as session:
        kinds = select(HistoryEvent.kind).where(HistoryEvent.instance_id == walk.id)
        return Counter(session.scalars(kinds))


def done(database: Engine, walk: Walk) -> int:
    """How often a handler's row is there."""
    with reading(database) as session:
        query = select(func.count(Incident.id))
        query = query.where(Incident.instance_id == walk.id, Incident.topic == DONE)
        return session.scalar(query) or 0


def failing_once(
    database: Engine, process: Process, steps: Steps, most: int
) -> Iterator[tuple[Walk, int]]:
    """Walks along some ways with calls on them, once for each call, which fails."""
    definition, choices = process.definition(), walks.choices(process)
    row_id = walks.deployed(database, process)
    count = 0
    for way in walks.plan(definition, choices):
        steps.calls, steps.fails_at = 0, 0
        _walked(database, process, row_id, way, choices[0])
        calls = steps.calls
        for position in range(1, calls + 1):
            steps.calls, steps.fails_at, steps.outside = 0, position, []
            yield _walked(database, process, row_id, way, choices[0])
        count += bool(calls)
        if count == most:
            return


def _walked(database, process, row_id, way, variables) -> tuple[Walk, int]:
    walk = Walk(database, process, row_id, variables)
    retries = walk.retry()
    for act in way:
        assert walk.differences() == []
        walk.act(act)
        retries += walk.retry()
    return walk, retries


def anomalies(database: Engine, walk: Walk, retries: int) -> list[str]:
    """What a failed step has left behind."""
    kinds, found = told(database, walk), [*walk.differences(), *walk.faults()]
    if retries != 1 or kinds[EventKind.INCIDENT_RAISED] != 1:
        found.append(f"{retries} retries, {kinds[EventKind.INCIDENT_RAISED]} incidents")
    if done(database, walk) != kinds[EventKind.SERVICE_COMPLETED]:
        found.append(f"a handler's row is there {done(database, walk)} times")
    return found


def every(size: Callable[[int], int]) -> list[Process]:
    return [*paths.ours(), *map(paths.drawn, range(700, 700 + size(DRAWN)))]


def test_step_that_fails_at_any_call_is_tried_again_and_done_once(database, steps, size):
    met = 0
    for process in every(size):
        for walk, retries in failing_once(database, process, steps, size(20)):
            assert anomalies(database, walk, retries) == [], process.name
            met += 1

    assert met >= size(DRAWN)


def test_what_a_handler_does_outside_the_database_is_done_twice(sqlite, steps):
    """The control: why handlers write rows, and the outbox sends."""
    database = connect(sqlite.copy("province"))
    for walk, _retries in failing_once(database, paths.ours()[0], steps, 1):
        completed = told(database, walk)[EventKind.SERVICE_COMPLETED]
        assert done(database, walk) == completed
        assert len(steps.outside) == completed + 1
    database.dispose()


def test_rows_that_outlast_the_failure_are_caught(sqlite, steps, monkeypatch):
    """The other control: the savepoint around a handler is left out."""
    monkeypatch.setattr("workflows.services._attempt", lambda *_: nullcontext())
    database = connect(sqlite.copy("province"))
    found = [
        anomalies(database, walk, retries)
        for walk, retries in failing_once(database, paths.ours()[0], steps, 1)
    ]
    database.dispose()

    assert all(found)
    assert found
