"""The statutory clock: it runs in the offices' steps, and a return to the unit interrupts it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.deadlines import Clock, Deadline, DeadlineKind
from models.session import transaction
from tests import factories
from tests.conftest import NOW
from workflows import calendar, clocks, history, instances, replay, sweeping

WEEK = timedelta(days=7)
USED = calendar.working_days_between(calendar.today(NOW), calendar.today(NOW + WEEK))


def events(session, nomination):
    session.flush()
    found = history.of(session, nomination.instance_id)
    return [e.kind.value for e in found if e.kind.value.startswith("clock")]


def clock_of(session, nomination):
    session.flush()
    query = select(Clock).where(Clock.instance_id == nomination.instance_id)
    return session.scalars(query).one()


def rings_at(session, nomination):
    query = select(Deadline.due_at).where(
        Deadline.instance_id == nomination.instance_id,
        Deadline.kind == DeadlineKind.CLOCK,
        Deadline.fired_at.is_(None),
    )
    return session.scalars(query).all()


def test_clock_starts_with_the_receipt(db):
    nomination = factories.begin_at(db, "receive_by_department")
    assert clocks.of(db, nomination.instance_id) == []

    factories.answer(db, nomination)

    clock = clock_of(db, nomination)
    assert (clock.name, clock.allowed_days, clock.used_days) == ("appraisal", 20, 0)
    assert clock.running_since == NOW
    assert rings_at(db, nomination) == [calendar.deadline(NOW, 20)]


def test_clock_runs_on_through_the_offices_and_stops_at_the_chairman(db):
    nomination = factories.begin_at(db, "appraise")
    for _ in range(3):
        factories.answer(db, nomination, now=NOW + WEEK)

    clock = clock_of(db, nomination)
    assert events(db, nomination) == ["clock_started", "clock_stopped"]
    assert (clock.used_days, clock.running_since, clock.stopped_at) == (
        USED,
        None,
        NOW + WEEK,
    )
    assert rings_at(db, nomination) == []


def test_return_to_the_unit_pauses_the_clock_and_the_second_receipt_resumes_it(db):
    nomination = factories.begin_at(db, "appraise")
    factories.answer(db, nomination, "return", now=NOW + WEEK)
    clock = clock_of(db, nomination)
    assert (clock.used_days, clock.running_since, rings_at(db, nomination)) == (
        USED,
        None,
        [],
    )

    for _ in range(4):
        factories.answer(db, nomination, now=NOW + 4 * WEEK)

    assert events(db, nomination) == ["clock_started", "clock_paused", "clock_resumed"]
    assert clock_of(db, nomination).used_days == USED
    assert rings_at(db, nomination) == [calendar.deadline(NOW + 4 * WEEK, 20 - USED)]
    assert clocks.used(clock_of(db, nomination), NOW + 5 * WEEK) == USED + 5


def test_return_within_the_offices_lets_it_run(db):
    nomination = factories.begin_at(db, "approve_by_department")
    factories.answer(db, nomination, "return", now=NOW + WEEK)

    assert events(db, nomination) == ["clock_started"]


def test_withdrawal_stops_it(db):
    nomination = factories.begin_at(db, "appraise")
    factories.withdraw(db, nomination)

    assert events(db, nomination) == ["clock_started", "clock_stopped"]


def test_clock_that_has_run_out_rings_once_and_stops_nobody(province):
    with transaction(province) as session:
        nomination = factories.begin_at(session, "appraise")
    late = calendar.deadline(NOW, 20)

    sweeping.sweep(province, late - timedelta(seconds=1))
    with transaction(province) as session:
        assert events(session, nomination) == ["clock_started"]
    sweeping.sweep(province, late)
    sweeping.sweep(province, late + WEEK)

    with transaction(province) as session:
        assert events(session, nomination) == ["clock_started", "clock_expired"]
        assert factories.open_task(session, nomination).element_id == "appraise"


@pytest.mark.parametrize("days", [5, 10])
def test_extension_moves_its_end(db, days):
    nomination = factories.begin_at(db, "appraise")
    head = factories.actor(db, "department_head")
    instance = instances.lock(db, nomination.instance_id)

    clocks.extend(
        db, instance, "appraisal", days=days, actor=head, post=head.posts[0], now=NOW
    )

    assert rings_at(db, nomination) == [calendar.deadline(NOW, 20 + days)]
    assert events(db, nomination) == ["clock_started", "clock_extended"]
    assert history.verify(db, instance) is None
    assert replay.replay(db, instance) is None
