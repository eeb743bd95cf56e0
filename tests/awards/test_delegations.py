"""Delegations: another does a post's work for a time, in the holder's name, and nobody's else."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from awards import comments, delegations, files, people, posts
from awards.delegations import Mandate
from awards.errors import BadDelegation
from awards.posts import Appointment
from models.history import EventKind
from models.organisation import Person, Post, Role
from models.tasks import TaskState
from tests import factories
from tests.conftest import NOW
from workflows import calendar, history, tasks
from workflows.errors import NotAllowed
from workflows.replay import replay

TODAY = calendar.today(NOW)
ADMIN = factories.stand_in(990, Role.SYSTEM_ADMIN.value)
DAY = timedelta(days=1)


def person(db, login):
    return db.scalars(select(Person).where(Person.login == login)).one()


def post_of(db, login):
    return person(db, login).posts[0]


def acting(db, login, day=TODAY):
    db.expire_all()
    return people.actor_of(people.find(db, person(db, login).id), day)


def give(db, holder="ha.noivu", to="nga.noivu", by=ADMIN, days=(0, 7), **changes):
    mandate = Mandate(
        post_of(db, holder).id,
        changes.get("delegate_id") or person(db, to).id,
        TODAY + days[0] * DAY,
        TODAY + days[1] * DAY,
        "QĐ 5/QĐ-SNV",
    )
    return delegations.grant(db, mandate, by=by, now=NOW)


def test_delegate_serves_the_queue_in_the_holders_name_between_the_days(db):
    give(db, days=(1, 3))

    served = [
        Role.DEPARTMENT_HEAD in acting(db, "nga.noivu", TODAY + n * DAY).queues
        for n in range(5)
    ]

    assert served == [False, True, True, True, False]
    post = acting(db, "nga.noivu", TODAY + DAY).post_for(Role.DEPARTMENT_HEAD)
    assert (post.on_behalf_of, post.holder) == (person(db, "ha.noivu").id, "Trần Thu Hà")
    assert Role.DEPARTMENT_HEAD in acting(db, "ha.noivu", TODAY + DAY).queues


def test_every_act_tells_who_acted_and_on_whose_behalf(db):
    nomination = factories.begin(db)
    task = factories.walk(db, nomination, "approve_by_department")
    give(db)
    delegate = acting(db, "nga.noivu")

    tasks.claim(db, task.id, actor=delegate, now=NOW)

    events = history.of(db, nomination.instance_id)
    body = history.body(events[-1])
    assert body["actor"] == person(db, "nga.noivu").id
    assert body["on_behalf_of"] == person(db, "ha.noivu").id
    assert [history.body(e).get("on_behalf_of") for e in events[:-1]].count(None) == len(
        events
    ) - 1
    assert history.verify(db, nomination.instance) is None
    assert replay(db, nomination.instance) is None


def test_own_post_comes_first(db):
    ha = person(db, "ha.noivu")
    posts.appoint(
        db,
        person(db, "nga.noivu").id,
        Appointment(Role.OFFICE_SPECIALIST, "Chuyên viên", "Sở Nội vụ", TODAY),
        by=ADMIN,
        now=NOW,
    )
    give(db)

    nga = acting(db, "nga.noivu")

    assert [post.on_behalf_of for post in nga.posts] == [None, None, ha.id]
    assert Role.DEPARTMENT_HEAD not in nga.own.queues


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"days": (3, 1)}, "Ngày cuối không thể trước"),
        ({"days": (0, 367)}, "không quá một năm"),
        ({"days": (-1, 1)}, "ngày đã qua"),
        ({"to": "ha.noivu"}, "cùng cơ quan"),
        ({"to": "lan.tuphap"}, "cùng cơ quan"),
        ({"delegate_id": 10**6}, "cùng cơ quan"),
    ],
)
def test_delegation_that_makes_no_sense_is_refused(db, changes, sentence):
    with pytest.raises(BadDelegation, match=sentence):
        give(db, **changes)


def test_post_is_delegated_to_one_at_a_time(db):
    give(db, days=(0, 7))

    with pytest.raises(BadDelegation, match="đã ủy quyền cho"):
        give(db, to="linh.noivu", days=(7, 9))
    give(db, to="linh.noivu", days=(8, 9))


def test_what_was_delegated_is_not_passed_on(db):
    give(db)
    nga = acting(db, "nga.noivu")

    assert Role.DEPARTMENT_HEAD in nga.queues
    with pytest.raises(NotAllowed):
        give(db, to="linh.noivu", by=nga, days=(8, 9))
    with pytest.raises(NotAllowed):  # nor does standing in make somebody a superior
        give(db, holder="tuan.noivu", to="linh.noivu", by=nga)
    assert {post.person_id for post in delegations.offered(db, nga, NOW)} == {nga.id}


@pytest.mark.parametrize(
    ("granter", "holder", "to"),
    [
        ("ha.noivu", "ha.noivu", "nga.noivu"),
        ("ha.noivu", "nga.noivu", "linh.noivu"),
        ("quang.tuphap", "lan.tuphap", ""),
        ("khoitruong.k01", "khoitruong.k01", "quang.tuphap"),
    ],
)
def test_holder_and_superior_may_delegate(db, granter, holder, to):
    by = acting(db, granter)

    post = post_of(db, holder)
    near = delegations.colleagues(db, post, actor=by, now=NOW)

    assert post in delegations.offered(db, by, NOW)
    assert by.id not in {one.id for one in near}
    if to:
        assert give(db, holder, to, by=by).granted_by == by.id


@pytest.mark.parametrize(
    ("granter", "holder", "to"),
    [
        ("nga.noivu", "ha.noivu", "linh.noivu"),
        ("khanh.yte", "lan.tuphap", "quang.tuphap"),
        ("thanhtra", "ha.noivu", "nga.noivu"),
        ("chutich.ubnd", "chutich.ubnd", "phochutich.ubnd"),
        ("quantri.hethong", "chutich.ubnd", "phochutich.ubnd"),
        ("quantri.hethong", "thanhtra", "nga.noivu"),
    ],
)
def test_nobody_else_may_and_some_posts_nobody(db, granter, holder, to):
    with pytest.raises(NotAllowed):
        give(db, holder, to, by=acting(db, granter))


def test_ending_gives_back_what_was_claimed_by_it(db):
    nomination = factories.begin(db)
    task = factories.walk(db, nomination, "approve_by_department")
    made = give(db)
    tasks.claim(db, task.id, actor=acting(db, "nga.noivu"), now=NOW)

    delegations.end(db, made.id, by=acting(db, "nga.noivu"), now=NOW)
    delegations.end(db, made.id, by=acting(db, "ha.noivu"), now=NOW)

    assert (task.state, task.assignee_id) == (TaskState.READY, None)
    assert Role.DEPARTMENT_HEAD not in acting(db, "nga.noivu").queues
    kinds = [event.kind for event in history.of(db, nomination.instance_id)]
    assert kinds.count(EventKind.TASK_RELEASED) == 1
    with pytest.raises(NotAllowed):
        delegations.end(db, made.id, by=acting(db, "linh.noivu"), now=NOW)


@pytest.mark.parametrize("what", ["delegation", "post"])
def test_what_ends_by_itself_gives_back_what_was_claimed_by_it(db, what):
    task = factories.walk(db, factories.begin(db), "approve_by_department")
    made = give(db, days=(0, 0 if what == "delegation" else 9))
    if what == "post":
        made.post.valid_to = TODAY
        db.flush()
    tasks.claim(db, task.id, actor=acting(db, "nga.noivu"), now=NOW)

    posts.release_ended(db, NOW)
    still = task.state
    posts.release_ended(db, NOW + DAY)

    assert (still, task.state) == (TaskState.CLAIMED, TaskState.READY)


def test_post_that_ends_takes_its_delegation_with_it(db):
    task = factories.walk(db, factories.begin(db), "approve_by_department")
    made = give(db)
    tasks.claim(db, task.id, actor=acting(db, "nga.noivu"), now=NOW)

    posts.end(
        db,
        made.post_id,
        person_id=made.post.person_id,
        last_day=TODAY - DAY,
        by=ADMIN,
        now=NOW,
    )

    assert task.state == TaskState.READY
    assert db.scalars(select(Post).where(Post.id == made.post_id)).one().valid_to < TODAY


def test_everybody_sees_the_own_delegations_and_the_administrator_all(db):
    made = give(db)

    for login in ("ha.noivu", "nga.noivu"):
        assert delegations.concerning(db, acting(db, login), limit=9) == [made]
    assert delegations.concerning(db, acting(db, "linh.noivu"), limit=9) == []
    assert delegations.concerning(db, acting(db, "quantri.hethong"), limit=9) == [made]


def test_delegate_is_among_those_who_serve_the_queue(db):
    give(db)

    names = [one.name for one in people.serving(db, Role.DEPARTMENT_HEAD.value, TODAY)]

    assert names == ["Nguyễn Thúy Nga", "Trần Thu Hà"]


def test_what_the_holder_had_claimed_waits_for_the_delegate(db):
    nomination = factories.begin(db)
    task = factories.walk(db, nomination, "approve_by_department")
    tasks.claim(db, task.id, actor=acting(db, "ha.noivu"), now=NOW)
    give(db, days=(1, 3))

    delegations.begin_due(db, NOW)
    assert task.state == TaskState.CLAIMED
    delegations.begin_due(db, NOW + DAY)
    assert task.state == TaskState.READY

    # Who comes back for an hour and claims it again keeps it.
    ha = acting(db, "ha.noivu", TODAY + DAY)
    tasks.claim(db, task.id, actor=ha, now=NOW + DAY)
    delegations.begin_due(db, NOW + DAY)
    assert (task.state, task.assignee_id) == (TaskState.CLAIMED, ha.id)
    assert replay(db, nomination.instance) is None


def test_what_the_holder_had_claimed_goes_back_at_once(db):
    nomination = factories.begin(db)
    task = factories.walk(db, nomination, "approve_by_department")
    tasks.claim(db, task.id, actor=acting(db, "ha.noivu"), now=NOW)

    give(db)

    tasks.claim(db, task.id, actor=acting(db, "nga.noivu"), now=NOW)
    assert task.assignee_id == person(db, "nga.noivu").id


def test_colleagues_are_found_in_a_few_statements(db):
    post, nga = post_of(db, "ha.noivu"), acting(db, "nga.noivu")
    sent = []

    def note(*arguments):
        sent.append(arguments[2])

    def asked():
        db.expire_all()
        sent.clear()
        found = delegations.colleagues(db, post, actor=nga, now=NOW)
        return len(found), len(sent)

    event.listen(db.connection(), "before_cursor_execute", note)
    few, statements = asked()
    for n in range(5):
        one = Person(login=f"moi{n}", name=f"Người {n}", honorific="", password_hash="")
        given = {"title": "Văn thư", "organisation": post.organisation}
        one.posts.append(Post(role=Role.DEPARTMENT_CLERK, valid_from=TODAY, **given))
        db.add(one)
    db.flush()

    assert asked() == (few + 5, statements)


def test_remarks_and_files_tell_on_whose_behalf_too(db):
    nomination = factories.begin(db, has_papers=False)
    elsewhere = Appointment(Role.RECORDS_CLERK, "Văn thư", "Sở Tư pháp", TODAY - DAY, None)
    posts.appoint(db, person(db, "vinh.vanphong").id, elsewhere, by=ADMIN, now=NOW)
    give(db, "lan.tuphap", "vinh.vanphong")
    delegate = acting(db, "vinh.vanphong")

    given = {"actor": delegate, "now": NOW}
    comments.add(db, nomination, text="Đã đủ.", command_key="r", **given)
    item = nomination.award.dossier_items[0]
    factories.attach(db, nomination, item.code, **given)
    files.remove(db, nomination, files.of(db, nomination.id)[0], **given)

    told = [history.body(event) for event in history.of(db, nomination.instance_id)[-3:]]
    lan = person(db, "lan.tuphap")
    assert [(body["post"], body["on_behalf_of"]) for body in told] == [
        (lan.posts[0].id, lan.id)
    ] * 3
