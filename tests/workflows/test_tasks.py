"""User tasks: who may do what in which state, and that a refused act leaves nothing behind."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from awards import nominations
from models.awards import Nomination
from models.base import Base
from models.history import EventKind, HistoryEvent
from models.papers import DecisionKind
from models.process import InstanceStatus
from models.session import reading, transaction
from models.tasks import Command, Submission, TaskState, UserTask
from tests import factories
from tests.conftest import NOW
from workflows import commands, drafts, handlers, history, incidents, tasks
from workflows.actors import Actor
from workflows.errors import (
    MessageNotAwaited,
    NotAllowed,
    TaskChanged,
    UnknownOutcome,
    WorkflowError,
)
from workflows.submissions import Entry

QUEUE = f"unit_head:{factories.UNIT}"
ME, COLLEAGUE = factories.stand_in(1_001, QUEUE), factories.stand_in(1_002, QUEUE)
STRANGER = factories.stand_in(1_003, "unit_head:SO-YT")
CLAIMED, UNCLAIMED = EventKind.TASK_CLAIMED, EventKind.TASK_UNCLAIMED
COMPLETED, OPENED = EventKind.TASK_COMPLETED, EventKind.TASK_OPENED
Verb = Callable[..., UserTask]


def task_in(session: Session, state: TaskState) -> tuple[Nomination, UserTask]:
    """The step of the unit's head, in this state; if anybody has had it, it was ME."""
    nomination = factories.begin_at(session, "approve_by_unit")
    task = factories.open_task(session, nomination)
    match state:
        case TaskState.CLAIMED:
            tasks.claim(session, task.id, actor=ME, now=NOW)
        case TaskState.COMPLETED:
            factories.answer(session, nomination, by=ME)
        case TaskState.CANCELLED:
            factories.withdraw(session, nomination)
    assert task.state == state
    return nomination, task


def complete(
    session: Session,
    task: UserTask,
    *,
    actor: Actor = ME,
    revision: int | None = None,
    key: str = "",
    outcome: object = "approve",
    form_key: str = "approve_by_unit",
) -> UserTask:
    return tasks.complete(
        session,
        task.id,
        actor=actor,
        now=NOW,
        revision=task.revision if revision is None else revision,
        command_key=key or factories.command_key(),
        entry=Entry(form_key, content={"outcome": outcome, "reason": "Thiếu số liệu."}),
        variables={"outcome": outcome},
    )


def claim(session: Session, task: UserTask, actor: Actor) -> UserTask:
    return tasks.claim(session, task.id, actor=actor, now=NOW)


def unclaim(session: Session, task: UserTask, actor: Actor) -> UserTask:
    return tasks.unclaim(session, task.id, actor=actor, now=NOW)


def finish(session: Session, task: UserTask, actor: Actor) -> UserTask:
    return complete(session, task, actor=actor)


def told(session: Session, nomination: Nomination) -> list[tuple[EventKind, int | None]]:
    """Kind and actor of every event, oldest first."""
    events = history.of(session, nomination.instance_id)
    return [(event.kind, event.actor_id) for event in events]


