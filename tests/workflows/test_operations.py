"""Operators' acts: every act in every state, two people for each, and a history that holds."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from awards.demo import people
from awards.notices import unread
from models.awards import Nomination, Result
from models.history import EventKind, HistoryEvent
from models.operations import OperatorAct, OperatorActKind
from models.papers import Notice, NoticeKind
from models.process import InstanceStatus, ProcessDefinition
from models.session import transaction
from models.tasks import TaskState, UserTask
from tests import factories
from tests.conftest import NOW
from tests.workflows.conftest import BPMN
from workflows import deployments, engine, history, incidents, operations, states, tasks
from workflows.actors import Actor
from workflows.errors import (
    ActRefused,
    InstanceSuspended,
    NotAllowed,
    TaskChanged,
    WorkflowError,
)
from workflows.operations import Wish, asking
from workflows.replay import replay

Kind = OperatorActKind
ASKER, OTHER = (
    factories.stand_in(number, operations.roles.ADMINISTRATOR) for number in (901, 902)
)
BYSTANDER = factories.stand_in(903, "auditor")
REASON = "Người giữ việc nghỉ ốm dài ngày."
STEP, EARLIER = "appraise", "approve_by_unit"


def newer(session: Session, old: bytes = b"", new: bytes = b"") -> ProcessDefinition:
    """A second, confirmed version of the process, in which some words are others."""
    xml = BPMN.read_bytes() + b"\n<!-- newer -->"
    assert old in xml
    row = deployments.deploy(
        session, xml.replace(old, new) if old else xml, deployed_by=1, now=NOW
    )
    deployments.confirm(session, row, confirmed_by=2, now=NOW)
    return row


def wish(session: Session, kind: Kind, nomination: Nomination) -> Wish:
    """A wish of this kind that makes sense while the nomination waits at STEP."""
    match kind:
        case Kind.REASSIGN:
            task = session.scalars(
                select(UserTask)
                .where(UserTask.instance_id == nomination.instance_id)
                .order_by(UserTask.id.desc())
            ).first()
            assert task is not None
            someone = factories.actor(session, "department_specialist")
            return Wish(kind, task=task.id, assignee=someone.id)
        case Kind.PLACE:
            return Wish(kind, element=EARLIER)
        case Kind.MIGRATE:
            return Wish(kind, definition=newer(session).id)
    return Wish(kind)


def ask(
    session: Session,
    nomination: Nomination,
    wanted: Wish,
    *,
    reason: str = REASON,
    actor: Actor = ASKER,
    key: str = "",
) -> OperatorAct:
    return operations.ask(
        session,
        nomination.instance_id,
        wanted,
        reason=reason,
        actor=actor,
        now=NOW,
        command_key=key or factories.command_key(),
    )


def confirm(
    session: Session, act: OperatorAct, *, actor: Actor = OTHER, key: str = ""
) -> OperatorAct:
    return operations.confirm(
        session, act.id, actor=actor, now=NOW, command_key=key or factories.command_key()
    )


def decline(
    session: Session, act: OperatorAct, *, actor: Actor = OTHER, key: str = ""
) -> OperatorAct:
    return operations.decline(
        session, act.id, actor=actor, now=NOW, command_key=key or factories.command_key()
    )


def carry_out(session: Session, nomination: Nomination, wanted: Wish) -> OperatorAct:
    return confirm(session, ask(session, nomination, wanted))


def specialists(session: Session) -> list[Actor]:
    return people.by_queue(session, NOW.date())["department_specialist"]


def nomination_in(session: Session, state: str) -> Nomination:
    nomination = factories.begin_at(session, STEP)
    if state == "suspended":
        carry_out(session, nomination, Wish(Kind.SUSPEND))
    if state == "ended":
        factories.withdraw(session, nomination)
    return nomination


def told(session: Session, nomination: Nomination) -> list[EventKind]:
    assert history.verify(session, nomination.instance) is None
    session.flush()
    session.refresh(nomination.instance)
    assert replay(session, nomination.instance) is None
    return [event.kind for event in history.of(session, nomination.instance_id)]


def last_details(
    session: Session, nomination: Nomination, kind: EventKind
) -> dict[str, object]:
    events = history.of(session, nomination.instance_id)
    return history.details([event for event in events if event.kind == kind][-1])


C, O = EventKind.TASK_CANCELLED, EventKind.TASK_OPENED  # noqa: E741 - opened
STOPPED, PAUSED = EventKind.CLOCK_STOPPED, EventKind.CLOCK_PAUSED
TABLE = [
    # the act, the state it meets, the events it adds; None where it is refused
    (Kind.REASSIGN, "running", [EventKind.TASK_REASSIGNED]),
    (Kind.REASSIGN, "suspended", [EventKind.TASK_REASSIGNED]),
    (Kind.REASSIGN, "ended", None),
    (Kind.CANCEL, "running", [EventKind.INSTANCE_CANCELLED, C, STOPPED]),
    (Kind.CANCEL, "suspended", [EventKind.INSTANCE_CANCELLED, C, STOPPED]),
    (Kind.CANCEL, "ended", None),
    (Kind.PLACE, "running", [EventKind.INSTANCE_PLACED, C, O, PAUSED]),
    (Kind.PLACE, "suspended", [EventKind.INSTANCE_PLACED, C, O, PAUSED]),
    (Kind.PLACE, "ended", None),
    (Kind.SUSPEND, "running", [EventKind.INSTANCE_SUSPENDED]),
    (Kind.SUSPEND, "suspended", None),
    (Kind.SUSPEND, "ended", None),
    (Kind.RESUME, "running", None),
    (Kind.RESUME, "suspended", [EventKind.INSTANCE_RESUMED]),
    (Kind.RESUME, "ended", None),
    (Kind.MIGRATE, "running", [EventKind.INSTANCE_MIGRATED]),
    (Kind.MIGRATE, "suspended", [EventKind.INSTANCE_MIGRATED]),
    (Kind.MIGRATE, "ended", None),
]


def test_table_leaves_nothing_out():
    assert {(kind, state) for kind, state, _ in TABLE} == {
        (kind, state) for kind in Kind for state in ("running", "suspended", "ended")
    }


@pytest.mark.parametrize(("kind", "state", "added"), TABLE)
def test_act_in_state(db, kind, state, added):
    nomination = nomination_in(db, state)
    wanted = wish(db, kind, nomination)
    before = told(db, nomination)

    if added is None:
        kept = factories.everything(db)
        with pytest.raises(ActRefused):
            ask(db, nomination, wanted)
        assert factories.everything(db) == kept
        return
    act = ask(db, nomination, wanted)
    assert told(db, nomination) == [*before, EventKind.OPERATION_REQUESTED]
    confirm(db, act)

    assert told(db, nomination) == [*before, EventKind.OPERATION_REQUESTED, *added]
    assert (act.decided_by, act.is_carried_out) == (OTHER.id, True)
    details = last_details(db, nomination, operations.EVENTS[kind])
    assert (details["act"], details["asked_by"]) == (act.id, ASKER.id)
    assert details["reason_digest"] == act.digest
    assert details.get("state", nomination.instance.state_hash) == (
        nomination.instance.state_hash
    )


# what each act does


def test_reassigned_task_is_the_persons_own(db):
    nomination = factories.begin_at(db, STEP)
    task = factories.open_task(db, nomination)
    tasks.claim(db, task.id, actor=factories.actor(db, task.queue), now=NOW)
    someone = specialists(db)[-1]

    carry_out(db, nomination, Wish(Kind.REASSIGN, task=task.id, assignee=someone.id))

    assert (task.state, task.assignee_id) == (TaskState.CLAIMED, someone.id)
    factories.answer(db, nomination, by=someone)
    assert factories.open_task(db, nomination).element_id == "approve_by_department"


def test_task_goes_back_to_its_queue(db):
    nomination = factories.begin_at(db, STEP)
    task = factories.open_task(db, nomination)
    holder = factories.actor(db, task.queue)
    tasks.claim(db, task.id, actor=holder, now=NOW)

    carry_out(db, nomination, Wish(Kind.REASSIGN, task=task.id))

    assert (task.state, task.assignee_id) == (TaskState.READY, None)
    details = last_details(db, nomination, EventKind.TASK_REASSIGNED)
    assert (details["before"], details["assignee"]) == (holder.id, None)


def test_task_is_given_to_nobody_outside_its_queue(db):
    nomination = factories.begin_at(db, STEP)
    task = factories.open_task(db, nomination)
    stranger = factories.stranger(db)

    for assignee in (stranger.id, 99_999):
        with pytest.raises(ActRefused) as refused:
            ask(db, nomination, Wish(Kind.REASSIGN, task=task.id, assignee=assignee))
        assert str(refused.value) == "Người được giao không phụ trách nhóm của việc này."


def test_task_is_not_given_to_who_has_it_nor_one_of_another_instance(db):
    nomination, other = factories.begin_at(db, STEP), factories.begin_at(db, STEP)
    task = factories.open_task(db, nomination)

    with pytest.raises(ActRefused, match="đã ở đúng người"):
        ask(db, nomination, Wish(Kind.REASSIGN, task=task.id))
    with pytest.raises(ActRefused, match="đã xong hoặc đã bị hủy"):
        ask(db, other, Wish(Kind.REASSIGN, task=task.id))


def test_cancelled_instance_has_ended_and_waits_for_nothing(db):
    nomination = factories.begin_at(db, STEP)
    task = factories.open_task(db, nomination)

    carry_out(db, nomination, Wish(Kind.CANCEL))

    instance = nomination.instance
    assert (instance.status, instance.result) == (InstanceStatus.ENDED, Result.CANCELLED)
    assert (instance.ended_at, task.state) == (NOW, TaskState.CANCELLED)
    assert states.load(db, instance.state_hash) == engine.CANCELLED
    with pytest.raises(WorkflowError):
        factories.withdraw(db, nomination)


def test_unit_is_told_why_its_nomination_was_cancelled(db):
    nomination = factories.begin_at(db, STEP)

    carry_out(db, nomination, Wish(Kind.CANCEL))

    head = factories.actor(db, f"unit_head:{factories.UNIT}")
    [notice] = unread(db, head)
    assert (notice.kind, notice.reason) == (NoticeKind.CANCELLED, REASON)
    assert db.scalars(select(Notice)).all() == [notice]


def test_instance_goes_on_from_where_it_was_put_back(db):
    nomination = factories.begin_at(db, STEP)
    old = factories.open_task(db, nomination)

    carry_out(db, nomination, Wish(Kind.PLACE, element=EARLIER))

    task = factories.open_task(db, nomination)
    assert (old.state, task.element_id, task.state) == (
        TaskState.CANCELLED,
        EARLIER,
        TaskState.READY,
    )
    factories.walk(db, nomination, "issue_decision")
    assert history.verify(db, nomination.instance) is None


@pytest.mark.parametrize("element", [STEP, "approve_by_department", "no_such", ""])
def test_instance_is_put_on_no_step_that_it_has_not_completed(db, element):
    nomination = factories.begin_at(db, STEP)

    with pytest.raises(ActRefused, match="chưa từng hoàn thành"):
        ask(db, nomination, Wish(Kind.PLACE, element=element))


def test_completed_steps_are_those_behind(db):
    nomination = factories.begin_at(db, "receive_by_department")
    definition = deployments.definition_of(db, nomination.instance)

    assert operations.completed_steps(db, nomination.instance, definition) == (
        "prepare_nomination",
        "approve_by_unit",
        "review_by_block",
    )


VERBS: list[Callable[[Session, Nomination, UserTask, Actor], object]] = [
    lambda db, _n, task, actor: tasks.claim(db, task.id, actor=actor, now=NOW),
    lambda db, _n, task, actor: tasks.unclaim(db, task.id, actor=actor, now=NOW),
    lambda db, n, _task, actor: factories.answer(db, n, by=actor),
    lambda db, n, _task, _actor: factories.withdraw(db, n),
]


@pytest.mark.parametrize("verb", VERBS, ids=["claim", "unclaim", "complete", "withdraw"])
def test_suspended_instance_refuses_every_verb_until_it_is_resumed(db, verb):
    nomination = factories.begin_at(db, STEP)
    task = factories.open_task(db, nomination)
    actor, colleague = specialists(db)[:2]
    is_unclaim = verb is VERBS[1]
    if is_unclaim:
        tasks.claim(db, task.id, actor=actor, now=NOW)
    carry_out(db, nomination, Wish(Kind.SUSPEND))
    before = factories.everything(db)

    with pytest.raises(InstanceSuspended):
        verb(db, nomination, task, actor if is_unclaim else colleague)
    assert factories.everything(db) == before
    carry_out(db, nomination, Wish(Kind.RESUME))
    verb(db, nomination, task, actor if is_unclaim else colleague)
    assert history.verify(db, nomination.instance) is None


def test_act_sent_before_the_suspension_is_answered_after_it(db):
    nomination = factories.begin_at(db, EARLIER)
    task = factories.open_task(db, nomination)
    head = factories.actor(db, task.queue)
    factories.answer(db, nomination, by=head, key="k-1")
    carry_out(db, nomination, Wish(Kind.SUSPEND))

    again = tasks.complete(
        db,
        task.id,
        actor=head,
        now=NOW,
        revision=1,
        command_key="k-1",
        entry=factories.Entry(EARLIER),
        variables={"outcome": "approve"},
    )

    assert again.state == TaskState.COMPLETED


def test_instance_runs_on_in_the_newer_version_with_its_task(db):
    nomination = factories.begin_at(db, STEP)
    task = factories.open_task(db, nomination)
    row = newer(db)

    carry_out(db, nomination, Wish(Kind.MIGRATE, definition=row.id))

    assert nomination.instance.definition is row
    assert factories.open_task(db, nomination) is task
    details = last_details(db, nomination, EventKind.INSTANCE_MIGRATED)
    assert (details["version"], details["sha256"]) == (row.version, row.sha256)
    assert (details["element"], details["definition"]) == (STEP, row.key)
    factories.walk(db, nomination, "issue_decision")
    assert history.verify(db, nomination.instance) is None


def test_step_of_another_lane_opens_anew_in_the_newer_version(db):
    nomination = factories.begin_at(db, STEP)
    old = factories.open_task(db, nomination)
    place = b'<bpmn:userTask id="appraise" '
    row = newer(db, place, place + b'camunda:candidateGroups="department_head" ')

    act = ask(db, nomination, Wish(Kind.MIGRATE, definition=row.id))
    assert operations.plan(
        db, nomination.instance, operations.of(act), now=NOW
    ).cancelled == (old,)
    confirm(db, act)

    task = factories.open_task(db, nomination)
    assert (old.state, task.queue, task.element_id) == (
        TaskState.CANCELLED,
        "department_head",
        STEP,
    )
    assert told(db, nomination)[-3:] == [EventKind.INSTANCE_MIGRATED, C, O]


def test_dry_run_says_who_can_move_and_who_cannot(db):
    here = factories.begin_at(db, STEP)
    gone = factories.begin_at(db, EARLIER)
    row = newer(db, b"approve_by_unit", b"sign_by_unit")
    before = factories.everything(db)

    found = operations.candidates(db, row)
    trials = {
        trial.instance.business_key: trial for trial in operations.trials(db, row, found)
    }

    assert list(trials) == [here.code, gone.code]
    moved = trials[here.code].move
    assert moved is not None
    assert (moved.element, moved.cancelled, moved.missing) == (STEP, (), ())
    assert str(trials[gone.code].obstacle) == (
        "Phiên bản mới không còn bước “Thủ trưởng đơn vị duyệt”."
    )
    assert trials[gone.code].move is None
    assert factories.everything(db) == before


def test_many_are_asked_and_confirmed_at_once(db):
    moving = [factories.begin_at(db, STEP) for _ in range(2)]
    stuck, ended = factories.begin_at(db, EARLIER), factories.begin_at(db, STEP)
    factories.withdraw(db, ended)
    row = newer(db, b"approve_by_unit", b"sign_by_unit")
    everyone = [n.instance_id for n in (*moving, stuck, ended)]
    common = {"reason": REASON, "actor": ASKER, "now": NOW, "command_key": "many"}

    acts = operations.ask_all(db, everyone, Wish(Kind.MIGRATE, definition=row.id), **common)
    again = operations.ask_all(
        db, everyone, Wish(Kind.MIGRATE, definition=row.id), **common
    )
    assert [act.instance_id for act in acts] == [n.instance_id for n in moving]
    assert again == acts
    factories.answer(db, moving[0])
    found = operations.confirm_all(
        db, [act.id for act in acts], actor=OTHER, now=NOW, command_key="many-2"
    )

    assert found.done == acts[1:]
    assert [(act, str(error)) for act, error in found.refused] == [
        (acts[0], "Hồ sơ đã chuyển bước từ khi có đề nghị. Cần thì đề nghị lại.")
    ]
    declined = operations.decline_all(
        db, [act.id for act in acts], actor=OTHER, now=NOW, command_key="many-3"
    )
    assert declined.done == acts[:1]
    assert [n.instance.definition_id == row.id for n in moving] == [False, True]
    assert {history.verify(db, n.instance) for n in (*moving, stuck, ended)} == {None}


def test_versions_that_are_older_unconfirmed_or_of_another_process_are_refused(db, draw):
    nomination = factories.begin_at(db, STEP)
    own = nomination.instance.definition_id
    unconfirmed = deployments.deploy(
        db, BPMN.read_bytes() + b"\n", deployed_by=1, now=NOW
    ).id
    foreign = deployments.deploy(db, draw.one_step(), deployed_by=1, now=NOW)
    deployments.confirm(db, foreign, confirmed_by=2, now=NOW)

    for version in (own, unconfirmed, foreign.id, 99_999):
        with pytest.raises(ActRefused, match="phiên bản mới hơn, đã xác nhận"):
            ask(db, nomination, Wish(Kind.MIGRATE, definition=version))
    assert operations.targets(db, nomination.instance.definition.key, after=1) == []


# two people, and a reason


@pytest.mark.parametrize("decide", [confirm, decline])
@pytest.mark.parametrize(("actor", "error"), [(ASKER, ActRefused), (BYSTANDER, NotAllowed)])
def test_neither_the_asker_nor_a_bystander_decides(db, decide, actor, error):
    nomination = factories.begin_at(db, STEP)
    act = ask(db, nomination, Wish(Kind.CANCEL))
    before = factories.everything(db)

    with pytest.raises(error):
        decide(db, act, actor=actor)

    assert factories.everything(db) == before


def test_database_too_wants_two_people(db):
    act = ask(db, factories.begin_at(db, STEP), Wish(Kind.CANCEL))
    act.decided_by, act.decided_at = ASKER.id, NOW

    with pytest.raises(IntegrityError):
        db.flush()


def test_only_administrators_ask(db):
    with pytest.raises(NotAllowed):
        ask(db, factories.begin_at(db, STEP), Wish(Kind.CANCEL), actor=BYSTANDER)


@pytest.mark.parametrize("reason", ["", " \n"])
def test_reason_is_required(db, reason):
    nomination = factories.begin_at(db, STEP)
    before = factories.everything(db)

    with pytest.raises(ActRefused, match="Ghi rõ lý do"):
        ask(db, nomination, Wish(Kind.CANCEL), reason=reason)

    assert factories.everything(db) == before


@pytest.mark.parametrize("first", [confirm, decline])
@pytest.mark.parametrize("second", [confirm, decline])
def test_what_is_decided_is_not_decided_again(db, first, second):
    nomination = factories.begin_at(db, STEP)
    act = first(db, ask(db, nomination, Wish(Kind.SUSPEND)))
    before = factories.everything(db)

    with pytest.raises(ActRefused, match="đã có người quyết định"):
        second(db, act)

    assert factories.everything(db) == before


@pytest.mark.parametrize("decide", [confirm, decline])
def test_sent_twice_is_done_once(db, decide):
    nomination = factories.begin_at(db, STEP)
    act = ask(db, nomination, Wish(Kind.SUSPEND), key="ask-1")
    assert ask(db, nomination, Wish(Kind.SUSPEND), key="ask-1") is act
    decide(db, act, key="decide-1")
    before = factories.everything(db)

    assert decide(db, act, key="decide-1") is act
    assert ask(db, nomination, Wish(Kind.SUSPEND), key="ask-1") is act

    assert factories.everything(db) == before


def test_key_of_another_act_is_refused(db):
    nomination, other = factories.begin_at(db, STEP), factories.begin_at(db, STEP)
    ask(db, nomination, Wish(Kind.SUSPEND), key="ask-1")

    with pytest.raises(TaskChanged):
        ask(db, other, Wish(Kind.SUSPEND), key="ask-1")


def test_one_act_waits_at_a_time(db):
    nomination = factories.begin_at(db, STEP)
    act = ask(db, nomination, Wish(Kind.SUSPEND))

    with pytest.raises(ActRefused, match="chờ người thứ hai"):
        ask(db, nomination, Wish(Kind.CANCEL))

    decline(db, act)
    ask(db, nomination, Wish(Kind.CANCEL))
    assert operations.count_waiting(db, OTHER) == 1
    assert operations.count_waiting(db, ASKER) == 0
    assert operations.decided(db) == [act]


def test_declined_act_changes_nothing_and_is_told(db):
    nomination = factories.begin_at(db, STEP)
    before = told(db, nomination)

    act = decline(db, ask(db, nomination, Wish(Kind.CANCEL)))

    added = [EventKind.OPERATION_REQUESTED, EventKind.OPERATION_DECLINED]
    assert told(db, nomination) == before + added
    assert (act.decided_by, act.is_carried_out) == (OTHER.id, False)


# what has changed between asking and confirming

MOVING = [Kind.CANCEL, Kind.PLACE, Kind.MIGRATE]


@pytest.mark.parametrize("kind", MOVING)
def test_act_is_stale_once_the_case_has_moved(db, kind):
    nomination = factories.begin_at(db, STEP)
    act = ask(db, nomination, wish(db, kind, nomination))
    factories.answer(db, nomination)
    before = factories.everything(db)

    with pytest.raises(ActRefused, match="đã chuyển bước từ khi có đề nghị"):
        confirm(db, act)

    assert factories.everything(db) == before


@pytest.mark.parametrize("kind", Kind)
def test_act_is_stale_once_the_case_has_ended(db, kind):
    state = "suspended" if kind == Kind.RESUME else "running"
    nomination = nomination_in(db, state)
    act = ask(db, nomination, wish(db, kind, nomination))
    nomination.instance.status, nomination.instance.ended_at = InstanceStatus.ENDED, NOW
    before = factories.everything(db)

    with pytest.raises(ActRefused, match="đã kết thúc"):
        confirm(db, act)

    assert factories.everything(db) == before


def test_reassigning_is_stale_once_somebody_else_has_the_task(db):
    nomination = factories.begin_at(db, STEP)
    task = factories.open_task(db, nomination)
    first, second = specialists(db)[:2]
    act = ask(db, nomination, Wish(Kind.REASSIGN, task=task.id, assignee=second.id))
    tasks.claim(db, task.id, actor=first, now=NOW)

    with pytest.raises(ActRefused, match="đã đổi người giữ"):
        confirm(db, act)


def test_suspending_is_never_stale(db):
    nomination = factories.begin_at(db, STEP)
    act = ask(db, nomination, Wish(Kind.SUSPEND))
    factories.answer(db, nomination)

    assert confirm(db, act).is_carried_out
    assert nomination.instance.suspended_at == NOW


# incidents


@pytest.mark.parametrize("kind", MOVING)
def test_act_that_moves_the_tokens_leaves_no_incident_behind(db, kind):
    nomination = factories.begin_at(db, STEP)
    failed = factories.incident(db, nomination)

    carry_out(db, nomination, wish(db, kind, nomination))

    assert (failed.resolved_at, failed.resolved_by) == (NOW, OTHER.id)
    assert incidents.open_ones(db) == []
    assert EventKind.INCIDENT_RESOLVED in told(db, nomination)


# the history finds what was changed behind it

ASKED, DONE = EventKind.OPERATION_REQUESTED, EventKind.INSTANCE_SUSPENDED
FORGERIES = [
    # what is changed, and the event that no longer agrees
    ("UPDATE operator_act SET reason = 'Vì thích.'", ASKED),
    ("UPDATE operator_act SET asked_by = 77", ASKED),
    ("UPDATE operator_act SET decided_by = 77", DONE),
    ("UPDATE operator_act SET kind = 'resume'", ASKED),
    ("UPDATE operator_act SET is_carried_out = false", DONE),
    ("DELETE FROM operator_act", ASKED),
]


@pytest.mark.parametrize(("forgery", "event"), FORGERIES)
def test_history_finds_a_changed_act(db, forgery, event):
    nomination = factories.begin_at(db, STEP)
    carry_out(db, nomination, Wish(Kind.SUSPEND))
    assert history.verify(db, nomination.instance) is None
    db.flush()
    db.execute(text(forgery))
    db.expire_all()

    fault = history.verify(db, nomination.instance)

    assert fault is not None
    assert fault.message == "Lý do hoặc người đề nghị can thiệp đã bị sửa."
    events = history.of(db, nomination.instance_id)
    assert events[fault.sequence - 1].kind == event


@pytest.mark.parametrize(
    ("forgery", "event"),
    [
        ("is_carried_out = true", EventKind.OPERATION_DECLINED),
        ("decided_by = 77", EventKind.OPERATION_DECLINED),
        ("reason = 'Khác.'", ASKED),
    ],
)
def test_history_finds_a_changed_wish_that_was_declined(db, forgery, event):
    nomination = factories.begin_at(db, STEP)
    decline(db, ask(db, nomination, Wish(Kind.SUSPEND)))
    assert history.verify(db, nomination.instance) is None
    db.flush()
    db.execute(text(f"UPDATE operator_act SET {forgery}"))  # noqa: S608 - our own words
    db.expire_all()

    fault = history.verify(db, nomination.instance)

    assert fault is not None
    events = history.of(db, nomination.instance_id)
    assert events[fault.sequence - 1].kind == event


def test_history_finds_a_decision_that_it_is_not_told_of(db):
    nomination = factories.begin_at(db, STEP)
    act = ask(db, nomination, Wish(Kind.SUSPEND))
    act.decided_by, act.decided_at = OTHER.id, NOW
    db.flush()

    fault = history.verify(db, nomination.instance)

    assert fault is not None
    assert fault.message == "Có can thiệp không được ghi vào lịch sử."


@pytest.mark.parametrize("is_carried_out", [True, False])
def test_acts_of_the_first_releases_hold(db, monkeypatch, is_carried_out):
    """They were told of once carried out, and neither when asked for nor when declined."""
    nomination = factories.begin_at(db, STEP)
    with monkeypatch.context() as patch:
        patch.setattr(asking.history, "append", lambda *_, **__: None)
        act = ask(db, nomination, Wish(Kind.SUSPEND))
        if not is_carried_out:
            decline(db, act)
    if is_carried_out:
        confirm(db, act)

    assert history.verify(db, nomination.instance) is None


def test_history_holds_the_reason_as_a_digest_alone(db):
    nomination = factories.begin_at(db, STEP)
    carry_out(db, nomination, Wish(Kind.CANCEL))

    bodies = db.scalars(select(HistoryEvent.body)).all()

    assert [body for body in bodies if REASON in body] == []


def test_act_is_carried_out_in_one_transaction(province: Engine):
    with transaction(province) as session:
        nomination = factories.begin_at(session, STEP)
        act = ask(session, nomination, Wish(Kind.PLACE, element=EARLIER))
        act_id, code = act.id, nomination.code
    with transaction(province) as session:
        confirm(session, session.get_one(OperatorAct, act_id))
    with transaction(province) as session:
        nomination = session.scalars(
            select(Nomination).where(Nomination.code == code)
        ).one()
        assert factories.open_task(session, nomination).element_id == EARLIER
        assert history.verify(session, nomination.instance) is None
