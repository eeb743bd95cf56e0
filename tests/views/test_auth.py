"""Signing in and out, where it leads, and what outlives it."""

# ruff: noqa: S106 - the passwords of a demo are no secrets

import pytest
from sqlalchemy import select, update

from awards import passwords, sign_ins
from models.organisation import Person, Post
from models.session import transaction
from models.sign_ins import BrowserSession
from tests.client import form, heading, parse, text
from tests.stages import PEOPLE
from views.web import db

WRONG = "Tên đăng nhập hoặc mật khẩu không đúng."
STARTS = dict.fromkeys(PEOPLE, "/inbox") | {
    "council_member": "/board",
    "auditor": "/board",
    "process_admin": "/board",
    "system_admin": "/people",
}


def sign_in(client, **changes):
    fields = {"login": "lan.tuphap", "password": "vinh-danh-lan.tuphap"} | changes
    return client.post("/login", data=fields)


@pytest.mark.parametrize("role", PEOPLE)
def test_sign_in_leads_where_the_role_begins_the_day(open_house, role):
    client = open_house(PEOPLE[role])

    assert client.get("/").headers["Location"] == STARTS[role]
    assert client.get("/login").headers["Location"] == STARTS[role]
    assert client.get(STARTS[role]).status_code == 200


def test_sign_in_works_with_the_page_as_it_is(browse):
    client = browse()
    page = form(client.get("/login"), "/login")

    answer = page.send(client, login="lan.tuphap", password="vinh-danh-lan.tuphap")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/inbox")


@pytest.mark.parametrize("login", ["lan.tuphap", " lan.tuphap ", "LAN.TUPHAP"])
def test_sign_in_forgives_blanks_and_capitals_in_the_login(browse, login):
    assert sign_in(browse(), login=login).status_code == 303


@pytest.mark.parametrize(
    "changes",
    [
        {"password": "vinh-danh-lan.tupha"},
        {"password": "vinh-danh-lan.tuphap "},
        {"password": "VINH-DANH-LAN.TUPHAP"},
        {"password": "vinh-danh-hoidong"},
        {"login": "nobody"},
        {"login": "lan.tuphap' OR 1=1 --"},
        {"login": "%"},
        {"password": "x" * 100_000},
        {"password": "vinh-danh-lan.tuphap\0"},
    ],
)
def test_sign_in_with_something_wrong_says_the_same_and_keeps_the_login(browse, changes):
    client = browse()

    answer = sign_in(client, **changes)

    assert answer.status_code == 422
    assert WRONG in text(answer)
    assert form(answer, "/login").fields["login"] == changes.get("login", "lan.tuphap")
    assert form(answer, "/login").fields["password"] == ""
    assert client.get("/inbox").status_code == 303


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"login": ""}, "Ghi tên đăng nhập."),
        ({"login": None}, "Ghi tên đăng nhập."),
        ({"password": ""}, "Ghi mật khẩu."),
        ({"login": "a\0b"}, "Có ký tự điều khiển không dùng được. Xóa rồi nhập lại."),
        ({"login": "a" * 100_000}, "Dài quá 200 ký tự. Rút gọn rồi gửi lại."),
    ],
)
def test_sign_in_says_beside_the_field_what_is_wrong(browse, changes, sentence):
    fields = {"login": "lan.tuphap", "password": "vinh-danh-lan.tuphap"} | changes
    name = next(iter(changes))

    answer = browse().post(
        "/login", data={k: v for k, v in fields.items() if v is not None}
    )

    assert answer.status_code == 422
    assert parse(answer).xpath(f"string(//*[@id='{name}-error'])").strip() == sentence


def test_person_who_left_cannot_sign_in_and_is_signed_out(app, browse):
    client = browse("lan.tuphap")
    with app.app_context(), transaction(db.engine) as session:
        session.execute(
            update(Person).where(Person.login == "lan.tuphap").values(is_active=False)
        )

    assert client.get("/inbox").status_code == 303
    assert sign_in(browse()).status_code == 422


def test_browser_that_was_not_used_for_half_an_hour_is_signed_out(app, browse):
    client, other = browse("lan.tuphap"), browse("lan.tuphap")
    with client.session_transaction() as session:
        session["seen"] -= sign_ins.IDLE.seconds + 1
    kept = client.get_cookie("session").value

    answers = [client.get("/inbox").status_code for _ in range(2)]
    client.set_cookie("session", kept)

    assert answers == [303, 303]
    assert client.get("/inbox").status_code == 303
    assert other.get("/inbox").status_code == 200


def test_browser_in_use_stays_signed_in(browse):
    client = browse("lan.tuphap")
    with client.session_transaction() as session:
        before = session["seen"] = session["seen"] - sign_ins.IDLE.seconds + 60

    assert client.get("/inbox").status_code == 200
    with client.session_transaction() as session:
        assert session["seen"] > before


def test_session_is_over_after_twelve_hours_of_use(app, browse):
    client = browse("lan.tuphap")
    with app.app_context(), transaction(db.engine) as session:
        row = session.scalars(select(BrowserSession)).one()
        row.started_at -= sign_ins.LONGEST

    assert client.get("/inbox").status_code == 303


