"""People: passwords, signing in, and the posts that make somebody act."""

from datetime import date

import pytest
from sqlalchemy import select

from awards import people
from awards.demo.people import accounts
from models.organisation import Block, Person, Post, Role, Unit

LOGIN = "lan.tuphap"
PASSWORD = f"vinh-danh-{LOGIN}"
TODAY = date(2026, 11, 23)


def lan(db):
    return db.scalars(select(Person).where(Person.login == LOGIN)).one()


# passwords


@pytest.mark.parametrize("password", ["", "short", "x" * 14, "ệ" * 14])
def test_password_below_fifteen_characters_is_refused(password):
    with pytest.raises(ValueError, match="at least 15 characters"):
        people.hash_password(password)


@pytest.mark.parametrize(
    "password", ["x" * 15, "mật khẩu rất là dài", "x" * 10_000, " " * 15]
)
def test_password_of_fifteen_characters_is_hashed_with_a_salt(password):
    first, second = people.hash_password(password), people.hash_password(password)

    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second
    assert password not in first


def test_every_demo_password_is_long_enough():
    found = accounts()

    assert min(len(account["password"]) for account in found) >= people.MIN_PASSWORD_LENGTH
    assert {account["role"] for account in found} == {role.value for role in Role}


# signing in


def test_right_password_signs_in(db):
    logins = [LOGIN, f"  {LOGIN} ", LOGIN.upper()]

    found = [people.authenticate(db, login, PASSWORD) for login in logins]
    assert found == [lan(db)] * 3


WRONG = [
    (LOGIN, "vinh-danh-hoa.yte"),
    (LOGIN, PASSWORD.upper()),
    (LOGIN, f"{PASSWORD} "),
    (LOGIN, ""),
    (LOGIN, "x" * 100_000),
    (LOGIN, "\x00"),
    ("nobody", PASSWORD),
    ("nobody", "nobody has this password"),
    ("", ""),
    ("' OR 1=1 --", PASSWORD),
    ("%", PASSWORD),
    ("đường", PASSWORD),
    ("x" * 10_000, PASSWORD),
]


def test_anything_else_does_not(db):
    let_in = [
        (login, password)
        for login, password in WRONG
        if people.authenticate(db, login, password) is not None
    ]

    assert let_in == []


def test_inactive_person_does_not_sign_in(db):
    lan(db).is_active = False
    db.flush()

    assert people.authenticate(db, LOGIN, PASSWORD) is None


def test_broken_hash_lets_nobody_in(db):
    lan(db).password_hash = "!"  # noqa: S105 - no password has this hash
    db.flush()

    assert people.authenticate(db, LOGIN, "!") is None
    assert people.authenticate(db, LOGIN, PASSWORD) is None


def test_unknown_login_is_checked_like_a_known_one():
    parameters = people.hash_password("x" * 15).rsplit("$", 2)[0]

    assert people._NOBODY.rsplit("$", 2)[0] == parameters


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
