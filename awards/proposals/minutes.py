"""The minutes (biên bản) of the Khối's meeting: who was there, and the result of every nominee.

Nghị định 30/2020, Phụ lục III, mẫu 1.9. What was not recorded is left blank, to be written in.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from awards import papers
from awards.proposals import meetings
from awards.proposals.gathering import KINDS
from awards.proposals.papers import NOUNS, OUTCOMES, counts, issuer, printed_name
from awards.templates import common
from awards.templates.registry import PaperKind, register
from models.awards import Outcome
from models.organisation import Unit
from models.proposals import BlockMeeting, Proposal, ProposalEntry
from workflows.words import N_

_BLANK = "…………………………"
_SHORT_BLANK = "………"
_RESULTS = ["STT", "Tên, đơn vị", "Điểm", "Số phiếu", "Kết quả"]
_MEMBERS = ["STT", "Đơn vị thành viên", "Người dự họp"]
_LEFT_OUT = ["STT", "Tên, đơn vị", "Kết quả", "Lý do"]


def words(session: Session, proposal: Proposal) -> dict[str, Any]:
    """The words of the minutes of a Khối's proposal, draft or signed."""
    office = issuer(proposal)
    meeting = meetings.of(session, proposal)
    members = meetings.members(session, proposal)
    chosen = [entry for entry in proposal.entries if entry.outcome == Outcome.APPROVE]
    others = [entry for entry in proposal.entries if entry.outcome != Outcome.APPROVE]
    awards = sorted({entry.nomination.award.name for entry in proposal.entries})
    return {
        "parent": office.parent,
        "lines": list(office.lines),
        "number_line": papers.number_line(None, f"BB-{office.symbol}"),
        "date_line": "",
        "date": None,
        "authority": office.name,
        "subject": f"Họp xét, đề nghị tặng {', '.join(awards)}",
        "held": _held(meeting),
        "ended": _ended(meeting),
        "people": _people(meeting, len(members)),
        "members": _table(_MEMBERS, _attendance(meeting, members)),
        "content": [
            (
                f"Cuộc họp xét {len(proposal.entries):02} trường hợp do các đơn vị đề nghị trong "
                f"phong trào thi đua {proposal.movement.name}."
            ),
            ("Sau khi nghe báo cáo, thảo luận, chấm điểm và bỏ phiếu, kết quả như sau:"),
        ],
        "groups": _groups(proposal.entries),
        "left_out": _table(_LEFT_OUT, _reasons(others)) if others else None,
        "conclusion": (
            f"Khối thống nhất đề nghị khen thưởng "
            f"{counts(entry.nomination for entry in chosen) or 'không trường hợp nào'}."
        ),
        "signers": [
            {"titles": ["THƯ KÝ"], "name": meeting.secretary if meeting else ""},
            {"titles": ["CHỦ TRÌ"], "name": meeting.chair if meeting else ""},
        ],
        "recipients": papers.closed(
            ["Các đơn vị trong Khối", "Sở Nội vụ", "Lưu: Hồ sơ"], between=";", last="."
        ),
    }


def _held(meeting: BlockMeeting | None) -> list[str]:
    if meeting is None:
        return [
            f"Thời gian bắt đầu: {_SHORT_BLANK}, {papers.day_words(None)}",
            f"Địa điểm: {_BLANK}",
        ]
    day: date = meeting.held_on
    return [
        f"Thời gian bắt đầu: {meeting.began or _SHORT_BLANK}, {papers.day_words(day)}",
        f"Địa điểm: {meeting.place}",
    ]


def _ended(meeting: BlockMeeting | None) -> str:
    return (
        f"Cuộc họp kết thúc vào {meeting.ended if meeting and meeting.ended else _SHORT_BLANK}, "
        f"{papers.day_words(meeting.held_on if meeting else None)}."
    )


def _people(meeting: BlockMeeting | None, members: int) -> list[str]:
    came = f"{len(meeting.present):02}" if meeting else _SHORT_BLANK
    return [
        f"Chủ trì: {meeting.chair if meeting else _BLANK}",
        f"Thư ký: {meeting.secretary if meeting else _BLANK}",
        f"Thành phần tham dự: {came}/{members:02} đơn vị thành viên của Khối",
    ]


def _attendance(meeting: BlockMeeting | None, members: Sequence[Unit]) -> list[list[str]]:
    def came(unit: Unit) -> str:
        return str(meeting.present.get(str(unit.id), "Vắng mặt")) if meeting else _BLANK

    return [[str(n), unit.name, came(unit)] for n, unit in enumerate(members, start=1)]


