"""Where a nominee list keeps things: its header row, its columns, its nominees' rows."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from awards.lists.meter import column_letter
from awards.lists.spreadsheets import Cell
from awards.lists.texts import fold, shown, tidy

HEADER_WITHIN_ROWS = 50

_RECOGNISED_AT_LEAST = 3
_ENOUGH_IN_FOOTER = 4
_TITLE_AT_MOST = 200
_TITLES_WITHIN_COLUMNS = 200


class Column(StrEnum):
    """A column of the list; the value is its title in the province's form."""

    NUMBER = "STT"
    HONORIFIC = "Tên gọi"
    NAME = "Tên tập thể/cá nhân/hộ gia đình"
    BIRTH_DATE = "Ngày sinh"
    IDENTITY = "Số định danh cá nhân"
    POSITION = "Chức vụ"
    UNIT = "Đơn vị công tác"
    KIND = "Phân loại khen thưởng"
    AWARD = "Danh hiệu thi đua/Hình thức khen thưởng"
    CATEGORY = "Phân loại đối tượng"
    SERVES_PUBLIC = "Trực tiếp giải quyết công việc với tổ chức, công dân"
    ACHIEVEMENTS = "Tóm tắt thành tích"


REQUIRED = (Column.NAME, Column.BIRTH_DATE, Column.UNIT, Column.KIND, Column.AWARD)

_ALSO_CALLED = {
    Column.NUMBER: ("TT", "Số TT", "Số thứ tự"),
    Column.HONORIFIC: ("Danh xưng", "Ông/Bà"),
    Column.NAME: ("Họ và tên", "Họ tên", "Tên cá nhân/tập thể", "Tên tập thể/cá nhân"),
    Column.BIRTH_DATE: ("Ngày, tháng, năm sinh",),
    Column.IDENTITY: (
        "Số định danh",
        "Số CCCD",
        "CCCD",
        "Số căn cước",
        "Số căn cước công dân",
        "Số hiệu cán bộ",
    ),
    Column.POSITION: ("Chức vụ, chức danh", "Chức danh, chức vụ"),
    Column.UNIT: ("Đơn vị", "Cơ quan, đơn vị công tác", "Nơi công tác"),
    Column.AWARD: ("Danh hiệu thi đua", "Hình thức khen thưởng"),
    Column.CATEGORY: ("Đối tượng",),
    Column.SERVES_PUBLIC: ("Trực tiếp giải quyết công việc",),
    Column.ACHIEVEMENTS: ("Thành tích", "Tóm tắt thành tích đạt được"),
}
_TITLES = {
    fold(title): column for column, more in _ALSO_CALLED.items() for title in more
} | {fold(column): column for column in Column}
_SERVES_PUBLIC = fold("Trực tiếp giải quyết công việc")
_FOOTERS = tuple(
    f"{fold(start)} "
    for start in (
        "Tổng cộng",
        "Cộng",
        "Tổng số",
        "Danh sách này có",
        "Ấn định danh sách",
        "Thủ trưởng",
        "Người lập",
        "Đã ký",
        "Xác nhận của",
        "Nơi nhận",
        "TM",
        "KT",
        "TL",
        "TUQ",
    )
)
_IN_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_NUMBERED = re.compile(r"\d+\s*[.)]?")
_COLUMN_NUMBER = re.compile(r"[(\[]?\s*(\d{1,2}|[a-z])\s*[)\]]?", re.IGNORECASE)
_SECTION_NUMBER = re.compile(r"^([ivx]+|[a-h]|\d+) ")

Texts: TypeAlias = Mapping[Column, str]


@dataclass(frozen=True)
class Layout:
    """The header row (1-based) and where each recognised column stands (0-based)."""

    row: int
    places: Mapping[Column, int]
    titles: Mapping[Column, str]

    @property
    def missing(self) -> list[str]:
        """The titles of the required columns that the header row lacks."""
        return [column.value for column in REQUIRED if column not in self.places]

    def letter(self, column: Column) -> str:
        """The letter of a column that the header row has."""
        return column_letter(self.places[column] + 1)


