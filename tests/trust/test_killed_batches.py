"""R1 and R7 of trust.md for acts on many: killed at any statement, carried on, each done once."""

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from awards import batches
from models.batches import Batch, BatchItem, BatchState, ItemState
from models.history import EventKind, HistoryEvent
from models.process import ProcessInstance
from models.session import reading, transaction
from tests import factories
from tests.conftest import NOW, Databases, connect
from tests.trust.batching import AT_ONCE
from tests.trust.mortals import Mortals
from tests.trust.sizes import on_sqlite_at_least
from tests.trust.test_migrations import drop, duplicate
from workflows import history
from workflows.replay import replay
from workflows.submissions import Entry

pytestmark = [pytest.mark.trust, pytest.mark.timeout(600)]
STEP = "approve_by_unit"
QUEUE = f"unit_head:{factories.UNIT}"
ENTRY = Entry(STEP, content={"outcome": "approve", "opinion": "Đồng ý."})
TASKS = 2 * AT_ONCE + 1  # two full transactions, and one that is not


@pytest.fixture(scope="module")
def mortals() -> Iterator[Mortals]:
    made = Mortals("tests.trust.batching")
    yield made
    made.close()


def confirmed(url: str) -> int:
    """A batch that waits to be carried out."""
    engine = connect(url)
    with transaction(engine) as session:
        head = factories.actor(session, QUEUE)
        begun = [factories.begin_at(session, STEP) for _ in range(TASKS)]
        chosen = [factories.open_task(session, nomination) for nomination in begun]
        batch = batches.freeze(
            session,
            {task.id: task.revision for task in chosen},
            actor=head,
            suits=lambda form: form == STEP,
            command_key="choose",
            now=NOW,
        )
        batches.confirm(
            session,
            batch.id,
            actor=head,
            entry=ENTRY,
            variables={"outcome": "approve"},
            command_key="confirm",
            now=NOW,
        )
        number = batch.id
    if engine.dialect.name == "sqlite":  # to be copied as one file
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return number


def whats_wrong(url: str, number: int) -> list[str]:
    """What a batch that was carried on has left other than it should."""
    engine = connect(url)
    with reading(engine) as session:
        found = list(_unfinished(session, number)) + list(_not_once(session, number))
        for instance in session.scalars(select(ProcessInstance)):
            faults = (history.verify(session, instance), replay(session, instance))
            found += [f"broken: {fault}" for fault in faults if fault]
    engine.dispose()
    return found


def _unfinished(session: Session, number: int) -> Iterator[str]:
    batch = session.get_one(Batch, number)
    if (batch.state, batch.done) != (BatchState.DONE, TASKS):
        yield f"unfinished: {batch.state}, {batch.done} done"
    items = session.scalars(select(BatchItem).where(BatchItem.batch_id == number))
    yield from (f"failed: {i.message}" for i in items if i.state != ItemState.DONE)


def _not_once(session: Session, number: int) -> Iterator[str]:
    query = select(HistoryEvent).where(HistoryEvent.kind == EventKind.TASK_COMPLETED)
    told = (history.details(event) for event in session.scalars(query))
    times = Counter(details["task"] for details in told if details.get("batch") == number)
    query_items = select(BatchItem.task_id).where(BatchItem.batch_id == number)
    for task in session.scalars(query_items):
        if times[task] != 1:
            yield f"not once: task {task} was completed {times[task]} times"


@pytest.fixture
def template(databases: Databases) -> tuple[str, int]:
    url = databases.copy("province")
    return url, confirmed(url)


def test_batch_killed_anywhere_is_carried_on(databases, template, mortals, pytestconfig):
    url, number = template
    whole = duplicate(databases, url)
    total = int(mortals.run(whole, number, 0))
    assert whats_wrong(whole, number) == []
    assert total > 2 * TASKS / AT_ONCE
    for kill_at in range(1, total + 1, 1 if pytestconfig.getoption("full") else 6):
        copy = duplicate(databases, url)

        assert mortals.run(copy, number, kill_at) == "killed"
        assert mortals.run(copy, number, 0).isdecimal(), f"after {kill_at} of {total}"

        assert whats_wrong(copy, number) == [], f"{kill_at} of {total}"
        drop(databases, copy)


@on_sqlite_at_least
def test_results_kept_before_the_acts_are_caught(databases, template, mortals):
    url, number = template
    kinds: set[str] = set()
    for kill_at in range(4, 20):
        copy = duplicate(databases, url)
        mortals.run(copy, number, -kill_at)
        mortals.run(copy, number, 0)
        kinds |= {sentence.partition(":")[0] for sentence in whats_wrong(copy, number)}

    assert kinds == {"not once"}
