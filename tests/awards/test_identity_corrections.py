"""Putting an identity number right: who may and when, and what is told and found by it."""

import pytest
from sqlalchemy import update

from awards import erasures, evidence, identity_corrections, own_copies
from awards.errors import NumberOfAnother, NumberUnchanged
from models.awards import Nominee, NomineeKind
from models.history import EventKind
from models.process import InstanceStatus
from models.tasks import Submission
from tests import factories
from tests.conftest import NOW
from workflows import history
from workflows.canonical import salted
from workflows.errors import NotAllowed, TaskChanged

OFFICER, SPECIALIST = f"unit_officer:{factories.UNIT}", "department_specialist"
WRONG, RIGHT = "001099087651", "001099087652"
REASON = "Đơn vị gõ nhầm chữ số cuối."
OTHERS = (
    f"unit_head:{factories.UNIT}", "unit_officer:SO-YT", "department_clerk", "department_head",
    "office_specialist", "chairman", "records_clerk", "auditor", "process_admin", "system_admin",
)  # fmt: skip
REQUEST = erasures.Request("Điều 14 Luật số 91/2025/QH15", "Đơn ngày 05/11/2026")


def begin(db, step="prepare_nomination", number=WRONG, **facts):
    nomination = factories.begin(db, **facts)
    if step != "prepare_nomination":
        factories.walk(db, nomination, step)
    nomination.nominee.identity_number = number
    db.flush()
    return nomination


def correct(db, nomination, number=RIGHT, *, queue=OFFICER, is_sure=False, key=""):
    identity_corrections.correct(
        db,
        nomination,
        number,
        reason=REASON,
        is_sure=is_sure,
        actor=factories.actor(db, queue),
        command_key=key or factories.command_key(),
        now=NOW,
    )


def told(db, nomination):
    events = history.of(db, nomination.instance_id)
    return [event for event in events if event.kind == EventKind.IDENTITY_CORRECTED]


@pytest.mark.parametrize("step", factories.ROUTE)
def test_unit_corrects_before_it_sends_and_the_department_afterwards(db, step):
    nomination = begin(db, step)
    who = {"prepare_nomination": {OFFICER}, "approve_by_unit": set()}

    may = {
        queue
        for queue in (OFFICER, SPECIALIST, *OTHERS)
        if identity_corrections.post_for(db, factories.actor(db, queue), nomination)
    }

    assert may == who.get(step, {SPECIALIST})


def test_returned_nomination_is_the_units_again(db):
    nomination = begin(db, "review_by_block")
    factories.walk(db, nomination, "receive_by_department")
    factories.answer(db, nomination, "return")
    assert factories.open_task(db, nomination).element_id == "prepare_nomination"

    with pytest.raises(NotAllowed):
        correct(db, nomination, queue=SPECIALIST)
    correct(db, nomination)

    assert nomination.nominee.identity_number == RIGHT


def test_officer_of_a_suspended_nomination_waits(db):
    nomination = begin(db)
    nomination.instance.suspended_at = NOW

    for queue in (OFFICER, SPECIALIST):
        with pytest.raises(NotAllowed):
            correct(db, nomination, queue=queue)


def test_ended_nomination_is_corrected_by_the_department(db):
    nomination = begin(db)
    factories.withdraw(db, nomination)
    assert nomination.instance.status == InstanceStatus.ENDED

    with pytest.raises(NotAllowed):
        correct(db, nomination)
    correct(db, nomination, queue=SPECIALIST)

    assert nomination.nominee.identity_number == RIGHT


def test_group_has_no_number(db):
    nomination = begin(db, number="", kind=NomineeKind.COLLECTIVE)

    with pytest.raises(NotAllowed):
        correct(db, nomination)


