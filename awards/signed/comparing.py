"""Whether a PDF is the paper it is said to be: the number and the date on its first page."""

import re
from datetime import date

from awards import text
from awards.errors import BadSignedPaper
from workflows.words import N_

_NUMBER = re.compile(r"Số\s*:\s*0*(\d{1,6})\s*/\s*([^\s,;]+)", re.IGNORECASE)
_DATE = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)


def matches(words: str, *, number: int, suffix: str, day: date) -> bool:
    """Whether the words carry this number and date; False where they carry none to compare.

    Nghị định 30/2020 has both in the head of the first page, before any other number or date.
    Raises BadSignedPaper when they are another paper's.
    """
    head = text.nfc(words)
    found, dated = _NUMBER.search(head), _DATE.search(head)
    if found and (int(found[1]), _bare(found[2])) != (number, _bare(suffix)):
        raise BadSignedPaper(
            N_("Tệp là văn bản số %(found)s, không phải số %(wanted)s."),
            found=f"{int(found[1]):02}/{found[2]}",
            wanted=f"{number:02}/{suffix}",
        )
    if dated and found and _day(dated) != (day.day, day.month, day.year):
        raise BadSignedPaper(
            N_("Tệp ghi ngày %(found)s, văn bản này ban hành ngày %(wanted)s."),
            found="/".join(dated.groups()),
            wanted=f"{day:%d/%m}/{day.year}",
        )
    return bool(found and dated)


def _bare(suffix: str) -> str:
    """Letters alone: readers of PDFs see hyphens of many kinds, and blanks where lines break."""
    return "".join(c for c in suffix.upper() if c.isalnum())


def _day(found: re.Match[str]) -> tuple[int, int, int]:
    day, month, year = (int(group) for group in found.groups())
    return day, month, year
