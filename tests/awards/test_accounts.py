"""Accounts: made, handed over by link, closed, and nothing of it to oneself."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from awards import accounts, passwords, sign_ins
from awards.errors import BadLogin, LinkIsOver, LoginTaken, WeakPassword, WrongPassword
from models.organisation import Person, Role
from models.session import transaction
from models.sign_ins import PasswordLink
from models.tasks import TaskState
from tests import factories
from tests.conftest import NOW
from workflows import tasks
from workflows.errors import NotAllowed

GOOD = "cơm nguội chan canh cua"
OTHER = "bảy con vịt qua cầu Long Biên"


def somebody(db, login="an.moi"):
    return accounts.create(db, login=login, honorific="Bà", name="Lê Thị An")


def link(db, person, now=NOW):
    return accounts.hand_out_link(db, person.id, made_by=1_000, now=now)


def test_new_account_cannot_sign_in_before_a_password_is_chosen(db):
    person = somebody(db, " An.Moi ")

    assert (person.login, person.is_active) == ("an.moi", True)
    assert not passwords.is_right(person.password_hash, "")
    assert not passwords.is_right(person.password_hash, passwords.UNSET)


@pytest.mark.parametrize(
    "login", ["", "1an", "ân", "an moi", "an..moi", ".an", "an.", "a" * 65, "an@x"]
)
def test_login_that_cannot_be_typed_everywhere_is_refused(db, login):
    with pytest.raises(BadLogin):
        somebody(db, login)


def test_login_is_taken_once(db):
    somebody(db)

    with pytest.raises(LoginTaken):
        somebody(db, "AN.MOI")


def test_password_is_chosen_by_link_once(db):
    person = somebody(db)
    token = link(db, person)
    session = sign_ins.begin(db, person.id, device="", now=NOW)

    assert accounts.choose_by_link(db, token, GOOD, NOW) is person

    assert passwords.is_right(person.password_hash, GOOD)
    assert sign_ins.found(db, session, NOW) is None
    with pytest.raises(LinkIsOver):
        accounts.choose_by_link(db, token, OTHER, NOW)
    assert token not in db.scalars(select(PasswordLink.token_hash)).one()


def test_weak_password_leaves_the_link_as_it_was(db):
    person = somebody(db)
    token = link(db, person)

    with pytest.raises(WeakPassword):
        accounts.choose_by_link(db, token, "Lê Thị An Lê Thị An", NOW)

    assert accounts.link(db, token, NOW).person is person


@pytest.mark.parametrize("what", ["later", "replaced", "closed", "made up"])
def test_link_is_over(db, what):
    person, now = somebody(db), NOW
    token = link(db, person)
    if what == "later":
        now += timedelta(days=1)
    if what == "replaced":
        link(db, person)
    if what == "closed":
        accounts.close(db, person.id, by=1_000, now=NOW)
    if what == "made up":
        token = "x"  # noqa: S105 - that is the point

    with pytest.raises(LinkIsOver):
        accounts.choose_by_link(db, token, GOOD, now)
    assert person.password_hash == passwords.UNSET


def test_own_password_is_changed_with_the_old_one(db):
    person = somebody(db)
    accounts.choose_by_link(db, link(db, person), GOOD, NOW)
    token = sign_ins.begin(db, person.id, device="", now=NOW)

    with pytest.raises(WrongPassword):
        accounts.change(db, person.id, old=OTHER, new=OTHER, now=NOW)
    assert sign_ins.found(db, token, NOW)[0] is person
    accounts.change(db, person.id, old=GOOD, new=OTHER, now=NOW)

    assert passwords.is_right(person.password_hash, OTHER)
    assert sign_ins.found(db, token, NOW) is None


def test_closing_ends_the_sessions_and_reopening_lets_in_again(db):
    person = somebody(db)
    token = sign_ins.begin(db, person.id, device="", now=NOW)

    accounts.close(db, person.id, by=1_000, now=NOW)
    assert sign_ins.found(db, token, NOW) is None
    accounts.reopen(db, person.id, by=1_000)

    assert sign_ins.found(db, token, NOW) is None
    token = sign_ins.begin(db, person.id, device="", now=NOW)
    assert sign_ins.found(db, token, NOW)[0] is person


def test_nobody_does_any_of_this_to_his_own_account(db):
    person = somebody(db)

    with pytest.raises(NotAllowed):
        accounts.hand_out_link(db, person.id, made_by=person.id, now=NOW)
    with pytest.raises(NotAllowed):
        accounts.close(db, person.id, by=person.id, now=NOW)
    with pytest.raises(NotAllowed):
        accounts.reopen(db, person.id, by=person.id)


def test_everybody_is_listed_and_found(db):
    logins = {person.login for person in accounts.listed(db)}

    assert logins == set(db.scalars(select(Person.login)))
    assert [person.login for person in accounts.listed(db, "TUPHAP")] == [
        "lan.tuphap",
        "quang.tuphap",
    ]
    assert accounts.listed(db, "nobody at all") == []


def test_first_administrator_is_appointed(empty):
    with transaction(empty) as session:
        assert not accounts.is_administered(session)
        person = somebody(session)

        post = accounts.appoint_administrator(session, person, NOW)

        assert accounts.is_administered(session)
        assert (post.role, post.valid_from) == (Role.SYSTEM_ADMIN, NOW.date())


def test_closed_account_holds_no_task(db):
    nomination = factories.begin_at(db, "appraise")
    task = factories.open_task(db, nomination)
    actor = factories.actor(db, "department_specialist")
    tasks.claim(db, task.id, actor=actor, now=NOW)

    accounts.close(db, actor.id, by=1_000, now=NOW)

    assert (task.state, task.assignee_id) == (TaskState.READY, None)
