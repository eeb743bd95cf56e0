"""Units end and begin; what they were called stays, and what is open goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from awards import access, blocks, nominations, people, posts, units
from awards.errors import BadChange, BadPost, UnitIsOver
from awards.nominations import Facts
from awards.posts import Appointment
from awards.units import Change, NewUnit
from models.awards import Award, Movement, Nomination, NomineeKind
from models.history import EventKind
from models.organisation import Person, Post, Role, Unit, UnitEventKind, UnitKind
from models.tasks import TaskState
from tests import factories
from tests.conftest import NOW
from workflows import barriers, calendar, history, tasks
from workflows.errors import NotAllowed
from workflows.replay import replay

TODAY = calendar.today(NOW)
DAY = timedelta(days=1)
ADMIN = factories.stand_in(990, Role.SYSTEM_ADMIN.value)
NEW = NewUnit("SO-TPYT", "Sở Tư pháp và Y tế")


def merge(effective_on=TODAY, **changes):
    given = {"ending": ("SO-TP", "SO-YT"), "new": (NEW,)} | changes
    kind = given.pop("kind", UnitEventKind.MERGE)
    return Change(kind, effective_on, "12/QĐ-UBND", **given)


def record(db, change, by=ADMIN, now=NOW):
    return units.record(db, change, by=by, now=now)


def person(db, login):
    return db.scalars(select(Person).where(Person.login == login)).one()


def actor(db, login, day=TODAY):
    db.expire_all()
    return people.actor_of(people.find(db, person(db, login).id), day)


def test_founded_unit_is_there_from_its_day_and_in_its_block(db):
    block = blocks.find(db, "K01")
    unit = units.found(
        db,
        NewUnit("SO-DL", "Sở Du lịch"),
        UnitKind.ADMINISTRATIVE,
        since=TODAY + DAY,
        decision_number="7/QĐ-UBND",
        block=block,
        by=ADMIN,
        now=NOW,
    )

    assert unit not in units.on(db, TODAY)
    assert unit in units.on(db, TODAY + DAY)
    assert blocks.of(db, unit, TODAY) is None
    assert blocks.of(db, unit, TODAY + DAY) is block
    (event,) = units.events(db, unit)
    assert (event.kind, event.begun, event.ended) == (UnitEventKind.FOUND, [unit], [])
    assert event.carried_out_at == NOW


def test_merged_units_keep_their_names_and_go_on_in_the_new_one(db):
    nomination = factories.begin_at(db, "approve_by_unit")
    finished = factories.begin(db, name="Đào Văn Cũ")
    factories.withdraw(db, finished)

    event = record(db, merge())

    db.expire_all()
    heir = units.find(db, "SO-TPYT")
    assert nomination.unit.name == finished.unit.name == "Sở Tư pháp"
    assert nomination.unit.kept_by is heir
    assert nomination.unit not in units.on(db, TODAY)
    assert nomination.unit in units.on(db, TODAY - DAY)
    assert blocks.of(db, heir, TODAY).code == "K01"
    assert blocks.of(db, nomination.unit, TODAY) is None
    assert factories.open_task(db, nomination).queue == "unit_head:SO-TPYT"
    head = actor(db, "quang.tuphap")
    assert head.scopes(Role.UNIT_HEAD) == {"SO-TPYT"}
    assert access.may_see(head, nomination)
    seen = db.scalars(select(Nomination).where(access.visible_to(head))).all()
    assert set(seen) == {nomination, finished}
    told = history.of(db, nomination.instance_id)[-1]
    assert (told.kind, told.actor_id) == (EventKind.INSTANCE_REHOMED, None)
    assert history.details(told)["reason"] == {"unit_event": event.id}
    assert history.of(db, finished.instance_id)[-1].kind == EventKind.INSTANCE_ENDED
    for one in (nomination, finished):
        assert history.verify(db, one.instance) is None
        assert replay(db, one.instance) is None


def test_nomination_goes_on_to_its_end_after_the_merger(db):
    nomination = factories.begin_at(db, "approve_by_unit")
    record(db, merge())
    db.expire_all()
    task = factories.open_task(db, nomination)
    head = actor(db, "quang.tuphap")

    tasks.claim(db, task.id, actor=head, now=NOW)
    factories.answer(db, nomination, "return", by=head)

    assert factories.open_task(db, nomination).queue == "unit_officer:SO-TPYT"
    assert replay(db, nomination.instance) is None


def test_claimed_task_stays_with_who_goes_along(db):
    nomination = factories.begin_at(db, "approve_by_unit")
    head = actor(db, "quang.tuphap")
    tasks.claim(db, factories.open_task(db, nomination).id, actor=head, now=NOW)

    record(db, merge())

    db.expire_all()
    assert factories.open_task(db, nomination).assignee_id == head.id


def test_claimed_task_goes_back_when_its_holder_does_not_go_along(db):
    nomination = factories.begin_at(db, "approve_by_unit")
    head = actor(db, "quang.tuphap")
    tasks.claim(db, factories.open_task(db, nomination).id, actor=head, now=NOW)

    change = merge(kind=UnitEventKind.DISSOLVE, ending=("SO-TP",), new=(), heir="SO-YT")
    record(db, change)

    db.expire_all()
    task = factories.open_task(db, nomination)
    assert (task.state, task.queue) == (TaskState.READY, "unit_head:SO-YT")
    assert actor(db, "quang.tuphap").posts == ()
    assert access.may_see(actor(db, "khanh.yte"), nomination)


def test_change_recorded_ahead_waits_for_its_day(db):
    nomination = factories.begin_at(db, "approve_by_unit")
    soon = TODAY + 7 * DAY

    event = record(db, merge(soon))

    assert event.carried_out_at is None
    assert factories.open_task(db, nomination).queue == "unit_head:SO-TP"
    assert actor(db, "quang.tuphap").scopes(Role.UNIT_HEAD) == {"SO-TP"}
    assert actor(db, "quang.tuphap", soon).scopes(Role.UNIT_HEAD) == {"SO-TPYT"}
    units.carry_out_due(db, NOW + 6 * DAY)
    assert event.carried_out_at is None
    units.carry_out_due(db, NOW + 7 * DAY)
    units.carry_out_due(db, NOW + 7 * DAY)
    db.expire_all()
    assert factories.open_task(db, nomination).queue == "unit_head:SO-TPYT"
    events = history.of(db, nomination.instance_id)
    assert [e.kind for e in events].count(EventKind.INSTANCE_REHOMED) == 1


def test_keeper_of_a_unit_that_ends_again_looks_after_both(db):
    nomination = factories.begin_at(db, "approve_by_unit")
    record(db, merge())
    record(
        db,
        Change(
            UnitEventKind.RENAME,
            TODAY + DAY,
            "13/QĐ-UBND",
            ending=("SO-TPYT",),
            new=(NewUnit("SO-PY", "Sở Pháp chế và Y tế"),),
        ),
        now=NOW + DAY,
    )

    db.expire_all()
    assert nomination.unit.kept_by.code == "SO-PY"
    assert factories.open_task(db, nomination).queue == "unit_head:SO-PY"
    assert access.may_see(actor(db, "quang.tuphap", TODAY + DAY), nomination)
    kinds = [event.kind for event in units.events(db, nomination.unit)]
    assert kinds == [UnitEventKind.RENAME, UnitEventKind.MERGE]


def test_unit_that_takes_another_in_goes_on_as_it_is(db):
    record(db, merge(ending=("SO-TP",), new=(), heir="SO-YT"))

    db.expire_all()
    assert units.find(db, "SO-YT").valid_to is None
    assert units.find(db, "SO-TP").kept_by.code == "SO-YT"
    assert actor(db, "lan.tuphap").scopes(Role.UNIT_OFFICER) == {"SO-YT"}
    assert actor(db, "hoa.yte").scopes(Role.UNIT_OFFICER) == {"SO-YT"}


def test_split_leaves_people_and_open_nominations_with_the_first(db):
    nomination = factories.begin_at(db, "approve_by_unit")
    new = (NewUnit("SO-T1", "Sở Thứ nhất"), NewUnit("SO-T2", "Sở Thứ hai"))

    record(db, merge(kind=UnitEventKind.SPLIT, ending=("SO-TP",), new=new))

    db.expire_all()
    assert factories.open_task(db, nomination).queue == "unit_head:SO-T1"
    assert {u.code for u in units.on(db, TODAY)} >= {"SO-T1", "SO-T2"}
    assert actor(db, "lan.tuphap").scopes(Role.UNIT_OFFICER) == {"SO-T1"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (merge(ending=()), "Chọn đơn vị"),
        (merge(ending=("SO-TP", "NO-SUCH")), "Chọn đơn vị"),
        (merge(ending=("SO-TP",)), "ít nhất hai đơn vị"),
        (merge(new=()), "Hợp nhất thành một đơn vị mới hoặc"),
        (merge(heir="SO-XD"), "Hợp nhất thành một đơn vị mới hoặc"),
        (merge(new=(), heir="SO-TP"), "phải còn hoạt động"),
        (merge(new=(), heir="NO-SUCH"), "phải còn hoạt động"),
        (merge(new=(NewUnit("SO-XD", "Sở Mới"),)), "đã có"),
        (merge(new=(NewUnit("SO-M", "Sở Y tế"),)), "đã có"),
        (merge(kind=UnitEventKind.RENAME), "từng đơn vị một"),
        (merge(kind=UnitEventKind.RENAME, ending=("SO-TP",), new=()), "tên mới"),
        (merge(kind=UnitEventKind.SPLIT, ending=("SO-TP",)), "ít nhất hai đơn vị mới"),
        (merge(kind=UnitEventKind.DISSOLVE), "chọn đơn vị có sẵn"),
        (merge(effective_on=TODAY.replace(year=2020)), "chưa có vào ngày đó"),
    ],
)
def test_change_that_makes_no_sense_is_refused(db, change, sentence):
    before = factories.everything(db)

    with pytest.raises(BadChange, match=sentence), db.begin_nested():
        record(db, change)
    assert factories.everything(db) == before


def test_unit_ends_once(db):
    record(db, merge(TODAY + 9 * DAY))

    with pytest.raises(BadChange, match="đã có quyết định chấm dứt"):
        record(db, merge(ending=("SO-TP",), new=(), heir="SO-XD"))
    with pytest.raises(BadChange, match="phải còn hoạt động"):
        record(db, merge(ending=("SO-XD",), new=(), heir="SO-YT"))


def test_nobody_moves_his_own_post(db):
    lan = actor(db, "lan.tuphap")

    with pytest.raises(NotAllowed):
        record(db, merge(), by=lan)


def test_outlook_tells_what_recording_does(db):
    factories.begin_at(db, "approve_by_unit")
    factories.withdraw(db, factories.begin(db, name="Đào Văn Cũ"))

    outlook = units.outlook(db, merge(), NOW)

    assert [unit.code for unit in outlook.ending] == ["SO-TP", "SO-YT"]
    assert (outlook.heir, outlook.open_nominations) == (NEW.name, 1)
    assert outlook.do_posts_go_on
    assert outlook.is_at_once
    record(db, merge())
    went_on = db.scalars(select(Post).join(Post.unit).where(Unit.code == NEW.code)).all()
    assert len(went_on) == len(outlook.posts) == 4
    assert not units.outlook(db, merge(TODAY + DAY, ending=("SO-XD", "XA-VG"),
                                       new=(NewUnit("X", "X"),)), NOW).is_at_once  # fmt: skip


def test_who_once_worked_for_the_heir_goes_along_too(db):
    quang = person(db, "quang.tuphap")
    wanted = Appointment(
        Role.UNIT_HEAD, "Giám đốc", "", TODAY - 90 * DAY, TODAY - 60 * DAY, unit="SO-YT"
    )
    posts.appoint(db, quang.id, wanted, by=ADMIN, now=NOW)

    record(db, merge(ending=("SO-TP",), new=(), heir="SO-YT"))

    assert actor(db, "quang.tuphap").scopes(Role.UNIT_HEAD) == {"SO-YT"}


def test_heir_that_ends_before_it_takes_over_hands_on_to_its_own(db):
    nomination = factories.begin_at(db, "approve_by_unit")
    record(db, merge(TODAY + 9 * DAY, ending=("SO-TP",), new=(), heir="SO-YT"))
    record(db, merge(ending=("SO-YT",), new=(), heir="SO-XD"))

    units.carry_out_due(db, NOW + 9 * DAY)

    db.expire_all()
    assert nomination.unit.kept_by.code == "SO-XD"
    assert factories.open_task(db, nomination).queue == "unit_head:SO-XD"
    head = actor(db, "quang.tuphap", TODAY + 9 * DAY)
    assert head.scopes(Role.UNIT_HEAD) == {"SO-XD"}


def test_nothing_is_given_in_a_unit_beyond_its_end(db):
    record(db, merge(TODAY + 9 * DAY))
    wanted = Appointment(Role.UNIT_OFFICER, "Chuyên viên", "", TODAY, unit="SO-TP")
    tuan = person(db, "tuan.noivu")

    with pytest.raises(BadPost, match="chỉ còn đến"):
        posts.appoint(db, tuan.id, wanted, by=ADMIN, now=NOW)
    last = replace(wanted, valid_to=TODAY + 8 * DAY)
    posts.appoint(db, tuan.id, last, by=ADMIN, now=NOW)
    block = blocks.find(db, "K02")
    unit = units.find(db, "SO-TP")
    blocks.join(db, block, unit, since=TODAY + DAY, decision_number="8/QĐ")
    assert blocks.of(db, unit, TODAY + 8 * DAY) is block
    assert blocks.of(db, unit, TODAY + 9 * DAY) is None


def test_nobody_nominates_for_a_unit_that_has_ended(db):
    record(db, merge())

    with pytest.raises(UnitIsOver):
        nominations.create(
            db,
            movement=db.scalars(select(Movement)).one(),
            award=db.scalars(select(Award)).one(),
            unit=units.find(db, "SO-TP"),
            facts=Facts(NomineeKind.INDIVIDUAL, "Trần Thị Đào"),
            actor=actor(db, "nga.noivu"),
            now=NOW,
        )
    assert db.scalars(select(Nomination)).all() == []


def test_who_was_nominated_does_not_judge_it_under_the_new_name(db):
    nomination = factories.begin_at(db, "approve_by_unit")
    nomination.nominee.name = person(db, "quang.tuphap").name

    record(db, merge())

    head = actor(db, "quang.tuphap")
    task = factories.open_task(db, nomination)
    assert head.scopes(Role.UNIT_HEAD) == {"SO-TPYT"}
    assert task.id in barriers.against(db, head, [task])
