"""What the demo's people write into each step's form."""

from datetime import date

from awards.demo.catalogue import CRITERIA, DOSSIER
from awards.demo.stories import Journey
from models.awards import NomineeKind, Outcome
from workflows import calendar

_REASONS = {
    ("approve_by_unit", Outcome.RETURN): "Bổ sung số liệu hồ sơ đúng hạn của cả giai đoạn.",
    ("review_by_block", Outcome.RETURN): "Minh chứng khảo sát hài lòng chưa rõ nguồn.",
    (
        "review_by_block",
        Outcome.NOT_SELECTED,
    ): "Điểm Khối chấm thấp hơn mức suy tôn của Khối.",
    ("receive_by_department", Outcome.RETURN): "Đề nghị đơn vị bổ sung đúng hạn.",
    (
        "appraise",
        Outcome.REFUSE,
    ): "Sáng kiến nêu trong báo cáo đã dùng để khen thưởng năm 2024.",
    ("approve_by_department", Outcome.RETURN): "Làm rõ tỷ lệ hồ sơ đúng hạn năm 2025.",
    (
        "approve_by_department",
        Outcome.REFUSE,
    ): "Một sáng kiến chỉ làm căn cứ cho một lần khen.",
    (
        "decide_by_chairman",
        Outcome.RETURN,
    ): "Làm rõ ý kiến của đơn vị về phản ánh năm 2025.",
    ("decide_by_chairman", Outcome.REFUSE): "Đang xác minh một phản ánh của công dân.",
}
_WITHDRAWN = "Đơn vị chuyển sang đề nghị vào đợt tổng kết sau."
_ACHIEVEMENTS = (
    "Giải quyết đúng hạn {share} hồ sơ trong giai đoạn 2019 - 2025; chỉ số hài lòng của công dân "
    "{mark}. Thực hiện nghiêm quy chế văn hóa công sở, giao tiếp chuẩn mực, không có phản ánh "
    "đúng về thái độ phục vụ.\nĐề xuất bảng hướng dẫn hồ sơ bằng mã QR tại nơi tiếp nhận, rút "
    "ngắn thời gian chờ trung bình từ 25 phút xuống còn 11 phút."
)
Content = dict[str, object]


def content(
    journey: Journey, element_id: str, outcome: str, *, turn: int, day: date
) -> Content:
    """What was entered. `turn` counts the visits to the step: later ones say more."""
    reason = _WITHDRAWN if outcome == Outcome.WITHDRAW else ""
    said: Content = {"outcome": outcome, "reason": reason}
    if found := _REASONS.get((element_id, Outcome(outcome))):
        said["reason"] = found
    maker = _MAKERS.get(element_id)
    return said | (maker(journey, outcome, turn, day) if maker else {})


def _prepare(journey: Journey, outcome: str, turn: int, day: date) -> Content:
    del outcome, day
    lines = CRITERIA[journey.kind]
    year = 1970 + journey.number % 28
    is_person = journey.kind == NomineeKind.INDIVIDUAL
    return {
        "nominee_kind": journey.kind.value,
        "nominee_name": journey.name,
        "honorific": journey.honorific,
        "birth_date": f"{year}-0{1 + journey.number % 9}-15" if is_person else None,
        "position": journey.position,
        "is_serving_public": journey.number % 3 != 0,
        "is_leader": "Trưởng phòng" in journey.position,
        "achievements": _achievements(journey, turn),
        **{
            f"score__{code}": _score(journey, n, points)
            for n, (code, points, *_) in enumerate(lines)
        },
        **{f"evidence__{line[0]}": _evidence(line[4], turn) for line in lines},
    }


def _achievements(journey: Journey, turn: int) -> str:
    share = f"97,{journey.number % 10}%" if turn else "hầu hết"
    return _ACHIEVEMENTS.format(share=share, mark=f"{90 + journey.number % 10}%")


def _evidence(source: str, turn: int) -> str:
    return f"{source} các năm 2023, 2024, 2025." if turn else f"{source} năm 2025."


def _score(journey: Journey, line: int, points: int) -> int:
    return points - (journey.number + line) % 3


def _block(journey: Journey, outcome: str, turn: int, day: date) -> Content:
    del turn, day
    if outcome == Outcome.RETURN:
        return {"score": None, "votes_for": None, "votes_total": None, "opinion": ""}
    chosen = outcome == Outcome.APPROVE
    return {
        "score": 88 + journey.number % 10 if chosen else 71,
        "votes_for": 5 if chosen else 2,
        "votes_total": 5,
        "opinion": "Khối nhất trí suy tôn." if chosen else "",
    }


def _receipt(journey: Journey, outcome: str, turn: int, day: date) -> Content:
    del journey, turn
    missing = "bien_ban" if outcome == Outcome.RETURN else ""
    said: Content = {"received_on": None if missing else day.isoformat()}
    for code, _name, _required in DOSSIER:
        if code != "sang_kien":  # nobody has attached one
            said[f"item__{code}"] = "missing" if code == missing else "present"
        said[f"note__{code}"] = (
            "thiếu chữ ký của thư ký cuộc họp" if code == missing else ""
        )
    if missing:
        said["items"] = "Biên bản họp xét khen thưởng: thiếu chữ ký của thư ký cuộc họp"
        said["supplement_by"] = calendar.add_working_days(day, 7).isoformat()
    return said


def _appraisal(journey: Journey, outcome: str, turn: int, day: date) -> Content:
    del turn, day
    said: Content = {"opinion": "Hồ sơ đúng đối tượng, số liệu khớp với báo cáo một cửa."}
    if outcome == Outcome.REFUSE:
        said["opinion"] = "Thành tích tốt nhưng trùng căn cứ với lần khen trước."
    for n, (code, points, *_rest) in enumerate(CRITERIA[journey.kind]):
        failed = outcome == Outcome.REFUSE and code == "initiative"
        said[f"verdict__{code}"] = "not_met" if failed else "met"
        said[f"points__{code}"] = 0 if failed else _score(journey, n + 1, points)
        said[f"note__{code}"] = "Đã khen năm 2024." if failed else ""
    return said


def _opinion(journey: Journey, outcome: str, turn: int, day: date) -> Content:
    del journey, turn, day
    return {"opinion": "Nhất trí." if outcome == Outcome.APPROVE else ""}


def _checks(journey: Journey, outcome: str, turn: int, day: date) -> Content:
    del journey, turn, day
    right = outcome == Outcome.APPROVE
    return {"is_form_right": right, "is_law_right": right, "opinion": ""}


_MAKERS = {
    "prepare_nomination": _prepare,
    "approve_by_unit": _opinion,
    "review_by_block": _block,
    "receive_by_department": _receipt,
    "appraise": _appraisal,
    "approve_by_department": _opinion,
    "check_by_office": _checks,
    "decide_by_chairman": _opinion,
}
