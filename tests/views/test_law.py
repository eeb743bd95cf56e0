"""Days off and swapped working days as deadlines count them, and the law decisions cite."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from awards import legal_bases, special_days
from models.awards import LegalBasis
from models.session import reading, transaction
from tests import factories
from tests.client import form, text
from views.web import db
from workflows import calendar

ADMIN = "quantri.hethong"
TODAY = calendar.today(datetime.now(calendar.VIETNAM))


@pytest.fixture(autouse=True)
def usual_calendar():
    """As every other test of this process finds it."""
    yield
    calendar.use({})


def weekday(from_, *, is_weekend=False):
    """The next plain working day, or the next Saturday off."""
    day = from_ + timedelta(days=1)
    while (day.weekday() >= 5) != is_weekend or calendar.is_working_day(day) == is_weekend:
        day += timedelta(days=1)
    return day


def record(client, on, **changes):
    fields = {"day": f"{on:%d/%m/%Y}", "name": "Nghỉ hoán đổi", "source": "CV 12/BNV"}
    return form(client.get("/calendar"), "/calendar").send(client, **fields | changes)


def deadline(days=1, opened=None):
    opened = opened or datetime.combine(TODAY, datetime.min.time(), calendar.VIETNAM)
    return calendar.deadline(opened, days).astimezone(calendar.VIETNAM).date()


@pytest.mark.parametrize("is_weekend", [False, True])
def test_recorded_day_counts_at_once(browse, is_weekend):
    day = weekday(TODAY, is_weekend=is_weekend)
    before = calendar.working_days_between(TODAY, day + timedelta(days=20))

    answer = record(browse(ADMIN), day, is_working="1" if is_weekend else "")

    assert answer.headers["Location"] == f"/calendar?year={day.year}"
    after = calendar.working_days_between(TODAY, day + timedelta(days=20))
    assert after - before == (1 if is_weekend else -1)


def test_deadlines_that_were_remembered_are_counted_anew(browse):
    due = deadline()

    record(browse(ADMIN), due)

    assert deadline() > due


def test_page_shows_the_year_and_takes_a_day_back(browse):
    admin, day = browse(ADMIN), weekday(TODAY)
    record(admin, day)

    page = admin.get(f"/calendar?year={day.year}")

    assert "CV 12/BNV" in text(page)
    assert "theo luật" in text(page)
    assert form(page, "/calendar/forget").send(admin).status_code == 303
    assert calendar.is_working_day(day)
    assert "CV 12/BNV" not in text(admin.get(f"/calendar?year={day.year}"))


@pytest.mark.parametrize("year", ["", "x", "1", "99999", "2025"])
def test_calendar_opens_whatever_year_is_asked(browse, year):
    assert browse(ADMIN).get("/calendar", query_string={"year": year}).status_code == 200


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"day": ""}, "Ghi ngày."),
        ({"day": "31/02/2027"}, "Không phải ngày có thật"),
        ({"day": f"{TODAY - timedelta(days=1):%d/%m/%Y}"}, "Ngày này đã qua"),
        ({"name": ""}, "Ghi tên, ví dụ"),
        ({"source": ""}, "Ghi số, ngày của văn bản."),
        ({"is_working": "maybe"}, "Chọn"),
    ],
)
def test_day_that_cannot_be_says_why(browse, changes, sentence):
    answer = record(browse(ADMIN), weekday(TODAY), **changes)

    assert answer.status_code == 422
    assert sentence in text(answer)


@pytest.mark.parametrize("day", ["", "x", "2020-01-01", "2199-01-01"])
def test_nothing_else_is_taken_back(app, browse, day):
    with app.app_context(), transaction(db.engine) as session:
        past = {"is_working": False, "name": "N", "source": "S", "recorded_by": 1}
        session.add(
            special_days.SpecialDay(
                day=date(2020, 1, 1), recorded_at=datetime.now(calendar.VIETNAM), **past
            )
        )

    answer = browse(ADMIN).post("/calendar/forget", data={"day": day})

    assert answer.status_code == 303
    with app.app_context(), reading(db.engine) as session:
        assert session.get(special_days.SpecialDay, date(2020, 1, 1)) is not None


def test_another_process_learns_of_it(app, browse):
    client, day = browse("lan.tuphap"), weekday(TODAY)
    client.get("/inbox")
    with app.app_context(), transaction(db.engine) as session:
        special_days.record(
            session,
            day,
            is_working=False,
            name="N",
            source="S",
            by=factories.stand_in(1, "system_admin"),
            now=datetime.now(calendar.VIETNAM),
        )
    client.get("/inbox")
    assert calendar.is_working_day(day)  # a minute is not over

    app.config["CALENDAR_READ_AT"] -= timedelta(seconds=61)
    client.get("/inbox")

    assert not calendar.is_working_day(day)


def test_law_is_added_and_ended(app, browse):
    admin = browse(ADMIN)
    page = form(admin.get("/legal-bases"), "/legal-bases")
    answers = [
        page.send(admin, text="Nghị định số 1/2027/NĐ-CP", valid_from="01/01/2027")
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [303, 303]
    with app.app_context(), reading(db.engine) as session:
        rows = legal_bases.every(session)
        added = rows[-1]
        assert [row.text for row in rows].count(added.text) == 1
    path = f"/legal-bases/{added.id}/end"

    refused = form(admin.get("/legal-bases"), path).send(admin, last_day="31/12/2026")
    assert "Ngày cuối không thể trước ngày đầu." in text(admin.get(refused.location))
    form(admin.get("/legal-bases"), path).send(admin, last_day="31/12/2027")

    with app.app_context(), reading(db.engine) as session:
        kept = session.scalars(select(LegalBasis).where(LegalBasis.id == added.id)).one()
        assert kept.valid_to == date(2027, 12, 31)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"text": " "}, "Ghi căn cứ"), ({"valid_from": "x"}, "Không phải ngày có thật")],
)
def test_law_that_cannot_be_says_why(browse, changes, sentence):
    admin = browse(ADMIN)
    fields = {"text": "Luật", "valid_from": "01/01/2027"}

    answer = form(admin.get("/legal-bases"), "/legal-bases").send(admin, **fields | changes)

    assert answer.status_code == 422
    assert sentence in text(answer)
