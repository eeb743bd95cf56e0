"""The administrator's pages of units and Khối."""

import re
from datetime import datetime, timedelta

import pytest

from tests.client import form, heading, text
from workflows import calendar

ADMIN = "quantri.hethong"
NEW = {"name": "Sở Du lịch", "code": "so-dl", "decision_number": "7/QĐ-UBND"}
MERGER = {
    "kind": "merge",
    "ending": ["SO-TP", "SO-YT"],
    "name_0": "Sở Tư pháp và Y tế",
    "code_0": "SO-TPYT",
    "decision_number": "12/QĐ-UBND",
}


def found(client, **changes):
    page = form(client.get("/units/new"), "/units/new")
    return page.send(client, **(NEW | changes))


def merge(client, **changes):
    page = form(client.get("/units/changes/new"), "/units/changes/new")
    return page.send(client, **(MERGER | changes))


def test_tree_shows_units_by_block_with_their_heads(browse):
    page = text(browse(ADMIN).get("/units"))

    assert "10 đơn vị" in page
    assert "Khối thi đua các sở, ngành" in page
    assert "Sở Tư pháp SO-TP Sở, ban, ngành Đỗ Minh Quang" in page


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        ("01/01/2020", "Vào ngày này chưa có đơn vị nào."),
        ("31/02/2026", "Không phải ngày có thật."),
    ],
)
def test_tree_as_of_a_day(browse, on, sentence):
    answer = browse(ADMIN).get("/units", query_string={"on": on})

    assert answer.status_code == 200
    assert sentence in text(answer)


def test_founded_unit_has_a_page_and_a_place_in_the_tree(browse):
    admin = browse(ADMIN)

    answer = found(admin, block="K01")

    assert answer.headers["Location"] == "/units/SO-DL"
    page = admin.get("/units/SO-DL")
    assert heading(page) == "Sở Du lịch"
    assert "Thành lập Sở Du lịch (7/QĐ-UBND)" in text(page)
    assert "Sở Du lịch" in text(admin.get("/blocks/K01"))
    assert "11 đơn vị" in text(admin.get("/units"))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Ghi tên đơn vị"),
        ({"code": "sở"}, "Mã gồm chữ in hoa không dấu"),
        ({"code": "SO-TP"}, "Mã “SO-TP” hoặc tên"),
        ({"since": "32/01/2026"}, "Không phải ngày có thật"),
        ({"decision_number": " "}, "Ghi số quyết định"),
    ],
)
def test_unit_that_cannot_be_says_why_and_keeps_what_was_typed(browse, changes, sentence):
    answer = found(browse(ADMIN), **changes)

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert form(answer, "/units/new").fields["name"] == changes.get("name", "Sở Du lịch")


def test_merger_is_shown_first_and_then_recorded(browse):
    admin, officer = browse(ADMIN), browse("lan.tuphap")
    before = officer.get("/nominations")

    shown = merge(admin)

    assert shown.status_code == 200
    assert heading(shown) == "Kiểm tra trước khi ghi"
    page = text(shown)
    assert "hồ sơ chuyển sang Sở Tư pháp và Y tế" in page
    assert "Đỗ Minh Quang, Giám đốc Sở Tư pháp" in page
    assert "SO-TPYT" not in text(admin.get("/units"))
    answer = form(shown, "/units/changes/new").send(admin, confirmed="1")
    assert answer.headers["Location"] == "/units/SO-TP"
    page = text(admin.get("/units/SO-TP"))
    assert "Sở Tư pháp, Sở Y tế nhập thành Sở Tư pháp và Y tế (12/QĐ-UBND)" in page
    assert "Từ đó do đơn vị này tiếp nhận" in page
    assert "SO-TPYT" in text(admin.get("/units"))
    after = officer.get("/nominations")
    assert text(before).count("Sở Tư pháp") <= text(after).count("Sở Tư pháp")
    # The other's nominations, by the name they were made under.
    assert "Sở Y tế" in text(after)


def test_merger_can_be_revised(browse):
    admin = browse(ADMIN)

    answer = form(merge(admin), "/units/changes/new").send(admin, revise="1")

    fields = form(answer, "/units/changes/new").fields
    assert (fields["name_0"], fields["code_0"]) == ("Sở Tư pháp và Y tế", "SO-TPYT")


