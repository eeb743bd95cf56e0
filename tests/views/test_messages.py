"""The page of one's messages, where their links lead, and how one says what one wants."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from awards.messages import choices, mails, telling, words
from awards.messages.smtp import Server
from models.messages import Mail, Message, MessageKind, Way
from models.organisation import Delegation, Person
from models.session import reading, transaction
from tests.client import form, heading, parse, text
from tests.stages import PEOPLE
from tests.staging import nothing_written
from views import web
from workflows import calendar

HEAD, OFFICER, OPERATOR = "quang.tuphap", "lan.tuphap", "quantri.quytrinh"


@pytest.fixture
def engine(app):
    with app.app_context():
        return web.db.engine


@pytest.fixture
def news(engine):
    """Everything that has happened is told now, and a delegation begins."""
    now = datetime.now(UTC)
    with transaction(engine) as session:
        delegation = session.scalars(select(Delegation).order_by(Delegation.id)).first()
        delegation.valid_from = delegation.valid_to = calendar.today(now)
        while telling.tell(session, now, by_mail=False):
            pass
        telling.tell_delegates(session, now, by_mail=False)


def person(engine, login):
    with reading(engine) as session:
        return session.scalars(select(Person).where(Person.login == login)).one()


def links(page):
    return parse(page).xpath("//*[contains(@class, 'message-words')]/a/@href")


def test_page_shows_what_one_was_told_with_the_number_unread(browse, news):
    page = browse(HEAD).get("/messages")

    assert heading(page) == "Thông báo"
    assert "Việc mới ở bước “Đơn vị duyệt”: Bà Nguyễn Thị Approve By Unit" in text(page)
    assert "Không được khen thưởng: Bà Nguyễn Thị Refused" in text(page)
    assert "Bạn được ủy quyền làm việc thay Trần Thị Lan" in text(page)
    count = parse(page).xpath("string(//a[@class='bell']//span[@aria-hidden])")
    assert f"{count} chưa đọc" in text(page)
    assert int(count) == len(links(page))


def test_links_lead_to_pages_and_nothing_happens_by_opening_them(app, browse, news):
    for login in set(PEOPLE.values()):
        client = browse(login)
        for page in (client.get("/messages"), client.get("/messages?page=2")):
            with nothing_written(app):
                codes = {path: client.get(path).status_code for path in links(page)}
            may_open = login not in ("quantri.hethong", "hoidong", "thanhtra", OPERATOR)
            assert set(codes.values()) <= ({200, 303} if may_open else {200, 404})


@pytest.mark.parametrize(
    ("fields", "endpoint"),
    [
        ({"task_id": 7}, "tasks.show"),
        ({"delegation_id": 7}, "delegations.index"),
        ({"element_id": "appraise"}, "inbox.show"),
        (
            {"kind": MessageKind.SIGNATURE, "proposal_id": 7, "subject": "proposal"},
            "proposals.show",
        ),
        ({"kind": MessageKind.SIGNATURE, "subject": "proposal"}, "proposals.index"),
        ({"kind": MessageKind.SIGNATURE, "draft_id": 7}, "decisions.index"),
        ({}, "nominations.index"),
    ],
)
def test_every_link_is_an_address_of_the_application(app, fields, endpoint):
    message = Message(**{"kind": MessageKind.TASK} | fields)
    path = words.path(message).partition("?")[0].partition("#")[0]

    assert app.url_map.bind("").match(path)[0] == endpoint


def test_message_is_put_away_once_and_stays_in_the_list(browse, found, unchanged):
    client, number = browse(HEAD), found.messages[HEAD]
    page = client.get("/messages")
    answer = form(page, f"/messages/{number}/read?page=1").send(client)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/messages?page=1")
    page = client.get("/messages")
    assert "Đã đọc hết" in text(page)
    assert "3 việc mới ở bước “Thẩm định”" in text(page)
    assert parse(page).xpath("//a[@class='bell']//span[@class='count']") == []
    with unchanged():
        assert client.post(f"/messages/{number}/read").status_code == 303


def test_all_are_put_away_at_once_and_nobody_elses(browse, engine, news):
    client = browse(HEAD)
    assert form(client.get("/messages"), "/messages/read").send(client).status_code == 303

    assert "Đã đọc hết" in text(client.get("/messages"))
    assert "chưa đọc" in text(browse(OFFICER).get("/messages"))


def test_somebody_elses_message_is_as_if_it_were_not_there(browse, found, unchanged):
    client = browse(HEAD)
    with unchanged():
        for number in (found.messages[OFFICER], 99_999):
            assert client.post(f"/messages/{number}/read").status_code == 404


def test_page_without_messages_says_what_will_come(browse):
    assert "Chưa có thông báo nào." in text(browse("hoa.yte").get("/messages"))


def test_page_is_told_in_english_too(browse, news):
    client = browse(HEAD)
    client.post("/language", data={"language": "en"})
    page = text(client.get("/messages"))

    assert "New task at “Unit approval”: Bà Nguyễn Thị Approve By Unit" in page
    assert "Not awarded: Bà Nguyễn Thị Refused" in page


# The own account


def send_address(client, email, password=f"vinh-danh-{HEAD}"):
    page = form(client.get("/account"), "/account/email")
    return page.send(client, email=email, email_password=password)


def test_address_is_kept_after_the_password(browse, engine):
    client = browse(HEAD)

    assert send_address(client, " quang@So-TP.example.vn").status_code == 303
    assert person(engine, HEAD).email == "quang@so-tp.example.vn"
    field = parse(client.get("/account")).xpath("//input[@name='email']/@value")
    assert field == ["quang@so-tp.example.vn"]
    assert send_address(client, "").status_code == 303
    assert person(engine, HEAD).email is None


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [
        ("quang@x.vn", "wrong", "Mật khẩu hiện tại không đúng."),
        ("quang@x.vn", "", "Ghi mật khẩu hiện tại."),
        ("quang", f"vinh-danh-{HEAD}", "Địa chỉ thư điện tử không đúng."),
        ("q@x.vn\r\nBcc: a@b.vn", f"vinh-danh-{HEAD}", "Địa chỉ thư điện tử không đúng."),
    ],
)
def test_wrong_address_or_password_changes_nothing(
    browse, unchanged, email, password, sentence
):
    client = browse(HEAD)
    with unchanged():
        answer = send_address(client, email, password)

    assert answer.status_code == 422
    assert sentence in text(answer)


def test_way_is_chosen_for_each_kind(browse, engine):
    client = browse(HEAD)
    page = form(client.get("/account"), "/account/messages")
    page.send(client, task="at_once", return_="application")

    with reading(engine) as session:
        found = choices.of(session, person(engine, HEAD).id)
    assert found == {
        MessageKind.TASK: Way.AT_ONCE,
        MessageKind.RETURN: Way.APPLICATION,
        MessageKind.DECISION: Way.AT_ONCE,
        MessageKind.DELEGATION: Way.AT_ONCE,
        MessageKind.SIGNATURE: Way.AT_ONCE,
        MessageKind.REASSIGNMENT: Way.AT_ONCE,
    }
    assert client.post("/account/messages", data={"task": "pigeon"}).status_code == 422


def test_administrator_enters_an_address(browse, engine):
    client = browse("quantri.hethong")
    number = person(engine, HEAD).id
    path = f"/people/{number}/email"
    page = form(client.get(f"/people/{number}"), path)

    assert page.send(client, email="quang").status_code == 422
    assert page.send(client, email="quang@x.vn").status_code == 303
    assert person(engine, HEAD).email == "quang@x.vn"


def test_account_page_says_whether_mail_is_sent(app, browse, monkeypatch):
    client = browse(HEAD)
    assert "Hệ thống này chưa gửi thư điện tử" in text(client.get("/account"))
    server = Server("mail.example.vn", 25, "no-reply@example.vn")
    object.__setattr__(app.config["SETTINGS"], "smtp", server)
    try:
        assert "7 giờ 30" in text(client.get("/account"))
    finally:
        object.__setattr__(app.config["SETTINGS"], "smtp", None)


# What operators see


def test_operator_sees_mail_that_was_given_up_and_sends_it_again(browse, engine):
    with transaction(engine) as session:
        head = session.get_one(Person, person(engine, HEAD).id)
        head.email = "gone@x.vn"
        mail = mails.make(session, head, "Việc", "Chào", datetime.now(UTC))
        mail.given_up_at, mail.attempts, mail.last_error = datetime.now(UTC), 20, "550 no"
    client = browse(OPERATOR)
    page = client.get("/operations")
    assert "Thư không gửi được" in text(page)
    assert "550 no" in text(page)

    answer = form(page, f"/operations/mails/{mail.id}/retry").send(client)

    assert answer.status_code == 303
    assert "Thư không gửi được" not in text(client.get("/operations"))
    with reading(engine) as session:
        again = session.get_one(Mail, mail.id)
        assert (again.given_up_at, again.attempts) == (None, 0)
