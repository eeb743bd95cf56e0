"""Spreadsheets to hand out: texts that stay texts, dates and numbers one can reckon with.

Rows go to the disk as they come, so that a long list takes no more memory than a short one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO, TypeAlias

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from workflows import calendar

Cell: TypeAlias = str | int | float | date | datetime | None
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_TEXT = 32_000  # a cell holds 32,767
WIDE = 40  # from here on lines are broken within the cell
_FIRST_YEAR = 1901  # spreadsheets reckon from 1900, which they take for a leap year
_OPTIONS: dict[str, object] = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
Progress: TypeAlias = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what it shows of a row, and its width in characters.

    To mask what not everybody may see in full, let `shows` give it masked.
    """

    title: str
    shows: Callable[[Any], Cell]
    width: int = 16


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: headings that stay in sight and filter, and a line for each row."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Any]


def write(
    target: BinaryIO,
    tables: Sequence[Table],
    about: Mapping[str, Cell],
    progress: Progress | None = None,
) -> int:
    """Write a workbook of these tables and a last sheet that says what it is.

    Gives the number of rows; tells `progress` after each how many there are by then.
    """
    done = 0
    with xlsxwriter.Workbook(target, _OPTIONS) as book:
        formats = _formats(book)
        for table in tables:
            done = _write_table(_Page(book, table.name, formats), table, done, progress)
        _write_about(_Page(book, "Thông tin", formats), {**about, "Số dòng": done})
    return done


class _Page:
    """A worksheet, written from the top down."""

    def __init__(self, book: Workbook, name: str, formats: dict[str, Format]) -> None:
        self.sheet = book.add_worksheet(name)
        self._formats = formats
        self._plain = book.add_format()

    def put(self, row: int, column: int, cell: Cell, style: str = "text") -> None:
        match cell:
            case None | "":
                return
            case datetime():
                moment = cell.astimezone(calendar.VIETNAM).replace(tzinfo=None)
                self._put_date(row, column, moment, "moment")
            case date():
                self._put_date(row, column, cell, "date")
            case int():
                self.sheet.write_number(row, column, cell, self._formats["number"])
            case float():
                self.sheet.write_number(row, column, cell, self._formats["decimal"])
            case _:
                self._put_text(row, column, str(cell)[:MAX_TEXT], self._formats[style])

    def _put_date(self, row: int, column: int, value: date, style: str) -> None:
        if value.year < _FIRST_YEAR:
            self.put(row, column, f"{value:%d/%m}/{value.year}")
            return
        self.sheet.write_datetime(row, column, value, self._formats[style])

    def _put_text(self, row: int, column: int, text: str, style: Format) -> None:
        """A string, whatever it looks like: never a formula, a link or a number."""
        if text.startswith("<r>") and text.endswith(
            "</r>"
        ):  # taken for markup, not escaped
            pieces = (text[:1], self._plain, text[1:], style)
            self.sheet.write_rich_string(row, column, *pieces)
        else:
            self.sheet.write_string(row, column, text, style)


def _write_table(page: _Page, table: Table, done: int, progress: Progress | None) -> int:
    sheet, last = page.sheet, len(table.columns) - 1
    for number, column in enumerate(table.columns):
        sheet.set_column(number, number, column.width)
        page.put(0, number, column.title, "head")
    line = 0
    for line, row in enumerate(table.rows, start=1):
        for number, column in enumerate(table.columns):
            style = "text" if column.width < WIDE else "lines"
            page.put(line, number, column.shows(row), style)
        if progress is not None:
            progress(done + line)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, line, last)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    return done + line


def _write_about(page: _Page, about: Mapping[str, Cell]) -> None:
    page.sheet.set_column(0, 0, 24)
    page.sheet.set_column(1, 1, 64)
    for row, (label, cell) in enumerate(about.items()):
        page.put(row, 0, label, "label")
        page.put(row, 1, cell, "lines")


def _formats(book: Workbook) -> dict[str, Format]:
    cell = {"valign": "top", "font_name": "Times New Roman", "font_size": 12}
    head = cell | {"bold": True, "text_wrap": True, "bg_color": "#E8ECF2", "bottom": 1}
    looks = {
        "text": cell,
        "lines": cell | {"text_wrap": True},
        "label": cell | {"bold": True},
        "head": head | {"valign": "vcenter"},
        "number": cell | {"num_format": "#,##0"},
        "decimal": cell | {"num_format": "#,##0.0##"},
        "date": cell | {"num_format": "dd/mm/yyyy", "align": "left"},
        "moment": cell | {"num_format": "dd/mm/yyyy hh:mm", "align": "left"},
    }
    return {name: book.add_format(look) for name, look in looks.items()}
