"""Certificates on paper: their words, which the templates of their kind put in place."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, TypeAlias

from awards import decisions, papers, signatures
from awards.bonuses.lists import awardee
from awards.certificates.book import Line
from awards.certificates.layouts import BLOCKS, PAGES, Layout
from awards.papers import Awardee
from awards.province import HUNG_YEN
from models.awards import NomineeKind
from models.papers import Decision

Texts: TypeAlias = dict[str, list[str]]
"""What stands in each block, line by line; a line may still be broken."""

_CHAIRMAN, _DEPUTY = "Chủ tịch", "Phó Chủ tịch"
SAMPLE: Texts = {
    "name": ["Bà NGUYỄN THỊ HƯỜNG"],
    "post": ["Phó Trưởng phòng Hành chính tư pháp, Sở Tư pháp"],
    "achievement": [
        (
            "Đã có thành tích xuất sắc trong phong trào thi đua “Cán bộ, công chức, viên chức "
            "thi đua thực hiện văn hóa công sở”"
        )
    ],
    "place_date": ["Hưng Yên, ngày 05 tháng 12 năm 2026"],
    "signer_titles": ["CHỦ TỊCH"],
    "signer_name": ["Họ và Tên"],
    "decision": ["Quyết định số 07/QĐ-CTUBND ngày 05 tháng 12 năm 2026"],
    "book": ["Số vào sổ: 0001/2026"],
}


def words(decision: Decision, found: Sequence[Line], layout: Layout) -> dict[str, Any]:
    """A page for each: only words, the blank has the rest."""
    page = _page(layout, f"Bằng kèm theo Quyết định số {decision.symbol}")
    return page | {"certificates": [texts(decision, line) for line in found]}


def test_words(layout: Layout) -> dict[str, Any]:
    """A sheet with a grid and every block's place, to be laid over the blank."""
    page = _page(layout, "Trang thử vị trí in bằng")
    return page | {"certificates": [SAMPLE], "labels": BLOCKS}


def texts(decision: Decision, line: Line) -> Texts:
    """What one certificate says."""
    who = awardee(line.standing.awardee)
    achievement = decisions.achievement(decision)
    return {
        "name": [_name(who)],
        "post": [_post(who)],
        "achievement": [f"{achievement[0].upper()}{achievement[1:]}"],
        "place_date": [papers.date_line(HUNG_YEN.place, decision.issued_on)],
        "signer_titles": signatures.titles(
            _DEPUTY if decision.signer_is_deputy else _CHAIRMAN,
            is_deputy=decision.signer_is_deputy,
        ),
        "signer_name": [decision.signer_name],
        "decision": [
            f"Quyết định số {decision.symbol} {papers.day_words(decision.issued_on)}"
        ],
        "book": [f"Số vào sổ: {line.number or 0:04}/{decision.year}"],
    }


def _page(layout: Layout, subject: str) -> dict[str, Any]:
    width, height = PAGES[layout.page]
    return {
        "subject": subject,
        "authority": HUNG_YEN.authority,
        "date": None,
        "width": width,
        "height": height,
        "shift": [layout.shift_x, layout.shift_y],
        "blocks": _blocks(layout),
        "labels": {},
    }


def _blocks(layout: Layout) -> Mapping[str, Mapping[str, int]]:
    return {name: asdict(block) for name, block in layout.blocks.items() if block.size}


def _name(who: Awardee) -> str:
    """The name itself in capitals: Bà NGUYỄN THỊ HƯỜNG."""
    before = papers.printed_name(who).removesuffix(who.name)
    return f"{before}{who.name.upper()}"


def _post(who: Awardee) -> str:
    position = who.position if who.kind == NomineeKind.INDIVIDUAL else ""
    return ", ".join(filter(None, [position, who.unit]))
