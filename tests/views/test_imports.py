"""Nominee lists: uploaded, previewed, confirmed."""

import io
import re
from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import func, select

from models.awards import Movement, Nomination, NomineeList
from models.session import reading, transaction
from tests.client import form, heading, large_upload, parse, text
from tests.conftest import make_app
from views.web import db

DATA = Path(__file__).parents[1] / "data"
GOOD, WRONG = "danh-sach-de-nghi.xlsx", "danh-sach-co-loi.xlsx"
TITLES = (
    "STT",
    "Tên tập thể/cá nhân/hộ gia đình",
    "Ngày sinh",
    "Đơn vị công tác",
    "Phân loại khen thưởng",
    "Hình thức khen thưởng",
    "Tóm tắt thành tích",
)


def sheet(*rows, titles=TITLES):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate([titles, *rows]):
            page.write_row(number, 0, row)
    return content.getvalue()


def row(name="Nguyễn Văn An", unit="Sở Tư pháp", **changes):
    cells = {
        "stt": 1,
        "name": f"Ông {name}",
        "born": "01/02/1980",
        "unit": unit,
        "kind": "Cá nhân",
        "award": "Bằng khen của Chủ tịch UBND tỉnh",
        "done": "Tốt",
    } | changes
    return tuple(cells.values())


def upload(client, content, name="danh-sach.xlsx", movement="VHCS-2025"):
    fields = {"movement": movement, "file": (io.BytesIO(content), name)}
    return client.post("/imports", data=fields)


def show(client, content):
    return client.get(upload(client, content).headers["Location"])


def cells_to_correct(page):
    rows = parse(page).xpath("//table[.//caption[contains(., 'Ô cần sửa')]]/tbody/tr")
    return [
        (int(r.xpath("string(td[1])")), r.xpath("string(td[2])").partition(" · ")[0])
        for r in rows
    ]


def count(app, table):
    with app.app_context(), reading(db.engine) as session:
        return session.scalar(select(func.count()).select_from(table))


def test_good_list_is_previewed_and_nothing_imported_until_confirmed(app, browse):
    client, before = browse("lan.tuphap"), count(app, Nomination)
    page = show(client, sheet(row(), row("Trần Thị Bình")))
    assert "Mọi dòng đều đọc được" in text(page)
    assert count(app, Nomination) == before

    path = page.request.path
    answer = form(page, f"{path}/confirm").send(client)

    assert answer.status_code == 303
    assert count(app, Nomination) == before + 2
    assert "Đã nhập 2 hồ sơ." in text(client.get(path))


def test_list_confirmed_three_times_is_imported_once(app, browse):
    client = browse("lan.tuphap")
    page = show(client, sheet(row()))
    confirm = form(page, f"{page.request.path}/confirm")
    before = count(app, Nomination)

    codes = [confirm.send(client).status_code for _ in range(3)]

    assert codes == [303] * 3
    assert count(app, Nomination) == before + 1


def test_every_fault_of_the_sample_is_named_with_row_and_column(app, browse):
    page = show(browse("nga.noivu"), (DATA / WRONG).read_bytes())
    found = cells_to_correct(page)

    assert len(found) >= 7
    assert len(found) == len(set(found))
    assert all(re.fullmatch("[A-Z]+", column) for _row, column in found)


def test_officer_imports_for_the_own_unit_alone(app, browse):
    client, before = browse("lan.tuphap"), count(app, Nomination)
    page = show(
        client,
        sheet(row(), row("Lê Văn Cường", "Sở Y tế"), row("Vũ Thị Dung", "Sở Xây dựng")),
    )

    assert [number for number, _column in cells_to_correct(page)] == [3, 4]
    form(page, f"{page.request.path}/confirm").send(client)
    assert count(app, Nomination) == before + 1


def test_clerk_imports_for_any_unit(app, browse):
    client, before = browse("nga.noivu"), count(app, Nomination)
    page = show(client, sheet(row(), row("Lê Văn Cường", "Sở Y tế")))

    assert cells_to_correct(page) == []
    form(page, f"{page.request.path}/confirm").send(client)
    assert count(app, Nomination) == before + 2


def test_list_with_errors_imports_the_faultless_rows(app, browse):
    client, before = browse("lan.tuphap"), count(app, Nomination)
    page = show(client, sheet(row(), row("Trần Thị Bình", born="31/02/1980")))
    assert "1 ô cần sửa trong tệp" in text(page)

    form(page, f"{page.request.path}/confirm").send(client)

    assert count(app, Nomination) == before + 1


def test_names_in_two_forms_of_unicode_become_one(app, browse):
    client = browse("lan.tuphap")
    page = show(client, sheet(row("Nguye\u0302\u0303n Va\u0306n An")))

    assert "Nguyễn Văn An" in text(page)


NOT_LISTS = {
    "a.pdf": b"%PDF-1.4\n",
    "a.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504),
    "a.csv": "STT,Tên\n1,An\n".encode(),
    "empty.xlsx": b"",
    "cut.xlsx": (DATA / GOOD).read_bytes()[:500],
    "html.xlsx": b"<!doctype html><table></table>",
    "nul.xlsx": bytes(1_000),
}


@pytest.mark.parametrize("name", NOT_LISTS)
def test_file_that_is_no_list_is_refused_and_says_why(browse, unchanged, name):
    client = browse("lan.tuphap")
    with unchanged():
        answer = upload(client, NOT_LISTS[name], name)

    assert answer.status_code == 422
    assert parse(answer).xpath("string(//*[@id='file-error'])").strip() != ""


