"""What each cell of a nominee list may hold, and what to tell people when it does not."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from difflib import get_close_matches

from awards import identities
from awards.lists.spreadsheets import Cell
from awards.lists.texts import CONTROL, bare, fold, shown, tidy
from workflows.words import N_

MAX_SHORT_TEXT = 200  # names, positions
MAX_ACHIEVEMENTS = 20_000

_FIRST_YEAR = 1900
_DATE = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})", re.ASCII)
_MARKED = {"x", "\N{MULTIPLICATION SIGN}", "✓", "✔", "có", "true", "1"}
_UNMARKED = {"", "không", "false", "0"}
_QUOTED = 80
_CLOSE_ENOUGH = 0.8
_MAX_SUGGESTIONS = 100


class BadCell(Exception):
    """A cell that must be put right: a sentence (msgid) and the values it names."""

    def __init__(self, message: str, **values: str | int) -> None:
        super().__init__(message, values)
        self.message = message
        self.values = values


class Terms:
    """Known names and their codes, found whatever their case, blanks and Unicode form."""

    def __init__(self, codes: Mapping[str, str]) -> None:
        self.codes = {fold(name): code for name, code in codes.items()}
        self._names = {bare(name): name for name in codes}
        self._nearest: dict[str, str | None] = {}

    def nearest(self, text: str) -> str | None:
        """The known name most like `text`, if one is.

        Answers for the first 100 different texts only: each costs milliseconds.
        """
        sought = bare(text)
        if sought not in self._nearest:
            if len(self._nearest) >= _MAX_SUGGESTIONS or len(text) > MAX_SHORT_TEXT:
                return None
            close = get_close_matches(sought, self._names, n=1, cutoff=_CLOSE_ENOUGH)
            self._nearest[sought] = self._names[close[0]] if close else None
        return self._nearest[sought]


def achievements(cell: Cell) -> str:
    """A tidy text that keeps its lines, "" for a blank cell."""
    return _text(cell, MAX_ACHIEVEMENTS)


def short_text(cell: Cell) -> str:
    """A tidy text on one line, "" for a blank cell."""
    return _line(cell, MAX_SHORT_TEXT)


def name(cell: Cell) -> str:
    """The nominee's name, which every row must have."""
    if not (written := short_text(cell)):
        raise BadCell(N_("Chưa ghi tên tập thể, cá nhân hoặc hộ gia đình."))
    return written


def birth_date(cell: Cell, *, today: date) -> date | None:
    """A date written as day/month/year or held as an Excel date; None for a blank cell."""
    written = _line(cell)
    if not written:
        return None
    born = _date(cell, written)
    if born > today:
        raise BadCell(N_("Ngày sinh %(value)s ở sau hôm nay."), value=_quote(written))
    if born.year < _FIRST_YEAR:
        raise BadCell(N_("Ngày sinh %(value)s ở trước năm 1900."), value=_quote(written))
    return born


def identity(cell: Cell) -> str:
    """An identity number or a cadre code, "" for a blank cell. A wrong one is not repeated."""
    number = identities.tidy(_line(cell))
    if number and not identities.is_one(number):
        raise BadCell(
            N_(
                "Số định danh gồm 12 chữ số, hoặc là số hiệu cán bộ. "
                "Định dạng ô là văn bản để giữ số 0 ở đầu."
            )
        )
    return number


def code(cell: Cell, terms: Terms, *, blank: str, unknown: str, nearest: str) -> str:
    """The code of the name in a cell; the three sentences say what else may be there."""
    written = _line(cell)
    if not written:
        raise BadCell(blank)
    if found := terms.codes.get(fold(written)):
        return found
    if suggestion := terms.nearest(written):
        raise BadCell(nearest, value=_quote(written), suggestion=suggestion)
    raise BadCell(unknown, value=_quote(written))


def mark(cell: Cell) -> bool:
    """Whether a cell is ticked with an x."""
    written = _line(cell)
    if written.casefold() in _MARKED:
        return True
    if written.casefold() in _UNMARKED:
        return False
    raise BadCell(
        N_("“%(value)s” không rõ nghĩa. Ghi x nếu có, để trống nếu không."),
        value=_quote(written),
    )


def _date(cell: Cell, written: str) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if found := written_date(written):
        return found
    raise BadCell(
        N_(
            "“%(value)s” không phải là ngày có thật. "
            "Ghi theo dạng ngày/tháng/năm, ví dụ 15/10/1980."
        ),
        value=_quote(written),
    )


def written_date(written: str) -> date | None:
    """A day written as day/month/year, if there is such a day."""
    found = _DATE.fullmatch(written)
    try:
        return date(*map(int, found.group(3, 2, 1))) if found else None
    except ValueError:  # 31/02
        return None


def _quote(written: str) -> str:
    return written if len(written) <= _QUOTED else f"{written[:_QUOTED]}…"


def _line(cell: Cell, limit: int = MAX_ACHIEVEMENTS) -> str:
    return _text(cell, limit).replace("\n", " ")


def _text(cell: Cell, limit: int) -> str:
    written = shown(cell)
    if found := CONTROL.search(written):
        raise BadCell(
            N_("Ô này có ký tự ẩn không hợp lệ (mã %(code)s). Xóa ô rồi gõ lại."),
            code=f"U+{ord(found[0]):04X}",
        )
    kept = tidy(written)
    if len(kept) > limit:
        raise BadCell(
            N_("Dài %(length)s ký tự, nhiều nhất là %(limit)s. Viết ngắn lại."),
            length=len(kept),
            limit=limit,
        )
    return kept
