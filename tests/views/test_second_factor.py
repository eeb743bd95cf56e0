"""S15 and S16 of trust.md: a code after the password, and the password before what matters."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from flask import g

from awards import second_factors
from models.session import reading
from tests import factories
from tests.client import form, heading, text
from views import web
from views.web import db

ADMIN, CHAIRMAN, AUDITOR = "quantri.hethong", "chutich.ubnd", "thanhtra"
PASSWORD = "own_password"  # noqa: S105 - the field's name


@pytest.fixture
def strict(app):
    """As in production, over plain HTTP."""
    app.config["WTF_CSRF_ENABLED"] = False
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, asks_twice=True)
    yield app
    app.config["SETTINGS"] = settings


@pytest.fixture
def clock(monkeypatch):
    """A clock that tests move: one code per half minute."""
    moment = [datetime.now(UTC)]

    def now():
        return g.setdefault("now", moment[0])

    for name in ("auth", "second_factor", "confirming", "accounts", "tasks"):
        monkeypatch.setattr(f"views.{name}.now", now)
    monkeypatch.setattr(web, "now", now)

    def forward(seconds):
        moment[0] += timedelta(seconds=seconds)

    forward.now = lambda: moment[0]
    return forward


def knock(app, login):
    """A browser that has given the right password."""
    client = app.test_client()
    fields = {"login": login, "password": f"vinh-danh-{login}"}
    assert client.post("/login", data=fields).status_code == 303
    return client


def enrol(client, clock):
    """Enrol a device; gives its secret and the recovery codes."""
    page = client.get("/second-factor")
    secret = re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", page.text)[1].replace(" ", "")
    answer = form(page, "/second-factor").send(client, code=code(secret, clock))
    return secret, re.findall(r"<code>([0-9a-f-]+)</code>", answer.text)


def code(secret, clock):
    return pyotp.TOTP(secret).at(clock.now())


def prove(client, number):
    return form(client.get("/second-factor"), "/second-factor").send(client, code=number)


@pytest.mark.parametrize("login", [ADMIN, CHAIRMAN, AUDITOR, "hoidong", "quantri.quytrinh"])
def test_until_the_code_is_proved_nobody_is_there(strict, clock, login):
    client = knock(strict, login)

    for path in ("/inbox", "/board", "/people", "/history", "/account", "/about", "/login"):
        answer = client.get(path)
        assert answer.status_code in (302, 303)
        assert answer.headers["Location"].startswith("/second-factor")
    assert client.post("/account/sessions/end").status_code in (303, 400)
    assert heading(client.get("/second-factor")) == "Đăng ký xác thực hai lớp"


@pytest.mark.parametrize("login", ["lan.tuphap", "tuan.noivu"])
def test_others_are_not_asked(strict, clock, login):
    assert knock(strict, login).get("/inbox").status_code == 200


def test_demo_asks_nobody(browse):
    assert browse(ADMIN).get("/people").status_code == 200


def test_device_is_enrolled_and_asked_for_from_then_on(strict, clock):
    secret, codes = enrol(first := knock(strict, ADMIN), clock)
    assert len(set(codes)) == second_factors.RECOVERY_CODES
    assert first.get("/people").status_code == 200
    assert "Còn 10 mã khôi phục" in text(first.get("/account"))

    second = knock(strict, ADMIN)
    clock(30)
    assert heading(second.get("/second-factor")) == "Mã xác thực"
    assert prove(second, code(secret, clock)).headers["Location"] == "/people"
    assert second.get("/people").status_code == 200


def test_secret_is_nowhere_in_the_database(strict, clock):
    secret, codes = enrol(knock(strict, ADMIN), clock)

    with strict.app_context(), reading(db.engine) as session:
        dump = repr(factories.everything(session))
    assert ADMIN in dump
    assert secret not in dump
    assert not any(one in dump or one.replace("-", "") in dump for one in codes)


def test_recovery_code_opens_once(strict, clock):
    _secret, codes = enrol(knock(strict, ADMIN), clock)

    assert prove(knock(strict, ADMIN), codes[0].upper()).status_code == 303
    assert prove(knock(strict, ADMIN), codes[0]).status_code == 422
    clock(60)
    assert prove(knock(strict, ADMIN), codes[1]).status_code == 303


def test_guessing_codes_gets_slow(strict, clock):
    secret, _codes = enrol(knock(strict, ADMIN), clock)
    client = knock(strict, ADMIN)
    clock(60)  # the code of the enrolment is used up
    for n in range(8):
        assert prove(client, f"{n:06}").status_code == 422

    assert prove(client, code(secret, clock)).status_code == 422  # right, but too soon
    clock(60)
    assert prove(client, code(secret, clock)).status_code == 303


def test_wrong_code_enrols_nothing(strict, clock):
    client = knock(strict, ADMIN)
    page = form(client.get("/second-factor"), "/second-factor")

    assert page.send(client, code="000000").status_code == 422
    assert page.send(client, code="").status_code == 422
    assert client.get("/people").status_code == 303
    assert len(enrol(client, clock)[1]) == second_factors.RECOVERY_CODES


def test_lost_device_is_forgotten_by_another_administrator(strict, clock):
    enrol(chairman := knock(strict, CHAIRMAN), clock)
    enrol(admin := knock(strict, ADMIN), clock)
    person = re.search(r"/people/\d+", admin.get("/people?q=chutich.ubnd").text)[0]
    path = f"{person}/second-factor/forget"

    asked = form(admin.get(person), path).send(admin)
    assert heading(asked) == "Xác nhận là bạn"
    assert (
        form(asked, path).send(admin, **{PASSWORD: f"vinh-danh-{ADMIN}"}).status_code == 303
    )

    assert chairman.get("/inbox").headers["Location"].startswith("/login")
    assert heading(knock(strict, CHAIRMAN).get("/second-factor")).startswith("Đăng ký")


def test_nobody_forgets_the_own_device(strict, clock):
    enrol(admin := knock(strict, ADMIN), clock)
    own = re.search(r"/people/\d+", admin.get(f"/people?q={ADMIN}").text)[0]

    answer = admin.post(
        f"{own}/second-factor/forget", data={PASSWORD: f"vinh-danh-{ADMIN}"}
    )

    assert answer.status_code == 404


ACTS = {  # S16: what asks for the password once more
    "/people": ADMIN,
    "/people/1/link": ADMIN,
    "/people/1/close": ADMIN,
    "/people/1/reopen": ADMIN,
    "/people/1/posts": ADMIN,
    "/people/1/posts/1/end": ADMIN,
    "/people/1/second-factor/forget": ADMIN,
    "/delegations/posts/1": ADMIN,
    "/units/changes/new": ADMIN,
    "/blocks/K01/handover": ADMIN,
    "/blocks/years/new": ADMIN,
    "decide": CHAIRMAN,
}


@pytest.mark.parametrize(("path", "login"), ACTS.items(), ids=list(ACTS))
def test_what_matters_most_asks_for_the_password(strict, clock, cases, path, login):
    enrol(client := knock(strict, login), clock)
    if path == "decide":
        path = f"/tasks/{cases['decide_by_chairman']['own'].task}"
        sent = form(client.get(path))
        sent.fields["outcome"] = "approve"
        sent.fields["opinion"] = "Đồng ý."
    else:
        sent = None
    fields = sent.fields if sent else {"name": "Một tên đã ghi"}

    asked = client.post(path, data=fields)

    assert heading(asked) == "Xác nhận là bạn"
    kept = form(asked, path)
    assert {name: kept.fields[name] for name in fields} == dict(fields)
    wrong = kept.send(client, **{PASSWORD: "không phải mật khẩu"})
    assert (wrong.status_code, "Mật khẩu không đúng." in text(wrong)) == (422, True)
    right = kept.send(client, **{PASSWORD: f"vinh-danh-{login}"})
    assert heading(right) != "Xác nhận là bạn"
    assert "Xác nhận là bạn" not in text(client.post(path, data=fields))  # for five minutes
    clock(301)
    assert heading(client.post(path, data=fields)) in ("Xác nhận là bạn", "Không tìm thấy")


def test_demo_does_not_ask(app, browse):
    assert browse(ADMIN).post("/people", data={}).status_code == 422


def test_password_given_once_more_is_on_no_page(strict, clock):
    enrol(client := knock(strict, ADMIN), clock)
    path, password = "/units/changes/new", f"vinh-danh-{ADMIN}"
    merger = {
        "kind": "merge",
        "ending": "SO-TP",
        "heir": "SO-YT",
        "decision_number": "1/QĐ",
    }

    asked = form(client.get(path), path).send(client, **merger)
    shown = form(asked, path).send(client, **{PASSWORD: password})

    assert heading(shown) == "Kiểm tra trước khi ghi"
    assert password not in shown.text