@pytest.mark.parametrize("name", NOT_LISTS)
def test_file_that_is_no_list_is_never_imported(app, browse, name):
    client, before = browse("lan.tuphap"), count(app, Nomination)
    answer = upload(client, NOT_LISTS[name], name)
    if answer.status_code != 303:
        return
    path = answer.headers["Location"]

    assert "Không đọc được" in text(client.get(path))
    assert client.post(f"{path}/confirm").status_code == 409
    assert count(app, Nomination) == before


@pytest.mark.parametrize(
    ("fields", "name", "sentence"),
    [
        ({}, "file", "Chọn tệp danh sách."),
        ({"file": "text"}, "file", "Chọn tệp danh sách."),
        ({"file": (io.BytesIO(b"x"), "")}, "file", "Chọn tệp danh sách."),
        (
            {"movement": "bogus"},
            "movement",
            "Lựa chọn này không có. Chọn một trong các mục.",
        ),
        (
            {"movement": "VHCS-2025\0"},
            "movement",
            "Lựa chọn này không có. Chọn một trong các mục.",
        ),
    ],
)
def test_upload_says_beside_the_field_what_is_wrong(
    browse, unchanged, fields, name, sentence
):
    with unchanged():
        answer = browse("lan.tuphap").post(
            "/imports", data={"movement": "VHCS-2025"} | fields
        )

    assert answer.status_code == 422
    assert parse(answer).xpath(f"string(//*[@id='{name}-error'])").strip() == sentence


def test_list_of_more_than_10_megabytes_is_refused(browse, unchanged):
    with unchanged(), large_upload():
        answer = upload(browse("lan.tuphap"), b"PK" + bytes(10 * 1024 * 1024))

    assert answer.status_code == 422
    assert "Tệp lớn quá 10 MB." in text(answer)


def test_file_in_the_place_of_the_movement_is_refused(browse, unchanged):
    fields = {"movement": (io.BytesIO(b"x"), "a.txt"), "file": (io.BytesIO(b"x"), "a.xlsx")}
    with unchanged():
        answer = browse("lan.tuphap").post("/imports", data=fields)

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "name",
    [
        "  .xlsx",
        " ",
        "\u202e.xlsx",
        "x" * 300 + ".xlsx",
        "../../a.xlsx",
        "<b>.xlsx",
        "a\tb.xlsx",
    ],
)
def test_file_name_of_any_shape_is_shown_as_text(browse, name):
    client = browse("lan.tuphap")
    page = client.get(upload(client, sheet(row()), name).headers["Location"])

    assert heading(page) != ""
    assert parse(page).xpath("//h1/*") == []
    assert client.get("/imports").status_code == 200


def test_file_name_with_nul_is_no_incident_on_either_database(databases, tmp_path):
    app = make_app(databases.copy("province"), tmp_path)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/login", data={"login": "lan.tuphap", "password": "vinh-danh-lan.tuphap"})
    body = (
        b'--x\r\nContent-Disposition: form-data; name="movement"\r\n\r\nVHCS-2025\r\n'
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a\0b.xlsx"\r\n\r\n'
    )
    answer = client.post(
        "/imports",
        data=body + sheet(row()) + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )

    assert answer.status_code in (303, 422)
    with app.app_context(), reading(db.engine) as session:
        assert [
            r.file_name for r in session.scalars(select(NomineeList)) if "\0" in r.file_name
        ] == []
    with app.app_context():
        db.engine.dispose()


def test_movement_that_has_closed_is_told_before_confirming(app, browse):
    """Otherwise the list would stand at “importing” for good."""
    client = browse("lan.tuphap")
    page = show(client, sheet(row()))
    with app.app_context(), transaction(db.engine) as session:
        session.scalars(select(Movement)).one().nominations_to = Movement.nominations_from

    answer = client.post(f"{page.request.path}/confirm")
    later = client.get(page.request.path)

    assert answer.status_code in (303, 409, 422)
    assert "Đang nhập" not in text(later)


def test_progress_of_a_list_that_was_read_reloads_the_page(browse):
    client = browse("lan.tuphap")
    path = upload(client, sheet(row())).headers["Location"]

    answer = client.get(f"{path}/progress")

    assert (answer.status_code, answer.headers["HX-Refresh"]) == (200, "true")


def test_list_of_another_sender_is_not_there(browse):
    path = upload(browse("lan.tuphap"), sheet(row())).headers["Location"]
    other = browse("nga.noivu")

    codes = [other.get(path), other.get(f"{path}/progress"), other.post(f"{path}/confirm")]
    assert [answer.status_code for answer in codes] == [404] * 3


@pytest.mark.parametrize("number", ["0", "99999", "9" * 19, "9" * 30, "-1", "x"])
@pytest.mark.parametrize("rest", ["", "/progress", "/confirm"])
def test_list_number_that_is_none_answers_404(open_house, number, rest):
    method = "POST" if rest == "/confirm" else "GET"
    assert (
        open_house("lan.tuphap").open(f"/imports/{number}{rest}", method=method).status_code
        == 404
    )


@pytest.mark.parametrize("query", ["page=0", "page=99999999", "page=abc"])
def test_preview_page_of_any_number_is_there(browse, query):
    client = browse("lan.tuphap")
    path = upload(client, sheet(row())).headers["Location"]
    assert client.get(f"{path}?{query}").status_code == 200


def test_list_of_1500_is_previewed_page_by_page(browse):
    page = show(browse("nga.noivu"), (DATA / "danh-sach-1500.xlsx").read_bytes())

    assert len(parse(page).xpath("//table[@class='preview']/tbody/tr")) == 50
    assert parse(page).xpath("//a[@rel='next']") != []
