"""S15 of trust.md: a code is good once, near its time; what opens in its place is a hash, once."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pyotp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from awards import second_factors
from models.organisation import Person
from models.second_factors import RecoveryCode
from models.session import reading, transaction
from tests import factories
from tests.conftest import NOW

pytestmark = pytest.mark.trust
KEY = "k" * 32
STEP = timedelta(seconds=30)
AT_ONCE = 8


class Device:
    """A device that was enrolled, and the recovery codes that came with it."""

    def __init__(self, session: Session) -> None:
        query = select(Person.id).where(Person.login == "quantri.hethong")
        self.person = session.scalars(query).one()
        salt = second_factors.fresh_salt()
        self.secret = second_factors.secret(KEY, self.person, salt)
        self.recovery = second_factors.enrol(
            session, self.person, salt, self.code(NOW), key=KEY, now=NOW
        )

    def code(self, moment):
        return pyotp.TOTP(self.secret).at(moment)

    def opens(self, session, code, now):
        return second_factors.check(session, self.person, code, key=KEY, now=now)


def twice(db, times):
    """How many codes opened at once, and how many a second time: soon, later, with blanks."""
    device, first, second = Device(db), 0, 0
    for n in range(1, times + 1):
        now = NOW + n * 100 * STEP  # whoever failed has waited
        code = device.code(now)
        first += device.opens(db, code, now)
        second += device.opens(db, f"{code[:3]} {code[3:]}", now + timedelta(seconds=1))
        second += device.opens(db, code, now + STEP)
    return first, second


def test_no_code_opens_twice(db, size):
    assert twice(db, size(100)) == (size(100), 0)


def test_codes_that_are_not_used_up_are_caught(db, monkeypatch):
    step_of, later = second_factors._step_of, count(10**12)
    monkeypatch.setattr(
        second_factors,
        "_step_of",
        lambda *given: step_of(*given) if step_of(*given) is None else next(later),
    )

    assert twice(db, 10) == (10, 20)


def test_code_is_good_a_step_before_and_after_and_no_further(db):
    device, steps = Device(db), range(-3, 4)
    moments = [NOW + (n + 1) * 100 * STEP for n in range(len(steps))]
    found = {
        step: device.opens(db, device.code(now + step * STEP), now)
        for step, now in zip(steps, moments, strict=True)
    }

    assert {step for step, is_good in found.items() if is_good} == {-1, 0, 1}


def at_once(engine, device, code, now):
    """How many of several browsers get in that send one code at one moment."""

    def send(_):
        with transaction(engine) as session:
            return device.opens(session, code, now)

    with ThreadPoolExecutor(AT_ONCE) as browsers:
        return sum(browsers.map(send, range(AT_ONCE)))


def test_one_browser_wins_with_one_code(province, size):
    with transaction(province) as session:
        device = Device(session)
    for n in range(1, size(30) + 1):
        now = NOW + n * 1_000 * STEP
        assert at_once(province, device, device.code(now), now) == 1
    for code in device.recovery[:2]:
        now += 1_000 * STEP
        assert at_once(province, device, code, now) == 1


def test_recovery_codes_open_once_and_are_kept_as_hashes(province):
    with transaction(province) as session:
        device = Device(session)
        opened = [device.opens(session, code.upper(), NOW) for code in device.recovery]
        again = [
            device.opens(session, code, NOW + (n + 1) * 1_000 * STEP)
            for n, code in enumerate(device.recovery)
        ]
    with reading(province) as session:
        kept = session.scalars(select(RecoveryCode.code_hash)).all()
        dump = repr(factories.everything(session))

    assert (opened, again) == ([True] * 10, [False] * 10)
    assert all(re.fullmatch(r"[0-9a-f]{64}", text) for text in kept)
    assert not any(
        code.replace("-", "") in dump or code in dump for code in device.recovery
    )
    assert device.secret not in dump
    assert {len(code.replace("-", "")) * 4 for code in device.recovery} == {80}  # bits
