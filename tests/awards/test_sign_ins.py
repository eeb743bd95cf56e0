"""Signing in: who is let in, how often may be guessed, and how sessions end."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from awards import guessing, passwords, sign_ins
from awards.sign_ins import Attempt
from models.organisation import Person
from models.sign_ins import BrowserSession, Guessing
from tests.conftest import NOW

LOGIN = "lan.tuphap"
PASSWORD = f"vinh-danh-{LOGIN}"
SECOND = timedelta(seconds=1)


def lan(db):
    return db.scalars(select(Person).where(Person.login == LOGIN)).one()


def attempt(login=LOGIN, password=PASSWORD, *, address="10.0.0.1", known_as=""):
    return Attempt(login, password, address, known_as)


def sign_in(db, tried=None, now=NOW):
    """The token, or nothing."""
    tried = tried or attempt()
    person = sign_ins.check(db, tried, now)
    person_id = person.id if person else None
    return sign_ins.settle(db, tried, person_id, device="Firefox, Linux", now=now)


def fail(db, times, now=NOW, **more):
    for _ in range(times):
        assert sign_in(db, attempt(password="wrong", **more), now) == ""  # noqa: S106 - none


@pytest.mark.parametrize("login", [LOGIN, f"  {LOGIN} ", LOGIN.upper()])
def test_right_password_signs_in(db, login):
    token = sign_in(db, attempt(login))

    assert sign_ins.found(db, token, NOW)[0] is lan(db)


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


@pytest.mark.parametrize(("login", "password"), WRONG)
def test_anything_else_does_not(db, login, password):
    assert sign_in(db, attempt(login, password)) == ""
    assert db.scalars(select(BrowserSession)).all() == []


def test_inactive_person_does_not_sign_in(db):
    lan(db).is_active = False
    db.flush()

    assert sign_in(db) == ""


def test_hash_of_less_work_is_renewed_at_the_next_sign_in(db, monkeypatch):
    before = lan(db).password_hash
    monkeypatch.setattr(passwords, "is_outdated", lambda kept: kept == before)

    assert sign_in(db) != ""
    assert lan(db).password_hash != before
    assert passwords.is_right(lan(db).password_hash, PASSWORD)


# guessing


def test_five_failures_are_free_and_the_sixth_has_to_wait(db):
    fail(db, 4)
    assert sign_in(db) != ""
    fail(db, 5)
    assert sign_in(db, now=NOW) == ""  # and counts as a failure
    assert sign_in(db, now=NOW + SECOND) == ""
    assert sign_in(db, now=NOW + timedelta(minutes=1)) != ""
    assert db.scalars(select(Guessing.failures)).all() == [11]  # of the address alone


def test_waiting_doubles_up_to_a_quarter_of_an_hour():
    subject = guessing.account(LOGIN)
    waits = [subject.wait(n) for n in (4, 5, 6, 7, 14, 15, 99, 100)]

    assert waits == [
        timedelta(),
        SECOND,
        2 * SECOND,
        4 * SECOND,
        512 * SECOND,
        guessing.LONGEST_WAIT,
        guessing.LONGEST_WAIT,
        None,
    ]


def test_account_is_guessed_at_a_hundred_times_and_no_more(db, monkeypatch):
    asked = []
    is_right = passwords.is_right
    monkeypatch.setattr(
        passwords, "is_right", lambda kept, said: asked.append(kept) or is_right(kept, said)
    )
    for n in range(150):
        fail(db, 1, NOW + n * timedelta(hours=1), address=f"10.0.0.{n % 50}")

    assert len([kept for kept in asked if kept]) == guessing.MOST
    assert sign_in(db, now=NOW + timedelta(days=20)) == ""


def test_owner_gets_in_from_a_known_browser_while_others_guess(db):
    fail(db, 120)

    assert sign_in(db, attempt(address="10.9.9.9")) == ""
    assert sign_in(db, attempt(address="10.9.9.9", known_as="mark")) != ""
    fail(db, 120, address="10.8.8.8", known_as="mark")
    assert sign_in(db, attempt(address="10.9.9.9", known_as="mark")) == ""


def test_address_that_tries_many_accounts_has_to_wait(db):
    for n in range(50):
        fail(db, 1, login=f"somebody{n}")

    assert sign_in(db) == ""
    assert sign_in(db, attempt(address="10.0.0.2")) != ""


def test_old_failures_are_forgotten_but_for_closed_accounts(db):
    fail(db, 3, login="typo")
    fail(db, 100, address="10.0.0.3")
    later = NOW + guessing.FORGOTTEN + SECOND
    fail(db, 1, later, login="another", address="10.0.0.4")

    kept = sorted(db.scalars(select(Guessing.failures)))
    assert kept == [1, 1, 100, 100]


def test_nothing_typed_is_kept_in_clear(db):
    fail(db, 1, login="mật khẩu của tôi")

    assert all(len(row.subject) == 64 for row in db.scalars(select(Guessing)))


# sessions


def test_token_is_kept_as_a_hash(db):
    token = sign_in(db)
    (row,) = db.scalars(select(BrowserSession)).all()

    assert len(token) >= 43  # 256 bits
    assert row.token_hash == sign_ins.digest(token)
    assert token not in row.token_hash
    assert sign_ins.found(db, row.token_hash, NOW) is None


def test_session_ends_after_twelve_hours(db):
    token = sign_in(db)

    assert sign_ins.found(db, token, NOW + sign_ins.LONGEST - SECOND)[0] is lan(db)
    assert sign_ins.found(db, token, NOW + sign_ins.LONGEST) is None


def test_sessions_end_one_by_one_and_all_at_once(db):
    tokens = [sign_in(db) for _ in range(4)]
    me = lan(db).id
    found = sign_ins.of(db, me, NOW)
    assert len(found) == 4

    sign_ins.end(db, tokens[0], NOW)
    first = next(row.id for row in found if row.token_hash == sign_ins.digest(tokens[1]))
    sign_ins.end_one(db, first, me + 1, NOW)  # another person's
    assert len(sign_ins.of(db, me, NOW)) == 3
    sign_ins.end_one(db, first, me, NOW)
    sign_ins.end_all(db, me, NOW, but=tokens[3])

    signed_in = [sign_ins.found(db, token, NOW) is not None for token in tokens]
    assert signed_in == [False, False, False, True]


def test_inactive_person_is_signed_out(db):
    token = sign_in(db)
    lan(db).is_active = False
    db.flush()

    assert sign_ins.found(db, token, NOW) is None
