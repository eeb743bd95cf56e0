"""R12 of trust.md: every deadline does its work once, and none before its local date."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from models.deadlines import Deadline, DeadlineKind
from models.process import InstanceStatus
from models.session import reading, transaction
from tests import factories
from tests.conftest import NOW
from tests.workflows import cases
from workflows import calendar, history, replay, sweeping

# The ends of the second, third and fourth working day after cases begin.
SECOND, THIRD, FOURTH = (calendar.deadline(NOW, days) for days in (2, 3, 4))
INSTANT = timedelta(microseconds=1)
ASK = f'<bpmn:userTask id="ask" camunda:candidateGroups="{cases.ROLE}" {{}}>{{}}</bpmn:userTask>'
REMINDED = 'camunda:dueDate="P3D" camunda:followUpDate="P2D"'
ESCALATED = """<bpmn:extensionElements><camunda:properties>
  <camunda:property name="escalation" value="P1D" />
</camunda:properties></bpmn:extensionElements>"""
TIMER = """<bpmn:timerEventDefinition>
  <bpmn:timeDuration>P2D</bpmn:timeDuration>
</bpmn:timerEventDefinition>"""


@pytest.fixture
def asks(draw):
    """`asks(attributes, inside, *more)` draws a process with the one step `ask`."""

    def drawn(attributes="", inside="", *more):
        return draw.diagram(
            '<bpmn:startEvent id="begun" />',
            ASK.format(attributes, inside),
            '<bpmn:endEvent id="done" />',
            draw.flow("begin", "begun", "ask"),
            draw.flow("finish", "ask", "done"),
            *more,
        )

    return drawn


@pytest.fixture
def timed(asks, draw):
    """The step with a timer beside it that leads to another step, interrupting or not."""

    def drawn(*, is_interrupting):
        cancel = "true" if is_interrupting else "false"
        return asks(
            "",
            "",
            f'<bpmn:boundaryEvent id="late" attachedToRef="ask" cancelActivity="{cancel}">'
            f"{TIMER}</bpmn:boundaryEvent>",
            f'<bpmn:userTask id="chase" camunda:candidateGroups="{cases.ROLE}" />',
            '<bpmn:endEvent id="chased" />',
            draw.flow("to_chase", "late", "chase"),
            draw.flow("to_chased", "chase", "chased"),
        )

    return drawn


def begin(province, xml):
    with transaction(province) as session:
        return cases.begin(session, xml).id


def told(province, instance_id):
    with reading(province) as session:
        return [event.kind for event in history.of(session, instance_id)]


def open_deadlines(province):
    with reading(province) as session:
        query = select(func.count(Deadline.id)).where(Deadline.fired_at.is_(None))
        return session.scalar(query)


def test_task_is_reminded_overdue_and_escalated_each_once(province, asks):
    instance_id = begin(province, asks(REMINDED, ESCALATED))
    before = told(province, instance_id)

    def swept(moment):
        sweeping.sweep(province, moment)
        sweeping.sweep(province, moment)
        return told(province, instance_id)[len(before) :]

    assert swept(SECOND - INSTANT) == []
    assert swept(SECOND) == ["task_reminded"]
    assert swept(THIRD - INSTANT) == ["task_reminded"]
    assert swept(THIRD) == ["task_reminded", "task_overdue"]
    assert swept(FOURTH) == ["task_reminded", "task_overdue", "task_escalated"]
    assert swept(FOURTH + timedelta(days=300))[3:] == []
    with reading(province) as session:
        (task,) = cases.waiting(
            session, session.get(cases.ProcessInstance, instance_id)
        ).values()
        assert (task.reminded_at, task.escalated_to) == (SECOND, "department_head")


def test_server_that_was_off_for_a_month_does_all_of_it_at_once(province, asks):
    instance_id = begin(province, asks(REMINDED, ESCALATED))
    before = len(told(province, instance_id))

    assert sweeping.sweep(province, NOW + timedelta(days=30)) == 3
    assert told(province, instance_id)[before:] == [
        "task_reminded",
        "task_overdue",
        "task_escalated",
    ]


def test_clock_that_goes_back_an_hour_repeats_nothing(province, asks):
    instance_id = begin(province, asks(REMINDED))
    sweeping.sweep(province, SECOND)
    before = told(province, instance_id)

    for minutes in range(-60, 60, 10):
        sweeping.sweep(province, SECOND + timedelta(minutes=minutes))

    assert told(province, instance_id) == before


def test_task_that_is_done_has_no_deadline_left(province, asks):
    instance_id = begin(province, asks(REMINDED, ESCALATED))
    with transaction(province) as session:
        instance = session.get_one(cases.ProcessInstance, instance_id)
        cases.answer(session, instance, "ask")

    assert open_deadlines(province) == 0
    assert sweeping.sweep(province, NOW + timedelta(days=30)) == 0


def test_deadline_looked_up_before_the_task_was_done_does_nothing(province, asks):
    instance_id = begin(province, asks(REMINDED))
    with reading(province) as session:
        (found,) = session.scalars(select(Deadline.id))
    with transaction(province) as session:
        cases.answer(session, session.get_one(cases.ProcessInstance, instance_id), "ask")

    with transaction(province) as session:
        assert not sweeping.fire(session, found, now=FOURTH)


@pytest.mark.parametrize("is_interrupting", [True, False])
def test_timer_moves_the_token_once(province, timed, is_interrupting):
    instance_id = begin(province, timed(is_interrupting=is_interrupting))

    assert sweeping.sweep(province, SECOND - INSTANT) == 0
    assert sweeping.sweep(province, SECOND) == 1
    assert sweeping.sweep(province, FOURTH) == 0

    with transaction(province) as session:
        instance = session.get_one(cases.ProcessInstance, instance_id)
        left = {"chase"} if is_interrupting else {"ask", "chase"}
        assert set(cases.waiting(session, instance)) == left
        assert replay.replay(session, instance) is None
        for element in sorted(left):
            cases.answer(session, instance, element)
        assert instance.status == InstanceStatus.ENDED
        assert replay.replay(session, instance) is None
    assert open_deadlines(province) == 0


def test_timer_of_a_step_that_was_left_is_off(province, timed):
    instance_id = begin(province, timed(is_interrupting=True))
    assert open_deadlines(province) == 1
    with transaction(province) as session:
        cases.answer(session, session.get_one(cases.ProcessInstance, instance_id), "ask")

    assert open_deadlines(province) == 0


def test_timer_runs_on_while_others_act_beside_it(province, draw):
    xml = draw.diagram(
        '<bpmn:startEvent id="begun" />',
        '<bpmn:parallelGateway id="fork" />',
        ASK.format("", ""),
        f'<bpmn:userTask id="check" camunda:candidateGroups="{cases.ROLE}" />',
        f'<bpmn:boundaryEvent id="late" attachedToRef="check">{TIMER}</bpmn:boundaryEvent>',
        '<bpmn:parallelGateway id="join" />',
        '<bpmn:endEvent id="missed" /><bpmn:endEvent id="done" />',
        draw.flow("a", "begun", "fork"),
        draw.flow("b", "fork", "ask"),
        draw.flow("c", "fork", "check"),
        draw.flow("d", "ask", "join"),
        draw.flow("e", "check", "join"),
        draw.flow("f", "join", "done"),
        draw.flow("g", "late", "missed"),
    )
    instance_id = begin(province, xml)
    with transaction(province) as session:
        instance = session.get_one(cases.ProcessInstance, instance_id)
        cases.answer(session, instance, "ask", now=NOW + timedelta(hours=30))
        (row,) = session.scalars(select(Deadline))
        assert (row.element_id, row.due_at) == ("late", SECOND)


def test_suspended_case_waits_with_its_deadlines(province, timed):
    instance_id = begin(province, timed(is_interrupting=True))
    with transaction(province) as session:
        session.get_one(cases.ProcessInstance, instance_id).suspended_at = NOW

    assert sweeping.sweep(province, FOURTH) == 0

    with transaction(province) as session:
        session.get_one(cases.ProcessInstance, instance_id).suspended_at = None
    assert sweeping.sweep(province, FOURTH) == 1


def test_one_case_that_fails_does_not_keep_the_others_waiting(province, timed, monkeypatch):
    first, second = (begin(province, timed(is_interrupting=True)) for _ in range(2))
    working = sweeping._timer

    def fail(session, instance, row, now):
        if instance.id == first:
            raise RuntimeError
        working(session, instance, row, now)

    with monkeypatch.context() as broken:
        broken.setitem(sweeping._KINDS, DeadlineKind.TIMER, fail)
        with pytest.raises(ExceptionGroup):
            sweeping.sweep(province, FOURTH)

    assert "deadline_fired" not in told(province, first)
    assert "deadline_fired" in told(province, second)
    assert sweeping.sweep(province, FOURTH) == 1


@pytest.mark.parametrize(
    "opened",
    [
        datetime(2027, 3, 28, 0, 30, tzinfo=UTC),  # Europe turns its clocks
        datetime(2028, 2, 28, 16, 59, tzinfo=UTC),  # before a leap day
        datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC),  # the last second of the year
        datetime(2026, 12, 31, 17, 0, tzinfo=UTC),  # and the first, in Vietnam
        datetime(2027, 2, 4, 3, 0, tzinfo=UTC),  # before Tết
    ],
)
def test_deadline_is_five_in_the_afternoon_of_a_working_day(opened):
    moment = calendar.deadline(opened, 1)
    local = moment.astimezone(calendar.VIETNAM)

    assert (local.hour, local.minute) == (17, 0)
    assert calendar.is_working_day(local.date())
    assert local.date() > calendar.today(opened)


def test_steps_of_the_award_process_have_deadlines_and_a_statutory_clock(db):
    nomination = factories.begin_at(db, "appraise")
    rows = {
        (row.kind, row.element_id): row.due_at
        for row in db.scalars(select(Deadline).where(Deadline.fired_at.is_(None)))
        if row.instance_id == nomination.instance_id
    }

    assert rows == {
        (DeadlineKind.REMINDER, "appraise"): calendar.deadline(NOW, 7),
        (DeadlineKind.CLOCK, "appraisal"): calendar.deadline(NOW, 20),
    }
