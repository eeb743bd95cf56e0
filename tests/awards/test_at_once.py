"""What several people, or one in several windows, do at one moment counts as one after another."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pyotp
import pytest
from sqlalchemy import func, select

from awards import guessing, second_factors, units
from awards.errors import BadChange
from awards.units import Change
from models.organisation import Person, Role, Unit, UnitEventKind
from models.session import reading, transaction
from models.sign_ins import Guessing
from tests import factories
from tests.conftest import NOW, SECRET, connect
from workflows import calendar

TODAY = calendar.today(NOW)
ADMIN = factories.stand_in(990, Role.SYSTEM_ADMIN.value)


@pytest.fixture
def engine(databases):
    made = connect(databases.copy("province"))
    yield made
    made.dispose()


def at_once(engine, *acts):
    """What comes of acts that begin at one moment, each in a transaction of its own."""
    start = Barrier(len(acts))

    def carry_out(act):
        start.wait()
        try:
            with transaction(engine) as session:
                return act(session)
        except BadChange as error:
            return error

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(carry_out, acts))


def test_every_wrong_guess_counts(engine):
    subject = guessing.account("an.moi")

    at_once(engine, *[lambda session: guessing.failed(session, (subject,), NOW)] * 6)

    with reading(engine) as session:
        assert session.get_one(Guessing, subject.key).failures == 6


def test_one_code_opens_once(engine):
    with transaction(engine) as session:
        person = session.scalars(select(func.min(Person.id))).one()
        salt = second_factors.fresh_salt()
        device = pyotp.TOTP(second_factors.secret(SECRET, person, salt))
        code = device.at(NOW)
        assert second_factors.enrol(session, person, salt, code, key=SECRET, now=NOW)
    later = NOW + timedelta(minutes=1)
    code = device.at(later)

    def check(session):
        return second_factors.check(session, person, code, key=SECRET, now=later)

    assert at_once(engine, *[check] * 6).count(True) == 1


@pytest.mark.parametrize("turn", range(3))
def test_unit_does_not_take_over_while_it_ends(engine, turn):
    def merge(ending, heir):
        change = Change(UnitEventKind.MERGE, TODAY, "1/QĐ", ending=(ending,), heir=heir)
        return lambda session: units.record(session, change, by=ADMIN, now=NOW)

    at_once(engine, merge("SO-TP", "SO-YT"), merge("SO-YT", "SO-XD"))

    with reading(engine) as session:
        kept = session.scalars(select(Unit).where(Unit.keeper_id.is_not(None))).all()
        assert kept
        assert [unit.code for unit in kept if unit.keeper.keeper_id is not None] == []
