"""The kinds of records: what each is called, where its rows are, and what a list shows of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy.orm import InstrumentedAttribute

from awards.names import NOMINEE_KINDS
from awards.sheets import Column
from models.records import (
    Channel,
    Communication,
    Inspection,
    InspectionFinding,
    OwnAward,
    OwnAwardForm,
    RecordAct,
    RecordKind,
    Registration,
    RegistrationTarget,
    UnitEvaluation,
)
from workflows.words import N_

Record: TypeAlias = UnitEvaluation | Registration | Inspection | OwnAward | Communication

OWN_AWARD_FORMS = {
    OwnAwardForm.CERTIFICATE: N_("Giấy khen"),
    OwnAwardForm.LETTER: N_("Thư khen, biểu dương"),
    OwnAwardForm.TITLE: N_("Danh hiệu thi đua cơ sở"),
}
CHANNELS = {
    Channel.PRESS: N_("Báo, đài"),
    Channel.ONLINE: N_("Cổng thông tin, mạng xã hội"),
    Channel.MEETING: N_("Hội nghị, sinh hoạt cơ quan"),
    Channel.CONTEST: N_("Hội thi, giao lưu"),
    Channel.LOUDSPEAKER: N_("Truyền thanh cơ sở"),
    Channel.DISPLAY: N_("Pa nô, khẩu hiệu, bảng tin"),
    Channel.NEIGHBOURHOOD: N_("Gia đình, thôn, tổ dân phố"),
}
ACTS = {
    RecordAct.RECORDED: N_("Ghi lần đầu"),
    RecordAct.CORRECTED: N_("Sửa"),
    RecordAct.SIGNED: N_("Thủ trưởng ký"),
    RecordAct.FINDING_CLOSED: N_("Khép lại kiến nghị"),
    RecordAct.VOIDED: N_("Hủy bản ghi"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record. `when` is its day or its year; `lines` the name of its lines, if any."""

    key: RecordKind
    path: str
    title: str
    lead: str
    add: str
    table: type[Any]
    when: InstrumentedAttribute[Any]
    columns: Sequence[Column]
    lines: str = ""
    line: type[Any] | None = None
    has_movement: bool = True

    @property
    def is_yearly(self) -> bool:
        """Whether there is one a year, not one a day."""
        return self.when.key == "year"

    @property
    def file_name(self) -> str:
        return {
            RecordKind.EVALUATION: "danh-gia-hang-nam",
            RecordKind.REGISTRATION: "dang-ky-thi-dua",
            RecordKind.INSPECTION: "kiem-tra",
            RecordKind.OWN_AWARD: "khen-thuong-cap-co-so",
            RecordKind.COMMUNICATION: "tuyen-truyen",
        }[self.key]


def state(record: Record, today: date) -> str:
    """How a record stands, in words; empty where there is nothing to say."""
    if record.voided_at is not None:
        return N_("Đã hủy")
    match record:
        case UnitEvaluation():
            return N_("Đã ký") if record.signed_at else N_("Chờ thủ trưởng ký")
        case Inspection():
            return _state_of_findings(record, today)
    return ""


def _state_of_findings(record: Inspection, today: date) -> str:
    still_open = [one for one in record.findings if one.closed_on is None]
    if any(one.due_on < today for one in still_open):
        return N_("Quá hạn khắc phục")
    if still_open:
        return N_("Đang khắc phục")
    return N_("Đã khắc phục") if record.findings else N_("Không có kiến nghị")


def _whom(row: OwnAward) -> str:
    """Who it is, of those that the letter wants to see honoured: direct staff before all."""
    if row.is_leader:
        return N_("Lãnh đạo, quản lý")
    return N_("Làm việc trực tiếp") if row.is_serving_public else NOMINEE_KINDS[row.kind]


_UNIT = Column(N_("Đơn vị"), lambda row: row.unit.name, 36)
_MOVEMENT = Column(N_("Phong trào"), lambda row: row.movement and row.movement.name, 40)
_YEAR = Column(N_("Năm"), lambda row: str(row.year), 8)