STATES = [
    # verb, state, actor, what comes of it, the state and the assignee then, the events added
    (claim, TaskState.READY, ME, None, TaskState.CLAIMED, ME, [CLAIMED]),
    (claim, TaskState.READY, STRANGER, NotAllowed, TaskState.READY, None, []),
    (claim, TaskState.CLAIMED, ME, None, TaskState.CLAIMED, ME, []),
    (claim, TaskState.CLAIMED, COLLEAGUE, TaskChanged, TaskState.CLAIMED, ME, []),
    (claim, TaskState.CLAIMED, STRANGER, NotAllowed, TaskState.CLAIMED, ME, []),
    (claim, TaskState.COMPLETED, ME, TaskChanged, TaskState.COMPLETED, ME, []),
    (claim, TaskState.COMPLETED, COLLEAGUE, TaskChanged, TaskState.COMPLETED, ME, []),
    (claim, TaskState.COMPLETED, STRANGER, NotAllowed, TaskState.COMPLETED, ME, []),
    (claim, TaskState.CANCELLED, ME, TaskChanged, TaskState.CANCELLED, None, []),
    (claim, TaskState.CANCELLED, COLLEAGUE, TaskChanged, TaskState.CANCELLED, None, []),
    (claim, TaskState.CANCELLED, STRANGER, NotAllowed, TaskState.CANCELLED, None, []),
    (unclaim, TaskState.READY, ME, None, TaskState.READY, None, []),
    (unclaim, TaskState.READY, STRANGER, NotAllowed, TaskState.READY, None, []),
    (unclaim, TaskState.CLAIMED, ME, None, TaskState.READY, None, [UNCLAIMED]),
    (unclaim, TaskState.CLAIMED, COLLEAGUE, TaskChanged, TaskState.CLAIMED, ME, []),
    (unclaim, TaskState.CLAIMED, STRANGER, NotAllowed, TaskState.CLAIMED, ME, []),
    (unclaim, TaskState.COMPLETED, ME, TaskChanged, TaskState.COMPLETED, ME, []),
    (unclaim, TaskState.COMPLETED, COLLEAGUE, TaskChanged, TaskState.COMPLETED, ME, []),
    (unclaim, TaskState.COMPLETED, STRANGER, NotAllowed, TaskState.COMPLETED, ME, []),
    (unclaim, TaskState.CANCELLED, ME, TaskChanged, TaskState.CANCELLED, None, []),
    (unclaim, TaskState.CANCELLED, COLLEAGUE, TaskChanged, TaskState.CANCELLED, None, []),
    (unclaim, TaskState.CANCELLED, STRANGER, NotAllowed, TaskState.CANCELLED, None, []),
    (
        finish,
        TaskState.READY,
        ME,
        None,
        TaskState.COMPLETED,
        ME,
        [CLAIMED, COMPLETED, OPENED],
    ),
    (finish, TaskState.READY, STRANGER, NotAllowed, TaskState.READY, None, []),
    (finish, TaskState.CLAIMED, ME, None, TaskState.COMPLETED, ME, [COMPLETED, OPENED]),
    (finish, TaskState.CLAIMED, COLLEAGUE, TaskChanged, TaskState.CLAIMED, ME, []),
    (finish, TaskState.CLAIMED, STRANGER, NotAllowed, TaskState.CLAIMED, ME, []),
    (finish, TaskState.COMPLETED, ME, TaskChanged, TaskState.COMPLETED, ME, []),
    (finish, TaskState.COMPLETED, COLLEAGUE, TaskChanged, TaskState.COMPLETED, ME, []),
    (finish, TaskState.COMPLETED, STRANGER, NotAllowed, TaskState.COMPLETED, ME, []),
    (finish, TaskState.CANCELLED, ME, TaskChanged, TaskState.CANCELLED, None, []),
    (finish, TaskState.CANCELLED, COLLEAGUE, TaskChanged, TaskState.CANCELLED, None, []),
    (finish, TaskState.CANCELLED, STRANGER, NotAllowed, TaskState.CANCELLED, None, []),
]


def test_state_table_leaves_no_state_out():
    rows = {(verb, state, actor.id) for verb, state, actor, *_ in STATES}

    assert rows >= {
        (verb, state, actor.id)
        for verb in (claim, unclaim, finish)
        for state in TaskState
        for actor in (ME, COLLEAGUE, STRANGER)
        if (state, actor) != (TaskState.READY, COLLEAGUE)  # nobody's yet: ME is anybody
    }


@pytest.mark.parametrize(
    ("verb", "state", "actor", "error", "then", "assignee", "events"),
    STATES,
    ids=[f"{verb.__name__}-{state}-{actor.id}" for verb, state, actor, *_ in STATES],
)
def test_task_follows_its_state_table(
    db, verb, state, actor, error, then, assignee, events
):
    nomination, task = task_in(db, state)
    before, rows = told(db, nomination), factories.everything(db)

    came_of_it = attempt(db, verb, task, actor)

    assert came_of_it is error
    assert (task.state, task.assignee_id) == (then, assignee.id if assignee else None)
    added = told(db, nomination)[len(before) :]
    assert added == [(kind, None if kind == OPENED else actor.id) for kind in events]
    assert (factories.everything(db) == rows) == (not events)


def attempt(
    session: Session, verb: Verb, task: UserTask, actor: Actor
) -> type[WorkflowError] | None:
    try:
        verb(session, task, actor)
    except WorkflowError as error:
        return type(error)
    return None


