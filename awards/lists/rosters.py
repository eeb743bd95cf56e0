"""Rosters: where a spreadsheet of units, or of people with their posts, keeps things."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from awards.lists.spreadsheets import Cell, Sheet, sheets
from awards.lists.texts import fold, shown, tidy
from awards.lists.unreadable import UnreadableList
from workflows.words import N_

MAX_ROWS = 1_000
HEADER_WITHIN = 20  # rows


class Column(StrEnum):
    """A column of a roster; the value is its title."""

    UNIT_CODE = "Mã đơn vị"
    UNIT_NAME = "Tên đơn vị"
    UNIT_KIND = "Loại đơn vị"
    BLOCK = "Khối"
    SINCE = "Từ ngày"
    LOGIN = "Tên đăng nhập"
    NAME = "Họ và tên"
    HONORIFIC = "Danh xưng"
    ROLE = "Vai trò"
    TITLE = "Chức danh"
    PLACE = "Nơi làm việc"


UNITS = (Column.UNIT_CODE, Column.UNIT_NAME, Column.UNIT_KIND)
PEOPLE = (Column.LOGIN, Column.NAME, Column.ROLE, Column.TITLE)
_TITLES = {fold(column): column for column in Column}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet by its number, its cells as texts, days as ISO."""

    sheet: str
    number: int
    cells: Mapping[str, str]
    is_unit: bool

    def get(self, column: Column) -> str:
        return self.cells.get(column.value, "")


def read(content: bytes) -> list[Row]:
    """The rows of all sheets that have the columns of units or of people; units first.

    Raises UnreadableList.
    """
    found = list(sheets(content))
    rows = [row for sheet in found for row in _rows(sheet)]
    if not rows and any(_kind(_header(sheet.rows)[0]) for sheet in found):
        raise UnreadableList(N_("Bảng tính mới có tiêu đề, chưa có dòng nào."))
    if not rows:
        raise UnreadableList(
            N_("Không tìm thấy dòng tiêu đề có các cột: %(units)s; hoặc: %(people)s."),
            units=", ".join(UNITS),
            people=", ".join(PEOPLE),
        )
    if len(rows) > MAX_ROWS:
        raise UnreadableList(
            N_("Danh sách có hơn %(limit)s dòng. Chia danh sách thành nhiều tệp nhỏ hơn."),
            limit=MAX_ROWS,
        )
    return sorted(rows, key=lambda row: not row.is_unit)


def _rows(sheet: Sheet) -> Iterator[Row]:
    places, header = _header(sheet.rows)
    kind = _kind(places)
    if kind is None:
        return
    for number, cells in enumerate(sheet.rows[header:], header + 1):
        texts = {column.value: _text(cells[place]) for column, place in places.items()}
        if any(texts.values()):
            yield Row(sheet.name, number, texts, kind is UNITS)


def _kind(places: Mapping[Column, int]) -> tuple[Column, ...] | None:
    """Whether a sheet with these columns is one of units or of people; or of neither."""
    return next((kind for kind in (UNITS, PEOPLE) if set(kind) <= places.keys()), None)


def _header(rows: Sequence[Sequence[Cell]]) -> tuple[dict[Column, int], int]:
    """Where the columns stand, and the number of the row that says so."""
    best: dict[Column, int] = {}
    number = 0
    for n, row in enumerate(rows[:HEADER_WITHIN], 1):
        places: dict[Column, int] = {}
        for place, cell in enumerate(row):
            if column := _TITLES.get(fold(shown(cell))):
                places.setdefault(column, place)
        if len(places) > len(best):
            best, number = places, n
    return best, number


def _text(cell: Cell) -> str:
    return tidy(shown(cell)).replace("\n", " ")
