"""The list of payments as a spreadsheet: a line for each awardee, and the sums by kind."""

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from awards import number_words, sheets
from awards.bonuses import lists
from awards.bonuses.lists import Line, PaymentList
from awards.bonuses.reckoning import NOUNS
from awards.sheets import Cell, Column, Table

_WHOLE = 100
_LINES = (
    Column("STT", lambda line: line.place, 6),
    Column("Đối tượng", lambda line: NOUNS[line.kind].capitalize(), 14),
    Column("Tên", lambda line: line.name, 40),
    Column("Chức vụ", lambda line: line.position, 30),
    Column("Đơn vị", lambda line: line.unit, 40),
    Column("Hệ số", lambda line: line.hundredths / _WHOLE, 8),
    Column("Mức lương cơ sở (đồng)", lambda line: line.base, 16),
    Column("Tiền thưởng (đồng)", lambda line: line.amount, 16),
    Column("Phải thu hồi (đồng)", lambda line: line.to_recover or None, 16),
    Column("Còn phải chi (đồng)", lambda line: line.to_pay, 16),
    Column("Hủy bỏ theo", lambda line: line.revoked_by, 20),
)
_SUMS = (
    Column("Đối tượng", lambda sums: sums.name, 20),
    Column("Số lượng", lambda sums: len(sums.lines), 12),
    Column("Tiền thưởng (đồng)", lambda sums: lists.granted(sums.lines), 18),
    Column("Phải thu hồi (đồng)", lambda sums: lists.to_recover(sums.lines), 18),
    Column("Còn phải chi (đồng)", lambda sums: lists.to_pay(sums.lines), 18),
    Column("Bằng chữ", lambda sums: number_words.dong(lists.to_pay(sums.lines)), 60),
)


@dataclass(frozen=True, slots=True)
class _Sums:
    name: str
    lines: list[Line]


def write(target: BinaryIO, found: PaymentList, *, now: datetime) -> int:
    """Write the workbook; gives how many rows it has."""
    sums = [_Sums(NOUNS[kind].capitalize(), lines) for kind, lines in found.groups()]
    sums.append(_Sums("Tổng cộng", list(found.lines)))
    decision, terms = found.decision, found.terms
    about: dict[str, Cell] = {
        "Danh sách": "Danh sách chi thưởng",
        "Kèm theo": str(decision.content["award"]),
        "Quyết định số": decision.symbol,
        "Ngày quyết định": decision.issued_on,
        "Mức lương cơ sở": terms.base,
        "Căn cứ": terms.basis,
        "Làm tròn lên hàng": terms.rounds_up_to,
        "Nguồn chi": terms.fund,
        "Lập lúc": now,
    }
    tables = [Table("Chi thưởng", _LINES, found.lines), Table("Tổng hợp", _SUMS, sums)]
    return sheets.write(target, tables, about)
