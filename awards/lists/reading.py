"""Reading the list of nominees a unit uploads: what is right, and what is wrong where."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TypeAlias

from awards.lists import unreadable
from awards.lists.layout import (
    HEADER_WITHIN_ROWS,
    Layout,
    ListedRow,
    find_layout,
    listed_rows,
)
from awards.lists.rows import Catalogue, CellError, NomineeRow, RowChecker
from awards.lists.spreadsheets import Sheet, sheets
from awards.lists.texts import fold

MAX_ROWS = 5_000
ROWS_PER_REPORT = 100

Allowed: TypeAlias = Callable[[str], bool] | frozenset[str] | None
Progress: TypeAlias = Callable[[int, int], None]


@dataclass(frozen=True)
class NomineeList:
    """What was read: the sheet's name, its faultless rows, its errors by row and column.

    `total` counts the nominees' rows, those with errors included.
    """

    sheet: str
    rows: tuple[NomineeRow, ...]
    errors: tuple[CellError, ...]
    total: int


def read(
    content: bytes,
    *,
    catalogue: Catalogue,
    may_import_for: Allowed,
    today: date,
    progress: Progress | None = None,
) -> NomineeList:
    """Read and check an uploaded .xlsx for the person who will confirm the import.

    The first visible sheet with a header row is taken; `awards.lists.layout` says which
    rows count. `may_import_for` knows the unit codes the person may import for; None means
    any unit. `progress` is told the rows checked and the rows in all, every 100 rows and at
    the end. Raises `UnreadableList` when the file as a whole is of no use.
    """
    sheet, layout = _find_list(content)
    listed = _listed(sheet, layout, catalogue)
    checker = RowChecker(
        catalogue, layout, may_import_for=_predicate(may_import_for), today=today
    )
    rows = []
    for done, row in enumerate(listed, 1):
        if nominee := checker.check(row):
            rows.append(nominee)
        if progress and (done % ROWS_PER_REPORT == 0 or done == len(listed)):
            progress(done, len(listed))
    errors = sorted(checker.errors, key=_by_place)
    return NomineeList(sheet.name, tuple(rows), tuple(errors), len(listed))


def _find_list(content: bytes) -> tuple[Sheet, Layout]:
    nearest: Layout | None = None
    is_blank = True
    for sheet in sheets(content):
        is_blank = is_blank and not sheet.rows
        layout = find_layout(sheet.rows)
        if layout and not layout.missing:
            return sheet, layout
        nearest = nearest or layout
    if nearest:
        raise unreadable.missing_columns(nearest.missing, row=nearest.row)
    raise unreadable.no_content() if is_blank else unreadable.no_header(HEADER_WITHIN_ROWS)


def _listed(sheet: Sheet, layout: Layout, catalogue: Catalogue) -> list[ListedRow]:
    headings = {fold(name) for name in (*catalogue.kinds, *catalogue.units)}
    found = listed_rows(sheet.rows, layout, headings=headings)
    listed = list(islice(found, MAX_ROWS + 1))
    if not listed:
        raise unreadable.no_nominees()
    if len(listed) > MAX_ROWS:
        raise unreadable.too_many_nominees(MAX_ROWS)
    return listed


def _predicate(allowed: Allowed) -> Callable[[str], bool]:
    if allowed is None:
        return lambda _unit_code: True
    return allowed.__contains__ if isinstance(allowed, frozenset) else allowed


def _by_place(error: CellError) -> tuple[int, int, str]:
    return error.row, len(error.column_letter), error.column_letter
