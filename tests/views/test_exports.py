"""Spreadsheets on the pages: a short one at once, a long one awaited, one that is over."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

import jobs
import rounds
from awards import exports
from awards.demo.people import everybody
from models.exports import Export, ExportState
from models.organisation import Person
from models.session import reading, transaction
from tests.client import form, heading, parse, text
from views.web import db

CLERK = "nga.noivu"
LIST = "/nominations"
PASSWORD = "own_password"  # noqa: S105 - the field's name


def press(client, page=LIST, which=0):
    """Press the button for a spreadsheet on a page."""
    shown = client.get(page)
    actions = parse(shown).xpath("//form[starts-with(@action, '/exports/')]/@action")
    return form(shown, actions[which]).send(client)


def rows(content):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    head, *found = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [dict(zip(head, row, strict=True)) for row in found]


def latest(app):
    with app.app_context(), reading(db.engine) as session:
        return session.scalars(select(Export).order_by(Export.id.desc())).first()


def change(app, export, **values):
    with app.app_context(), transaction(db.engine) as session:
        session.execute(update(Export).where(Export.id == export.id).values(**values))


def test_short_list_comes_at_once_as_a_download(browse, cases):
    client = browse(CLERK)
    answer = client.get(press(client, f"{LIST}?q=Appraise").headers["Location"])

    assert answer.headers["Content-Disposition"].startswith(
        "attachment; filename=danh-sach-de-nghi-"
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    wanted = sorted(case.code for case in cases["appraise"].values())
    assert sorted(row["Mã hồ sơ"] for row in rows(answer.data)) == wanted


def test_spreadsheet_says_what_it_is(browse):
    client = browse(CLERK)
    answer = client.get(
        press(client, "/board?stage=appraise&unit=SO-TP").headers["Location"]
    )
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    about = dict(book.get_sheet_by_name("Thông tin").to_python())

    assert about["Danh sách"] == "Theo dõi hồ sơ khen thưởng"
    assert about["Đơn vị"] == "Sở Tư pháp"
    assert about["Bước"] == "Thẩm định"
    assert about["Người lập"] == next(a.name for a in everybody() if a.login == CLERK)
    assert about["Số dòng"] == 1.0


def test_outcomes_tell_the_decision_or_the_reason(browse, cases):
    client = browse(CLERK)
    found = {
        row["Mã hồ sơ"]: row
        for row in rows(client.get(press(client, "/board", 1).headers["Location"]).data)
    }
    awarded, refused = (found[cases[place]["own"].code] for place in ("awarded", "refused"))

    assert awarded["Kết quả"] == "Được khen"
    assert awarded["Số quyết định"].endswith("/QĐ-CTUBND")
    assert awarded["Ngày quyết định"].year == 2026
    assert (refused["Kết quả"], refused["Số quyết định"]) == ("Không khen", "")
    assert refused["Lý do nếu không khen"]
    assert "Đang chờ" not in {row["Kết quả"] for row in found.values()}


@pytest.fixture
def long_list(monkeypatch):
    monkeypatch.setattr(exports, "AT_ONCE", 3)


def test_long_list_is_awaited_then_fetched(app, browse, long_list):
    client = browse(CLERK)
    app.extensions["jobs"] = lambda *_job: None  # nobody has begun with it yet
    page = press(client).headers["Location"]
    export = latest(app)

    assert page == f"/exports/{export.id}"
    assert "Đang lập bảng tính" in text(client.get(page))
    assert client.get(f"{page}/progress").headers.get("HX-Refresh") is None
    assert client.get(f"{page}.xlsx").headers["Location"] == page

    with app.app_context():
        jobs.make_export(db.engine, export.id)
        jobs.make_export(db.engine, export.id)  # done twice, it is done once
    jobs.init_app(app)

    assert client.get(f"{page}/progress").headers["HX-Refresh"] == "true"
    assert "Bảng tính đã lập xong" in text(client.get(page))
    assert len(rows(client.get(f"{page}.xlsx").data)) == latest(app).total > 3
    assert "Tải về được" in text(client.get("/exports"))


def test_long_list_of_somebody_who_left_is_not_made(app, browse, long_list):
    client = browse(CLERK)
    app.extensions["jobs"] = lambda *_job: None
    press(client)
    export = latest(app)
    with app.app_context(), transaction(db.engine) as session:
        session.execute(update(Person).where(Person.login == CLERK).values(is_active=False))
    with app.app_context():
        jobs.make_export(db.engine, export.id)
    jobs.init_app(app)

    assert (latest(app).state, latest(app).sha256) == (ExportState.FAILED, None)


def test_job_that_fails_tells_it(app, browse, long_list, monkeypatch):
    client = browse(CLERK)
    app.extensions["jobs"] = lambda *_job: None
    page = press(client).headers["Location"]
    monkeypatch.setattr(exports, "make", lambda *_args, **_named: 1 / 0)
    with app.app_context(), pytest.raises(ZeroDivisionError):
        jobs.make_export(db.engine, latest(app).id)
    jobs.init_app(app)

    assert "Không lập được tệp" in text(client.get(page))


def test_file_goes_when_its_time_is_over(app, browse):
    client = browse(CLERK)
    file = press(client).headers["Location"]
    export = latest(app)
    change(app, export, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    page = f"/exports/{export.id}"

    assert client.get(file).headers["Location"] == page
    assert "đã hết hạn và đã xóa" in text(client.get(page))
    with app.app_context(), transaction(db.engine) as session:
        exports.remove_expired(session, datetime.now(UTC))
    with app.app_context(), reading(db.engine) as session:
        row = session.get_one(Export, export.id)
        assert (row.content, row.sha256) == (None, export.sha256)
    assert client.get(file).headers["Location"] == page


def test_sweep_leaves_what_still_lasts(app, browse):
    client = browse(CLERK)
    file = press(client).headers["Location"]
    with app.app_context():
        rounds.sweep_deadlines(db.engine)

    assert client.get(file).status_code == 200


def test_password_is_asked_for_before_anything_is_taken_out(app, browse):
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, asks_twice=True)
    client, before = browse(CLERK), latest(app).id

    asked = press(client)
    assert heading(asked) == "Xác nhận là bạn"
    assert latest(app).id == before
    action = parse(asked).xpath("string(//main//form/@action)")
    answer = form(asked, action).send(client, **{PASSWORD: f"vinh-danh-{CLERK}"})
    app.config["SETTINGS"] = settings

    assert answer.headers["Location"] == f"/exports/{latest(app).id}"  # a page to stay on
    assert "Tải tệp về" in text(client.get(answer.headers["Location"]))


def test_button_pressed_later_on_the_same_page_makes_a_new_file(app, browse):
    client = browse(CLERK)
    shown = client.get(LIST)
    action = parse(shown).xpath("string(//form[starts-with(@action, '/exports/')]/@action)")
    button = form(shown, action)
    first, again = (button.send(client).headers["Location"] for _ in range(2))
    change(app, latest(app), asked_at=datetime.now(UTC) - timedelta(minutes=2))
    later = button.send(client).headers["Location"]

    assert first == again != later


def test_files_are_in_vietnamese_and_pages_in_the_readers_language(browse):
    client = browse(CLERK)
    client.post("/language", data={"language": "en", "next": "/"})
    answer = client.get(press(client).headers["Location"])

    assert "Mã hồ sơ" in rows(answer.data)[0]
    assert heading(client.get("/exports")) == "Files you took out"


def test_nothing_taken_out_yet(browse):
    assert "Bạn chưa xuất danh sách nào" in text(browse("hoidong").get("/exports"))
