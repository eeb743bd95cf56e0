"""Accounts at a provider: who is expected, who is linked, and what opens nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from awards import accounts, provider_accounts, sign_ins
from awards.errors import FlowIsOver, NobodyHere, TakenByAnother
from awards.provider_accounts import EXPECTED_FOR
from awards.providers import Flow, Identity
from models.organisation import Person
from tests.conftest import NOW
from workflows.errors import NotAllowed

ISSUER = "https://id.example.vn"
LAN = Identity(ISSUER, "subject-1", "lan@example.vn")
ADMIN = 0


@pytest.fixture
def lan(db):
    return db.scalars(select(Person.id).where(Person.login == "lan.tuphap")).one()


@pytest.fixture
def quang(db):
    return db.scalars(select(Person.id).where(Person.login == "quang.tuphap")).one()


def expect(db, person, name="lan@example.vn", by=ADMIN):
    return provider_accounts.expect(db, person, name, issuer=ISSUER, by=by, now=NOW)


def sign_in(db, identity=LAN, flow=None, now=NOW):
    token = provider_accounts.sign_in(
        db, identity, flow or Flow.begin(now), device="", now=now
    )
    found = sign_ins.found(db, token, now)
    return found[0].id if found else None


def test_name_opens_once_and_the_subject_from_then_on(db, lan):
    expect(db, lan, " LAN@example.vn ")

    assert sign_in(db) == lan
    assert sign_in(db, replace(LAN, name="")) == lan
    assert sign_in(db, replace(LAN, name="renamed@example.vn")) == lan
    with pytest.raises(NobodyHere):  # the name has changed hands
        sign_in(db, replace(LAN, subject="subject-2"))
    with pytest.raises(NobodyHere):  # another provider has the same subject
        sign_in(db, replace(LAN, issuer="https://other.example.vn"))


def test_name_is_waited_for_a_week(db, lan):
    expect(db, lan)

    with pytest.raises(NobodyHere):
        sign_in(db, now=NOW + EXPECTED_FOR)
    assert sign_in(db, now=NOW + EXPECTED_FOR - timedelta(seconds=1)) == lan


def test_one_name_is_for_one_person(db, lan, quang):
    expect(db, lan)
    with pytest.raises(TakenByAnother):
        expect(db, quang)
    with pytest.raises(NotAllowed):
        expect(db, lan, by=lan)


def test_no_name_is_nobodys(db, lan):
    expect(db, lan)
    with pytest.raises(NobodyHere):
        sign_in(db, replace(LAN, name=""))


def test_identity_is_linked_to_one_person(db, lan, quang):
    provider_accounts.link(db, lan, LAN, NOW)
    with pytest.raises(TakenByAnother):
        provider_accounts.link(db, quang, LAN, NOW)

    provider_accounts.link(db, lan, replace(LAN, subject="subject-2"), NOW)

    assert sign_in(db, replace(LAN, subject="subject-2")) == lan
    with pytest.raises(NobodyHere):
        sign_in(db)


def test_flow_begins_one_session(db, lan):
    provider_accounts.link(db, lan, LAN, NOW)
    flow = Flow.begin(NOW)

    assert sign_in(db, flow=flow) == lan
    with pytest.raises(FlowIsOver):
        sign_in(db, flow=flow)
    assert len(sign_ins.of(db, lan, NOW)) == 1


def test_closed_account_and_one_that_was_parted_from_open_nothing(db, lan):
    provider_accounts.link(db, lan, LAN, NOW)
    accounts.close(db, lan, by=ADMIN, now=NOW)
    with pytest.raises(NobodyHere):
        sign_in(db)
    accounts.reopen(db, lan, by=ADMIN)
    assert sign_in(db) == lan

    provider_accounts.forget(db, lan, now=NOW)

    assert sign_ins.of(db, lan, NOW) == []
    with pytest.raises(NobodyHere):
        sign_in(db)


def test_expecting_anew_parts_from_the_old(db, lan):
    provider_accounts.link(db, lan, LAN, NOW)
    sign_in(db)

    expect(db, lan, "new@example.vn")

    assert sign_ins.of(db, lan, NOW) == []
    with pytest.raises(NobodyHere):
        sign_in(db)
