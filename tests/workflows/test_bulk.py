"""Many tasks completed as one act: to each the same happens as if it were completed alone."""

import json

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from models.base import Base
from models.history import EventKind
from models.tasks import Draft, TaskState, UserTask
from tests import factories
from tests.conftest import NOW
from workflows import bulk, commands, drafts, handlers, history, states, submissions, tasks
from workflows.actors import Actor
from workflows.bulk import Result
from workflows.errors import ActFailed, NotAllowed, TaskChanged, UnknownOutcome
from workflows.submissions import Entry

QUEUE = f"unit_head:{factories.UNIT}"
ME, COLLEAGUE = factories.stand_in(1_001, QUEUE), factories.stand_in(1_002, QUEUE)
KEY = "many at once"
COUNTS = {"revision", "sequence", "history_length", "priority", "state", "kind"}
HASH = 64
CASES = [
    ("approve_by_unit", "approve"),
    ("approve_by_unit", "return"),
    ("approve_by_unit", "withdraw"),
    ("appraise", "approve"),
    ("approve_by_department", "approve"),
    ("approve_by_department", "refuse"),
    ("check_by_office", "approve"),
    ("decide_by_chairman", "approve"),
    ("decide_by_chairman", "refuse"),
]


def waiting(session: Session, step: str, count: int) -> list[UserTask]:
    """Tasks that wait at a step, the oldest first."""
    begun = [factories.begin_at(session, step) for _ in range(count)]
    return [factories.open_task(session, nomination) for nomination in begun]


def entry(step: str, outcome: str) -> Entry:
    return Entry(step, content={"outcome": outcome, "reason": "Như đã trao đổi."})


def complete(
    session: Session,
    found: list[UserTask],
    outcome: str = "approve",
    *,
    actor: Actor = ME,
    key: str = KEY,
    batch: int | None = None,
    **changes: int,
) -> list[Result]:
    seen = {task.id: task.revision for task in found}
    return bulk.complete(
        session,
        seen | {int(number): revision for number, revision in changes.items()},
        actor=actor,
        now=NOW,
        command_key=key,
        entry=entry(found[0].element_id, outcome),
        variables={"outcome": outcome},
        batch=batch,
    )


def errors(results: list[Result]) -> list[object]:
    return [type(result.error) if result.error else None for result in results]


