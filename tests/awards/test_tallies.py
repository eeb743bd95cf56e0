"""Counts that follow the history say what tasks and instances say, at every moment."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from awards import scopes, tallies
from awards.scopes import Scope
from benchmarks import counting
from models.awards import Nomination
from models.history import HistoryMark
from models.operations import OperatorActKind
from models.process import ProcessInstance
from models.tallies import ARRIVED, EVERYWHERE, StepTally, WeekTally
from models.tasks import TaskState, UserTask
from workflows.operations import Wish

COUNCIL, OFFICER, LEAD = "council_member", "unit_officer:SO-YT", "block_lead:K01"


def recounted(session, scope):
    """The same counts, from the tasks and instances one by one."""
    steps, weeks = Counter(), Counter()
    query = select(UserTask, ProcessInstance, Nomination).join(
        ProcessInstance, ProcessInstance.id == UserTask.instance_id
    )
    query = query.join(Nomination, Nomination.instance_id == ProcessInstance.id)
    for task, instance, nomination in session.execute(
        query.where(UserTask.state == TaskState.COMPLETED)
    ):
        if scope.has(instance.series, nomination.unit_id, nomination.block_id):
            steps[task.element_id, tallies.days_taken(task.opened_at, task.closed_at)] += 1
    for instance, nomination in session.execute(
        select(ProcessInstance, Nomination).join(
            Nomination, Nomination.instance_id == ProcessInstance.id
        )
    ):
        if not scope.has(instance.series, nomination.unit_id, nomination.block_id):
            continue
        weeks[tallies.monday(instance.started_at), ARRIVED] += 1
        if instance.ended_at is not None:
            weeks[tallies.monday(instance.ended_at), instance.result] += 1
    return steps, weeks


@pytest.fixture
def season(world):
    """Nominations of three units, moved on over three weeks; some end, some are withdrawn."""
    begun = [
        world.walk(unit=unit) for unit in ("SO-TP", "SO-YT", "XA-VG", "SO-TP", "SO-YT")
    ]
    for number, nomination in enumerate(begun):
        world.now += timedelta(days=3)
        for _ in range(number):
            world.answer(nomination, "approve")
            world.now += timedelta(days=1, hours=number)
    world.answer(begun[0], "withdraw")
    world.answer(begun[2], "not_selected")
    world.session.flush()
    return world


def scopes_of(world):
    asked = (
        (COUNCIL, {}),
        (COUNCIL, {"unit": "SO-TP"}),
        (COUNCIL, {"block": "K01", "year": "2026"}),
        (COUNCIL, {"year": "1999"}),
        (COUNCIL, {"year": "x"}),
        (OFFICER, {}),
        (OFFICER, {"unit": "SO-TP"}),
        (LEAD, {"movement": "all"}),
    )
    return [scopes.of(world.session, world.actor(who), **what) for who, what in asked]


def agree(world):
    for scope in scopes_of(world):
        found = tallies.of(world.session, scope)
        assert (found.steps, found.weeks) == recounted(world.session, scope)
        assert found.behind_since is None


def test_counts_say_what_tasks_say_before_between_and_after_they_are_kept(season):
    agree(season)  # all of it is unread
    assert not tallies.fold(season.session)
    agree(season)
    nomination = season.walk("approve", unit="XA-VG")
    season.now += timedelta(days=9)
    season.answer(nomination, "approve")
    agree(season)
    tallies.fold(season.session)
    tallies.fold(season.session)
    agree(season)


def test_counts_are_kept_for_each_unit_and_for_all(season):
    tallies.fold(season.session)
    total = func.sum(StepTally.count)
    whole = season.session.scalar(select(total).where(StepTally.unit_id == EVERYWHERE))
    units = season.session.scalar(select(total).where(StepTally.unit_id != EVERYWHERE))

    assert whole == units == sum(recounted(season.session, Scope())[0].values()) > 0


def test_without_what_is_unread_the_counts_would_be_old(season, monkeypatch):
    monkeypatch.setattr(tallies, "unread", lambda _session: [])
    with pytest.raises(AssertionError):
        agree(season)


def test_who_asks_while_too_much_is_unread_learns_up_to_when_it_is_counted(
    season, monkeypatch
):
    monkeypatch.setattr(tallies, "UNREAD", 10)
    found = tallies.of(season.session, Scope())

    assert found.behind_since is not None
    assert sum(found.weeks.values()) < sum(recounted(season.session, Scope())[1].values())


def test_following_goes_on_in_small_parts(season, monkeypatch):
    monkeypatch.setattr(tallies, "AT_ONCE", 7)
    while tallies.fold(season.session):
        pass
    mark = season.session.get_one(HistoryMark, tallies.READER)

    assert tallies.unread(season.session) == []
    assert mark.read_to > 0
    agree(season)


def test_nominations_that_operators_end_or_put_elsewhere_are_counted(season):
    cancelled, placed = season.walk("approve"), season.walk("approve", "approve")
    season.operate(cancelled, Wish(OperatorActKind.CANCEL))
    season.operate(placed, Wish(OperatorActKind.PLACE, element="approve_by_unit"))
    season.answer(placed, "approve")
    season.session.flush()
    agree(season)
    tallies.fold(season.session)
    agree(season)


def test_counting_all_at_once_comes_to_the_same(season):
    steps, weeks = counting.recounted(season.session)
    tallies.fold(season.session)
    kept = season.session.scalars(select(StepTally).where(StepTally.unit_id != EVERYWHERE))
    by_week = season.session.scalars(
        select(WeekTally).where(WeekTally.unit_id != EVERYWHERE)
    )

    assert steps == {
        (one.unit_id, one.series, one.block_id, one.element_id, one.days): one.count
        for one in kept
    }
    assert weeks == {
        (one.unit_id, one.series, one.block_id, one.week, one.kind): one.count
        for one in by_week
    }
