"""One's own account: the password, and the browsers that are signed in."""

import pytest

from tests.client import form, parse, text

MADE_OF_NAMES = (
    "Mật khẩu này ghép từ tên của bạn, đơn vị hoặc từ ai cũng đoán được. Chọn một câu khác."
)
OLD, NEW = "vinh-danh-lan.tuphap", "cơm nguội chan canh cua"


def change(client, **changes):
    fields = {"old": OLD, "password": NEW, "again": NEW} | changes
    return client.post("/account/password", data=fields)


def sign_in(client, password):
    return client.post("/login", data={"login": "lan.tuphap", "password": password})


def test_password_is_changed_from_the_page(browse):
    client, other = browse("lan.tuphap"), browse("lan.tuphap")
    before = client.get_cookie("session").value
    page = form(client.get("/account"), "/account/password")

    answer = page.send(client, old=OLD, password=NEW, again=NEW)

    assert answer.headers["Location"] == "/account"
    assert "Đã đổi mật khẩu" in text(client.get("/account"))
    assert other.get("/inbox").status_code == 303
    thief = browse()
    thief.set_cookie("session", before)
    assert thief.get("/inbox").status_code == 303
    assert sign_in(browse(), NEW).status_code == 303
    assert sign_in(browse(), OLD).status_code == 422


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"old": ""}, "old", "Ghi mật khẩu hiện tại."),
        ({"old": "wrong"}, "old", "Mật khẩu hiện tại không đúng."),
        ({"password": ""}, "password", "Ghi mật khẩu mới."),
        ({"again": NEW + "x"}, "again", "Hai lần ghi không giống nhau."),
        (
            {"password": "x" * 14, "again": "x" * 14},
            "password",
            "Mật khẩu cần ít nhất 15 ký tự; một câu dễ nhớ là tốt nhất.",
        ),
        (
            {"password": "Trần Thị Lan 1980", "again": "Trần Thị Lan 1980"},
            "password",
            MADE_OF_NAMES,
        ),
    ],
)
def test_mistake_is_told_beside_the_field_and_changes_nothing(
    browse, changes, field, sentence
):
    client = browse("lan.tuphap")

    answer = change(client, **changes)

    assert answer.status_code == 422
    assert parse(answer).xpath(f"string(//*[@id='{field}-error'])").strip() == sentence
    assert client.get("/inbox").status_code == 200
    assert sign_in(browse(), OLD).status_code == 303


def test_browsers_are_listed_and_signed_out_one_by_one(browse):
    firefox = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"}
    other = browse()
    other.environ_base.update({"HTTP_USER_AGENT": firefox["User-Agent"]})
    assert sign_in(other, OLD).status_code == 303
    client = browse("lan.tuphap")
    page = client.get("/account")
    assert "Firefox, Linux" in text(page)
    assert "Thiết bị này" in text(page)
    (action,) = parse(page).xpath("//form[contains(@action, '/end')]/@action")[:1]

    assert client.post(action).headers["Location"] == "/account"

    assert other.get("/inbox").status_code == 303
    assert client.get("/inbox").status_code == 200


def test_all_other_browsers_are_signed_out_at_once(browse):
    others = [browse("lan.tuphap") for _ in range(3)]
    client = browse("lan.tuphap")

    form(client.get("/account"), "/account/sessions/end").send(client)

    assert [other.get("/inbox").status_code for other in others] == [303] * 3
    assert client.get("/inbox").status_code == 200


def test_sessions_of_another_person_are_not_ended(browse):
    victim, client = browse("hoa.yte"), browse("lan.tuphap")

    for number in range(1, 20):
        client.post(f"/account/sessions/{number}/end")

    assert victim.get("/inbox").status_code == 200
