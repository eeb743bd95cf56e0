"""D2: twenty issuers at once take twenty numbers, without a gap and none twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from awards import codes, issuing
from models.organisation import Role
from models.papers import Decision
from models.session import reading, transaction
from tests import factories
from tests.conftest import NOW
from tests.trust.sizes import on_sqlite_at_least

pytestmark = pytest.mark.trust
ISSUERS = 20
LOSERS = 5  # take a number, and their transaction fails after it


class GivenUpError(Exception):
    """Whoever issues changes his mind at the last moment."""


def waiting(engine: Engine) -> list[int]:
    """One nomination for each issuer, all of one movement, award and signature."""
    with transaction(engine) as session:
        made = [factories.begin_at(session, "issue_decision") for _ in range(ISSUERS)]
        return [nomination.id for nomination in made]


def anomalies(engine: Engine) -> list[str]:
    """Let all issue at once; what is wrong with the register then."""
    ids = waiting(engine)
    together = Barrier(ISSUERS)

    def issue(turn: int) -> str:
        together.wait()
        try:
            with transaction(engine) as session:
                clerk = factories.actor(session, Role.RECORDS_CLERK.value)
                (group,) = issuing.groups(session, clerk)
                issuing.issue(
                    session,
                    group.key,
                    [ids[turn]],
                    actor=clerk,
                    command_key=f"issue-{turn}",
                    now=NOW,
                )
                _give_up_or_not(turn)
        except GivenUpError:
            return ""
        except DBAPIError as error:
            return type(error.orig).__name__
        return ""

    with ThreadPoolExecutor(ISSUERS) as pool:
        failed = [name for name in pool.map(issue, range(ISSUERS)) if name]
    with reading(engine) as session:
        numbers = sorted(session.scalars(select(Decision.number)))
    due = list(range(1, ISSUERS - LOSERS + 1))
    return failed + [f"{numbers}"] * (numbers != due)


def _give_up_or_not(turn: int) -> None:
    if turn < LOSERS:
        raise GivenUpError


def test_twenty_at_once_leave_no_gap(province):
    assert anomalies(province) == []


@on_sqlite_at_least
def test_numbers_that_are_not_held_are_caught(province, monkeypatch):
    monkeypatch.setattr(codes, "next_numbers", _kept_apart())

    assert anomalies(province) != []


def _kept_apart() -> Callable[..., range]:
    """A number that is kept whatever becomes of the decision, as sequences give them."""
    last = iter(range(1, 1_000))

    def taken(_session: Session, _name: str, _year: int, count: int) -> range:
        first = next(last)
        return range(first, first + count)

    return taken
