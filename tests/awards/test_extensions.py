"""Extending the appraisal: who may, when, and what is left of it."""

import pytest

from awards import extensions
from awards.errors import NothingToExtend
from models.history import EventKind
from tests import factories
from tests.conftest import NOW
from workflows import clocks, history
from workflows.errors import NotAllowed


def extend(db, nomination, *, role="department_head", days=5, key="extended"):
    extensions.extend(
        db,
        nomination,
        days=days,
        reason="Chờ xác nhận của cơ quan thuế.",
        actor=factories.actor(db, role),
        command_key=key,
        now=NOW,
    )


def test_head_of_the_department_extends_once_however_often_it_is_sent(db):
    nomination = factories.begin_at(db, "appraise")
    for _ in range(3):
        extend(db, nomination)

    (clock,) = clocks.of(db, nomination.instance_id)
    event = history.of(db, nomination.instance_id)[-1]
    assert clock.allowed_days == 25
    assert event.kind == EventKind.CLOCK_EXTENDED
    assert history.details(event)["days"] == 5
    assert "thuế" not in event.body
    assert history.verify(db, nomination.instance) is None


@pytest.mark.parametrize("role", ["department_specialist", "chairman", "office_specialist"])
def test_nobody_else_extends(db, role):
    nomination = factories.begin_at(db, "appraise")
    with pytest.raises(NotAllowed):
        extend(db, nomination, role=role)


@pytest.mark.parametrize("step", ["review_by_block", "decide_by_chairman"])
def test_there_is_nothing_to_extend_before_the_receipt_and_after_the_offices(db, step):
    nomination = factories.begin_at(db, step)
    with pytest.raises(NothingToExtend):
        extend(db, nomination)


def test_paused_period_may_be_extended(db):
    nomination = factories.begin_at(db, "appraise")
    factories.answer(db, nomination, "return")
    extend(db, nomination)

    assert clocks.of(db, nomination.instance_id)[0].allowed_days == 25