def _groups(entries: Sequence[ProposalEntry]) -> list[dict[str, Any]]:
    found = []
    numerals = iter(("a", "b", "c"))
    for kind in KINDS:
        rows = [e for e in entries if e.nomination.nominee.kind == kind]
        if rows:
            heading = f"{next(numerals)}) {NOUNS[kind].capitalize()} ({len(rows):02})"
            found.append(
                _table(_RESULTS, [_row(n, e) for n, e in enumerate(rows, start=1)], heading)
            )
    return found


def _row(number: int, entry: ProposalEntry) -> list[str]:
    values = entry.values
    score, votes, total = (values.get(k) for k in ("score", "votes_for", "votes_total"))
    return [
        str(number),
        f"{printed_name(entry.nomination.nominee)}, {entry.nomination.unit.name}",
        "" if score is None else str(score),
        "" if votes is None or total is None else f"{votes}/{total}",
        "Suy tôn" if entry.outcome == Outcome.APPROVE else OUTCOMES[entry.outcome],
    ]


def _reasons(entries: Sequence[ProposalEntry]) -> list[list[str]]:
    return [
        [
            str(n),
            f"{printed_name(entry.nomination.nominee)}, {entry.nomination.unit.name}",
            OUTCOMES[entry.outcome],
            entry.reason,
        ]
        for n, entry in enumerate(entries, start=1)
    ]


def _table(columns: list[str], rows: list[list[str]], heading: str = "") -> dict[str, Any]:
    return {"heading": heading, "columns": columns, "rows": rows}


def _sample() -> dict[str, Any]:
    names = [f"Bà Nguyễn Thị Hường {n}, Sở Tư pháp" for n in range(1, 19)]
    results = [[str(n), name, "92", "5/5", "Suy tôn"] for n, name in enumerate(names, 1)]
    return {
        "parent": "ỦY BAN NHÂN DÂN TỈNH HƯNG YÊN",
        "lines": ["KHỐI THI ĐUA CÁC SỞ, NGÀNH SỐ 1"],
        "number_line": papers.number_line(None, "BB-K01"),
        "date_line": "",
        "date": None,
        "authority": "Khối thi đua các sở, ngành số 1",
        "subject": "Họp xét, đề nghị tặng Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh",
        "held": [
            "Thời gian bắt đầu: 8 giờ 00, ngày 05 tháng 02 năm 2026",
            "Địa điểm: Phòng họp Sở Tư pháp",
        ],
        "ended": "Cuộc họp kết thúc vào 10 giờ 30, ngày 05 tháng 02 năm 2026.",
        "people": [
            "Chủ trì: Ông Đỗ Tiến Sỹ",
            "Thư ký: Bà Lê Thị Lan",
            "Thành phần tham dự: 02/03 đơn vị thành viên của Khối",
        ],
        "members": _table(
            _MEMBERS,
            [
                ["1", "Sở Tư pháp", "Ông Đỗ Tiến Sỹ"],
                ["2", "Sở Y tế", "Bà Phạm Thị Hoa"],
                ["3", "Sở Tài chính", "Vắng mặt"],
            ],
        ),
        "content": [
            "Cuộc họp xét 19 trường hợp do các đơn vị đề nghị trong phong trào thi đua mẫu.",
            "Sau khi thảo luận, chấm điểm và bỏ phiếu, kết quả như sau:",
        ],
        "groups": [_table(_RESULTS, results, "a) Cá nhân (18)")],
        "left_out": _table(
            _LEFT_OUT,
            [["1", "Ông Bùi Văn Thẵng, Sở Y tế", "Không suy tôn", "Thiếu minh chứng."]],
        ),
        "conclusion": "Khối thống nhất đề nghị khen thưởng 18 cá nhân.",
        "signers": [
            {"titles": ["THƯ KÝ"], "name": "Lê Thị Lan"},
            {"titles": ["CHỦ TRÌ"], "name": "Đỗ Tiến Sỹ"},
        ],
        "recipients": ["Các đơn vị trong Khối;", "Sở Nội vụ;", "Lưu: Hồ sơ."],
    }


MINUTES = register(
    PaperKind(
        key="block_minutes",
        name=N_("Biên bản xét chọn của Khối"),
        file="minutes",
        words={
            **common.HEAD,
            "held": N_("Thời gian bắt đầu và địa điểm họp, từng dòng"),
            "ended": N_("Thời gian kết thúc"),
            "people": N_("Chủ trì, thư ký, thành phần tham dự, từng dòng"),
            "members": N_("Bảng thành viên: ai dự, ai vắng"),
            "content": N_("Nội dung, từng đoạn"),
            **common.GROUPS,
            "left_out": N_(
                "Bảng những trường hợp không được chọn, kèm lý do; rỗng nếu không có"
            ),
            "conclusion": N_("Kết luận"),
            "signers": N_("Những người ký cạnh nhau: titles (từng dòng) và name"),
            "recipients": common.SIGNATURE["recipients"],
        },
        sample=_sample,
    )
)