@dataclass(frozen=True)
class ListedRow:
    """A nominee's row by its 1-based number, and the cells of its recognised columns."""

    number: int
    cells: Mapping[Column, Cell]


def find_layout(rows: Sequence[Sequence[Cell]]) -> Layout | None:
    """The row among the first 50 in which the most column titles are recognised.

    Titles are recognised in any order, whatever their case, line breaks, blanks, remarks in
    brackets and Unicode form; other columns are passed over, of two alike the first counts.
    """
    layouts = [_layout(number, row) for number, row in _counted(rows[:HEADER_WITHIN_ROWS])]
    best = max(layouts, key=lambda layout: len(layout.places), default=None)
    return best if best and len(best.places) >= _RECOGNISED_AT_LEAST else None


def listed_rows(
    rows: Sequence[Sequence[Cell]], layout: Layout, *, headings: Collection[str]
) -> Iterator[ListedRow]:
    """The rows below the header that hold a nominee, whole or not.

    A number in STT and anything beside it make a nominee's row, even without a name, and so
    do two filled cells without a number. From the first total or signature line on, a row
    without a number needs four. A lone name is a nominee unless it is a section heading:
    lettered (I, A), or one of `headings`, which are folded. The row of column numbers under
    the header and headers repeated page by page are passed over.
    """
    in_footer = False
    for number, row in _counted(rows, after=layout.row):
        cells = {column: row[place] for column, place in layout.places.items()}
        texts = {column: text for column in cells if (text := shown(cells[column]).strip())}
        in_footer = in_footer or _opens_footer(texts)
        if not _repeats_header(texts, layout, number) and _is_nominee(
            texts, headings, in_footer=in_footer
        ):
            yield ListedRow(number, cells)


def _counted(
    rows: Sequence[Sequence[Cell]], *, after: int = 0
) -> Iterator[tuple[int, Sequence[Cell]]]:
    return enumerate(rows[after:], after + 1)


def _layout(number: int, row: Sequence[Cell]) -> Layout:
    places: dict[Column, int] = {}
    for place, cell in enumerate(row[:_TITLES_WITHIN_COLUMNS]):
        if column := _recognise(cell):
            places.setdefault(column, place)
    return Layout(number, places, {c: _one_line(row[place]) for c, place in places.items()})


def _one_line(cell: Cell) -> str:
    return tidy(shown(cell)).replace("\n", " ")


def _recognise(cell: Cell) -> Column | None:
    if not isinstance(cell, str) or len(cell) > _TITLE_AT_MOST:
        return None
    title = fold(_IN_BRACKETS.sub(" ", cell))
    if title.startswith(_SERVES_PUBLIC):
        return Column.SERVES_PUBLIC
    return _TITLES.get(title)


def _repeats_header(texts: Texts, layout: Layout, number: int) -> bool:
    if number == layout.row + 1 and len(texts) >= _RECOGNISED_AT_LEAST:
        return all(map(_COLUMN_NUMBER.fullmatch, texts.values()))
    return _one_line(texts.get(Column.NAME, "")) == layout.titles.get(Column.NAME)


def _opens_footer(texts: Texts) -> bool:
    if _has_number(texts) or len(texts) >= _ENOUGH_IN_FOOTER:
        return False
    return any(
        f"{fold(text)} ".startswith(_FOOTERS)
        for column, text in texts.items()
        if column not in (Column.POSITION, Column.ACHIEVEMENTS)
    )


def _is_nominee(texts: Texts, headings: Collection[str], *, in_footer: bool) -> bool:
    filled = texts.keys() - {Column.NUMBER}
    if _has_number(texts):
        return bool(filled)
    if in_footer:
        return len(filled) >= _ENOUGH_IN_FOOTER
    if filled == {Column.NAME}:
        name = _SECTION_NUMBER.sub("", fold(texts[Column.NAME]))
        return Column.NUMBER not in texts and name not in headings
    return len(filled) > 1


def _has_number(texts: Texts) -> bool:
    return _NUMBERED.fullmatch(texts.get(Column.NUMBER, "")) is not None
