"""The page on which an identity number is put right."""

import pytest
from sqlalchemy import select

from models.awards import Nomination
from models.session import transaction
from tests.client import form, parse, text
from views import web

OFFICER, SPECIALIST = "lan.tuphap", "linh.noivu"
WRONG, RIGHT = "001099087651", "001099087652"
REASON = "Gõ nhầm chữ số cuối."


@pytest.fixture
def states(app, cases):
    """`states(code, number)` has the nominee of this nomination have this number."""

    def state(code, number=WRONG):
        with app.app_context(), transaction(web.db.engine) as session:
            row = session.scalars(select(Nomination).where(Nomination.code == code)).one()
            row.nominee.identity_number = number

    return state


def at(cases, step, whose="own"):
    code = cases[step][whose].code
    return code, f"/nominations/{code}", f"/nominations/{code}/identity/correction"


@pytest.mark.parametrize(
    ("login", "step"),
    [(OFFICER, "prepare_nomination"), (SPECIALIST, "approve_by_department")],
)
def test_number_is_corrected_and_stays_masked(browse, cases, states, login, step):
    (code, page, url), client = at(cases, step), browse(login)
    states(code)
    assert parse(client.get(page)).xpath(f"//a[@href='{url}']/text()") == [
        "Sửa số định danh"
    ]
    shown = client.get(url)
    assert "•••••••••651" in text(shown)

    answer = form(shown, url).send(client, identity_number=" 0010 9908 7652", reason=REASON)

    assert answer.headers["Location"] == page
    after = client.get(f"{page}?all=1")
    assert f"Đã ghi số định danh vào hồ sơ {code}." in text(after)
    assert "•••••••••652" in text(after)
    assert "ghi lại số định danh" in text(after)
    assert REASON in text(after)
    assert not any(
        number in page.text for number in (WRONG, RIGHT) for page in (shown, after)
    )


def test_number_that_was_never_stated_is_added(browse, cases, states):
    (code, page, url), client = at(cases, "prepare_nomination"), browse(OFFICER)
    states(code, "")
    assert parse(client.get(page)).xpath(f"//a[@href='{url}']/text()") == [
        "Ghi số định danh"
    ]
    shown = client.get(url)
    assert "Hồ sơ chưa ghi số định danh." in text(shown)

    form(shown, url).send(client, identity_number=RIGHT, reason=REASON)

    assert "•••••••••652" in text(client.get(page))


@pytest.mark.parametrize(
    ("number", "reason", "sentence"),
    [
        ("", REASON, "Ghi đủ 12 chữ số"),
        ("00109908765", REASON, "Ghi đủ 12 chữ số"),
        (RIGHT, "", "Ghi rõ lý do."),
        (WRONG, REASON, "Đây đúng là số đang ghi trong hồ sơ."),
    ],
)
def test_wrong_correction_is_refused_and_kept(
    browse, cases, states, unchanged, number, reason, sentence
):
    (code, _page, url), client = at(cases, "prepare_nomination"), browse(OFFICER)
    states(code)
    sent = form(client.get(url), url)
    with unchanged():
        answer = sent.send(client, identity_number=number, reason=reason)

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert form(answer, url).fields["identity_number"] == number


def test_number_of_another_is_asked_about_once_for_every_number(browse, cases, states):
    (code, page, url), client = at(cases, "appraise"), browse(SPECIALIST)
    third = "001099087653"
    states(code)
    states(cases["check_by_office"]["own"].code, RIGHT)
    states(cases["check_by_office"]["far"].code, third)
    with_name = form(client.get(url), url)

    warned = with_name.send(client, identity_number=RIGHT, reason=REASON)
    assert warned.status_code == 422
    assert cases["check_by_office"]["own"].code in text(warned)
    assert "Vẫn ghi số này" in text(warned)
    another = form(warned, url).send(client, identity_number=third, reason=REASON)
    assert another.status_code == 422
    assert cases["check_by_office"]["far"].code in text(another)
    sure = form(another, url).send(client)

    assert sure.status_code == 303
    assert "•••••••••653" in text(client.get(page))


def test_outside_the_offices_the_specialist_goes_by_the_office(browse, cases, states):
    (code, page, url), client = at(cases, "check_by_office"), browse(SPECIALIST)
    states(code)
    form(client.get(url), url).send(client, identity_number=RIGHT, reason=REASON)
    name = text(client.get("/account"))

    inside, outside = (
        text(browse(login).get(f"{page}?all=1")) for login in (SPECIALIST, OFFICER)
    )

    assert "ghi lại số định danh" in inside
    assert "ghi lại số định danh" in outside
    assert "Linh" in name
    timeline = parse(browse(OFFICER).get(f"{page}?all=1")).xpath(
        "string(//*[@id='timeline'])"
    )
    assert "Linh" not in timeline