def all_rows(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Everything there is; where numbers come from sequences, without them and their hashes."""
    found = factories.everything(session)
    found["deadline"] = [row[1:] for row in found["deadline"]]  # nobody names one by its id
    if session.connection().dialect.name == "sqlite":
        return found
    columns = {t.name: [c.name for c in t.columns] for t in Base.metadata.sorted_tables}
    columns["deadline"].remove("id")
    return {
        name: sorted(
            (
                tuple(
                    _unnumbered(value)
                    for column, value in zip(columns[name], row, strict=True)
                    if column in COUNTS or not isinstance(value, int)
                )
                for row in rows
            ),
            key=repr,
        )
        for name, rows in found.items()
    }


def _unnumbered(value: object) -> object:
    if isinstance(value, str) and value.startswith("{"):
        return _unnumbered(json.loads(value))
    if isinstance(value, dict):
        return {k: _unnumbered(v) for k, v in value.items() if not isinstance(v, int)}
    return None if isinstance(value, str) and len(value) == HASH else value


@pytest.mark.parametrize(("step", "outcome"), CASES)
def test_bulk_leaves_the_same_rows_as_singles(db, monkeypatch, step, outcome):
    monkeypatch.setattr(submissions, "fresh_salt", lambda: b"0123456789abcdef")
    found = waiting(db, step, 4)
    person = factories.actor(db, found[0].queue)
    tasks.claim(db, found[1].id, actor=person, now=NOW)
    for number in (person.id, 1_002):
        drafter = factories.stand_in(number, found[2].queue)
        drafts.save(db, found[2].id, actor=drafter, fields=[["reason", "x"]], now=NOW)
    states.load(db, found[0].instance.state_hash)  # a first look counts up revisions
    with db.begin_nested() as singles:
        for task in found:
            tasks.complete(
                db,
                task.id,
                actor=person,
                now=NOW,
                revision=task.revision,
                command_key=commands.part_of(KEY, task.id),
                entry=entry(step, outcome),
                variables={"outcome": outcome},
            )
        expected = all_rows(db)
        singles.rollback()
    db.expire_all()

    results = complete(db, found, outcome, actor=person)

    assert errors(results) == [None] * 4
    assert all_rows(db) == expected
    assert [history.verify(db, task.instance) for task in found] == [None] * 4


def test_bulk_names_the_batch_in_each_event(db):
    found = waiting(db, "approve_by_unit", 2)

    complete(db, found, batch=812)

    told = {
        history.details(event).get("batch")
        for task in found
        for event in history.of(db, task.instance_id)
        if event.kind == EventKind.TASK_COMPLETED
        and history.details(event)["task"] == task.id
    }
    assert told == {812}


def test_bulk_tells_of_each_task_what_stood_against_it(db):
    good, closed, taken, changed = waiting(db, "approve_by_unit", 4)
    (elsewhere,) = waiting(db, "appraise", 1)
    tasks.claim(db, taken.id, actor=COLLEAGUE, now=NOW)
    complete(db, [closed], key="before")
    seen = [good, closed, taken, changed, elsewhere]

    results = complete(db, seen, **{str(changed.id): changed.revision - 1, "999999": 1})

    assert errors(results) == [
        None,
        TaskChanged,
        TaskChanged,
        TaskChanged,
        NotAllowed,
        NotAllowed,
    ]
    assert [result.task_id for result in results] == [*(t.id for t in seen), 999_999]
    db.expire_all()
    states = [good.state, taken.state, changed.state, elsewhere.state]
    assert states == [TaskState.COMPLETED, TaskState.CLAIMED, *[TaskState.READY] * 2]


def test_bulk_refuses_an_outcome_that_the_step_has_not(db):
    found = waiting(db, "approve_by_unit", 2)
    before = factories.everything(db)

    assert errors(complete(db, found, "refuse")) == [UnknownOutcome] * 2
    assert factories.everything(db) == before


def test_bulk_with_one_key_sent_again_changes_nothing(db):
    found = waiting(db, "approve_by_unit", 3)
    complete(db, found)
    before = factories.everything(db)

    assert errors(complete(db, found)) == [None] * 3
    assert factories.everything(db) == before


def test_bulk_with_another_key_finds_the_tasks_changed(db):
    found = waiting(db, "approve_by_unit", 2)
    complete(db, found)

    assert errors(complete(db, found, key="other")) == [TaskChanged] * 2


def test_bulk_keeps_the_drafts_of_tasks_that_were_not_completed(db):
    good, changed = waiting(db, "approve_by_unit", 2)
    for task in (good, changed):
        drafts.save(db, task.id, actor=ME, fields=[], now=NOW)

    complete(db, [good, changed], **{str(changed.id): 0})

    assert db.scalars(select(Draft.task_id)).all() == [changed.id]


@pytest.mark.parametrize("is_pure", [True, False])
@pytest.mark.parametrize(
    ("raised", "told"), [(TaskChanged(), TaskChanged), (KeyError("x"), ActFailed)]
)
def test_bulk_failure_of_one_leaves_the_others(db, monkeypatch, is_pure, raised, told):
    found = waiting(db, "approve_by_unit", 3)
    unlucky = found[1]

    def listener(session, task, *_rest):
        if not is_pure:
            session.execute(
                update(UserTask).where(UserTask.id == task.id).values(priority=99)
            )
        if task.id == unlucky.id:
            raise raised
        return {"heard": task.id}

    monkeypatch.setitem(handlers.LISTENERS, "approve_by_unit", listener)
    if is_pure:
        monkeypatch.setattr(handlers, "PURE", {"approve_by_unit"})
    length = unlucky.instance.history_length

    results = complete(db, found)

    assert errors(results) == [None, told, None]
    db.expire_all()
    assert unlucky.state == TaskState.READY
    assert unlucky.priority != 99
    assert unlucky.instance.history_length == length
    assert [task.instance.variables.get("heard") for task in found] == [
        found[0].id,
        None,
        found[2].id,
    ]
    assert [history.verify(db, task.instance) for task in found] == [None] * 3


def test_bulk_completes_two_tasks_of_one_instance_one_after_the_other(db):
    (first,) = waiting(db, "approve_by_unit", 1)
    columns = [c.name for c in UserTask.__table__.columns if c.name != "id"]
    twin = UserTask(**{name: getattr(first, name) for name in columns})
    db.add(twin)
    db.flush()

    # The instance has left the step by then, so the second cannot be carried out.
    assert errors(complete(db, [first, twin])) == [None, ActFailed]
    db.expire_all()
    assert (first.state, twin.state) == (TaskState.COMPLETED, TaskState.READY)


def test_bulk_sends_no_more_statements_for_many_than_for_few(db):
    sent: list[str] = []
    event.listen(
        db.connection(), "before_cursor_execute", lambda *call: sent.append(call[2])
    )
    counted = []
    for count in (2, 12):
        found = waiting(db, "approve_by_unit", count)
        sent.clear()
        complete(db, found, key=f"{count} at once")
        counted.append(len(sent))

    assert counted[1] <= counted[0] < 20
