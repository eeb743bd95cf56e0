"""A7 of trust.md: who loses a post while a form is open is refused at the next request."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from awards import accounts, delegations, people, posts
from awards.delegations import Mandate
from models.organisation import Person, Role
from models.session import reading, transaction
from models.tasks import TaskState, UserTask
from tests import factories, stages
from tests.staging import House
from workflows import calendar, tasks

pytestmark = pytest.mark.trust
ADMIN = factories.stand_in(9_003, Role.SYSTEM_ADMIN.value)


def end_post(session, person, now):
    """The administrator ends the post, with yesterday as its last day."""
    yesterday = calendar.today(now) - timedelta(days=1)
    for post in person.posts:
        posts.end(
            session, post.id, person_id=person.id, last_day=yesterday, by=ADMIN, now=now
        )


def close_account(session, person, now):
    accounts.close(session, person.id, by=ADMIN.id, now=now)


WAYS = (end_post, close_account)


def opened(house: House, task_id: int, now: datetime) -> Person:
    """Whose task this is; it is claimed, and its form stands open."""
    with transaction(house.engine) as session:
        task = session.get_one(UserTask, task_id)
        actor = factories.actor(session, task.queue)
        tasks.claim(session, task_id, actor=actor, now=now)
        person = session.get_one(Person, actor.id)
    house.sign_in(person.login)
    assert house.browser(person.login).get(f"/tasks/{task_id}").status_code == 200
    return person


def holds_on(house: House, task_id: int, way) -> list[str]:
    """What somebody can do who has lost the post a moment ago, and what is left of the claim."""
    now = datetime.now(UTC)
    person = opened(house, task_id, now)
    with transaction(house.engine) as session:
        way(session, people.find(session, person.id), now)
    with reading(house.engine) as session:
        task = session.get_one(UserTask, task_id)
        found = (
            ["claim"] if (task.state, task.assignee_id) != (TaskState.READY, None) else []
        )
    client, refused = house.browser(person.login), {303} if way is close_account else {404}
    for path in ("", "/draft", "/claim", "/unclaim"):
        answer = client.post(f"/tasks/{task_id}{path}", data={"outcome": "approve"})
        gone = answer.status_code in refused and "/tasks/" not in str(answer.location)
        found += [] if gone else [f"POST {path}"]
    shown = client.get(f"/tasks/{task_id}").status_code
    return found + ([] if shown in refused else ["GET"])


@pytest.fixture
def waiting(found, size: Callable[[int], int]) -> list[int]:
    """Tasks at every step, of three units: as many as there are people to lose their posts."""
    every = [case.task for step in stages.STEPS for case in found.cases[step].values()]
    return every[:: len(every) // 20][: size(20)]


@pytest.mark.parametrize("way", WAYS)
def test_form_that_is_open_is_of_no_use_any_more(house, waiting, way):
    for task_id in waiting:
        assert holds_on(house, task_id, way) == []
        house.restore()


def test_delegate_whose_delegation_is_over_is_refused(house, found):
    now = datetime.now(UTC)
    task_id = found.cases["prepare_nomination"]["own"].task
    with transaction(house.engine) as session:
        head = people.find(session, factories.actor(session, "unit_head:SO-TP").id)
        officer = people.find(session, factories.actor(session, "unit_officer:SO-TP").id)
        today = calendar.today(now)
        given = delegations.grant(
            session,
            Mandate(officer.posts[0].id, head.id, today, today, "GUQ 2"),
            by=ADMIN,
            now=now,
        )
    with transaction(house.engine) as session:
        stand_in = people.actor_of(people.find(session, head.id), today)
        tasks.claim(session, task_id, actor=stand_in, now=now)
    client = house.browser("quang.tuphap")
    assert client.get(f"/tasks/{task_id}").status_code == 200
    with transaction(house.engine) as session:
        delegations.end(session, given.id, by=ADMIN, now=now)

    assert client.post(f"/tasks/{task_id}/draft").status_code == 404
    with reading(house.engine) as session:
        query = select(UserTask.assignee_id).where(UserTask.id == task_id)
        assert session.scalars(query).one() is None


def test_rights_that_outlive_the_post_are_caught(house, found, monkeypatch):
    task_id = found.cases["appraise"]["own"].task
    monkeypatch.setattr(people, "_is_held", lambda *_: True)

    assert "GET" in holds_on(house, task_id, end_post)


@pytest.mark.parametrize("way", WAYS)
def test_claim_that_outlives_the_post_is_caught(house, found, monkeypatch, way):
    task_id = found.cases["appraise"]["own"].task
    monkeypatch.setattr(tasks, "release", lambda *_, **__: None)

    assert holds_on(house, task_id, way) == ["claim"]
