"""The page of a nomination says why it is where it is, and leads on to all that its story names."""

import pytest

from models.session import transaction
from tests import factories
from tests.client import parse


@pytest.fixture
def returned(house):
    with transaction(house.engine) as session:
        nomination = factories.begin_at(session, "receive_by_department")
        factories.answer(session, nomination, "return", reason="Thiếu biên bản họp.")
        factories.walk(session, nomination, "review_by_block")
        return nomination.code


def part(page, id_):
    (found,) = parse(page).xpath(f"//section[@id='{id_}']")
    return found


def test_page_says_why_it_is_here(house, returned):
    page = house.browser("hoidong").get(f"/nominations/{returned}")
    said = " ".join(part(page, "why").text_content().split())

    assert "Vì sao hồ sơ ở đây?" in said
    assert "Khối thi đua bình xét, suy tôn" in said
    assert "Tại “Đơn vị duyệt?”, sơ đồ đi tiếp “Duyệt” trừ khi" in said
    assert "7 ngày làm việc kể từ khi đến bước này" in said


def test_timeline_leads_on_to_what_the_unit_changed(house, returned):
    page = house.browser("hoidong").get(f"/nominations/{returned}")
    links = part(page, "timeline").xpath(".//a")
    changed = next(a for a in links if "Hồ sơ lần 2" in a.text_content())
    there = house.browser("hoidong").get(changed.get("href"))

    assert changed.get("href").endswith("?before=1&after=2")
    assert there.status_code == 200


def test_story_is_handed_out_as_pdf_to_who_may_see_it(house, returned):
    answer = house.browser("hoidong").get(f"/nominations/{returned}/story.pdf")

    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    assert (
        house.browser("quantri.hethong")
        .get(f"/nominations/{returned}/story.pdf")
        .status_code
        == 404
    )