def test_history_tells_who_and_why_by_hashes_and_never_the_number(db):
    nomination = begin(db)

    correct(db, nomination)

    (event,) = told(db, nomination)
    said = history.details(event)
    entered = db.get_one(Submission, said["submission"])
    assert event.actor_id == factories.actor(db, OFFICER).id
    assert entered.content == {"reason": REASON}
    assert said["before"] == salted(entered.salt, WRONG)
    assert said["after"] == salted(entered.salt, RIGHT)
    bodies = "".join(e.body for e in history.of(db, nomination.instance_id))
    assert not any(part in bodies for part in (WRONG[:11], RIGHT, "Đơn vị gõ"))
    assert history.verify(db, nomination.instance) is None


def test_number_changed_behind_the_history_is_found(db, monkeypatch):
    nomination = begin(db)
    correct(db, nomination)
    db.execute(update(Nominee).values(identity_number="001099087659"))
    db.expire_all()

    fault = history.verify(db, nomination.instance)

    assert fault is not None
    assert fault.sequence == told(db, nomination)[0].sequence
    checks = [c for c in history._EVIDENCE if c is not evidence.identity_number]
    monkeypatch.setattr(history, "_EVIDENCE", checks)  # the control: nothing else finds it
    assert history.verify(db, nomination.instance) is None


def test_key_counts_once_and_for_one_nomination(db):
    nomination, another = begin(db), begin(db, name="Lê Văn Bình", number="")
    for _ in range(3):
        correct(db, nomination, key="k")

    assert len(told(db, nomination)) == 1
    with pytest.raises(TaskChanged):
        correct(db, another, "001099087653", key="k")


def test_number_that_is_there_is_no_correction(db):
    nomination = begin(db)

    with pytest.raises(NumberUnchanged):
        correct(db, nomination, WRONG)

    assert told(db, nomination) == []


def test_number_of_another_is_warned_of_and_kept_when_one_is_sure(db):
    another = begin(db, name="Lê Văn Bình", number=RIGHT)
    nomination = begin(db)

    with pytest.raises(NumberOfAnother) as warning:
        correct(db, nomination)
    assert warning.value.values == {"cases": f"Lê Văn Bình ({another.code})"}
    assert told(db, nomination) == []

    correct(db, nomination, is_sure=True)
    assert nomination.nominee.identity_number == RIGHT


def test_own_earlier_nomination_is_no_other(db):
    begin(db, name="TRẦN THỊ ĐÀO", number=RIGHT)
    nomination = begin(db, name="Trần Thị Đào")

    correct(db, nomination)

    assert nomination.nominee.identity_number == RIGHT


def test_officer_is_not_told_of_other_units_and_the_department_is(db):
    begin(db, unit="SO-YT", name="Lê Văn Bình", number=RIGHT)
    mine, sent = begin(db), begin(db, "appraise", name="Vũ Thị Hoa")

    correct(db, mine)
    with pytest.raises(NumberOfAnother):
        correct(db, sent, queue=SPECIALIST)


def test_copy_and_erasure_follow_the_right_number(db):
    wrongly, rightly = begin(db, number=WRONG), begin(db, number=RIGHT)
    stranger = begin(db, name="Lê Văn Bình", number=WRONG)
    admin = factories.actor(db, "system_admin")
    assert erasures.of_person(db, wrongly) == [wrongly, stranger]

    correct(db, wrongly)

    assert own_copies.nominations_of(db, rightly, actor=admin) == [wrongly, rightly]
    assert erasures.of_person(db, stranger) == [stranger]


def test_erasure_takes_the_reason_and_what_would_prove_the_numbers(db):
    nomination = begin(db)
    correct(db, nomination)
    factories.withdraw(db, nomination)
    admin = factories.actor(db, "system_admin")

    erasures.erase(db, nomination, REQUEST, actor=admin, now=NOW)

    entered = db.get_one(Submission, history.details(told(db, nomination)[0])["submission"])
    assert entered.content == {}
    assert not any(entered.salt)
    assert nomination.nominee.identity_number == ""
    assert history.verify(db, nomination.instance) is None
    with pytest.raises(NotAllowed):  # nobody writes it anew
        correct(db, nomination, queue=SPECIALIST)
