"""The list of payments on paper: its words, which the templates of its kind only set."""

from typing import Any

from awards import number_words, papers
from awards.bonuses import lists
from awards.bonuses.lists import Line, PaymentList
from awards.bonuses.reckoning import NOUNS
from awards.number_words import figures
from awards.province import HUNG_YEN
from models.awards import NomineeKind

_PROVINCE = "ỦY BAN NHÂN DÂN TỈNH HƯNG YÊN"
_NUMERALS = ("I", "II", "III")
_SIGNERS = ["Người lập biểu", "Kế toán", "Thủ trưởng đơn vị"]


def words(found: PaymentList) -> dict[str, Any]:
    """All that the paper says."""
    decision, terms = found.decision, found.terms
    due, back = lists.to_pay(found.lines), lists.to_recover(found.lines)
    return {
        "parent": _PROVINCE,
        "lines": [HUNG_YEN.department.upper()],
        "authority": HUNG_YEN.department,
        "subject": f"Danh sách chi thưởng kèm theo {decision.content['award']}",
        "date": None,
        "date_line": papers.date_line(HUNG_YEN.place, None),
        "title": f"Kèm theo {decision.content['award']}",
        "reference": (
            f"Theo Quyết định số {decision.symbol} {papers.day_words(decision.issued_on)} "
            f"của {HUNG_YEN.authority}"
        ),
        "rule": (
            f"Mức lương cơ sở vào ngày quyết định: {figures(terms.base)} đồng/tháng "
            f"({terms.basis}). {_rounding(terms.rounds_up_to)} Nguồn chi: {terms.fund}."
        ),
        "groups": [
            _group(numeral, kind, of_kind)
            for numeral, (kind, of_kind) in zip(_NUMERALS, found.groups(), strict=False)
        ],
        "total": figures(lists.granted(found.lines)),
        "total_in_words": number_words.dong(due),
        "recovered": figures(back) if back else "",
        "due": figures(due),
        "signers": [title.upper() for title in _SIGNERS],
    }


def _group(numeral: str, kind: NomineeKind, lines: list[Line]) -> dict[str, Any]:
    return {
        "heading": f"{numeral}. {NOUNS[kind].upper()} ({len(lines):02})",
        "rows": [_row(line) for line in lines],
        "total": figures(lists.granted(lines)),
    }


def _row(line: Line) -> dict[str, Any]:
    where = ", ".join(filter(None, [line.position, line.unit]))
    note = f"Hủy bỏ theo QĐ số {line.revoked_by}; thu hồi {figures(line.amount)} đồng"
    return {
        "cells": [
            str(line.place),
            line.name,
            where,
            number_words.multiple(line.hundredths),
            figures(line.base),
            figures(line.amount),
        ],
        "note": note if line.revoked_by else "",
    }


def _rounding(rounds_up_to: int) -> str:
    if rounds_up_to == 1:
        return "Tiền thưởng không làm tròn."
    return f"Tiền thưởng làm tròn lên hàng {figures(rounds_up_to)} đồng."
