"""S3 of trust.md: guessing leads nowhere, keeps nobody out, and learns nothing."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from awards import guessing, passwords, sign_ins
from awards.sign_ins import Attempt
from models.organisation import Person
from tests.conftest import NOW

pytestmark = [pytest.mark.trust, pytest.mark.timeout(900)]
ADDRESSES = 50
VICTIMS = ("lan.tuphap", "quang.tuphap", "hoidong", "chutich.ubnd")
PACES = [timedelta(0), timedelta(seconds=30), timedelta(minutes=20), timedelta(hours=7)]


@pytest.fixture
def hashed(monkeypatch) -> list[str]:
    """The hashes of accounts that a password was compared with; comparing costs nothing here."""
    seen: list[str] = []

    def compare(kept: str | None, said: str) -> bool:
        if kept:
            seen.append(kept)
        return bool(kept) and said == "right"

    monkeypatch.setattr(passwords, "is_right", compare)
    monkeypatch.setattr(passwords, "is_outdated", lambda _kept: False)
    return seen


@pytest.fixture
def slow_province(db: Session) -> Session:
    """The province with passwords hashed as in production."""
    kept = passwords.hash_password("not what is tried")
    db.execute(update(Person).values(password_hash=kept))
    return db


def moments(count: int, pace: timedelta) -> Iterator[tuple[int, datetime]]:
    for number in range(count):
        yield number, NOW + number * pace


def tries(db: Session, attempt: Attempt, now: datetime) -> bool:
    """Whether somebody was let in."""
    person = sign_ins.check(db, attempt, now)
    found = person.id if person else None
    return bool(sign_ins.settle(db, attempt, found, device="", now=now))


def guess(db: Session, count: int, pace: timedelta) -> None:
    """Try wrong passwords at four accounts, from fifty addresses."""
    for number, now in moments(count, pace):
        victim, address = VICTIMS[number % len(VICTIMS)], f"10.0.0.{number % ADDRESSES}"
        assert not tries(db, Attempt(victim, "wrong", address), now)


@pytest.mark.parametrize("pace", PACES)
def test_no_account_is_guessed_at_more_than_a_hundred_times(db, hashed, size, pace):
    count = size(10_000) // len(PACES)
    guess(db, count, pace)
    later = NOW + count * pace + guessing.LONGEST_WAIT

    assert max(map(hashed.count, hashed)) <= guessing.MOST
    for victim in VICTIMS:  # from a browser that has signed in before
        assert tries(db, Attempt(victim, "right", "10.1.1.1", "mark"), later)


def test_guessing_that_is_not_counted_is_caught(db, hashed, monkeypatch):
    monkeypatch.setattr(guessing, "failed", lambda *_: None)
    guess(db, 1_000, timedelta(hours=7))

    assert max(map(hashed.count, hashed)) > guessing.MOST


def seconds(db: Session, attempt: Attempt) -> float:
    """Of the processor's time: what else this machine does at the moment is not measured."""
    before = time.process_time()
    assert sign_ins.check(db, attempt, NOW) is None
    return time.process_time() - before


def times(db: Session, count: int) -> list[float]:
    """What an unknown account, a wrong password and a closed account take, beside each other.

    They take turns, in rounds; each counts by its share of its round, so that it does not matter
    if some rounds are slow, and of the shares by the one in the middle.
    """
    closed = "quang.tuphap"
    for _ in range(guessing.MOST):
        guessing.failed(db, (guessing.account(closed),), NOW)
    attempts = [
        Attempt(login, "wrong", "10.0.0.1") for login in ("nobody", "hoidong", closed)
    ]
    shares: list[list[float]] = [[], [], []]
    for number in range(count):
        order = [(number + n) % 3 for n in range(3)]
        taken = {n: seconds(db, attempts[n]) for n in order}
        for n in order:
            shares[n].append(taken[n] / sum(taken.values()))
    return [median(one) for one in shares]


def test_unknown_wrong_and_closed_take_the_same_time(slow_province, size):
    found = times(slow_province, max(15, size(100)))

    assert max(found) / min(found) < 1.3


def test_unknown_that_is_not_hashed_is_caught(slow_province, monkeypatch):
    is_right = passwords.is_right
    monkeypatch.setattr(
        passwords, "is_right", lambda kept, said: bool(kept) and is_right(kept, said)
    )
    found = times(slow_province, 5)

    assert max(found) / min(found) > 1.3
