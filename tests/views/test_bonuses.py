"""The pages of bonuses: rules that come and end, and the list of a decision."""

import io
from datetime import date

import docx
import pypdfium2
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from models.bonuses import BaseSalary, BonusMultiple, BonusPolicy
from models.papers import Decision
from models.session import reading, transaction
from tests.client import form, text
from views.web import db

ADMIN, CLERK = "quantri.hethong", "oanh.vanthu"
LAW = {"legal_basis": "Nghị định số 1/2027/NĐ-CP", "valid_from": "01/07/2027"}
ADDED = {
    "salaries": ({"amount": "2.800.000"}, BaseSalary, {"amount": 2_800_000}),
    "multiples": ({"multiple": "1,75"}, BonusMultiple, {"hundredths": 175}),
    "policies": ({"rounds_up_to": "1", "fund": "Quỹ"}, BonusPolicy, {"rounds_up_to": 1}),
}


def rows(app, table):
    with app.app_context(), reading(db.engine) as session:
        return session.scalars(select(table).order_by(table.valid_from)).all()


@pytest.mark.parametrize("part", ADDED)
def test_rule_is_added_once_and_ends_the_one_before(app, browse, part):
    typed, table, kept = ADDED[part]
    admin, path = browse(ADMIN), f"/bonus-rules/{part}"
    before = len(rows(app, table))
    page = form(admin.get("/bonus-rules"), path)
    answers = [page.send(admin, **typed, **LAW) for _ in range(2)]

    found = rows(app, table)
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(found) == before + 1
    assert {name: getattr(found[-1], name) for name in kept} == kept
    assert date(2027, 6, 30) in {row.valid_to for row in found}
    assert "Nghị định số 1/2027/NĐ-CP" in text(admin.get("/bonus-rules"))


@pytest.mark.parametrize(
    ("part", "changes", "sentence"),
    [
        ("salaries", {"amount": "x"}, "Ghi một số nguyên"),
        ("salaries", {"amount": "5"}, "Ghi số từ 100000"),
        ("salaries", {"legal_basis": " "}, "Ghi số, ngày của văn bản"),
        ("salaries", {"valid_from": "01/07/2026"}, "Đã có quy định từ đúng ngày này"),
        ("multiples", {"multiple": "1,555"}, "Ghi hệ số như 1,5"),
        ("multiples", {"multiple": "0"}, "Ghi hệ số lớn hơn 0"),
        ("multiples", {"award": "99"}, "Lựa chọn này không có"),
        ("policies", {"fund": ""}, "Ghi nguồn chi"),
        ("policies", {"rounds_up_to": "7"}, "Lựa chọn này không có"),
    ],
)
def test_rule_that_cannot_be_says_why(browse, part, changes, sentence):
    admin, path = browse(ADMIN), f"/bonus-rules/{part}"

    answer = form(admin.get("/bonus-rules"), path).send(
        admin, **ADDED[part][0] | LAW | changes
    )

    assert answer.status_code == 422
    assert sentence in text(answer)


@pytest.mark.parametrize("part", ADDED)
def test_rule_is_ended(app, browse, part):
    admin, table = browse(ADMIN), ADDED[part][1]
    last = rows(app, table)[-1]
    path = f"/bonus-rules/{part}/{last.id}/end"

    refused = form(admin.get("/bonus-rules"), path).send(admin, last_day="01/01/2000")
    assert "Ngày cuối không thể trước ngày đầu." in text(admin.get(refused.location))
    form(admin.get("/bonus-rules"), path).send(admin, last_day="31/12/2027")

    ended = {row.id: row.valid_to for row in rows(app, table)}
    assert ended[last.id] == date(2027, 12, 31)


def test_list_of_a_decision_is_handed_out(browse, cases):
    decision = cases["awarded"]["own"].decision
    clerk = browse(CLERK)
    links = text(clerk.get(f"/decisions/{decision}"))

    paper = clerk.get(f"/decisions/{decision}/bonuses.pdf")
    word = clerk.get(f"/decisions/{decision}/bonuses.docx")
    sheet = clerk.get(f"/decisions/{decision}/bonuses.xlsx")

    assert "Danh sách thưởng (Excel)" in links
    words = pypdfium2.PdfDocument(paper.get_data())[0].get_textpage().get_text_range()
    assert "TỔNG CỘNG" in words
    said = docx.Document(io.BytesIO(word.get_data())).tables[1].rows[-1].cells
    assert said[0].text == "TỔNG CỘNG"
    assert word.headers["Content-Disposition"].endswith(".docx")
    assert sheet.headers["Content-Disposition"].startswith("attachment")
    book = CalamineWorkbook.from_filelike(io.BytesIO(sheet.get_data()))
    assert book.sheet_names == ["Chi thưởng", "Tổng hợp", "Thông tin"]


def test_list_without_rules_says_whom_to_ask(app, browse, cases):
    decision = cases["awarded"]["own"].decision
    with app.app_context(), transaction(db.engine) as session:
        found = session.get_one(Decision, decision)
        found.content = {k: v for k, v in found.content.items() if k != "bonus"}
        for row in session.scalars(select(BonusPolicy)):
            session.delete(row)
    clerk = browse(CLERK)

    answer = clerk.get(f"/decisions/{decision}/bonuses.pdf")

    assert answer.status_code == 303
    assert "Nhờ quản trị hệ thống ghi ở trang Tiền thưởng" in text(
        clerk.get(answer.location)
    )
