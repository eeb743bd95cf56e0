"""S4 and S5 of trust.md: sessions are new at every sign-in, and over when they are over."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from awards import sign_ins
from models.organisation import Person
from models.session import transaction
from models.sign_ins import BrowserSession
from tests.conftest import make_app
from views import web

pytestmark = pytest.mark.trust
LOGIN, OLD, NEW = "lan.tuphap", "vinh-danh-lan.tuphap", "cơm nguội chan canh cua"


@pytest.fixture
def site(databases, tmp_path: Path) -> Any:
    made = make_app(databases.copy("province"), tmp_path)
    made.config["WTF_CSRF_ENABLED"] = False
    yield made
    with made.app_context():
        web.db.engine.dispose()


def sign_in(site: Flask) -> FlaskClient:
    client = site.test_client()
    client.post("/login", data={"login": LOGIN, "password": OLD})
    assert is_in(client)
    return client


def is_in(client: FlaskClient) -> bool:
    return client.get("/inbox").status_code == 200


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("session")
    assert found is not None
    return str(found.value)


def change(site: Flask, statement: Any) -> None:
    with site.app_context(), transaction(web.db.engine) as session:
        session.execute(statement)


def sign_out(site: Flask, client: FlaskClient) -> None:
    del site
    assert client.post("/logout").status_code == 303


def change_password(site: Flask, client: FlaskClient) -> None:
    del site
    fields = {"old": OLD, "password": NEW, "again": NEW}
    assert client.post("/account/password", data=fields).status_code == 303


def close_account(site: Flask, client: FlaskClient) -> None:
    del client
    admin = site.test_client()
    fields = {"login": "quantri.hethong", "password": "vinh-danh-quantri.hethong"}
    assert admin.post("/login", data=fields).status_code == 303
    with site.app_context():
        person = web.db.session.scalars(
            select(Person.id).where(Person.login == LOGIN)
        ).one()
    assert admin.post(f"/people/{person}/close").status_code == 303


def leave_idle(site: Flask, client: FlaskClient) -> None:
    del site
    with client.session_transaction() as session:
        session["seen"] -= sign_ins.IDLE.seconds + 1


def grow_old(site: Flask, client: FlaskClient) -> None:
    del client
    with site.app_context(), transaction(web.db.engine) as session:
        for row in session.scalars(select(BrowserSession)):
            row.started_at -= sign_ins.LONGEST


def end_elsewhere(site: Flask, client: FlaskClient) -> None:
    del client
    assert sign_in(site).post("/account/sessions/end").status_code == 303


ENDINGS = [sign_out, change_password, close_account, leave_idle, grow_old, end_elsewhere]


def accepted(site: Flask, kept: str, times: int) -> int:
    """How often an old cookie lets its holder in."""
    thief = site.test_client()
    found = 0
    for _ in range(times):
        thief.set_cookie("session", kept)
        found += is_in(thief)
    return found


@pytest.mark.parametrize("end", ENDINGS)
def test_cookie_of_a_session_that_is_over_lets_nobody_in(site, size, end):
    client = sign_in(site)
    kept = cookie(client)

    end(site, client)
    if end is leave_idle:
        kept = cookie(client)

    assert accepted(site, kept, size(1_000)) == 0


def test_sessions_that_do_not_end_are_caught(site, monkeypatch):
    client = sign_in(site)
    kept = cookie(client)
    monkeypatch.setattr(sign_ins, "end", lambda *_: None)

    sign_out(site, client)

    assert accepted(site, kept, 10) == 10


def tokens(site: Flask, act: Callable[[FlaskClient], object], times: int) -> set[str]:
    """What the sessions of one browser are known by, as it acts."""
    client = site.test_client()
    found = set()
    for _ in range(times):
        act(client)
        with client.session_transaction() as session:
            found.add(session["_user_id"])
    return found


def test_every_sign_in_has_a_token_of_its_own(site, size):
    def again(client: FlaskClient) -> None:
        client.post("/login", data={"login": LOGIN, "password": OLD})

    found = tokens(site, again, size(200))

    assert len(found) == size(200)
    assert min(map(len, found)) >= 43  # 256 bits, six to a character


def test_new_password_has_a_session_of_its_own(site):
    client = sign_in(site)
    before = cookie(client)

    change_password(site, client)

    assert is_in(client)
    assert cookie(client) != before
    assert accepted(site, before, 1) == 0


def test_cookie_of_before_signing_in_is_nobodys_after(site, size):
    for _ in range(size(100)):
        victim = site.test_client()
        victim.post("/language", data={"language": "en"})
        planted = cookie(victim)
        victim.post("/login", data={"login": LOGIN, "password": OLD})

        assert accepted(site, planted, 1) == 0


def test_closed_account_is_open_to_nobody_new(site):
    change(site, update(Person).where(Person.login == LOGIN).values(is_active=False))
    client = site.test_client()
    client.post("/login", data={"login": LOGIN, "password": OLD})

    assert not is_in(client)
