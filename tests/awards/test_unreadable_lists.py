"""Whatever is uploaded, it is read or refused with one sentence; nothing else happens."""

import io
import random
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from awards.lists import Catalogue, UnreadableList, meter, read, spreadsheets

DATA = Path(__file__).parents[1] / "data"
GOOD = (DATA / "danh-sach-de-nghi.xlsx").read_bytes()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
TITLES = (
    "STT",
    "Tên tập thể/cá nhân/hộ gia đình",
    "Ngày sinh",
    "Đơn vị công tác",
    "Phân loại khen thưởng",
    "Hình thức khen thưởng",
)
CATALOGUE = Catalogue(
    awards={"Bằng khen của Chủ tịch UBND tỉnh": "bk-ct"}, units={"Sở Tư pháp": "so-tu-phap"}
)

NOT_XLSX = "Tệp này không phải là bảng tính Excel (.xlsx). Lưu danh sách thành .xlsx."
DAMAGED = "Tệp này bị hỏng. Mở bằng Excel, lưu lại thành tệp mới rồi tải lên."
TOO_LARGE_INSIDE = "Tệp này bung ra quá lớn. Chép riêng bảng danh sách sang một tệp mới."
BLANK = "Bảng tính này trống, không có ô nào được ghi."
NO_HEADER = (
    "Không tìm thấy dòng tiêu đề trong 50 dòng đầu. "
    "Cần một dòng có tên các cột như trong mẫu danh sách."
)


def check(content):
    return read(content, catalogue=CATALOGUE, may_import_for=None, today=date(2026, 11, 23))


def sentence(content):
    """What people are told about a file that cannot be read."""
    with pytest.raises(UnreadableList) as refusal:
        check(content)
    return refusal.value.message % refusal.value.values


def zipped(parts, *, flags=0, **sizes):
    """A zip of these parts, its directory with false sizes and flags (1: encrypted)."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
        for entry in archive.infolist():
            entry.file_size = sizes.get(Path(entry.filename).stem, entry.file_size)
            entry.flag_bits |= flags
    return content.getvalue()


def parts(**changes):
    """The parts of a good list, some of them changed by stem; None leaves one out."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        read_parts = {name: archive.read(name) for name in archive.namelist()}
    changed = {
        name: changes.get(Path(name).stem, part) for name, part in read_parts.items()
    }
    return {name: part for name, part in changed.items() if part is not None}


