"""Posts: given for a time, ended early, and never one's own."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from awards import people, posts
from awards.errors import BadPost
from awards.posts import Appointment
from models.history import EventKind
from models.organisation import Person, Post, Role, Unit
from models.tasks import TaskState
from tests import factories
from tests.conftest import NOW
from workflows import calendar, history, tasks
from workflows.actors import Actor
from workflows.errors import NotAllowed
from workflows.replay import replay

TODAY = calendar.today(NOW)
ADMIN = factories.stand_in(990, Role.SYSTEM_ADMIN.value)
DAY = timedelta(days=1)


def person(db, login="lan.tuphap"):
    return db.scalars(select(Person).where(Person.login == login)).one()


def wanted(role=Role.UNIT_HEAD, **changes):
    given = {"title": "Giám đốc", "organisation": "", "valid_from": TODAY, "unit": "SO-TP"}
    return Appointment(role, **given | changes)


def appoint(db, who, appointment=None, by=ADMIN):
    return posts.appoint(db, who.id, appointment or wanted(), by=by, now=NOW)


def end(db, post, last_day, by=ADMIN):
    return posts.end(
        db, post.id, person_id=post.person_id, last_day=last_day, by=by, now=NOW
    )


def queues(db, who, day=TODAY):
    db.expire_all()
    return people.actor_of(people.find(db, who.id), day).queues


def test_post_of_a_unit_brings_its_queue_from_its_first_day(db):
    lan = person(db)
    post = appoint(db, lan, wanted(valid_from=TODAY + DAY))

    assert (post.organisation, post.appointed_by) == ("Sở Tư pháp", ADMIN.id)
    assert "unit_head:SO-TP" not in queues(db, lan)
    assert "unit_head:SO-TP" in queues(db, lan, TODAY + DAY)


@pytest.mark.parametrize(
    ("appointment", "queue"),
    [
        (wanted(Role.BLOCK_LEAD, block="K01", unit=""), "block_lead:K01"),
        (wanted(Role.BLOCK_LEAD, block="K01"), "block_lead:K01"),  # the unit does not count
        (wanted(Role.CHAIRMAN, organisation="UBND tỉnh"), "chairman"),
    ],
)
def test_post_brings_the_queue_of_what_its_role_needs(db, appointment, queue):
    lan = person(db)

    post = appoint(db, lan, appointment)

    assert queue in queues(db, lan)
    assert post.unit is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"unit": ""}, "Chọn đơn vị"),
        ({"unit": "NO-SUCH"}, "Chọn đơn vị"),
        ({"role": Role.BLOCK_LEAD, "unit": ""}, "Chọn Khối"),
        ({"valid_to": TODAY - DAY}, "Ngày cuối không thể trước ngày đầu"),
        ({"valid_from": date(1999, 1, 1)}, "đơn vị này chưa có hoặc không còn"),
        ({"role": Role.UNIT_OFFICER}, "đã giữ chức vụ đó"),
        (
            {"role": Role.UNIT_OFFICER, "valid_from": TODAY + 900 * DAY},
            "đã giữ chức vụ đó",
        ),
    ],
)
def test_post_that_makes_no_sense_is_refused(db, changes, sentence):
    before = db.scalars(select(Post.id)).all()

    with pytest.raises(BadPost, match=sentence):
        appoint(db, person(db), wanted(**changes))
    assert db.scalars(select(Post.id)).all() == before


def test_unit_that_is_gone_gets_no_new_people(db):
    unit = db.scalars(select(Unit).where(Unit.code == "SO-TP")).one()
    unit.valid_to = TODAY - DAY
    db.flush()

    with pytest.raises(BadPost, match="không còn"):
        appoint(db, person(db))
    assert unit not in posts.units(db, TODAY)


def test_same_post_again_after_it_has_ended(db):
    lan = person(db)
    first = appoint(db, lan)
    end(db, first, TODAY - DAY)

    assert appoint(db, lan).id != first.id


def test_ended_post_takes_the_rights_after_its_last_day(db):
    lan = person(db)
    (post,) = lan.posts

    end(db, post, TODAY + DAY)

    assert "unit_officer:SO-TP" in queues(db, lan, TODAY + DAY)
    assert queues(db, lan, TODAY + 2 * DAY) == frozenset()
    assert (post.ended_by, post.ended_at) == (ADMIN.id, NOW)


def test_post_is_not_made_longer_by_ending_it(db):
    (post,) = person(db).posts
    end(db, post, TODAY)

    with pytest.raises(BadPost, match="kết thúc sớm hơn"):
        end(db, post, TODAY + DAY)


def test_post_that_has_not_begun_is_taken_back(db):
    lan = person(db)
    post = appoint(db, lan, wanted(valid_from=TODAY + 9 * DAY))

    end(db, post, TODAY)

    assert "unit_head:SO-TP" not in queues(db, lan, TODAY + 9 * DAY)


def test_claimed_task_goes_back_to_its_queue_at_once(db):
    nomination = factories.begin_at(db, "appraise")
    task = factories.open_task(db, nomination)
    tuan = people.actor_of(person(db, "tuan.noivu"), TODAY)
    tasks.claim(db, task.id, actor=tuan, now=NOW)
    revision = task.revision

    end(db, person(db, "tuan.noivu").posts[0], TODAY - DAY)

    db.refresh(task)
    assert (task.state, task.assignee_id) == (TaskState.READY, None)
    assert task.revision > revision
    event = history.of(db, nomination.instance_id)[-1]
    assert (event.kind, event.actor_id) == (EventKind.TASK_RELEASED, None)
    assert history.details(event)["holder"] == tuan.id
    assert history.verify(db, nomination.instance) is None
    assert replay(db, nomination.instance) is None
    linh = people.actor_of(person(db, "linh.noivu"), TODAY)
    assert tasks.claim(db, task.id, actor=linh, now=NOW).assignee_id == linh.id


def test_claimed_task_goes_back_when_the_last_day_is_over(db):
    task = factories.open_task(db, factories.begin_at(db, "appraise"))
    who = person(db, "tuan.noivu")
    tasks.claim(db, task.id, actor=people.actor_of(who, TODAY), now=NOW)
    end(db, who.posts[0], TODAY)

    posts.release_ended(db, NOW)
    assert task.assignee_id == who.id
    posts.release_ended(db, NOW + DAY)

    assert (task.state, task.assignee_id) == (TaskState.READY, None)


def test_task_stays_with_who_may_work_on_it_by_another_post(db):
    task = factories.open_task(db, factories.begin_at(db, "appraise"))
    who = person(db, "tuan.noivu")
    first = who.posts[0]
    tasks.claim(db, task.id, actor=people.actor_of(who, TODAY), now=NOW)
    db.add(
        Post(
            person_id=who.id,
            role=Role.DEPARTMENT_SPECIALIST,
            title="Chuyên viên chính",
            organisation="",
            is_deputy=False,
            valid_from=TODAY,
        )
    )
    db.flush()
    db.expire(who)

    end(db, first, TODAY - DAY)

    assert task.assignee_id == who.id


def test_releasing_what_nobody_has_changes_nothing(db):
    task = factories.open_task(db, factories.begin_at(db, "appraise"))
    before = factories.everything(db)

    tasks.release(db, task.id, now=NOW)

    assert factories.everything(db) == before


def test_nobody_gives_or_ends_a_post_of_his_own(db):
    lan = person(db)
    me = Actor(lan.id, lan.name, ADMIN.posts)

    with pytest.raises(NotAllowed):
        appoint(db, lan, by=me)
    with pytest.raises(NotAllowed):
        end(db, lan.posts[0], TODAY, by=me)


def test_post_of_another_person_is_not_ended_in_ones_name(db):
    post = person(db, "tuan.noivu").posts[0]

    with pytest.raises(NotAllowed):
        posts.end(db, post.id, person_id=person(db).id, last_day=TODAY, by=ADMIN, now=NOW)


def test_post_that_was_taken_back_stands_in_nobodys_way(db):
    who = person(db)
    later = appoint(db, who, wanted(valid_from=TODAY + 9 * DAY))
    end(db, later, TODAY)

    appoint(db, who, wanted(valid_to=TODAY + 20 * DAY))

    assert "unit_head:SO-TP" in queues(db, who)