def test_complete_moves_on_and_says_what_was_entered(db):
    nomination, task = task_in(db, TaskState.READY)

    complete(db, task, outcome="return", key="sent")

    assert (task.outcome, task.closed_at) == ("return", NOW)
    assert factories.open_task(db, nomination).element_id == "prepare_nomination"
    submission = db.scalars(select(Submission).where(Submission.task_id == task.id)).one()
    assert (submission.submitted_by, submission.content["outcome"]) == (ME.id, "return")
    done = db.get_one(Command, "sent")
    assert (done.kind, done.actor_id, done.subject_id) == ("complete", ME.id, task.id)
    said = history.details(history.of(db, nomination.instance_id)[-2])
    assert (said["submission"], said["outcome"]) == (submission.id, "return")


def test_event_names_the_post_in_which_somebody_acts(db):
    nomination, task = task_in(db, TaskState.READY)

    claim(db, task, ME)

    assert (
        history.body(history.of(db, nomination.instance_id)[-1])["post"] == ME.posts[0].id
    )


@pytest.mark.parametrize(
    ("seen", "is_taken"),
    [(-1, True), (0, True), (1, True), (2, True), (3, False), (4, True)],
)
def test_complete_refuses_a_page_older_or_newer_than_the_task(db, seen, is_taken):
    _nomination, task = task_in(db, TaskState.CLAIMED)
    unclaim(db, task, ME)
    assert (task.state, task.revision) == (TaskState.READY, 3)

    came_of_it = attempt(db, lambda s, t, _a: complete(s, t, revision=seen), task, ME)

    assert came_of_it is (TaskChanged if is_taken else None)


def test_complete_takes_the_page_that_was_open_when_one_claimed_it_oneself(db):
    _nomination, task = task_in(db, TaskState.CLAIMED)

    complete(db, task, revision=task.revision - 1)

    assert task.state == TaskState.COMPLETED


def test_complete_refuses_the_page_from_before_somebody_else_had_it(db):
    _nomination, task = task_in(db, TaskState.READY)
    seen = task.revision
    claim(db, task, COLLEAGUE)
    unclaim(db, task, COLLEAGUE)
    claim(db, task, ME)

    with pytest.raises(TaskChanged):
        complete(db, task, revision=seen)


@pytest.mark.parametrize(
    "outcome",
    ["refuse", "not_selected", "fail_vote", "", "APPROVE", "approve ", None, 1, []],
)
def test_complete_refuses_an_outcome_that_the_step_does_not_offer(db, outcome):
    _nomination, task = task_in(db, TaskState.READY)
    rows = factories.everything(db)

    with pytest.raises(UnknownOutcome):
        complete(db, task, outcome=outcome)

    assert factories.everything(db) == rows


def test_complete_without_an_outcome_is_refused(db):
    _nomination, task = task_in(db, TaskState.READY)

    with pytest.raises(UnknownOutcome):
        tasks.complete(
            db,
            task.id,
            actor=ME,
            now=NOW,
            revision=task.revision,
            command_key=factories.command_key(),
            entry=Entry("approve_by_unit"),
            variables={},
        )


def test_complete_with_a_known_command_key_changes_nothing(db):
    _nomination, task = task_in(db, TaskState.READY)
    complete(db, task, key="once", revision=1)
    rows = factories.everything(db)

    again = complete(db, task, key="once", revision=1, outcome="return")

    assert (again.outcome, factories.everything(db) == rows) == ("approve", True)


def test_complete_with_another_tasks_command_key_is_not_taken_for_done(db):
    _nomination, first = task_in(db, TaskState.READY)
    _other, second = task_in(db, TaskState.READY)
    complete(db, first, key="shared")

    came_of_it = attempt(db, lambda s, t, _a: complete(s, t, key="shared"), second, ME)

    assert (came_of_it, second.state) != (None, TaskState.READY)


def test_command_key_is_taken_once(db):
    first, second = (
        commands.take(db, "once", kind="create", actor=ME, now=NOW) for _ in range(2)
    )

    assert (first is not None, second) == (True, None)


def test_nomination_begun_twice_with_one_command_key_is_one(db):
    first, second = (factories.begin(db, key="once") for _ in range(2))

    assert second is first
    assert db.scalars(select(Nomination.code)).all() == [first.code]


def test_stranger_learns_nothing_from_a_known_command_key(db):
    _nomination, task = task_in(db, TaskState.READY)
    complete(db, task, key="once")

    with pytest.raises(NotAllowed):
        complete(db, task, key="once", actor=STRANGER)


@pytest.mark.parametrize("verb", [claim, unclaim, finish])
def test_unknown_task_is_not_found(db, verb):
    nowhere = UserTask(id=999_999, revision=1)

    with pytest.raises(NoResultFound):
        verb(db, nowhere, ME)