KINDS: dict[RecordKind, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            RecordKind.EVALUATION,
            "evaluations",
            N_("Đánh giá hằng năm"),
            N_(
                "Đơn vị tự đánh giá việc lãnh đạo phong trào; có giá trị khi thủ trưởng ký."
            ),
            N_("Ghi đánh giá"),
            UnitEvaluation,
            UnitEvaluation.year,
            (
                _UNIT,
                _YEAR,
                Column(N_("Điểm tự chấm"), lambda row: row.score, 10),
                Column(
                    N_("Tồn tại, hạn chế"),
                    lambda row: row.shortcomings,
                    60,
                ),
            ),
            has_movement=False,
        ),
        Kind(
            RecordKind.REGISTRATION,
            "registrations",
            N_("Đăng ký thi đua"),
            N_("Mục tiêu, giải pháp riêng của đơn vị cho một phong trào trong năm."),
            N_("Ghi đăng ký"),
            Registration,
            Registration.year,
            (
                _UNIT,
                _YEAR,
                _MOVEMENT,
                Column(N_("Mục tiêu"), lambda row: len(row.targets), 10),
                Column(N_("Có con số"), lambda row: numbered(row.targets), 10),
                Column(N_("Đã đạt"), lambda row: reached(row.targets), 10),
            ),
            lines="targets",
            line=RegistrationTarget,
        ),
        Kind(
            RecordKind.INSPECTION,
            "inspections",
            N_("Kiểm tra"),
            N_("Cuộc kiểm tra của Sở Nội vụ tại đơn vị, kiến nghị và việc khắc phục."),
            N_("Ghi cuộc kiểm tra"),
            Inspection,
            Inspection.inspected_on,
            (
                _UNIT,
                Column(N_("Ngày kiểm tra"), lambda row: row.inspected_on, 12),
                Column(N_("Đoàn kiểm tra"), lambda row: row.team, 36),
                Column(N_("Kiến nghị"), lambda row: len(row.findings), 10),
                Column(
                    N_("Còn mở"),
                    lambda row: sum(one.closed_on is None for one in row.findings),
                    10,
                ),
            ),
            lines="findings",
            line=InspectionFinding,
        ),
        Kind(
            RecordKind.OWN_AWARD,
            "own-awards",
            N_("Khen tại đơn vị"),
            N_("Tập thể, cá nhân được chính đơn vị khen theo thẩm quyền."),
            N_("Ghi khen thưởng"),
            OwnAward,
            OwnAward.decided_on,
            (
                _UNIT,
                Column(N_("Số quyết định"), lambda row: row.number, 18),
                Column(N_("Ngày quyết định"), lambda row: row.decided_on, 12),
                Column(N_("Hình thức"), lambda row: OWN_AWARD_FORMS[row.form], 20),
                Column(N_("Người, tập thể được khen"), lambda row: row.name, 32),
                Column(N_("Đối tượng"), _whom, 20),
            ),
        ),
        Kind(
            RecordKind.COMMUNICATION,
            "communications",
            N_("Tuyên truyền"),
            N_("Việc làm cho mọi người biết, hiểu phong trào."),
            N_("Ghi hoạt động"),
            Communication,
            Communication.held_on,
            (
                _UNIT,
                Column(N_("Ngày"), lambda row: row.held_on, 12),
                Column(N_("Hình thức"), lambda row: CHANNELS[row.channel], 28),
                Column(N_("Nội dung"), lambda row: row.title, 48),
                Column(N_("Số người tiếp cận"), lambda row: row.people_reached, 12),
            ),
        ),
    )
}
BY_PATH = {kind.path: kind for kind in KINDS.values()}


def numbered(targets: Sequence[RegistrationTarget]) -> int:
    """How many targets have a number."""
    return sum(one.goal is not None for one in targets)


def reached(targets: Sequence[RegistrationTarget]) -> int:
    """How many targets with a number were reached."""
    return sum(
        one.goal is not None and one.reached is not None and one.reached >= one.goal
        for one in targets
    )
