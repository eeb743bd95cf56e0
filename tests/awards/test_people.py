"""People: the posts that make somebody act."""

from datetime import date

import pytest
from sqlalchemy import select

from awards import people
from models.organisation import Block, Person, Post, Role, Unit

LOGIN = "lan.tuphap"
TODAY = date(2026, 11, 23)


def lan(db):
    return db.scalars(select(Person).where(Person.login == LOGIN)).one()


# posts


def post(role=Role.UNIT_OFFICER, start=date(2026, 1, 1), end=None, **more):
    return Post(
        role=role,
        title="Chuyên viên",
        organisation="Sở",
        valid_from=start,
        valid_to=end,
        **more,
    )


@pytest.mark.parametrize(
    ("start", "end", "is_held"),
    [
        (date(2026, 1, 1), None, True),
        (TODAY, None, True),
        (date(2026, 11, 24), None, False),
        (date(2026, 1, 1), TODAY, True),
        (date(2026, 1, 1), date(2026, 11, 22), False),
        (TODAY, TODAY, True),
        (date(2027, 1, 1), date(2027, 2, 1), False),
    ],
)
def test_post_is_held_from_its_first_to_its_last_day(start, end, is_held):
    person = Person(id=1, name="Lan", posts=[post(Role.CHAIRMAN, start, end)])
    for number, held in enumerate(person.posts):
        held.id, held.is_deputy = number, False

    assert people.actor_of(person, TODAY).has(Role.CHAIRMAN) is is_held


def test_actor_serves_the_queues_of_all_posts_held(db):
    person = lan(db)
    person.posts += [
        post(
            Role.BLOCK_LEAD,
            block=db.scalars(select(Block).where(Block.code == "K02")).one(),
        ),
        post(Role.AUDITOR, end=date(2026, 10, 31)),
        post(Role.COUNCIL_MEMBER),
    ]
    db.flush()

    actor = people.actor_of(person, TODAY)

    assert actor.queues == {"unit_officer:SO-TP", "block_lead:K02", "council_member"}
    assert actor.scopes(Role.UNIT_OFFICER, Role.BLOCK_LEAD) == {"SO-TP", "K02"}
    assert actor.acting_as == "Chuyên viên Sở Tư pháp"
    assert (actor.id, actor.name) == (person.id, "Trần Thị Lan")


@pytest.mark.parametrize(
    ("role", "queue"),
    [
        (Role.UNIT_OFFICER, "unit_officer:SO-TP"),
        (Role.UNIT_HEAD, "unit_head:SO-TP"),
        (Role.BLOCK_LEAD, "block_lead:K01"),
        (Role.CHAIRMAN, "chairman"),
        (Role.AUDITOR, "auditor"),
    ],
)
def test_queue_is_the_role_in_its_scope(role, queue):
    held = post(role, unit=Unit(code="SO-TP"), block=Block(code="K01"))

    assert people.queue_of(held) == queue


@pytest.mark.parametrize("role", [Role.UNIT_OFFICER, Role.UNIT_HEAD, Role.BLOCK_LEAD])
def test_scoped_post_without_a_scope_serves_nobodys_queue(role):
    served = {f"{role.value}:{code}" for code in ("SO-TP", "K01")}

    assert people.queue_of(post(role)) not in served


def test_find_gives_the_person_with_posts_or_none(db):
    assert people.find(db, lan(db).id) is lan(db)
    assert people.find(db, 10_000) is None