class Broken(Exception):
    """What nobody has foreseen."""


def fail(*_: object) -> handlers.Variables:
    raise Broken


def refuse(*_: object) -> handlers.Variables:
    raise TaskChanged


@pytest.mark.parametrize("failure", [fail, refuse])
@pytest.mark.parametrize(
    ("registry", "name", "step", "outcome"),
    [
        (handlers.LISTENERS, "prepare_nomination", "prepare_nomination", "approve"),
        (handlers.LISTENERS, "receive_by_department", "receive_by_department", "approve"),
        (handlers.LISTENERS, "issue_decision", "issue_decision", "approve"),
    ],
)
def test_failing_listener_leaves_nothing_half_done(
    province: Engine, monkeypatch, registry, name, step, outcome, failure
):
    with transaction(province) as session:
        code = factories.begin_at(session, step).code
        rows = factories.everything(session)
    working = registry[name]
    monkeypatch.setitem(registry, name, late(working, failure))

    with pytest.raises((Broken, TaskChanged)), transaction(province) as session:
        answer(session, code, outcome)

    with reading(province) as session:
        assert factories.everything(session) == rows
    monkeypatch.setitem(registry, name, working)
    with transaction(province) as session:
        answer(session, code, outcome)
    with reading(province) as session:
        assert [fault for _instance, fault in history.verify_all(session)] == [None]


def late(working: Callable[..., object], failure: Callable[..., object]) -> object:
    """Fails only once all is done that there was to do."""
    return lambda *arguments: (working(*arguments), failure())


def answer(session: Session, code: str, outcome: str) -> None:
    found = nominations.find(session, code)
    assert found is not None
    factories.answer(session, found, outcome)


def test_decision_whose_paper_failed_keeps_its_number_and_gets_its_paper_later(
    province, monkeypatch
):
    with transaction(province) as session:
        code = factories.begin_at(session, "issue_decision").code
    with monkeypatch.context() as broken:
        broken.setitem(handlers.HANDLERS, "make_decision_paper", fail)
        with transaction(province) as session:
            answer(session, code, "approve")

    with transaction(province) as session:
        (incident,) = incidents.open_ones(session)
        incidents.retry(session, incident.id, actor=ME, post=None, now=NOW)

    with reading(province) as session:
        decisions = Base.metadata.tables["decision"].c
        row = session.execute(select(decisions.number, decisions.paper_sha256)).one()
        nomination = nominations.find(session, code)
        assert nomination is not None
        assert (row.number, len(row.paper_sha256)) == (1, 64)
        assert nomination.instance.result == "awarded"


@pytest.mark.parametrize("step", factories.ROUTE[:-1])
def test_withdrawal_ends_the_case_at_every_step_up_to_the_decision(db, step):
    nomination = factories.begin_at(db, step)
    task = factories.open_task(db, nomination)

    factories.withdraw(db, nomination, key="withdrawn")
    factories.withdraw(db, nomination, key="withdrawn")

    instance = nomination.instance
    assert (instance.status, instance.result) == (InstanceStatus.ENDED, "withdrawn")
    assert (task.state, task.closed_at, task.outcome) == (TaskState.CANCELLED, NOW, None)
    kinds = [kind for kind, _actor in told(db, nomination) if "clock" not in kind]
    assert kinds[-3:] == [
        EventKind.MESSAGE_RECEIVED,
        EventKind.TASK_CANCELLED,
        EventKind.INSTANCE_ENDED,
    ]
    assert history.verify(db, instance) is None


@pytest.mark.parametrize(
    ("step", "outcome"),
    [
        ("decide_by_chairman", "approve"),
        ("decide_by_chairman", "refuse"),
        ("issue_decision", "approve"),
        ("approve_by_unit", "withdraw"),
        ("review_by_block", "not_selected"),
    ],
)
def test_withdrawal_is_refused_once_it_is_too_late(db, step, outcome):
    nomination = factories.begin_at(db, step)
    factories.answer(db, nomination, outcome)
    rows = factories.everything(db)

    with pytest.raises(MessageNotAwaited):
        factories.withdraw(db, nomination)

    assert factories.everything(db) == rows


def test_withdrawal_is_awaited_again_after_a_return_from_the_last_step(db):
    nomination = factories.begin_at(db, "issue_decision")
    factories.answer(db, nomination, "return")

    factories.withdraw(db, nomination)

    assert nomination.instance.result == "withdrawn"


FIELDS = [["opinion", "Nhất trí."], ["opinion", "Hai lần."], ["reason", ""]]


