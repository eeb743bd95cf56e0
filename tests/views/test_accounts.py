"""Administrators of the system: giving accounts, handing out links, closing."""

from urllib.parse import urlsplit

import pytest

from tests.client import form, heading, parse, text

ADMIN = "quantri.hethong"
GOOD = "cơm nguội chan canh cua"


def add(client, **changes):
    page = form(client.get("/people"), "/people")
    fields = {"honorific": "Ông", "name": "Lê Văn An", "login": "an.moi"} | changes
    return page.send(client, **fields)


def handed_out(client, person):
    """The path of a link that was just shown."""
    answer = form(client.get(person), f"{person}/link").send(client)
    return urlsplit(parse(answer).xpath("string(//code)").strip()).path


def test_new_person_is_let_in_by_a_link(browse):
    admin, stranger = browse(ADMIN), browse()
    person = add(admin).headers["Location"]
    assert heading(admin.get(person)) == "Ông Lê Văn An"
    path = handed_out(admin, person)
    assert path not in admin.get(person).get_data(as_text=True)
    assert "an.moi" in text(stranger.get(path))

    answer = form(stranger.get(path), path).send(stranger, password=GOOD, again=GOOD)

    assert answer.headers["Location"] == "/login"
    assert "Đã đặt mật khẩu" in text(stranger.get("/login"))
    signed = stranger.post("/login", data={"login": "an.moi", "password": GOOD})
    assert signed.headers["Location"] == "/about"  # no post yet
    assert stranger.get(path).status_code == 410
    assert "đã dùng hoặc đã hết hạn" in text(stranger.get(path))


def test_link_keeps_what_is_wrong_apart_from_what_is_over(browse):
    admin, stranger = browse(ADMIN), browse()
    path = handed_out(admin, add(admin).headers["Location"])

    short = stranger.post(path, data={"password": "short", "again": "short"})
    other = stranger.post(path, data={"password": GOOD, "again": "x"})

    assert (short.status_code, other.status_code) == (422, 422)
    assert "ít nhất 15 ký tự" in text(short)
    assert "Hai lần ghi không giống nhau." in text(other)
    assert stranger.post(path, data={"password": GOOD, "again": GOOD}).status_code == 303


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Ghi họ và tên."),
        ({"login": ""}, "Ghi tên đăng nhập."),
        ({"login": "Lê An"}, "Tên đăng nhập bắt đầu bằng chữ cái"),
        ({"login": "lan.tuphap"}, "Tên đăng nhập “lan.tuphap” đã có người dùng."),
    ],
)
def test_account_that_cannot_be_made_says_why_and_keeps_what_was_typed(
    browse, changes, sentence
):
    answer = add(browse(ADMIN), **changes)

    assert answer.status_code == 422
    assert sentence in text(answer)
    name = form(answer, "/people").fields["name"]
    assert name == changes.get("name", "Lê Văn An")


def test_account_sent_twice_is_made_once(browse):
    admin = browse(ADMIN)
    page = form(admin.get("/people"), "/people")
    fields = {"honorific": "Ông", "name": "Lê Văn An", "login": "an.moi"}

    first, second = (page.send(admin, **fields) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]


def test_closing_ends_the_sessions_at_once(browse):
    admin, person = browse(ADMIN), browse("lan.tuphap")
    path = parse(admin.get("/people?q=lan.tuphap")).xpath("//th//a/@href")[0]

    form(admin.get(path), f"{path}/close").send(admin)

    assert person.get("/inbox").status_code == 303
    fields = {"login": "lan.tuphap", "password": "vinh-danh-lan.tuphap"}
    assert browse().post("/login", data=fields).status_code == 422
    assert "Tài khoản đang khóa" in text(admin.get(path))
    form(admin.get(path), f"{path}/reopen").send(admin)
    assert browse().post("/login", data=fields).status_code == 303


def test_own_account_is_no_ones_to_close(browse):
    admin = browse(ADMIN)
    path = parse(admin.get(f"/people?q={ADMIN}")).xpath("//th//a/@href")[0]

    answers = [admin.post(f"{path}/{verb}") for verb in ("link", "close", "reopen")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert admin.get("/people").status_code == 200


def test_people_are_searched_by_name_and_login(browse):
    admin = browse(ADMIN)

    assert "Trần Thị Lan" in text(admin.get("/people?q=Thị Lan"))
    assert "Không có ai tên như vậy." in text(admin.get("/people?q=nobody"))


def person_page(admin, login):
    return parse(admin.get(f"/people?q={login}")).xpath("//th//a/@href")[0]


def test_new_person_gets_a_post_and_works(browse):
    admin, stranger = browse(ADMIN), browse()
    person = add(admin).headers["Location"]
    path = handed_out(admin, person)
    stranger.post(path, data={"password": GOOD, "again": GOOD})
    fields = {
        "role": "unit_head",
        "title": "Phó Giám đốc",
        "unit": "SO-TP",
        "is_deputy": "y",
    }

    answer = form(admin.get(person), f"{person}/posts").send(admin, **fields)

    assert answer.headers["Location"] == person
    assert "Phó Giám đốc" in text(admin.get(person))
    signed = stranger.post("/login", data={"login": "an.moi", "password": GOOD})
    assert signed.headers["Location"] == "/inbox"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Ghi chức danh, như trên văn bản."),
        ({"role": "king"}, "Lựa chọn này không có."),
        ({"unit": ""}, "Chọn đơn vị cho chức vụ này."),
        ({"valid_from": "31/02/2026"}, "Không phải ngày có thật."),
        ({"valid_to": "01/01/2020"}, "Ngày cuối không thể trước ngày đầu."),
    ],
)
def test_post_that_cannot_be_given_says_why_and_keeps_what_was_typed(
    browse, changes, sentence
):
    admin = browse(ADMIN)
    person = person_page(admin, "hoidong")
    fields = {"role": "unit_head", "title": "Giám đốc", "unit": "SO-TP"} | changes

    answer = form(admin.get(person), f"{person}/posts").send(admin, **fields)

    assert answer.status_code == 422
    assert sentence in text(answer)
    kept = form(answer, f"{person}/posts").fields["title"]
    assert kept == fields["title"]


def test_post_is_ended_and_the_rights_are_gone(browse):
    admin, lan = browse(ADMIN), browse("lan.tuphap")
    person = person_page(admin, "lan.tuphap")
    action = parse(admin.get(person)).xpath("//form[contains(@action, '/end')]/@action")[0]

    wrong = admin.post(action, data={"last_day": "x"})
    ended = admin.post(action, data={"last_day": "01/01/2026"})

    assert (wrong.status_code, ended.status_code) == (303, 303)
    assert "Đã ghi ngày cuối của chức vụ." in text(admin.get(person))
    assert lan.get("/inbox").status_code == 404
    assert "Kết thúc sớm hơn" not in text(admin.get(person))


def test_own_posts_are_no_ones_to_give(browse):
    admin = browse(ADMIN)
    person = person_page(admin, ADMIN)
    fields = {
        "role": "auditor",
        "title": "X",
        "unit": "",
        "block": "",
        "valid_from": "01/01/2026",
        "command_key": "k",
    }

    assert admin.post(f"{person}/posts", data=fields).status_code == 404
    assert (
        admin.post(f"{person}/posts/1/end", data={"last_day": "01/01/2026"}).status_code
        == 404
    )
