"""The appraisal sheet (phiếu thẩm định) of a nomination, from what the specialist has found."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from awards import papers, signatures
from awards.province import HUNG_YEN
from awards.templates import common
from awards.templates.registry import PaperKind, register
from models.awards import Criterion, Nomination, Outcome
from models.organisation import Person
from models.proposals import Proposal, ProposalEntry, ProposalKind
from models.tasks import Submission
from workflows import calendar, submissions
from workflows.words import N_

_COLUMNS = ["STT", "Tiêu chí", "Tối đa", "Tự chấm", "Thẩm định", "Đánh giá", "Ghi chú"]
_VERDICTS = {"met": "Đạt", "not_met": "Không đạt"}
_PROPOSALS = {
    Outcome.APPROVE: "Đề nghị khen thưởng",
    Outcome.RETURN: "Trả lại để bổ sung",
    Outcome.REFUSE: "Đề nghị không khen thưởng",
}
_BLANK = "Đề nghị: …………………………"
APPRAISED, STATED, VOTED, APPROVED = (
    "appraise",
    "prepare_nomination",
    "review_by_block",
    "approve_by_department",
)


def words(session: Session, nomination: Nomination) -> dict[str, Any]:
    """The words of the sheet, from the last appraisal; blank before there is one."""
    found = _latest(session, nomination)
    appraisal = found.get(APPRAISED)
    content = _content(found, APPRAISED)
    day = calendar.today(appraisal.submitted_at) if appraisal else None
    department = signatures.department()
    approval = found.get(APPROVED)
    return {
        "parent": department.parent,
        "lines": list(department.lines),
        "number_line": "",
        "date_line": papers.date_line(HUNG_YEN.place, day),
        "date": day and {"year": day.year, "month": day.month, "day": day.day},
        "authority": department.name,
        "subject": f"Hồ sơ đề nghị tặng {nomination.award.name}",
        "facts": _facts(session, nomination, found),
        "findings": _findings(nomination, content, _content(found, STATED)),
        "opinion": str(content.get("opinion") or ""),
        "proposal": _proposal(content),
        "signers": [
            {"titles": ["NGƯỜI THẨM ĐỊNH"], "name": _person(session, appraisal)},
            {
                "titles": ["Ý KIẾN CỦA LÃNH ĐẠO SỞ"],
                "name": _person(session, approval)
                if _is_newer(approval, appraisal)
                else "",
            },
        ],
    }


def _latest(session: Session, nomination: Nomination) -> dict[str, Submission]:
    return {row.element_id: row for row in submissions.of(session, nomination.instance_id)}


def _content(found: Mapping[str, Submission], step: str) -> Mapping[str, object]:
    return found[step].content if step in found else {}


def _facts(
    session: Session, nomination: Nomination, found: Mapping[str, Submission]
) -> list[list[str]]:
    nominee, received = nomination.nominee, nomination.received_on
    vote = _content(found, VOTED)
    facts = [
        ("Mã hồ sơ", nomination.code),
        ("Đối tượng", f"{nominee.honorific} {nominee.name}".strip()),
        ("Chức vụ", nominee.position),
        ("Đơn vị đề nghị", nomination.unit.name),
        ("Phong trào thi đua", nomination.movement.name),
        ("Hình thức khen thưởng", nomination.award.name),
        ("Ngày tiếp nhận", f"{received:%d/%m/%Y}" if received else ""),
        ("Tờ trình", "; ".join(_proposals(session, nomination))),
        ("Kết quả bình xét của Khối", _vote(vote)),
    ]
    return [[name, text] for name, text in facts if text]


def _proposals(session: Session, nomination: Nomination) -> list[str]:
    query = (
        select(Proposal)
        .join(ProposalEntry, ProposalEntry.proposal_id == Proposal.id)
        .where(
            ProposalEntry.nomination_id == nomination.id, Proposal.signed_at.is_not(None)
        )
        .where(Proposal.kind != ProposalKind.DEPARTMENT)  # that one follows the appraisal
        .order_by(Proposal.signed_at)
    )
    return [f"{one.symbol} ngày {one.signed_on:%d/%m/%Y}" for one in session.scalars(query)]


def _vote(content: Mapping[str, object]) -> str:
    if content.get("votes_total") is None:
        return ""
    return f"{content.get('score')} điểm; {content.get('votes_for')}/{content['votes_total']} phiếu"


def _findings(
    nomination: Nomination,
    appraised: Mapping[str, object],
    stated: Mapping[str, object],
) -> dict[str, Any]:
    lines = [
        line
        for line in nomination.movement.criteria
        if line.nominee_kind == nomination.nominee.kind
    ]
    rows = [_finding(n, line, appraised, stated) for n, line in enumerate(lines, start=1)]
    total = [
        str(sum(_points(content, prefix, line) for line in lines)) if content else ""
        for content, prefix in ((stated, "score__"), (appraised, "points__"))
    ]
    most = str(sum(line.max_points for line in lines))
    rows.append(["", "Tổng cộng", most, *total, "", ""])
    return {"heading": "", "columns": _COLUMNS, "rows": rows}


def _finding(
    number: int,
    line: Criterion,
    appraised: Mapping[str, object],
    stated: Mapping[str, object],
) -> list[str]:
    verdict = str(appraised.get(f"verdict__{line.code}") or "")
    return [
        str(number),
        line.name,
        str(line.max_points),
        _shown(stated.get(f"score__{line.code}")),
        _shown(appraised.get(f"points__{line.code}")),
        _VERDICTS.get(verdict, ""),
        str(appraised.get(f"note__{line.code}") or ""),
    ]


def _points(content: Mapping[str, object], prefix: str, line: Criterion) -> int:
    return int(str(content.get(f"{prefix}{line.code}") or 0))


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _proposal(content: Mapping[str, object]) -> str:
    if "outcome" not in content:
        return _BLANK
    said = _PROPOSALS[Outcome(str(content["outcome"]))]
    reason = str(content.get("reason") or "").strip().rstrip(".")
    return f"{said}. Lý do: {reason}." if reason else f"{said}."


def _is_newer(approval: Submission | None, appraisal: Submission | None) -> bool:
    return approval is not None and appraisal is not None and approval.id > appraisal.id


def _person(session: Session, submission: Submission | None) -> str:
    found = session.get(Person, submission.submitted_by) if submission else None
    return found.name if found else ""


def _sample() -> dict[str, Any]:
    names = ("Giải quyết hồ sơ đúng hạn", "Chỉ số hài lòng của công dân", "Sáng kiến")
    rows = [[str(n), name, "30", "29", "28", "Đạt", ""] for n, name in enumerate(names, 1)]
    return {
        **common.SAMPLE_DEPARTMENT,
        "number_line": "",
        "subject": "Hồ sơ đề nghị tặng Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh",
        "facts": [
            ["Mã hồ sơ", "HS-2026-00012"],
            ["Đối tượng", "Bà Nguyễn Thị Hường"],
            ["Chức vụ", "Phó Trưởng phòng Hành chính tư pháp"],
            ["Đơn vị đề nghị", "Sở Tư pháp"],
            ["Tờ trình", "05/TTr-STP ngày 20/01/2026"],
            ["Kết quả bình xét của Khối", "92 điểm; 5/5 phiếu"],
        ],
        "findings": {
            "heading": "",
            "columns": _COLUMNS,
            "rows": [*rows, ["", "Tổng cộng", "90", "87", "84", "", ""]],
        },
        "opinion": "Hồ sơ đúng đối tượng, số liệu khớp với báo cáo một cửa.",
        "proposal": "Đề nghị khen thưởng.",
        "signers": [
            {"titles": ["NGƯỜI THẨM ĐỊNH"], "name": "Trần Văn Tuấn"},
            {"titles": ["Ý KIẾN CỦA LÃNH ĐẠO SỞ"], "name": ""},
        ],
    }


APPRAISAL = register(
    PaperKind(
        key="appraisal",
        name=N_("Phiếu thẩm định"),
        file="appraisal",
        words={
            **common.HEAD,
            "facts": N_("Thông tin hồ sơ: từng cặp tên và nội dung"),
            "findings": N_("Bảng thẩm định theo tiêu chí"),
            "opinion": N_("Nhận xét thẩm định; có thể rỗng"),
            "proposal": N_("Đề xuất, kèm lý do"),
            "signers": N_("Những người ký cạnh nhau: titles (từng dòng) và name"),
        },
        sample=_sample,
    )
)