def workbook(fill, **options):
    """An .xlsx with one sheet, filled by `fill(sheet)`."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True} | options) as book:
        fill(book.add_worksheet())
    return content.getvalue()


def rows(*filled):
    def fill(sheet):
        for number, row in enumerate(filled):
            sheet.write_row(number, 0, row)

    return workbook(fill)


def hidden_only():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.add_worksheet()
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, TITLES)
        sheet.hide()
    return content.getvalue()


def stretched(sheet):
    sheet.write(0, 0, "STT")
    sheet.write(1_048_575, 16_383, "x")


def repeated_text(sheet):
    for row in range(1_700):
        sheet.write_string(row, 0, "a" * 30_000)


def sheet_xml(cells):
    return parts(sheet1=f"<worksheet><sheetData>{cells}</sheetData></worksheet>")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Tệp này rỗng, không có nội dung nào."),
        (b"%PDF-1.7\n%...", NOT_XLSX),
        ("STT,Tên,Ngày sinh\n1,Lê An,1/1/1980".encode(), NOT_XLSX),
        (b"<html><table><tr><td>STT</td></tr></table></html>", NOT_XLSX),
        (b"\xff\xfeS\x00T\x00T\x00", NOT_XLSX),
        (b"PK\x05\x06" + bytes(18), NOT_XLSX),
        (zipped({"word/document.xml": b"<document/>"}), NOT_XLSX),
        (zipped({"content.xml": b"<x/>", "mimetype": b"...spreadsheet"}), NOT_XLSX),
        (zipped({"xl/workbook.bin": b"", "[Content_Types].xml": b"<x/>"}), NOT_XLSX),
        (OLE, "Đây là tệp Office kiểu cũ. Mở bằng Excel và lưu lại thành tệp .xlsx."),
        (
            OLE + "EncryptedPackage".encode("utf-16-le"),
            "Tệp này có mật khẩu. Bỏ mật khẩu, lưu lại rồi tải lên.",
        ),
        (
            b"PK\x03\x04" + bytes(10_000_000),
            "Tệp lớn hơn 10 MB. Chia danh sách thành nhiều tệp nhỏ hơn.",
        ),
        (GOOD[: len(GOOD) // 2], DAMAGED),
        (b"PK\x03\x04" + random.Random(1).randbytes(1_000), DAMAGED),
        (zipped(parts(), flags=1), DAMAGED),
        (zipped(parts(workbook=b"<workbook/>")), BLANK),
        (zipped(parts(workbook=b"not xml")), DAMAGED),
        (zipped(parts(sheet1=None)), DAMAGED),
        (zipped(parts(sheet1=b"<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet/>")), DAMAGED),
        (zipped(parts(), sheet1=100), DAMAGED),
        (zipped(sheet_xml("<row r='1'><c r='1A'><v>1</v></c></row>")), DAMAGED),
        (zipped(sheet_xml("<row r='one'/>")), DAMAGED),
        (zipped(sheet_xml("<row><c t='s'><v>7</v></c></row>")), DAMAGED),
        (zipped(sheet_xml(" " * 3_000_000)), TOO_LARGE_INSIDE),
        (zipped(parts(), theme1=200_000_001), TOO_LARGE_INSIDE),
        (zipped(parts() | {f"xl/{n}": b"" for n in range(2_000)}), TOO_LARGE_INSIDE),
        (workbook(repeated_text), TOO_LARGE_INSIDE),
        (
            workbook(stretched),
            (
                "Bảng tính kéo dài tới ô XFD1048576. "
                "Xóa các ô thừa ở xa danh sách rồi lưu lại."
            ),
        ),
        (
            zipped(sheet_xml("<row r='4000000000'><c><v>1</v></c></row>")),
            (
                "Bảng tính kéo dài tới ô A4000000000. "
                "Xóa các ô thừa ở xa danh sách rồi lưu lại."
            ),
        ),
        (
            zipped(sheet_xml("<row r='1048576'><c r='XFC1'/><c><v>1</v></c></row>")),
            (
                "Bảng tính kéo dài tới ô XFD1048576. "
                "Xóa các ô thừa ở xa danh sách rồi lưu lại."
            ),
        ),
        (zipped(sheet_xml("<row r='1'><row r='1'></row></row>")), DAMAGED),
        (zipped(sheet_xml("<c r='XFC1'><f><row/></f></c><c><v>1</v></c>")), DAMAGED),
        (rows(), BLANK),
        (hidden_only(), BLANK),
        (rows(["STT", "Ghi chú"], [1, "x"]), NO_HEADER),
        (
            rows(["x"], TITLES[:4]),
            (
                "Dòng tiêu đề (dòng 2) thiếu cột: Phân loại khen thưởng; "
                "Danh hiệu thi đua/Hình thức khen thưởng."
            ),
        ),
        (
            rows(TITLES, [], ["Tổng cộng: 0"]),
            "Danh sách chưa có ai: dưới dòng tiêu đề không có dòng nào.",
        ),
        (
            rows(TITLES, *[[1, "a"]] * 5_001),
            "Danh sách có hơn 5000 dòng. Chia danh sách thành nhiều tệp nhỏ hơn.",
        ),
    ],
)
def test_odd_file_is_refused_with_one_sentence(content, told):
    assert sentence(content) == told


def test_part_of_endless_elements_is_refused(monkeypatch):
    monkeypatch.setattr(meter, "MAX_ELEMENTS", 1_000)

    assert sentence(zipped(sheet_xml("<row/>" * 1_000))) == TOO_LARGE_INSIDE


def test_five_thousand_rows_are_read():
    assert check(rows(TITLES, *[[1, "a"]] * 5_000)).total == 5_000


def test_parts_in_capitals_and_backslashes_are_found():
    listed = check(zipped({n.upper().replace("/", "\\"): p for n, p in parts().items()}))

    assert listed.total == 6


def test_what_zip_tools_leave_beside_the_parts_does_no_harm():
    extra = {
        "xl/media/image1.png": bytes(500),
        "xl/printerSettings/p.bin": b"\0",
        "a.exe": b"",
    }

    assert check(zipped(parts() | extra)).total == 6


@settings(deadline=None)
@given(content=st.binary(max_size=2_000))
def test_random_bytes_are_refused(content):
    assert sentence(content)
    assert sentence(b"PK\x03\x04" + content)
    assert sentence(OLE + content)


CELLS = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from([*TITLES, *CATALOGUE.units, *CATALOGUE.awards, *CATALOGUE.kinds]),
    st.sampled_from(["_x0000_", "_xD800_", "Tổng cộng", "x", "31/02/1980", "=1+1", "(1)"]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**9), 10**9),
    st.booleans(),
    st.dates(date(1900, 1, 1), date(9999, 12, 31)),
)


@settings(deadline=None, max_examples=30)
@given(
    above=st.lists(st.lists(CELLS, max_size=8), max_size=3),
    titles=st.permutations([*TITLES, "Ghi chú"]),
    below=st.lists(st.lists(CELLS, min_size=1, max_size=9), max_size=12),
    first_column=st.integers(0, 30),
)
def test_random_workbook_is_read_or_refused(above, titles, below, first_column):
    def fill(sheet):
        for number, row in enumerate([*above, titles, *below]):
            sheet.write_row(number, first_column, row)

    content = workbook(fill, default_date_format="dd/mm/yyyy", strings_to_formulas=False)
    try:
        listed = check(content)
    except UnreadableList:
        return
    faulty = {error.row for error in listed.errors}
    assert listed.total == len(listed.rows) + len(faulty)
    assert faulty.isdisjoint(row.row for row in listed.rows)
    assert all(error.message % error.values for error in listed.errors)


FRAGMENTS = [
    b'r="A0"',
    b'r="XFD1048576"',
    b't="s"',
    b't="d"',
    b's="99999"',
    b"<v>99999999999</v>",
    b"<v/>",
    b"<c/>",
    b'<row r="1048576"/>',
    b"<is><t>x</t></is>",
    b"&#0;",
    b"&b;",
    b"_xD800_",
    b"<![CDATA[",
    b"<!--",
]


@settings(deadline=None)
@given(data=st.data())
def test_damaged_workbook_is_read_or_refused(data):
    content = parts()
    name = data.draw(st.sampled_from(sorted(content)))
    at = data.draw(st.integers(0, len(content[name])))
    length = data.draw(st.integers(0, 40))
    new = data.draw(st.one_of(st.binary(max_size=8), st.sampled_from(FRAGMENTS)))
    damaged = content[name][:at] + new + content[name][at + length :]
    with suppress(UnreadableList):
        assert check(zipped(content | {name: damaged})).total > 0


def test_limits_hold_for_the_real_lists():
    for path in sorted(DATA.glob("*.xlsx")):
        assert len(list(spreadsheets.sheets(path.read_bytes()))) == 1
