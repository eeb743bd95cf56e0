"""Units and people brought in by a spreadsheet: shown first, then whole or not at all."""

import io
import re
from datetime import date

import pytest
import xlsxwriter
from sqlalchemy import func, select

from awards.lists.spreadsheets import sheets
from models.organisation import Person, Post, Unit
from models.session import reading
from tests.client import form, heading, text
from views.web import db

ADMIN, PATH = "quantri.hethong", "/rosters/new"
UNITS = [
    ["DANH SÁCH ĐƠN VỊ"],
    [],
    ["STT", "MÃ ĐƠN VỊ", "Tên  đơn vị", "Loại đơn vị", "Khối", "Từ ngày"],
    [1, "xa-dt", "UBND xã Đức Thịnh", "Xã", "K02", date(2026, 3, 1)],
    [2, "P-HN", "UBND phường Hồng Nam", "phường", "", "01/04/2026"],
]
PEOPLE = [
    [
        "Tên đăng nhập",
        "Họ và tên",
        "Danh xưng",
        "Vai trò",
        "Chức danh",
        "Mã đơn vị",
        "Khối",
    ],
    ["an.dt", "Lê Văn An", "Ông", "Thủ trưởng đơn vị", "Chủ tịch", "XA-DT", ""],
    ["binh.dt", "Trần Thị Bình", "Bà", "Chuyên viên của đơn vị", "Công chức", "xa-dt", ""],
    ["an.dt", "Lê Văn An", "", "Khối trưởng", "Khối trưởng", "", "K02"],
]


def workbook(**sheets):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                for k, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(n, k, value, day)
                    else:
                        sheet.write(n, k, value)
    return content.getvalue()


def send(client, content, **changes):
    page = form(client.get(PATH), PATH)
    file = (io.BytesIO(content), "danh-sach.xlsx")
    return page.send(client, file=file, decision_number="9/QĐ-UBND", **changes)


def count(app):
    with app.app_context(), reading(db.engine) as session:
        return tuple(
            session.scalar(select(func.count()).select_from(table))
            for table in (Unit, Person, Post)
        )


def changed(rows, place, value):
    found = [list(row) for row in rows]
    found[place[0]][place[1]] = value
    return found


def test_roster_is_shown_and_then_brought_in(app, browse):
    admin, before = browse(ADMIN), count(app)

    shown = send(admin, workbook(People=PEOPLE, Units=UNITS))

    assert heading(shown) == "Kiểm tra trước khi ghi"
    assert "5 dòng: 2 đơn vị, 2 tài khoản, 3 chức vụ mới." in text(shown)
    assert count(app) == before
    kept = form(shown, PATH).send(admin)
    assert kept.headers["Location"] == "/units"
    assert count(app) == (before[0] + 2, before[1] + 2, before[2] + 3)
    page = text(admin.get("/units/XA-DT"))
    assert "Lê Văn An" in page
    assert "từ 01/03/2026" in page
    assert "9/QĐ-UBND" in page
    assert "Khối trưởng" in text(
        admin.get(re.search(r"/people/\d+", admin.get("/people?q=an.dt").text)[0])
    )


def test_sent_twice_comes_once(app, browse):
    admin = browse(ADMIN)
    page = form(send(admin, workbook(Units=UNITS)), PATH)

    answers = [page.send(admin).status_code for _ in range(2)]

    assert answers == [303, 303]


@pytest.mark.parametrize(
    ("units", "people", "sentence"),
    [
        (((3, 1), "SO-TP"), None, "Mã “SO-TP” hoặc tên"),
        (((3, 1), "có dấu"), None, "ghi chữ in hoa không dấu"),
        (((3, 2), "Sở Tư pháp"), None, "Mã “XA-DT” hoặc tên"),
        (((3, 3), "Huyện"), None, "“Huyện” không có trong danh mục"),
        (((3, 4), "K77"), None, "Chưa có Khối “K77”"),
        (((4, 5), "31/02/2026"), None, "“31/02/2026” không phải ngày có thật."),
        (((4, 2), ""), None, "Cột “Tên đơn vị” còn trống."),
        (((4, 2), "x" * 201), None, "dài quá 200 ký tự"),
        (None, ((1, 0), "lan.tuphap"), "“lan.tuphap” đã có người dùng"),
        (None, ((1, 0), "Có Dấu"), "Tên đăng nhập bắt đầu bằng chữ cái"),
        (None, ((1, 3), "Vua"), "“Vua” không có trong danh mục"),
        (None, ((1, 5), "XA-KHONG"), "Chưa có đơn vị “XA-KHONG”."),
        (None, ((1, 5), ""), "Cột “Mã đơn vị” còn trống."),
        (None, ((1, 4), ""), "Cột “Chức danh” còn trống."),
    ],
)
def test_one_wrong_row_keeps_all_out_and_says_which(app, browse, units, people, sentence):
    admin, before = browse(ADMIN), count(app)
    sheets = {
        "Units": changed(UNITS, *units) if units else UNITS,
        "People": changed(PEOPLE, *people) if people else PEOPLE,
    }

    shown = send(admin, workbook(**sheets))

    assert sentence in text(shown)
    place = units or people
    assert f"{'Units' if units else 'People'}: {place[0][0] + 1}" in text(shown)
    sent = form(shown, PATH) if f'action="{PATH}"' in shown.text else None
    assert sent is None
    assert count(app) == before


def test_what_has_changed_since_the_preview_is_found(app, browse):
    admin = browse(ADMIN)
    page = form(send(admin, workbook(Units=UNITS)), PATH)
    form(send(admin, workbook(Units=UNITS)), PATH).send(admin)
    before = count(app)

    answer = page.send(admin)

    assert answer.status_code == 422
    assert "Mã “XA-DT” hoặc tên" in text(answer)
    assert count(app) == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Tệp này rỗng"),
        (b"PK\x03\x04 broken", "Tệp này bị hỏng"),
        (b"a,b,c", "không phải là bảng tính Excel"),
        (workbook(Sheet=[["Một", "Hai"], [1, 2]]), "Không tìm thấy dòng tiêu đề"),
        (workbook(Sheet=[]), "Không tìm thấy dòng tiêu đề"),
        (
            workbook(Sheet=[*PEOPLE[:1], *(PEOPLE[1:2] * 1_001)]),
            "hơn 1000 dòng",
        ),
    ],
    ids=["empty", "broken", "csv", "other", "blank", "long"],
)
def test_file_that_is_no_roster_is_refused(browse, content, sentence):
    answer = send(browse(ADMIN), content)

    assert answer.status_code == 422
    assert sentence in text(answer)


def test_rows_that_our_page_did_not_send_are_not_taken(app, browse):
    admin, before = browse(ADMIN), count(app)

    answer = form(admin.get(PATH), PATH).send(admin, rows="W10.forged")

    assert answer.status_code == 422
    assert count(app) == before


def test_blank_list_has_the_columns_and_is_told_to_be_empty(browse):
    admin = browse(ADMIN)
    blank = admin.get("/rosters/blank.xlsx")

    assert blank.headers["Content-Disposition"].startswith("attachment")
    names = [sheet.name for sheet in sheets(blank.data)]
    assert names == ["Đơn vị", "Người dùng", "Danh mục"]
    refused = send(admin, blank.data)
    assert refused.status_code == 422
    assert "chưa có dòng nào" in text(refused)
