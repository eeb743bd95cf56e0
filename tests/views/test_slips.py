"""Links to choose a password for many at once: a slip each, shown once."""

import time
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from awards import accounts
from models.organisation import Person
from models.session import reading, transaction
from models.sign_ins import PasswordLink
from tests.client import form, heading, parse, text
from views import web

ADMIN = "quantri.hethong"
GOOD = "cơm nguội chan canh cua"
ACTION = "/people/links"
SEASON = 240


@pytest.fixture
def admin(browse):
    return browse(ADMIN)


@pytest.fixture
def change(app):
    """Do something in a transaction of its own."""

    def carry_out(act):
        with app.app_context(), transaction(web.db.engine) as session:
            return act(session)

    return carry_out


@pytest.fixture
def newcomers(change):
    """Makes people who have chosen no password yet; gives their ids."""

    def make(count):
        def act(session):
            made = (
                accounts.create(
                    session, login=f"moi.x{n}", honorific="Bà", name=f"Lê Mới {n}"
                )
                for n in range(count)
            )
            return [person.id for person in made]

        return change(act)

    return make


def hand_out(admin, people=(), **changes):
    """Send what was ticked on the page of accounts."""
    fields = form(admin.get("/people"), ACTION).fields
    return admin.post(ACTION, data=fields | {"person": list(people)} | changes)


def slips(answer):
    """Name, login and path of every slip on a page."""
    return [
        (
            " ".join(slip.xpath("string(.//h2)").split()),
            slip.xpath("string(.//dd)"),
            urlsplit(slip.xpath("string(.//code)").strip()).path,
        )
        for slip in parse(answer).xpath("//li[@class='slip']")
    ]


def kept(app):
    with app.app_context(), reading(web.db.engine) as session:
        return session.scalars(select(PasswordLink).order_by(PasswordLink.id)).all()


def person(change, login):
    return change(lambda s: s.scalars(select(Person.id).where(Person.login == login)).one())


def test_ticked_people_get_a_slip_each_that_works_once(app, browse, admin, newcomers):
    first, second = newcomers(2)

    answer = hand_out(admin, [first, second])

    assert heading(answer) == "Phiếu đặt mật khẩu"
    assert answer.headers["Cache-Control"] == "no-store"
    found = slips(answer)
    assert [row[:2] for row in found] == [
        ("Bà Lê Mới 0", "moi.x0"),
        ("Bà Lê Mới 1", "moi.x1"),
    ]
    assert len(parse(answer).xpath("//li[@class='slip']//img[@alt]")) == 2
    assert all(
        path.rpartition("/")[2] not in repr(vars(row))
        for *_, path in found
        for row in kept(app)
    )
    path = found[0][2]
    stranger = browse()
    assert "moi.x0" in text(stranger.get(path))
    assert stranger.post(path, data={"password": GOOD, "again": GOOD}).status_code == 303
    assert stranger.get(path).status_code == 410


def test_slips_are_told_on_record_as_a_single_link_is(app, admin, newcomers, change):
    (one,) = newcomers(1)
    form(admin.get(f"/people/{one}"), f"/people/{one}/link").send(admin)
    (single,) = kept(app)

    hand_out(admin, [one])

    earlier, bulk = kept(app)
    assert earlier.used_at == bulk.made_at  # the first is void
    assert (bulk.person_id, bulk.made_by) == (single.person_id, single.made_by)
    assert "cấp liên kết" in text(admin.get(f"/people/{one}"))


def test_link_of_a_slip_is_over_after_a_day(app, admin, browse, newcomers, change):
    answer = hand_out(admin, newcomers(1))
    until = parse(answer).xpath("string((//li[@class='slip']//dd)[2])")
    (row,) = kept(app)
    assert (row.made_at + timedelta(days=1, hours=7)).strftime("%d/%m/%Y %H:%M") in until
    change(
        lambda s: setattr(
            s.get_one(PasswordLink, row.id),
            "made_at",
            datetime.now(UTC) - timedelta(days=1),
        )
    )

    assert browse().get(slips(answer)[0][2]).status_code == 410


def test_closed_accounts_and_the_own_are_left_out(app, admin, newcomers, change):
    open_, closed = newcomers(2)
    own = person(change, ADMIN)
    change(lambda s: accounts.close(s, closed, by=own, now=datetime.now(UTC)))
    page = parse(admin.get("/people?q=quantri.hethong"))
    assert page.xpath(f"//input[@name='person'][@value='{own}']") == []

    answer = hand_out(admin, [open_, closed, own, 99_999])

    assert [login for _name, login, _path in slips(answer)] == ["moi.x0"]
    assert "3 tài khoản đã chọn không được cấp" in text(answer)
    assert [row.person_id for row in kept(app)] == [open_]


@pytest.mark.parametrize("people", [[], ["x"], ["99999"]])
def test_nobody_chosen_makes_nothing(app, admin, people):
    answer = hand_out(admin, people)

    assert answer.headers["Location"] == "/people"
    assert "Chưa chọn ai." in text(admin.get("/people"))
    assert kept(app) == []


def test_sent_again_makes_none_so_that_what_was_printed_holds(
    app, admin, browse, newcomers
):
    fields = form(admin.get("/people"), ACTION).fields | {"person": newcomers(1)}
    first = admin.post(ACTION, data=fields)

    again = admin.post(ACTION, data=fields)

    assert again.headers["Location"] == "/people"
    assert "đã hiện một lần" in text(admin.get("/people"))
    assert browse().get(slips(first)[0][2]).status_code == 200
    assert len(kept(app)) == 1


def test_everybody_without_a_password_of_a_season_takes_a_moment(
    app, admin, newcomers, change
):
    made = newcomers(SEASON)
    own = person(change, ADMIN)
    change(lambda s: accounts.close(s, made[0], by=own, now=datetime.now(UTC)))
    assert f"Cho tất cả {SEASON - 1} người" in text(admin.get("/people"))

    begun = time.monotonic()
    answer = hand_out(admin, all="1")

    assert time.monotonic() - begun < 15  # seconds, on a busy machine
    assert len({path for *_, path in slips(answer)}) == SEASON - 1
    assert {row.person_id for row in kept(app)} == set(made[1:])
    assert len({row.made_at for row in kept(app)}) == 1


def test_what_fails_midway_has_made_no_link(app, admin, newcomers, monkeypatch):
    """One transaction: the links and the key of the form are kept together, or not at all."""
    chosen = newcomers(3)
    fields = form(admin.get("/people"), ACTION).fields | {"person": chosen}
    with monkeypatch.context() as broken:
        broken.setattr(accounts.secrets, "token_urlsafe", lambda _size: "the same for all")
        app.config["PROPAGATE_EXCEPTIONS"] = False
        assert admin.post(ACTION, data=fields).status_code == 500

    assert kept(app) == []
    assert len(slips(admin.post(ACTION, data=fields))) == 3
