"""One-time codes: each good once, near its time, and slow to guess."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from awards import second_factors
from models.organisation import Person, Role
from models.second_factors import RecoveryCode, SecondFactor
from tests import factories
from tests.conftest import NOW
from workflows.errors import NotAllowed

KEY = "k" * 32
STEP = timedelta(seconds=30)


@pytest.fixture
def admin(db):
    return db.scalars(select(Person.id).where(Person.login == "quantri.hethong")).one()


def enrol(db, person, now=NOW):
    salt = second_factors.fresh_salt()
    secret = second_factors.secret(KEY, person, salt)
    code = pyotp.TOTP(secret).at(now)
    return secret, second_factors.enrol(db, person, salt, code, key=KEY, now=now)


def check(db, person, code, now):
    return second_factors.check(db, person, code, key=KEY, now=now)


def test_code_that_enrolled_the_device_is_used_up(db, admin):
    secret, _codes = enrol(db, admin)

    assert not check(db, admin, pyotp.TOTP(secret).at(NOW), NOW)


@pytest.mark.parametrize(("steps", "is_good"), [(-2, 0), (-1, 1), (0, 1), (1, 1), (2, 0)])
def test_code_is_good_near_its_time(db, admin, steps, is_good):
    secret, _codes = enrol(db, admin)
    now = NOW + timedelta(hours=1)

    assert check(db, admin, pyotp.TOTP(secret).at(now + steps * STEP), now) == is_good


def test_earlier_code_is_used_up_with_a_later_one(db, admin):
    secret, _codes = enrol(db, admin)
    now = NOW + timedelta(hours=1)

    assert check(db, admin, pyotp.TOTP(secret).at(now + STEP), now)
    assert not check(db, admin, pyotp.TOTP(secret).at(now), now)


def test_recovery_codes_open_once_each(db, admin):
    _secret, codes = enrol(db, admin)

    assert [check(db, admin, code.upper(), NOW) for code in codes] == [True] * 10
    assert [
        check(db, admin, code, NOW + n * 40 * STEP) for n, code in enumerate(codes)
    ] == [False] * 10
    assert second_factors.left(db, admin) == 0


def test_codes_are_the_persons_own(db, admin):
    other = db.scalars(select(Person.id).where(Person.login == "thanhtra")).one()
    secret, codes = enrol(db, admin)
    enrol(db, other)
    now = NOW + timedelta(hours=1)

    assert not check(db, other, pyotp.TOTP(secret).at(now), now)
    assert not check(db, other, codes[0], now)


def test_another_key_opens_nothing(db, admin):
    secret, _codes = enrol(db, admin)
    now = NOW + timedelta(hours=1)
    code = pyotp.TOTP(secret).at(now)

    assert not second_factors.check(db, admin, code, key="x" * 32, now=now)


@pytest.mark.parametrize("code", ["", "abc", "１２３４５６", "0" * 64, "é" * 6])
def test_what_is_no_code_is_wrong(db, admin, code):
    enrol(db, admin)

    assert not check(db, admin, code, NOW + timedelta(hours=1))


def test_second_device_needs_the_first_forgotten(db, admin):
    by = factories.stand_in(990, Role.SYSTEM_ADMIN.value)
    enrol(db, admin)
    with pytest.raises(NotAllowed):
        enrol(db, admin)

    second_factors.forget(db, admin, by=by)

    assert (
        db.scalars(select(SecondFactor)).all()
        == db.scalars(select(RecoveryCode)).all()
        == []
    )
    assert len(enrol(db, admin)[1]) == second_factors.RECOVERY_CODES


def test_nobody_forgets_the_own_device(db, admin):
    with pytest.raises(NotAllowed):
        second_factors.forget(
            db, admin, by=factories.stand_in(admin, Role.SYSTEM_ADMIN.value)
        )