@pytest.mark.parametrize("state", [TaskState.READY, TaskState.CLAIMED])
def test_draft_comes_back_as_it_was_typed(db, state):
    nomination, task = task_in(db, state)
    before = told(db, nomination)

    drafts.save(db, task.id, actor=ME, fields=[["opinion", "Nh"]], now=NOW)
    drafts.save(db, task.id, actor=ME, fields=FIELDS, now=NOW)

    db.expire_all()
    kept = drafts.find(db, task.id, person_id=ME.id)
    assert kept is not None
    assert (kept.fields, kept.saved_at) == (FIELDS, NOW)
    assert (task.state, told(db, nomination)) == (state, before)


def test_draft_is_its_writers_alone(db):
    _nomination, task = task_in(db, TaskState.READY)

    drafts.save(db, task.id, actor=ME, fields=FIELDS, now=NOW)

    assert drafts.find(db, task.id, person_id=COLLEAGUE.id) is None


def test_complete_discards_ones_own_draft_and_keeps_the_others(db):
    _nomination, task = task_in(db, TaskState.READY)
    for person in (ME, COLLEAGUE):
        drafts.save(db, task.id, actor=person, fields=FIELDS, now=NOW)

    complete(db, task)

    assert drafts.find(db, task.id, person_id=ME.id) is None
    others = drafts.find(db, task.id, person_id=COLLEAGUE.id)
    assert others is not None
    assert others.fields == FIELDS


def test_refused_complete_keeps_the_draft(province):
    with transaction(province) as session:
        _nomination, task = task_in(session, TaskState.READY)
        drafts.save(session, task.id, actor=ME, fields=FIELDS, now=NOW)

    with pytest.raises(TaskChanged), transaction(province) as session:
        complete(session, session.get_one(UserTask, task.id), revision=99)

    with reading(province) as session:
        kept = drafts.find(session, task.id, person_id=ME.id)
        assert kept is not None
        assert kept.fields == FIELDS


@pytest.mark.parametrize("state", [TaskState.COMPLETED, TaskState.CANCELLED])
def test_draft_of_a_closed_task_is_refused(db, state):
    _nomination, task = task_in(db, state)

    with pytest.raises(TaskChanged):
        drafts.save(db, task.id, actor=ME, fields=FIELDS, now=NOW)

    assert drafts.find(db, task.id, person_id=ME.id) is None


def test_every_kind_of_event_has_been_seen(db):
    """The acts of this file and of the dossier leave every kind there is."""
    nomination = factories.begin_at(db, "approve_by_unit")
    task = factories.open_task(db, nomination)
    claim(db, task, ME)
    unclaim(db, task, ME)
    factories.withdraw(db, nomination)
    awarded = factories.begin_at(db, "issue_decision")
    factories.answer(db, awarded)
    factories.amend(db, awarded, DecisionKind.CORRECTION)
    factories.amend(db, awarded, DecisionKind.REVOCATION)
    seen = set(db.scalars(select(HistoryEvent.kind)))

    elsewhere = {EventKind.COMMENT_ADDED, EventKind.FILE_REMOVED, EventKind.DEADLINE_FIRED}
    elsewhere |= {
        EventKind.TASK_REASSIGNED,
        EventKind.TASK_RELEASED,
        EventKind.TASK_BARRED,
        EventKind.INTEREST_DECLARED,
        EventKind.INSTANCE_REHOMED,
        EventKind.CLOCK_EXTENDED,
        EventKind.FILE_SCANNED,
        EventKind.WORDS_ERASED,
        EventKind.PAPER_SIGNED,
        EventKind.DOSSIER_COPIED,
        EventKind.STORY_PUBLISHED,  # tests/views/test_examples.py
        EventKind.STORY_WITHDRAWN,
        EventKind.HOLD_PLACED,
        EventKind.HOLD_LIFTED,
        EventKind.CERTIFICATE_NUMBERED,
        EventKind.IDENTITY_CORRECTED,  # tests/awards/test_identity_corrections.py
    }
    beginnings = ("task_reminded", "task_overdue", "task_escalated")
    beginnings += ("clock_", "incident_", "operation_")
    operators = ("cancelled", "placed", "suspended", "resumed", "migrated")
    elsewhere |= {kind for kind in EventKind if kind.startswith(beginnings)}
    elsewhere |= {EventKind(f"instance_{name}") for name in operators}
    assert set(EventKind) - seen <= elsewhere
