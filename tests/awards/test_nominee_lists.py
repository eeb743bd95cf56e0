"""What a nominee list may hold, and every fault named with its row and column."""

import io
import unicodedata
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from awards.lists import Catalogue, NomineeRow, UnreadableList, read
from models.awards import NomineeKind

DATA = Path(__file__).parents[1] / "data"
TODAY = date(2026, 11, 23)
AWARD = "Bằng khen của Chủ tịch UBND tỉnh"
UNITS = {
    "Sở Tư pháp": "so-tu-phap",
    "Sở Y tế": "so-y-te",
    "Sở Xây dựng": "so-xay-dung",
    "Sở Tài chính": "so-tai-chinh",
    "Sở Giáo dục và Đào tạo": "so-gd-dt",
    "Sở Nông nghiệp và Môi trường": "so-nn-mt",
    "UBND xã Văn Giang": "xa-van-giang",
    "UBND xã Khoái Châu": "xa-khoai-chau",
    "UBND phường Phố Hiến": "phuong-pho-hien",
    "Trung tâm Phục vụ hành chính công": "tt-pvhcc",
}
CATALOGUE = Catalogue(awards={AWARD: "bk-ct"}, units=UNITS)
HEADER = (
    "STT",
    "Tên gọi\n(Ông/Bà/Chức danh)",
    "Tên tập thể/cá nhân/hộ gia đình",
    "Ngày sinh",
    "Chức vụ",
    "Đơn vị công tác",
    "Phân loại khen thưởng",
    "Danh hiệu thi đua/Hình thức khen thưởng",
    "Phân loại đối tượng",
    "Trực tiếp giải quyết công việc với tổ chức, công dân (x)",
    "Tóm tắt thành tích",
)
BLANK = dict.fromkeys(
    [
        "number",
        "honorific",
        "name",
        "born",
        "position",
        "unit",
        "kind",
        "award",
        "category",
        "serves",
        "did",
    ],
    "",
)
PERSON = BLANK | {
    "number": 1,
    "honorific": "Bà",
    "name": "Lê An",
    "born": "15/10/1980",
    "unit": "Sở Tư pháp",
    "kind": "Cá nhân",
    "award": AWARD,
    "serves": "x",
    "did": "Tốt",
}


