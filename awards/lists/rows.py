"""Checking the rows of a nominee list: from cells to nominees, or to errors per cell."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import TypeVar

from awards.lists import cells
from awards.lists.cells import BadCell, Terms
from awards.lists.layout import Column, Layout, ListedRow
from awards.lists.spreadsheets import Cell
from awards.lists.texts import fold
from models.awards import NomineeKind
from workflows.words import N_

T = TypeVar("T")


def _kinds() -> dict[str, str]:
    return {
        "Cá nhân": NomineeKind.INDIVIDUAL,
        "Tập thể": NomineeKind.COLLECTIVE,
        "Hộ gia đình": NomineeKind.HOUSEHOLD,
    }


@dataclass(frozen=True)
class Catalogue:
    """The names a list may use, as the tables write them, and the codes they stand for.

    The codes of `kinds` are those of `NomineeKind`. The units of `alone` are in no Khối, though
    the way of an award leads there.
    """

    awards: Mapping[str, str]
    units: Mapping[str, str]
    kinds: Mapping[str, str] = field(default_factory=_kinds)
    alone: frozenset[str] = frozenset()


@dataclass(frozen=True)
class NomineeRow:
    """One faultless row by the spreadsheet's own number; a text not given is ""."""

    row: int
    honorific: str
    name: str
    kind: NomineeKind
    birth_date: date | None
    position: str
    unit_code: str
    award_code: str
    category: str
    is_serving_public: bool
    achievements: str
    identity_number: str = ""


@dataclass(frozen=True)
class CellError:
    """A cell to put right, by the spreadsheet's own row number, column letter and title.

    `message` is a msgid; people see `gettext(message, **values)`.
    """

    row: int
    column_letter: str
    column_name: str
    message: str
    values: Mapping[str, str | int]


class RowChecker:
    """Checks one row after the other and remembers them, so as to name repeated nominees.

    `errors` grows with every check.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        layout: Layout,
        *,
        may_import_for: Callable[[str], bool],
        today: date,
    ) -> None:
        self.errors: list[CellError] = []
        self._layout = layout
        self._may_import_for = may_import_for
        self._today = today
        self._awards = Terms(catalogue.awards)
        self._units = Terms(catalogue.units)
        self._kinds = Terms(catalogue.kinds)
        self._alone = catalogue.alone
        self._first_rows: dict[Hashable, dict[str, int]] = {}

    def check(self, row: ListedRow) -> NomineeRow | None:
        """The nominee of a row, or None with every faulty cell added to `errors`."""
        before = len(self.errors)
        take = partial(self._take, row)
        kind = take(Column.KIND, self._kind, None)
        nominee = NomineeRow(
            row=row.number,
            honorific=take(Column.HONORIFIC, cells.short_text, ""),
            name=take(Column.NAME, cells.name, ""),
            kind=kind or NomineeKind.INDIVIDUAL,
            birth_date=take(Column.BIRTH_DATE, partial(self._birth_date, kind), None),
            position=take(Column.POSITION, cells.short_text, ""),
            unit_code=take(Column.UNIT, self._unit, ""),
            award_code=take(Column.AWARD, self._award, ""),
            category=take(Column.CATEGORY, cells.short_text, ""),
            is_serving_public=take(Column.SERVES_PUBLIC, cells.mark, otherwise=False),
            achievements=take(Column.ACHIEVEMENTS, cells.achievements, ""),
            identity_number=take(Column.IDENTITY, partial(self._identity, kind), ""),
        )
        take(Column.NAME, partial(self._only_once, nominee), None)
        return nominee if len(self.errors) == before else None

    def _take(
        self, row: ListedRow, column: Column, parse: Callable[[Cell], T], otherwise: T
    ) -> T:
        try:
            return parse(row.cells.get(column, ""))
        except BadCell as bad:
            letter, title = self._layout.letter(column), self._layout.titles[column]
            error = CellError(row.number, letter, title, bad.message, bad.values)
            self.errors.append(error)
            return otherwise

    def _kind(self, cell: Cell) -> NomineeKind | None:
        code = cells.code(
            cell,
            self._kinds,
            blank=N_("Chưa ghi phân loại: Cá nhân, Tập thể hoặc Hộ gia đình."),
            unknown=N_("“%(value)s” không phải là Cá nhân, Tập thể hoặc Hộ gia đình."),
            nearest=N_("Không có loại “%(value)s”. Có phải là “%(suggestion)s” không?"),
        )
        return NomineeKind(code)

    def _award(self, cell: Cell) -> str:
        return cells.code(
            cell,
            self._awards,
            blank=N_("Chưa ghi danh hiệu thi đua hoặc hình thức khen thưởng."),
            unknown=N_("Không có danh hiệu hoặc hình thức khen thưởng “%(value)s”."),
            nearest=N_(
                "Không có danh hiệu hoặc hình thức khen thưởng “%(value)s”. "
                "Có phải là “%(suggestion)s” không?"
            ),
        )

    def _unit(self, cell: Cell) -> str:
        code = cells.code(
            cell,
            self._units,
            blank=N_("Chưa ghi đơn vị công tác."),
            unknown=N_("Không có đơn vị “%(value)s” trong danh mục đơn vị."),
            nearest=N_(
                "Không có đơn vị “%(value)s” trong danh mục đơn vị. "
                "Có phải là “%(suggestion)s” không?"
            ),
        )
        if not self._may_import_for(code):
            raise BadCell(
                N_("Bạn không được nhập danh sách của đơn vị “%(value)s”."),
                value=cells.short_text(cell),
            )
        if code in self._alone:
            raise BadCell(
                N_(
                    "Đơn vị “%(value)s” chưa thuộc Khối thi đua nào. Nhờ quản trị xếp Khối."
                ),
                value=cells.short_text(cell),
            )
        return code

    def _birth_date(self, kind: NomineeKind | None, cell: Cell) -> date | None:
        born = cells.birth_date(cell, today=self._today)
        if born is None and kind is NomineeKind.INDIVIDUAL:
            raise BadCell(N_("Chưa ghi ngày sinh của cá nhân."))
        if born and kind is NomineeKind.COLLECTIVE:
            raise BadCell(
                N_("Tập thể không có ngày sinh. Xóa ngày này hoặc sửa lại phân loại.")
            )
        return born

    def _identity(self, kind: NomineeKind | None, cell: Cell) -> str:
        number = cells.identity(cell)
        if number and kind not in (NomineeKind.INDIVIDUAL, None):
            raise BadCell(
                N_("Chỉ cá nhân có số định danh. Xóa số này hoặc sửa lại phân loại.")
            )
        return number

    def _only_once(self, nominee: NomineeRow, _cell: Cell) -> None:
        """Two units may each have a “Bộ phận Một cửa”; a person has one date of birth.

        Two people of one name may be born on one day: their identity numbers tell them apart.
        """
        whose = nominee.birth_date or nominee.unit_code
        if not (nominee.name and nominee.award_code and whose):
            return
        key = (fold(nominee.name), nominee.award_code, whose)
        alike = self._first_rows.setdefault(key, {})
        same = [
            row
            for number, row in alike.items()
            if "" in (number, nominee.identity_number) or number == nominee.identity_number
        ]
        alike.setdefault(nominee.identity_number, nominee.row)
        if same:
            first = min(same)
            raise BadCell(
                N_("Trùng với dòng %(row)s: cùng tên, ngày sinh và khen thưởng."),
                row=first,
                value=nominee.name,
            )
