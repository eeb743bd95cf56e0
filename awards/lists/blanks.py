"""An empty roster to fill in: the columns, and what may stand in them, as lists to choose from."""

import io
from collections.abc import Sequence

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from awards.lists.rosters import MAX_ROWS, PEOPLE, UNITS, Column
from awards.names import ROLES, UNIT_KINDS

UNIT_SHEET = (*UNITS, Column.BLOCK, Column.SINCE)
PEOPLE_SHEET = (
    *PEOPLE,
    Column.UNIT_CODE,
    Column.BLOCK,
    Column.PLACE,
    Column.HONORIFIC,
    Column.SINCE,
)
_LISTS = "Danh mục"
_WIDTH = 24  # characters


def roster(blocks: Sequence[str]) -> bytes:
    """A spreadsheet with a sheet for units and one for people. `blocks` are codes of Khối."""
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        sheets = {"Đơn vị": UNIT_SHEET, "Người dùng": PEOPLE_SHEET}
        made = {name: book.add_worksheet(name) for name in sheets}
        lists = {
            Column.UNIT_KIND: list(UNIT_KINDS.values()),
            Column.ROLE: list(ROLES.values()),
            Column.BLOCK: list(blocks),
        }
        sources = _write_lists(book, lists)
        for name, columns in sheets.items():
            _write_sheet(book, made[name], columns, sources)
    return content.getvalue()


def _write_lists(book: Workbook, lists: dict[Column, list[str]]) -> dict[Column, str]:
    """A sheet of what may be chosen; gives where each list stands."""
    sheet, sources = book.add_worksheet(_LISTS), {}
    sheet.set_column(0, len(lists) - 1, _WIDTH * 1.5)
    for place, (column, values) in enumerate(lists.items()):
        sheet.write_string(0, place, column.value, book.add_format({"bold": True}))
        sheet.write_column(1, place, values)
        if values:
            letter = chr(ord("A") + place)
            sources[column] = f"='{_LISTS}'!${letter}$2:${letter}${len(values) + 1}"
    return sources


def _write_sheet(
    book: Workbook, sheet: Worksheet, columns: Sequence[Column], sources: dict[Column, str]
) -> None:
    head = book.add_format({"bold": True, "bottom": 1})
    text = book.add_format({"num_format": "@"})  # a code like 01 stays as it was typed
    sheet.set_column(0, len(columns) - 1, _WIDTH, text)
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.value, head)
        if column in sources:
            choice = {"validate": "list", "source": sources[column]}
            sheet.data_validation(1, place, MAX_ROWS, place, choice)