def test_merger_recorded_twice_is_one(browse):
    admin = browse(ADMIN)
    page = form(merge(admin), "/units/changes/new")

    answers = [page.send(admin, confirmed="1").status_code for _ in range(2)]

    assert answers == [303, 303]
    assert text(admin.get("/units/SO-TP")).count("12/QĐ-UBND") == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ending": []}, "Chọn ít nhất một đơn vị."),
        ({"kind": ""}, "Chọn một trong các mục."),
        ({"ending": ["SO-TP"]}, "Hợp nhất thành đơn vị mới cần ít nhất hai đơn vị."),
        ({"code_0": "", "name_0": ""}, "Hợp nhất thành một đơn vị mới hoặc nhập vào"),
        ({"kind": "dissolve"}, "Giải thể: chọn đơn vị có sẵn tiếp nhận hồ sơ."),
    ],
)
def test_merger_that_cannot_be_says_why(browse, changes, sentence):
    answer = merge(browse(ADMIN), **changes)

    assert answer.status_code == 422
    assert sentence in text(answer)


def test_change_ahead_of_its_day_stands_above_the_tree(browse):
    admin = browse(ADMIN)
    soon = calendar.today(datetime.now(calendar.VIETNAM)) + timedelta(days=40)
    shown = merge(admin, effective_on=f"{soon:%d/%m/%Y}")
    form(shown, "/units/changes/new").send(admin, confirmed="1")

    page = text(admin.get("/units"))
    assert f"{soon:%d/%m/%Y}: Sở Tư pháp, Sở Y tế nhập thành" in page
    assert "chưa đến ngày" in text(admin.get("/units/SO-YT"))


def test_unit_moves_to_another_block(browse):
    admin = browse(ADMIN)
    page = form(admin.get("/units/SO-TP"), "/units/SO-TP/block")

    assert page.send(admin, block="K01", decision_number="3/QĐ").status_code == 422
    answer = page.send(admin, block="K02", decision_number="3/QĐ")

    assert answer.headers["Location"] == "/units/SO-TP"
    assert "3/QĐ" in text(admin.get("/blocks/K02"))


def test_block_is_made_and_handed_over(browse):
    admin = browse(ADMIN)
    made = form(admin.get("/blocks"), "/blocks").send(admin, code="k09", name="Khối Chín")
    assert made.headers["Location"] == "/blocks/K09"
    assert "Khối chưa có thành viên" in text(admin.get("/blocks/K09"))
    page = form(admin.get("/blocks/K01"), "/blocks/K01/handover")

    refused = page.send(admin, head="SO-TP", deputy="SO-TP", decision_number="9/QĐ")
    answer = page.send(admin, head="SO-TP", deputy="SO-YT", decision_number="9/QĐ")

    assert "hai đơn vị khác nhau" in text(refused)
    assert answer.headers["Location"] == "/blocks/K01"
    assert "Sở Tư pháp · Phó: Sở Y tế · 9/QĐ" in text(admin.get("/blocks/K01"))
    head = re.search(r'href="(/people/\d+)"', admin.get("/units/SO-TP").text)
    assert head is not None
    assert "Khối trưởng" in text(admin.get(head[1]))


def test_block_of_a_taken_code_is_refused(browse):
    admin = browse(ADMIN)

    answer = form(admin.get("/blocks"), "/blocks").send(admin, code="K01", name="Khác")

    assert answer.status_code == 422
    assert "Mã “K01” đã có." in text(answer)


def test_year_is_opened_for_all_blocks_at_once(browse):
    admin = browse(ADMIN)
    page = form(admin.get("/blocks/years/new?year=2031"), "/blocks/years/new")
    leads = {
        "head-K01": "SO-TP",
        "deputy-K01": "SO-YT",
        "head-K02": "P-PH",
        "deputy-K02": "",
    }

    refused = page.send(admin, **(leads | {"head-K02": "XA-KC", "decision_number": "1/QĐ"}))
    answer = page.send(admin, **(leads | {"decision_number": "1/QĐ"}))

    assert refused.status_code == 422
    assert "UBND xã Khoái Châu chưa có thủ trưởng" in text(refused)
    assert answer.headers["Location"] == "/blocks"
    assert "01/01/2031 – 31/12/2031: Sở Tư pháp" in text(admin.get("/blocks/K01"))


@pytest.mark.parametrize("path", ["/units/NO-SUCH", "/blocks/NO-SUCH"])
def test_unknown_is_not_found(browse, path):
    assert browse(ADMIN).get(path).status_code == 404


@pytest.mark.parametrize("year", ["", "abcd", "20261", "2031"])
def test_year_page_opens_whatever_is_asked(browse, year):
    answer = browse(ADMIN).get("/blocks/years/new", query_string={"year": year})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("wanted", "there", "gone"),
    [
        ("xay dung", "Sở Xây dựng", "Sở Tư pháp"),
        ("so-tp", "Sở Tư pháp", "Sở Xây dựng"),
        ("khong co", "Không có đơn vị nào tên như vậy.", "Sở Xây dựng"),
    ],
)
def test_units_are_searched_by_name_and_code(browse, wanted, there, gone):
    said = text(browse(ADMIN).get("/units", query_string={"q": wanted}))

    assert there in said
    assert gone not in said
