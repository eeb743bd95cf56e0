"""S16 of trust.md: the password once more before deciding, and before rights are changed.

Which acts those are is read from the guards: everything that an administrator or a delegating
person may send, but for what `CALM` names with its reason; and what decides.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from awards import access, batches, sign_ins
from awards.demo import driving, people
from forms import many
from models.organisation import Person, Role
from models.session import reading, transaction
from models.sign_ins import BrowserSession
from tests import factories, provider
from tests.client import heading
from tests.conftest import NOW
from views import confirming
from views import provider as provider_pages
from views import rosters as roster_pages
from views.guards import GUARDS
from views.web import db

pytestmark = pytest.mark.trust
ADMIN, OPERATOR, CHAIRMAN, HEAD, AUDITOR = (
    "quantri.hethong",
    "quantri.quytrinh",
    "chutich.ubnd",
    "quang.tuphap",
    "thanhtra",
)
WHOSE = {  # guards of those who change what others may do, and somebody whom they let in
    "keeps_accounts": ADMIN,
    "keeps_organisation": ADMIN,
    "keeps_processes": ADMIN,
    "deploys": OPERATOR,
    "operates": OPERATOR,
    "delegates": HEAD,
}
CALM = {  # what they send without changing anybody's rights
    "units.found": "a new unit has nobody in it",
    "blocks.create": "a new Khối has no members",
    "seasons.set_up_movement": "what can be proposed",
    "seasons.revise_movement": "what can be proposed",
    "seasons.set_up_award": "what can be proposed",
    "seasons.revise_award": "what can be proposed",
    "law.record_day": "days off",
    "law.forget_day": "days off",
    "law.add_basis": "what decisions cite",
    "law.end_basis": "what decisions cite",
    "bonuses.add_salary": "what the law gives; people sign the list by which it is paid",
    "bonuses.add_multiple": "as above",
    "bonuses.add_policy": "as above",
    "bonuses.end_salary": "as above",
    "bonuses.end_multiple": "as above",
    "bonuses.end_policy": "as above",
    "certificates.set_places": "where words stand on a blank",
    "operations.retry_mail": "sends again what was to be sent, to whom it was to go",
    "processes.upload": "serves nobody before another person confirms it, and that asks",
    "operations.retry": "runs again what ran before, and decides nothing",
}
BEYOND = {  # acts that other guards let through
    "tasks.complete": CHAIRMAN,
    "batches.complete": CHAIRMAN,
    "paper_templates.approve": OPERATOR,
    "provider.link": HEAD,
    "provider.forget": HEAD,
    "exports.nomination_evidence": AUDITOR,
    "exports.decision_evidence": AUDITOR,
}
ROW = {"sheet": "units", "number": 2, "cells": {"Mã": "X"}, "is_unit": True}


@dataclass
class House:
    """The application as in production, and what its addresses are filled in with."""

    app: Any
    names: dict[str, Any]
    fields: dict[str, dict[str, Any]]
    acts: dict[str, str]
    clients: dict[str, Any] = field(default_factory=dict)

    def client(self, login):
        """Somebody with the password and, where it is asked for, the code proved."""
        if login not in self.clients:
            client = self.clients[login] = self.app.test_client()
            entered = {"login": login, "password": f"vinh-danh-{login}"}
            assert client.post("/login", data=entered).status_code == 303
            self.note(verified_at=datetime.now(UTC))
        return self.clients[login]

    def note(self, **moments):
        with self.app.app_context(), transaction(db.engine) as session:
            session.execute(update(BrowserSession).values(**moments))

    def send(self, endpoint):
        """Send an act as far as it goes; gives the answer."""
        rule = next(r for r in self.app.url_map.iter_rules() if r.endpoint == endpoint)
        with self.app.test_request_context():
            path = self.app.url_for(
                endpoint, **{name: self.names[name] for name in rule.arguments}
            )
        sent = self.fields.get(endpoint, {"name": "x"})
        return self.client(self.acts[endpoint]).post(path, data=sent)


@pytest.fixture
def house(app):
    app.config["WTF_CSRF_ENABLED"] = False
    first = app.config["SETTINGS"]
    registered = provider.Provider().settings(issuer="http://127.0.0.1:9")
    app.config["SETTINGS"] = replace(first, asks_twice=True, provider=registered)
    provider_pages.init_app(app)
    with app.app_context():
        names, fields = furnish(db.engine)
        with app.test_request_context():
            rows = roster_pages._serializer().dumps([ROW])
    fields["rosters.bring_in"] = {"command_key": "k", "rows": rows}
    yield House(app, names, fields, acts(app))
    app.config["SETTINGS"] = first
    provider_pages.init_app(app)


def furnish(engine):
    """A nomination before the Chairman, a list of such, and the fields that lead to each act."""
    with transaction(engine) as session:
        nomination = factories.begin_at(session, "decide_by_chairman")
        task = factories.open_task(session, nomination)
        driving.declare(session, people.by_queue(session, NOW.date()), NOW)
        chairman = factories.actor(session, Role.CHAIRMAN.value)
        chosen = batches.freeze(
            session,
            {task.id: task.revision},
            actor=chairman,
            suits=many.suits,
            command_key="k",
            now=NOW,
        )
        person = session.scalars(select(Person).where(Person.login == "lan.tuphap")).one()
        names = {
            "code": nomination.code,
            "task_id": task.id,
            "batch_id": chosen.id,
            "person_id": person.id,
            "post_id": person.posts[0].id,
            "delegation_id": 1,
            "definition_id": 1,
            "template_id": 1,
            "decision_id": 1,
            "unit_code": "SO-TP",
            "block_code": "K01",
        }
        decided = {"outcome": "approve", "opinion": "Đồng ý.", "command_key": "c"}
        asked = {"kind": "suspend", "reason": "Lý do", "confirmed": "1", "command_key": "c"}
        fields = {
            "tasks.complete": decided | {"revision": task.revision},
            "batches.complete": decided | {"confirmed": "1"},
            "operations.ask": asked,
        }
    return names, fields


def posts(app):
    """Every view that is sent to, by endpoint."""
    names = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods}
    return {name: app.view_functions[name] for name in names}


def acts(app):
    """Every act that changes rights or decides, and who sends it."""
    whose = {name: WHOSE.get(GUARDS.get(view, "")) for name, view in posts(app).items()}
    found = {name: login for name, login in whose.items() if login and name not in CALM}
    return found | BEYOND


def asks(house, endpoint):
    return heading(house.send(endpoint)) == "Xác nhận là bạn"


def silent(house):
    """The acts that did not ask."""
    return {name for name in house.acts if not asks(house, name)}


def rows(house):
    with house.app.app_context(), reading(db.engine) as session:
        found = factories.everything(session)
    return {name: value for name, value in found.items() if name != "browser_session"}


def test_every_act_asks_and_has_done_nothing_yet(house):
    for login in house.acts.values():
        house.client(login)
    before = rows(house)

    assert silent(house) == set()
    assert len(house.acts) >= 12
    assert rows(house) == before


def test_acts_that_do_not_ask_are_caught(house, monkeypatch):
    monkeypatch.setattr(confirming, "ask", lambda: None)

    assert silent(house) == house.acts.keys()


def test_what_is_calm_is_still_there_and_has_such_a_guard(app):
    views = posts(app)

    assert {name for name in CALM if GUARDS[views[name]] not in WHOSE} == set()
    assert {name for name in WHOSE if not hasattr(access, name)} == set()


def test_chairman_decides_at_a_step_with_any_form(house, monkeypatch):
    """A form that was drawn has a name of its own."""
    monkeypatch.setattr(confirming, "_DECIDING", "another")

    assert asks(house, "tasks.complete")


def test_password_holds_for_five_minutes_in_its_own_browser(house):
    assert timedelta(minutes=5) == sign_ins.CONFIRMED_FOR
    house.client(ADMIN)
    for minutes in (4, 6):
        house.note(confirmed_at=datetime.now(UTC) - timedelta(minutes=minutes))
        assert asks(house, "processes.confirm") == (
            minutes > sign_ins.CONFIRMED_FOR.seconds / 60
        )
    house.note(confirmed_at=datetime.now(UTC))
    house.clients.clear()  # a browser of its own from here on

    assert asks(house, "processes.confirm")
