"""The pages of records: who finds what there, and what a form leaves behind."""

import pytest

from tests.client import form, text

OFFICER, HEAD, SPECIALIST = "lan.tuphap", "quang.tuphap", "tuan.noivu"
LINES = {"line_0_name": "Hồ sơ đúng hạn", "line_0_goal": "99", "line_0_measure": "%"}
NEW = {
    "evaluations": {
        "year": "2024",
        "score": "90",
        "leadership": "Họp mỗi quý",
        "results": "Đạt",
        "next_year": "Giao chỉ tiêu",
    },
    "registrations": {"year": "2024", "solutions": "Giao từng phòng"} | LINES,
    "inspections": {
        "unit": "SO-YT",
        "inspected_on": "02/01/2026",
        "basis": "KH 3",
        "team": "Đoàn số 1",
        "conclusion": "Khá",
        "line_1_finding": "Thiếu bảng tên",
        "line_1_due_on": "02/02/2026",
    },
    "own-awards": {
        "number": "7/QĐ-STP",
        "decided_on": "02/01/2026",
        "form": "certificate",
        "kind": "individual",
        "name": "Trần Thị Đào",
        "merit": "Tận tụy",
        "is_serving_public": "y",
    },
    "communications": {
        "held_on": "02/01/2026",
        "channel": "press",
        "title": "Bài báo",
        "people_reached": "1200",
    },
}


def keeper(path):
    return SPECIALIST if path == "inspections" else OFFICER


def add(client, path, **changes):
    address = f"/records/{path}/new"
    return form(client.get(address), address).send(client, **NEW[path] | changes)


@pytest.mark.parametrize("path", NEW)
def test_record_is_added_shown_and_corrected(browse, path):
    client = browse(keeper(path))

    answer = add(client, path)
    shown = answer.headers["Location"]
    assert "Ghi lần đầu" in text(client.get(shown))
    edit = form(client.get(f"{shown}/edit"), f"{shown}/edit")
    assert edit.send(client).status_code == 422  # without a reason
    assert edit.send(client, reason="Ghi nhầm.").status_code == 303
    assert "Lý do: Ghi nhầm." in text(client.get(shown))
    assert edit.send(client, reason="Lần nữa.").status_code == 409  # it has grown old


def test_record_that_is_void_is_kept_and_not_counted(browse):
    client = browse(OFFICER)
    shown = add(client, "own-awards").headers["Location"]

    edit = form(client.get(f"{shown}/edit"), f"{shown}/edit")
    edit.send(client, reason="Trùng.", is_void="y")

    assert "đã hủy" in text(client.get(shown))
    assert client.get(f"{shown}/edit").status_code == 404
    assert "7/QĐ-STP" not in text(client.get("/records/own-awards"))
    assert "7/QĐ-STP" in text(client.get("/records/own-awards?state=void"))


def test_head_signs_what_the_officer_wrote(browse):
    officer, head = browse(OFFICER), browse(HEAD)
    shown = add(officer, "evaluations", year="2025").headers["Location"]
    assert "Ký đánh giá" not in text(officer.get(shown))

    sign = form(head.get(shown), f"{shown}/sign")
    edit = form(officer.get(f"{shown}/edit"), f"{shown}/edit")
    edit.send(officer, reason="Thêm số liệu.", score="91")
    sign.send(head)
    assert "Bản đánh giá vừa được sửa" in text(head.get(shown))
    form(head.get(shown), f"{shown}/sign").send(head)

    assert "Đỗ Minh Quang ký lúc" in text(officer.get(shown))


def test_finding_is_closed_by_the_department_alone(browse):
    specialist = browse(SPECIALIST)
    shown = add(specialist, "inspections", unit="SO-TP").headers["Location"]
    page = specialist.get(shown)
    action = next(
        part
        for part in page.text.split('"')
        if part.startswith("/records/inspections/findings/")
    )
    assert action not in browse(OFFICER).get(shown).text

    close = form(page, action)
    assert close.send(specialist, closed_on="01/01/2026", remedy="Xong").status_code == 422
    assert close.send(specialist, closed_on="03/01/2026", remedy="Xong").status_code == 303

    said = text(specialist.get(shown))
    assert "Khép lại kiến nghị" in said
    assert "Khép lại: Thiếu bảng tên" not in said


def test_line_that_is_begun_is_finished(browse):
    answer = add(browse(OFFICER), "registrations", line_0_name="")
    assert answer.status_code == 422
    assert "Ghi nội dung của dòng này." in answer.text

    answer = add(browse(SPECIALIST), "inspections", line_1_due_on="")
    assert answer.status_code == 422
    assert "Ghi hạn khắc phục." in answer.text


def test_second_of_a_year_is_refused_with_its_reason(browse):
    client = browse(OFFICER)
    add(client, "registrations")

    answer = add(client, "registrations")

    assert answer.status_code == 422
    assert "đã có bản ghi của năm 2024" in text(answer)


@pytest.mark.parametrize("path", NEW)
def test_list_is_taken_out_as_it_is_narrowed(browse, path):
    keeps, council = browse(keeper(path)), browse("hoidong")
    add(keeps, path)
    address = f"/exports/records?path={path}&year=2026"

    page = council.get(f"/records/{path}?year=2026")
    assert form(page, address).send(council).headers["Location"].endswith(".xlsx")
