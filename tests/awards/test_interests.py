"""Declarations of interest as the history tells them."""

from awards import interests, people
from models.history import EventKind
from models.interests import Relation
from models.organisation import Post, Role
from tests import factories
from tests.conftest import NOW
from workflows import calendar, history

TODAY = calendar.today(NOW)


def test_relation_is_declared_in_the_post_that_judges(db):
    nomination = factories.begin_at(db, "appraise")
    person = people.by_login(db, "hoa.yte")
    judging = Post(
        person_id=person.id,
        role=Role.DEPARTMENT_SPECIALIST,
        title="Chuyên viên",
        organisation="Sở Nội vụ",
        valid_from=TODAY,
    )
    db.add(judging)
    db.flush()
    db.expire_all()
    actor = people.actor_of(person, TODAY)

    interests.declare(db, {nomination.id: Relation.RELATIVE}, actor=actor, now=NOW)

    event = history.of(db, nomination.instance_id)[-1]
    assert event.kind == EventKind.INTEREST_DECLARED
    assert history.body(event)["post"] == judging.id
    assert actor.posts[0].id != judging.id
