"""The auditor's workspace: events narrowed, patterns, who read what, samples."""

import io
import re

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from awards.auditing.patterns import PATTERNS
from models.history import HistoryEvent
from models.samples import AuditSample, AuditSampleItem
from models.session import reading
from tests.client import form, parse, text
from views.web import db

PAGES = ("/history/events", "/history/patterns", "/history/readers", "/history/samples")
AUDITOR = "thanhtra"


@pytest.mark.parametrize("path", PAGES)
def test_pages_open_for_those_who_audit_alone(open_house, path):
    assert open_house(AUDITOR).get(path).status_code == 200
    assert open_house("quantri.quytrinh").get(path).status_code == 200
    assert open_house("hoidong").get(path).status_code == 404


def test_events_go_on_from_page_to_page_until_none_is_left(open_house):
    auditor = open_house(AUDITOR)
    address, seen = "/history/events", []
    while address:
        page = parse(auditor.get(address))
        seen += page.xpath("//tbody//th//a/@href")
        address = next(iter(page.xpath("//a[@rel='next']/@href")), "")
    with open_house.app.app_context(), reading(db.engine) as session:
        total = len(session.scalars(select(HistoryEvent.id)).all())

    assert len(seen) == len(set(seen)) == total > 100


def test_events_are_narrowed_by_the_form_and_taken_out_as_they_are_narrowed(open_house):
    auditor = open_house(AUDITOR)
    query = "person=mai+anh+tuan&kind=task_completed&since=01/01/2026"
    page = parse(auditor.get(f"/history/events?{query}"))
    shown = page.xpath("//tbody/tr")
    (action,) = page.xpath("//form[contains(@action, '/exports/events')]/@action")
    answer = auditor.post(action, data={"command_key": "events-out"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(auditor.get(answer.location).data))
    head, *rows = book.get_sheet_by_index(0).to_python()

    assert {row.xpath("td[2]/text()")[0].strip() for row in shown} == {"Mai Anh Tuấn"}
    assert len(rows) == len(shown) > 0
    assert {row[head.index("Ai")] for row in rows} == {"Mai Anh Tuấn"}


@pytest.mark.parametrize(
    "query", ["since=31/02/2026", "kind=x", "unit=NO", "after=x", "person=%00"]
)
def test_what_makes_no_sense_is_answered_all_the_same(open_house, query):
    assert open_house(AUDITOR).get(f"/history/events?{query}").status_code == 200


def test_patterns_say_what_they_do_not_prove(open_house):
    page = open_house(AUDITOR).get("/history/patterns?since=01/11/2026&until=30/11/2026")
    sections = parse(page).xpath("//section[@class='pattern']")

    assert len(sections) == len(PATTERNS)
    assert all("Chưa nói lên sai phạm:" in one.text_content() for one in sections)
    assert parse(page).xpath("//section[@id='unopened']//tbody/tr")


def test_readers_are_found_by_dossier(open_house, found):
    code = found.cases["appraise"]["own"].code
    assert open_house("hoidong").get(f"/nominations/{code}").status_code == 200
    page = open_house(AUDITOR).get(f"/history/readers?code={code}")

    assert "Phan Văn Thành" in text(page)
    assert "Mở hồ sơ" in text(page)


def test_sample_is_drawn_kept_and_ticked_off(app, browse):
    auditor = browse(AUDITOR)
    page = auditor.get("/history/samples")
    answer = form(page, "/history/samples").send(
        auditor, purpose="Kiểm tra", size="3", seed="7-7-7"
    )
    page = auditor.get(answer.location)
    again = form(page, f"{answer.location}/items/1").send(
        auditor, **{"item1-is_checked": "y", "item1-remark": "Đủ giấy tờ."}
    )
    with app.app_context(), reading(db.engine) as session:
        sample = session.scalars(
            select(AuditSample).order_by(AuditSample.id.desc())
        ).first()
        item = session.get_one(AuditSampleItem, (sample.id, 1))
        told = (sample.seed, sample.size, item.is_checked, item.remark)

    assert "ra đúng những hồ sơ này" in text(page)
    assert told == ("7-7-7", 3, True, "Đủ giấy tờ.")
    assert "1/3 hồ sơ đã kiểm tra" in text(auditor.get(again.location))


def test_administrators_look_at_samples_and_draw_none(open_house):
    admin = open_house("quantri.quytrinh")

    assert not re.search("Bốc mẫu", text(admin.get("/history/samples")))
    assert admin.post("/history/samples", data={"purpose": "x"}).status_code == 404
    assert admin.post("/history/samples/1/items/1").status_code == 404
