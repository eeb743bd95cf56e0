"""Terms of records on a page, and holds: placed, in the way of erasing, lifted, told."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy import text as sql

from awards import erasures, holds, nominations
from awards.erasures import Request
from awards.errors import UnderLegalHold
from models.history import EventKind
from models.safekeeping import LegalHold
from models.session import reading, transaction
from tests import factories
from tests.client import text
from tests.conftest import NOW
from views.web import db
from workflows import history
from workflows.errors import NotAllowed

ADMIN = "quantri.hethong"
WHY = "Công văn số 12/TTr ngày 20/11/2026"


@pytest.fixture
def ended(app):
    """The code of a nomination that was withdrawn."""
    with app.app_context(), transaction(db.engine) as session:
        nomination = factories.begin(session)
        nomination.nominee.identity_number = "001088000001"
        factories.withdraw(session, nomination)
        return nomination.code


def hold(client, code, why=WHY):
    sent = {"hold_code": code, "hold_reason": why, "command_key": "h"}
    return client.post("/retention/holds", data=sent)


def lift(client, code):
    sent = {"lift_code": code, "lift_reason": "Đã kết luận", "command_key": "l"}
    return client.post("/retention/holds/lift", data=sent)


def erase(client, code):
    sent = {"erase_code": code, "legal_ground": "Điều 14", "erase_reason": "Theo đơn"}
    return client.post("/personal-data/erasure", data=sent | {"command_key": "e"})


def kinds_told(app, code):
    with app.app_context(), reading(db.engine) as session:
        rows = history.of(session, nominations.find(session, code).instance_id)
        assert [fault for _, fault in history.verify_all(session) if fault] == []
        return [e.kind for e in rows if e.kind.startswith("hold_")]


def test_held_nomination_is_not_erased_until_the_hold_is_lifted(app, browse, ended):
    client = browse(ADMIN)
    assert hold(client, ended.lower()).status_code == 303

    refused = erase(client, ended)

    assert refused.status_code == 422
    assert f"Hồ sơ {ended} đang được giữ lại" in text(refused)
    page = text(client.get("/retention"))
    assert (WHY in page, "đang giữ" in page) == (True, True)
    again = hold(client, ended, "Lý do khác")
    assert (again.status_code, "được giữ lại rồi" in text(again)) == (422, True)

    assert lift(client, ended).status_code == 303
    assert lift(client, ended).status_code == 422
    assert erase(client, ended).status_code == 200
    assert "Đã kết luận" in text(client.get("/retention"))
    assert kinds_told(app, ended) == [EventKind.HOLD_PLACED, EventKind.HOLD_LIFTED]


def test_hold_on_one_nomination_holds_all_of_the_person(app, ended):
    with app.app_context(), transaction(db.engine) as session:
        other = factories.begin(session)
        other.nominee.identity_number = "001088000001"
        factories.withdraw(session, other)
        admin = factories.actor(session, "system_admin")
        holds.place(session, other, reason=WHY, actor=admin, now=NOW)
        first = erasures.of_person(session, other)[0]
        assert first.code == ended

        with pytest.raises(UnderLegalHold):
            erasures.erase(session, first, Request("x", "y"), actor=admin, now=NOW)


def test_others_place_and_lift_nothing(app, ended):
    with app.app_context(), transaction(db.engine) as session:
        nomination = factories.newest(session)
        admin = factories.actor(session, "system_admin")
        row = holds.place(session, nomination, reason=WHY, actor=admin, now=NOW)
        for role in ("chairman", "auditor", "process_admin"):
            other = factories.actor(session, role)
            with pytest.raises(NotAllowed):
                holds.place(session, nomination, reason=WHY, actor=other, now=NOW)
            with pytest.raises(NotAllowed):
                holds.lift(session, row, reason=WHY, actor=other, now=NOW)


def test_page_counts_what_is_past_its_term(app, browse, ended):
    count, past = of_refused(browse(ADMIN))
    assert (count > 0, past) == (True, 0)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sql("UPDATE process_instance SET ended_at = '2010-01-01'"))

    assert of_refused(browse(ADMIN)) == (count, count)


def of_refused(client):
    """How many ended without an award, and how many of them are past their term."""
    said = r"không được khen 10 năm sau khi kết thúc (\d+) (\d+)"
    found = re.search(said, text(client.get("/retention")))
    return int(found[1]), int(found[2])


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE legal_hold SET reason = 'khác'",
        "UPDATE legal_hold SET lifted_at = placed_at, lifted_by = placed_by",
        (
            "INSERT INTO legal_hold SELECT 9, nomination_id, reason, salt, placed_by, placed_at, "
            "placed_by, placed_at, '' FROM legal_hold"
        ),
    ],
)
def test_holds_changed_past_the_program_are_found(app, browse, ended, change):
    hold(browse(ADMIN), ended)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sql(change))

    with app.app_context(), reading(db.engine) as session:
        assert session.scalars(select(LegalHold)).first() is not None
        assert [fault for _, fault in history.verify_all(session) if fault] != []