def test_cookie_of_before_signing_out_is_worth_nothing(browse):
    client = browse("lan.tuphap")
    kept = client.get_cookie("session").value
    client.post("/logout")

    for _ in range(20):
        client.set_cookie("session", kept)
        assert client.get("/inbox").status_code == 303


def test_guessing_closes_the_account_and_says_what_it_always_says(browse):
    client, owner = browse(), browse()
    assert sign_in(owner).status_code == 303  # this browser is known now
    owner.post("/logout")
    answers = [sign_in(client, password="wrong") for _ in range(5)]
    answers += [sign_in(client), sign_in(client, login="nobody")]

    assert {answer.status_code for answer in answers} == {422}
    assert all(WRONG in text(answer) for answer in answers)
    assert sign_in(owner).status_code == 303


def test_mark_of_a_known_browser_is_no_ones_to_forge(app, browse):
    client = browse()
    for _ in range(6):
        sign_in(client, password="wrong")
    for mark in ("x", '["lan.tuphap", "mark"]', "WyJsYW4udHVwaGFwIiwieCJd.aaaa"):
        client.set_cookie("device", mark)
        assert sign_in(client).status_code == 422


def test_flood_of_passwords_is_told_to_wait(browse, monkeypatch):
    monkeypatch.setattr(passwords, "_PATIENCE", 0.01)
    with passwords.one_at_a_time():
        answer = sign_in(browse())

    assert answer.status_code == 429
    assert "Đợi ít giây rồi thử lại." in text(answer)
    assert sign_in(browse()).status_code == 303


def test_post_taken_away_takes_the_rights_at_once(app, browse):
    client = browse("lan.tuphap")
    with app.app_context(), transaction(db.engine) as session:
        ended = Post.valid_from  # held on its first day alone
        session.execute(update(Post).values(valid_to=ended))

    assert client.get("/inbox").status_code == 404
    assert client.get("/about").status_code == 200


def test_cookie_set_before_signing_in_is_not_signed_in_after(browse):
    victim, thief = browse(), browse()
    victim.get("/login")
    planted = victim.get_cookie("session").value
    sign_in(victim)

    thief.set_cookie("session", planted)

    assert victim.get("/inbox").status_code == 200
    assert thief.get("/inbox").status_code == 303
    assert victim.get_cookie("session").value != planted


def test_signing_in_forgets_what_was_planted_and_renews_the_token(app):
    client = app.test_client()
    before = parse(client.get("/login")).xpath("string(//input[@name='csrf_token']/@value)")
    with client.session_transaction() as session:
        session["planted"] = "by a stranger"
        before = session["csrf_token"]
    token = parse(client.get("/login")).xpath("string(//input[@name='csrf_token']/@value)")
    sign_in(client, csrf_token=token)
    client.get("/inbox")

    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["csrf_token"] != before


def test_signing_in_as_another_person_leaves_the_first(browse):
    client = browse("lan.tuphap")
    sign_in(client, login="hoidong", password="vinh-danh-hoidong")

    assert client.get("/inbox").status_code == 404
    assert client.get("/board").status_code == 200


def test_signing_out_ends_the_session_and_is_no_link(browse):
    client = browse("lan.tuphap")
    assert client.get("/logout").status_code == 404
    assert client.get("/inbox").status_code == 200

    answer = client.post("/logout")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    assert client.get("/inbox").status_code == 303


@pytest.mark.parametrize(
    "cookie", ["", "x", "eyJfdXNlcl9pZCI6IjEuMSJ9.aaaa.bbbb", "a" * 3_000, "\xff"]
)
def test_forged_cookie_is_nobody(app, cookie):
    client = app.test_client()
    client.set_cookie("session", cookie)

    assert client.get("/inbox").status_code == 303


def test_stranger_is_led_back_to_the_page_asked_for(browse):
    client = browse()
    answer = client.get("/board?q=lan&page=2")
    assert answer.headers["Location"] == "/login?next=/board?q%3Dlan%26page%3D2"

    page = form(client.get(answer.headers["Location"]), "/login")
    answer = page.send(client, login="lan.tuphap", password="vinh-danh-lan.tuphap")

    assert answer.headers["Location"] == "/board?q=lan&page=2"


def test_stranger_behind_htmx_is_told_to_sign_in_and_not_redirected(app):
    answer = app.test_client().get("/inbox", headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert heading(answer) != "Hệ thống gặp sự cố"


def test_next_is_refilled_after_a_mistake(browse):
    answer = sign_in(browse(), next="/board", password="wrong")

    assert form(answer, "/login").fields["next"] == "/board"


def test_language_button_comes_back_to_the_page_it_stood_on(browse):
    client = browse("lan.tuphap")
    page = form(client.get("/board?q=lan"), "/language")

    answer = page.send(client, language="en")

    assert answer.headers["Location"] == "/board?q=lan"


def test_about_page_greets_by_name(open_house):
    assert (
        heading(open_house("quantri.hethong").get("/about")) == "Xin chào, Hà Trọng Nghĩa"
    )
