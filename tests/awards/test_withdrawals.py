"""Withdrawing: the unit's head, at any time before the Chairman decides."""

import pytest
from sqlalchemy import func, select

from awards import withdrawals
from models.history import HistoryEvent
from models.process import InstanceStatus
from models.tasks import TaskState
from workflows import history, submissions, tasks
from workflows.errors import MessageNotAwaited, NotAllowed

HEAD = "unit_head:SO-TP"
STEPS = [
    "prepare_nomination",
    "approve_by_unit",
    "review_by_block",
    "receive_by_department",
    "appraise",
    "approve_by_department",
    "check_by_office",
    "decide_by_chairman",
]


def withdraw(world, nomination, *, queue=HEAD, key="key", reason="Đơn vị xin rút."):
    withdrawals.withdraw(
        world.session,
        nomination,
        reason=reason,
        actor=world.actor(queue),
        command_key=key,
        now=world.now,
    )


def test_head_withdraws_at_every_step_before_the_decision(world):
    for passed, step in enumerate(STEPS):
        nomination = world.walk(*["approve"] * passed)
        task = world.task(nomination)
        assert task.element_id == step
        assert withdrawals.is_open(world.session, nomination)

        withdraw(world, nomination, key=step)

        instance = nomination.instance
        assert (instance.status, instance.result) == (InstanceStatus.ENDED, "withdrawn")
        assert instance.ended_at == world.now
        assert task.state == TaskState.CANCELLED
        assert not withdrawals.is_open(world.session, nomination)
        assert history.verify(world.session, instance) is None


@pytest.mark.parametrize(
    "answers",
    [["approve"] * 8, ["approve"] * 9, ["withdraw"]],
    ids=["decided", "issued", "ended"],
)
def test_it_is_too_late_once_decided_or_ended(world, answers):
    nomination = world.walk(*answers)
    events = nomination.instance.history_length

    assert not withdrawals.is_open(world.session, nomination)
    with pytest.raises(MessageNotAwaited):
        withdraw(world, nomination)
    assert nomination.instance.history_length == events


def test_nobody_else_withdraws(world):
    nomination = world.walk("approve")

    for queue in (
        "unit_officer:SO-TP",
        "unit_head:SO-YT",
        "block_lead:K01",
        "process_admin",
    ):
        with pytest.raises(NotAllowed):
            withdraw(world, nomination, queue=queue)
    assert nomination.instance.status == InstanceStatus.RUNNING


def test_reason_is_kept_and_only_its_hash_told(world):
    nomination = world.walk("approve")
    withdraw(world, nomination, reason="Một lý do rất riêng.")

    entry = submissions.of(world.session, nomination.instance_id)[-1]
    bodies = world.session.scalars(select(HistoryEvent.body)).all()
    assert entry.content == {"outcome": "withdraw", "reason": "Một lý do rất riêng."}
    assert entry.element_id == "withdrawn_during_approve_by_unit"
    assert [body for body in bodies if "rất riêng" in body] == []
    assert [body for body in bodies if entry.digest in body] != []


def test_sent_twice_it_happens_once(world):
    nomination = world.walk("approve")
    withdraw(world, nomination)
    count = select(func.count(HistoryEvent.id))
    events = world.session.scalar(count)

    withdraw(world, nomination)

    assert world.session.scalar(count) == events


def test_withdrawing_takes_the_task_from_whoever_claimed_it(world):
    nomination = world.walk("approve", "approve")
    lead = world.actor("block_lead:K01")
    task = world.task(nomination)
    tasks.claim(world.session, task.id, actor=lead, now=world.now)

    withdraw(world, nomination)

    assert task.state == TaskState.CANCELLED