def workbook(*rows, sheets=()):
    """An .xlsx of text, numbers and dates, blank where a cell is None or ""."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for place in (*sheets, rows):
            sheet = book.add_worksheet()
            for number, row in enumerate(place):
                for column, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(number, column, cell, day)
                    elif isinstance(cell, str):
                        sheet.write_string(number, column, cell)
                    else:
                        sheet.write(number, column, cell)
    return content.getvalue()


def person(**otherwise):
    """The row of a good nominee, some of its cells otherwise."""
    return list((PERSON | otherwise).values())


def cells(**filled):
    """A row that is blank otherwise."""
    return list((BLANK | filled).values())


def read_rows(*rows, may_import_for=None):
    return read(
        workbook(HEADER, *rows),
        catalogue=CATALOGUE,
        may_import_for=may_import_for,
        today=TODAY,
    )


def read_file(name, **options):
    content = (DATA / name).read_bytes()
    return read(content, catalogue=CATALOGUE, may_import_for=None, today=TODAY, **options)


def told(error):
    return f"{error.column_letter}{error.row}: {error.message % error.values}"


def all_told(listed):
    return [told(error) for error in listed.errors]


def test_good_list_is_read_without_its_footer():
    listed = read_file("danh-sach-de-nghi.xlsx")

    assert (listed.sheet, listed.total, listed.errors) == ("DANHSACH", 6, ())
    assert [row.row for row in listed.rows] == [7, 8, 9, 10, 11, 12]
    assert listed.rows[4] == NomineeRow(
        row=11,
        honorific="Bà",
        name="Đặng Ngọc Dũng",
        kind=NomineeKind.INDIVIDUAL,
        birth_date=date(1975, 9, 25),
        position="Công chức Tư pháp - Hộ tịch",
        unit_code="so-tu-phap",
        award_code="bk-ct",
        category="Người trực tiếp công tác, lao động",
        is_serving_public=False,
        achievements="Giải quyết đúng hạn 100% hồ sơ; mức độ hài lòng của công dân 98%; "
        "có sáng kiến rút ngắn thời gian chờ.",
    )


def test_every_fault_is_named_with_its_row_and_column():
    listed = read_file("danh-sach-co-loi.xlsx")

    assert all_told(listed) == [
        "C8: Chưa ghi tên tập thể, cá nhân hoặc hộ gia đình.",
        "H9: Không có danh hiệu hoặc hình thức khen thưởng “Bằng khen hạng nhất”.",
        (
            "D10: “31/02/1980” không phải là ngày có thật. "
            "Ghi theo dạng ngày/tháng/năm, ví dụ 15/10/1980."
        ),
        "C11: Trùng với dòng 7: cùng tên, ngày sinh và khen thưởng.",
        "G12: “Cá nhân/Tập thể” không phải là Cá nhân, Tập thể hoặc Hộ gia đình.",
        "C13: Chưa ghi tên tập thể, cá nhân hoặc hộ gia đình.",
        "F14: Không có đơn vị “Sở Thông tin và Truyền thông” trong danh mục đơn vị.",
    ]
    assert [error.column_name for error in listed.errors[:3]] == [
        "Tên tập thể/cá nhân/hộ gia đình",
        "Danh hiệu thi đua/Hình thức khen thưởng",
        "Ngày sinh",
    ]
    assert ([row.row for row in listed.rows], listed.total) == ([7], 8)


def test_long_list_is_read_with_progress():
    heard = []
    listed = read_file("danh-sach-1500.xlsx", progress=lambda *counts: heard.append(counts))

    assert (len(listed.rows), listed.errors) == (1500, ())
    assert heard == [(done, 1500) for done in range(100, 1501, 100)]


@pytest.mark.parametrize("above", [0, 1, 7, 49])
def test_header_is_found_wherever_it_stands(above):
    content = workbook(*[["SỞ TƯ PHÁP"]] * above, HEADER, person())
    listed = read(content, catalogue=CATALOGUE, may_import_for=None, today=TODAY)

    assert [row.row for row in listed.rows] == [above + 2]


def test_header_below_the_fiftieth_row_is_not_looked_for():
    content = workbook(*[["x"]] * 50, HEADER, person())

    with pytest.raises(UnreadableList, match="Không tìm thấy dòng tiêu đề"):
        read(content, catalogue=CATALOGUE, may_import_for=None, today=TODAY)


def test_header_is_found_on_a_later_sheet():
    content = workbook(HEADER, person(), sheets=[[["Hướng dẫn"]], [HEADER[:4]]])
    listed = read(content, catalogue=CATALOGUE, may_import_for=None, today=TODAY)

    assert (listed.sheet, listed.total) == ("Sheet3", 1)


@pytest.mark.parametrize(
    "respell",
    [
        lambda text: unicodedata.normalize("NFD", text),
        str.upper,
        lambda text: text.replace(" ", " \n\xa0") + " ",
        lambda text: text.replace("/", " / "),
        lambda text: f"{text} (ghi rõ)",
    ],
    ids=["nfd", "upper", "blanks", "slashes", "remark"],
)
def test_titles_are_recognised_however_written(respell):
    content = workbook([respell(title) for title in HEADER], person())
    listed = read(content, catalogue=CATALOGUE, may_import_for=None, today=TODAY)

    assert listed.errors == ()
    assert listed.rows == read_rows(person()).rows


def test_columns_stand_in_any_order_among_others():
    def shuffled(row, other):
        return [other, *reversed(row), other]

    content = workbook(shuffled(HEADER, "Ghi chú"), shuffled(person(born="x"), "mới"))
    listed = read(content, catalogue=CATALOGUE, may_import_for=None, today=TODAY)

    assert [error.column_letter for error in listed.errors] == ["I"]
    content = workbook(shuffled(HEADER, "Ghi chú"), shuffled(person(), "mới"))
    listed = read(content, catalogue=CATALOGUE, may_import_for=None, today=TODAY)
    assert listed.rows == read_rows(person()).rows


def test_only_the_required_columns_suffice():
    columns = (2, 3, 5, 6, 7)
    content = workbook([HEADER[at] for at in columns], [person()[at] for at in columns])
    [row] = read(content, catalogue=CATALOGUE, may_import_for=None, today=TODAY).rows

    assert (row.name, row.position, row.is_serving_public) == ("Lê An", "", False)


def test_values_are_matched_in_nfd_and_kept_in_nfc():
    row = [unicodedata.normalize("NFD", str(cell)) for cell in person(name="Đỗ  Thị\nHoà")]
    [nominee] = read_rows(row).rows

    assert nominee.name == unicodedata.normalize("NFC", "Đỗ Thị Hoà")
    assert (nominee.unit_code, nominee.award_code) == ("so-tu-phap", "bk-ct")


def test_summary_keeps_its_lines():
    [nominee] = read_rows(person(did=" Một  hai\r\n\n ba\u200b ")).rows

    assert nominee.achievements == "Một hai\nba"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("15/10/1980", date(1980, 10, 15)),
        ("5/1/1980", date(1980, 1, 5)),
        (" 05 - 01 - 1980 ", date(1980, 1, 5)),
        ("5.1.1980", date(1980, 1, 5)),
        ("29/02/2000", date(2000, 2, 29)),
        ("01/01/1900", date(1900, 1, 1)),
        ("23/11/2026", TODAY),
        (date(1980, 10, 15), date(1980, 10, 15)),
        (datetime(1980, 10, 15, 7, 30), date(1980, 10, 15)),  # noqa: DTZ001 - as Excel's
    ],
)
def test_birth_date_is_read(cell, expected):
    [nominee] = read_rows(person(born=cell)).rows

    assert nominee.birth_date == expected


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("", "Chưa ghi ngày sinh của cá nhân."),
        ("29/02/1900", "“29/02/1900” không phải là ngày có thật."),
        ("1980", "“1980” không phải là ngày có thật."),
        (29509, "“29509” không phải là ngày có thật."),
        ("10/15/1980", "“10/15/1980” không phải là ngày có thật."),
        ("1/1/80", "“1/1/80” không phải là ngày có thật."),
        ("٠١/٠١/١٩٨٠", "“٠١/٠١/١٩٨٠” không phải là ngày có thật."),
        ("x" * 100, f"“{'x' * 80}…” không phải là ngày có thật."),
        ("24/11/2026", "Ngày sinh 24/11/2026 ở sau hôm nay."),
        (date(2030, 1, 2), "Ngày sinh 02/01/2030 ở sau hôm nay."),
        ("31/12/1899", "Ngày sinh 31/12/1899 ở trước năm 1900."),
    ],
)
def test_birth_date_is_refused(cell, sentence):
    listed = read_rows(person(born=cell))

    assert [told(error).startswith(f"D2: {sentence}") for error in listed.errors] == [True]
    assert listed.rows == ()


@pytest.mark.parametrize(
    ("kind", "cell", "errors"),
    [
        ("Tập thể", "", []),
        ("Hộ gia đình", "", []),
        ("Hộ gia đình", "15/10/1980", []),
        ("Tập thể", "15/10/1980", ["D2"]),
        ("Đảng bộ", "", ["G2"]),
    ],
)
def test_birth_date_goes_with_the_kind(kind, cell, errors):
    listed = read_rows(person(kind=kind, born=cell))

    assert [f"{e.column_letter}{e.row}" for e in listed.errors] == errors


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"unit": ""}, "F2: Chưa ghi đơn vị công tác."),
        ({"kind": ""}, "G2: Chưa ghi phân loại: Cá nhân, Tập thể hoặc Hộ gia đình."),
        ({"award": ""}, "H2: Chưa ghi danh hiệu thi đua hoặc hình thức khen thưởng."),
        ({"kind": "Ca nhan"}, "G2: Không có loại “Ca nhan”. Có phải là “Cá nhân” không?"),
        (
            {"unit": "Sở Tu pháp"},
            (
                "F2: Không có đơn vị “Sở Tu pháp” trong danh mục đơn vị. "
                "Có phải là “Sở Tư pháp” không?"
            ),
        ),
        (
            {"award": "Bằng khen Chủ tịch UBND tỉnh"},
            (
                "H2: Không có danh hiệu hoặc hình thức khen thưởng "
                f"“Bằng khen Chủ tịch UBND tỉnh”. Có phải là “{AWARD}” không?"
            ),
        ),
        ({"serves": "?"}, "J2: “?” không rõ nghĩa. Ghi x nếu có, để trống nếu không."),
        ({"name": "a" * 201}, "C2: Dài 201 ký tự, nhiều nhất là 200. Viết ngắn lại."),
        ({"position": "a" * 201}, "E2: Dài 201 ký tự, nhiều nhất là 200. Viết ngắn lại."),
        ({"did": "a" * 20_001}, "K2: Dài 20001 ký tự, nhiều nhất là 20000. Viết ngắn lại."),
        (
            {"name": "An\x00"},
            "C2: Ô này có ký tự ẩn không hợp lệ (mã U+0000). Xóa ô rồi gõ lại.",
        ),
        (
            {"name": "An\x01"},
            "C2: Ô này có ký tự ẩn không hợp lệ (mã U+0001). Xóa ô rồi gõ lại.",
        ),
    ],
)
def test_cell_is_refused_with_what_to_do(cells, sentence):
    assert all_told(read_rows(person(**cells))) == [sentence]


@pytest.mark.parametrize("cell", ["x", "X", "×", "Có", True, 1])
def test_mark_is_seen(cell):
    assert read_rows(person(serves=cell)).rows[0].is_serving_public


@pytest.mark.parametrize("cell", ["", " ", "Không", False, 0])
def test_absent_mark_is_seen(cell):
    assert not read_rows(person(serves=cell)).rows[0].is_serving_public


def test_longest_texts_are_kept():
    [row] = read_rows(person(name="a" * 200, position="b" * 200, did="c" * 20_000)).rows

    assert (len(row.name), len(row.position), len(row.achievements)) == (200, 200, 20_000)


def test_all_faults_of_a_row_are_reported_by_column():
    listed = read_rows(person(name="", born="x", unit="", kind="", award="", serves="?"))

    assert [error.column_letter for error in listed.errors] == [
        "C",
        "D",
        "F",
        "G",
        "H",
        "J",
    ]
    assert (listed.rows, listed.total) == ((), 1)


def test_repeated_nominee_is_named_with_the_first_row():
    again = person(number=3, name=" LÊ  AN", unit="Sở Y tế", born=date(1980, 10, 15))
    listed = read_rows(person(), person(number=2, name="Lê Ân"), again, again)

    assert [(error.row, error.values["row"]) for error in listed.errors] == [(4, 2), (5, 2)]
    assert {error.values["value"] for error in listed.errors} == {"LÊ AN"}


def test_same_name_is_someone_else_by_birth_date_or_unit():
    team = person(name="Bộ phận Một cửa", kind="Tập thể", born="")
    namesake = [*team[:5], "Sở Y tế", *team[6:]]
    listed = read_rows(person(), person(born="16/10/1980"), team, namesake, team)

    assert [(error.row, error.values["row"]) for error in listed.errors] == [(6, 4)]


@pytest.mark.parametrize(
    "allowed",
    [frozenset({"so-tu-phap"}), lambda code: code == "so-tu-phap"],
    ids=["set", "predicate"],
)
def test_row_of_another_unit_is_an_error(allowed):
    other = person(name="Lê Bình", unit="sở y tế")
    listed = read_rows(person(), other, may_import_for=allowed)

    assert all_told(listed) == ["F3: Bạn không được nhập danh sách của đơn vị “sở y tế”."]
    assert [row.row for row in listed.rows] == [2]


def test_empty_permission_is_no_permission():
    listed = read_rows(person(), may_import_for=frozenset())

    assert (listed.rows, len(listed.errors)) == ((), 1)


@pytest.mark.parametrize(
    "row",
    [
        cells(),
        cells(number=2),
        cells(number="Tổng cộng: 6"),
        cells(number="Tổng cộng", name="6"),
        cells(number="Danh sách này có 6 tập thể, cá nhân."),
        cells(name="Danh sách này có 6 người", award="6"),
        cells(number="II", name="CÁ NHÂN"),
        cells(name="I. Tập thể"),
        cells(name="Sở Y tế"),
        cells(kind="Hưng Yên, ngày 23 tháng 11 năm 2026"),
        cells(honorific="NGƯỜI LẬP BIỂU", kind="THỦ TRƯỞNG ĐƠN VỊ"),
        cells(name="(Đã ký)", kind="(Đã ký)"),
        cells(kind="Nguyễn Văn A"),
        HEADER,
    ],
    ids=str,
)
def test_row_that_lists_nobody_is_passed_over(row):
    listed = read_rows(person(), row, person(name="Lê Bình"))

    assert ([row.row for row in listed.rows], listed.errors) == ([2, 4], ())


@pytest.mark.parametrize(
    ("row", "errors"),
    [
        (cells(number=2, position="Trưởng phòng"), "CFGH"),
        (cells(number="2.", name="Tổng cộng"), "FGH"),
        (cells(name="Lê Bình"), "FGH"),
        (cells(born="1/1/1980", unit="Sở Y tế"), "CGH"),
        (cells(name="Lê Bình", award=AWARD), "FG"),
    ],
)
def test_row_of_a_nominee_is_never_swallowed(row, errors):
    listed = read_rows(row)

    assert "".join(error.column_letter for error in listed.errors) == errors


def test_row_of_column_numbers_is_passed_over():
    numbers = [f"({number})" for number in range(1, 12)]

    assert (
        read_rows(numbers, person()).total == read_rows(range(1, 12), person()).total == 1
    )


def test_signatories_are_no_nominees_but_late_rows_are():
    listed = read_rows(
        person(),
        cells(number="Tổng cộng: 1"),
        cells(honorific="Trần Thị B", kind="Nguyễn Văn A"),
        cells(number=2, position="Chuyên viên"),
        person(number="", name="Lê Bình"),
    )

    assert sorted({error.row for error in listed.errors}) == [5]
    assert [row.row for row in listed.rows] == [2, 6]


def test_many_unknown_units_take_no_time():
    rows = [person(name=f"Lê {i}", unit=f"Đơn vị lạ số {i}" * 5) for i in range(300)]

    assert len(read_rows(*rows).errors) == 300


def numbered(*pairs):
    """A list with a column of identity numbers: of people of one name born on one day."""
    rows = [[*person(), number] for number in pairs]
    content = workbook([*HEADER, "Số CCCD"], *rows)
    return read(content, catalogue=CATALOGUE, may_import_for=lambda _: True, today=TODAY)


def test_identity_numbers_tell_namesakes_apart():
    found = numbered("001099087651", "001099087652")

    assert [row.identity_number for row in found.rows] == ["001099087651", "001099087652"]
    assert list(found.errors) == []


@pytest.mark.parametrize("second", ["001099087651", ""])
def test_namesake_with_the_same_number_or_none_is_a_repetition(second):
    assert [error.row for error in numbered("001099087651", second).errors] == [3]


def test_number_that_lost_its_zero_is_named_by_its_cell_and_not_repeated():
    (error,) = numbered("1099087651").errors

    assert (error.column_letter, error.values) == ("L", {})
