"""What the demo's units have kept of the movement this year: some much, some little or nothing."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from awards.records import keeping
from awards.records.facts import (
    CommunicationFacts,
    EvaluationFacts,
    Facts,
    Finding,
    InspectionFacts,
    OwnAwardFacts,
    RegistrationFacts,
    Target,
)
from models.awards import Movement, NomineeKind
from models.organisation import Role, Unit
from models.records import Channel, Inspection, OwnAwardForm, RecordKind
from workflows import calendar
from workflows.actors import Actor

Staff = dict[str, list[Actor]]
_PERSON, _GROUP = NomineeKind.INDIVIDUAL, NomineeKind.COLLECTIVE
_GK, _THU = OwnAwardForm.CERTIFICATE, OwnAwardForm.LETTER
_TARGETS = {  # the Khối's ward has registered nothing, the one-stop centre nothing of its own
    "SO-TP": (
        Target("Hồ sơ lý lịch tư pháp trả đúng hạn", 99, "%", 99),
        Target("Chỉ số hài lòng của công dân", 95, "%", 93),
        Target("Thư xin lỗi khi trả hồ sơ trễ", 100, "%", 100),
    ),
    "SO-YT": (
        Target("Cơ sở khám bệnh có bảng niêm yết giá", 100, "%", 97),
        Target("Nâng cao y đức, thái độ phục vụ", None, "", None),
    ),
    "SO-XD": (Target("Giấy phép xây dựng cấp qua mạng", 80, "%", 84),),
    "XA-VG": (
        Target("Hộ tịch giải quyết trong ngày", 90, "%", 95),
        Target("Thôn có tổ công nghệ số", 12, "thôn", 9),
        Target("Cán bộ gương mẫu", None, "", None),
    ),
    "TT-HCC": (),
}
_OWN_AWARDS = (  # unit, days ago, form, kind, name, position, serves, leads
    ("SO-TP", 20, _GK, _PERSON, "Nguyễn Thị Hường", "Chuyên viên Bộ phận Một cửa", 1, 0),
    ("SO-TP", 20, _GK, _PERSON, "Phạm Ngọc Ánh", "Chuyên viên", 0, 0),
    ("SO-TP", 20, _GK, _GROUP, "Phòng Hành chính tư pháp", "", 0, 0),
    ("SO-TP", 75, _THU, _PERSON, "Vũ Bá Kỳ", "Chuyên viên tiếp dân", 1, 0),
    ("SO-YT", 34, _GK, _PERSON, "Lê Văn Đạt", "Trưởng phòng", 0, 1),
    ("SO-YT", 34, _GK, _PERSON, "Trần Thu Hằng", "Điều dưỡng", 1, 0),
    ("SO-XD", 51, _GK, _PERSON, "Hoàng Quốc Ân", "Phó Chánh Văn phòng", 0, 1),
    ("TT-HCC", 12, _THU, _PERSON, "Đặng Minh Nguyệt", "Viên chức tiếp nhận hồ sơ", 1, 0),
    ("TT-HCC", 40, _THU, _PERSON, "Bùi Hữu Lộc", "Viên chức trả kết quả", 1, 0),
    ("TT-HCC", 64, _GK, _GROUP, "Tổ Tiếp nhận và trả kết quả", "", 0, 0),
    ("XA-VG", 15, _GK, _PERSON, "Đỗ Thị Đào", "Công chức Tư pháp - Hộ tịch", 1, 0),
    ("XA-VG", 15, _GK, _PERSON, "Phan Xuân Ước", "Trưởng thôn Công Luận", 1, 0),
)
_COMMUNICATIONS = (  # unit, days ago, channel, title, how many people
    ("SO-TP", 90, Channel.MEETING, "Quán triệt Quy chế văn hóa công sở", 64),
    ("SO-TP", 30, Channel.ONLINE, "Chuyên mục “Người tốt, việc tốt ngành Tư pháp”", 1850),
    ("SO-YT", 60, Channel.CONTEST, "Hội thi giao tiếp, ứng xử ngành Y tế", 320),
    ("SO-YT", 25, Channel.PRESS, "Phóng sự về khoa khám bệnh không phong bì", None),
    ("TT-HCC", 45, Channel.DISPLAY, "Bảng “4 xin, 4 luôn” tại quầy tiếp nhận", 5200),
    ("TT-HCC", 18, Channel.ONLINE, "Khảo sát hài lòng bằng mã QR", 2400),
    ("XA-VG", 70, Channel.LOUDSPEAKER, "Gương công chức xã tận tụy với dân", 9000),
    ("XA-VG", 28, Channel.NEIGHBOURHOOD, "Sinh hoạt thôn về nếp sống văn minh", 410),
    ("XA-VG", 10, Channel.MEETING, "Sơ kết phong trào", 55),
    ("P-PH", 33, Channel.LOUDSPEAKER, "Giới thiệu thủ tục làm tại nhà", 6700),
)
_INSPECTIONS = (  # unit, days ago, conclusion, findings (text, days until due), how many closed
    (
        "SO-XD",
        48,
        "Chấp hành tương đối tốt.",
        (("Chưa niêm yết đủ thủ tục sửa đổi", 30),),
        1,
    ),
    (
        "P-PH",
        41,
        "Còn để dân chờ lâu vào đầu tuần.",
        (("Bố trí thêm quầy vào thứ Hai", 20), ("Lập sổ theo dõi phản ánh", 20)),
        1,
    ),
    (
        "XA-KC",
        27,
        "Chưa ban hành quy chế văn hóa công sở của xã.",
        (("Ban hành quy chế", 15), ("Trang bị bảng tên cho công chức", 60)),
        0,
    ),
    ("TT-HCC", 9, "Thực hiện tốt, đề nghị nhân rộng.", (), 0),
)
_EVALUATED = {"SO-TP": 92, "SO-YT": 85, "XA-VG": 88, "TT-HCC": 90, "SO-XD": 80, "P-PH": 70}
_SIGNED_THIS_YEAR = ("SO-TP", "XA-VG")
_WRITTEN_THIS_YEAR = (*_SIGNED_THIS_YEAR, "SO-YT")


def make(session: Session, staff: Staff, now: datetime) -> None:
    """Let the officers record what was done, heads sign, and the department inspect."""
    keeper = _Keeper(session, staff, now)
    today = calendar.today(now)
    movement = session.scalars(select(Movement.id)).first()
    for unit, targets in _TARGETS.items():
        solutions = "Giao chỉ tiêu từng phòng, thôn; kiểm điểm mỗi quý."
        facts = RegistrationFacts(movement, today.year, solutions, dict(enumerate(targets)))
        keeper.keep(RecordKind.REGISTRATION, unit, facts)
    for unit, own in _own_awards(movement, today):
        keeper.keep(RecordKind.OWN_AWARD, unit, own)
    for unit, days, channel, title, people in _COMMUNICATIONS:
        day = today - timedelta(days=days)
        told = CommunicationFacts(movement, day, channel, title, people, "")
        keeper.keep(RecordKind.COMMUNICATION, unit, told)
    for unit, days, conclusion, findings, closed in _INSPECTIONS:
        keeper.inspect(unit, today - timedelta(days=days), conclusion, findings, closed)
    for unit, score in _EVALUATED.items():
        keeper.evaluate(unit, today.year - 1, score, is_signed=unit != "P-PH")
    for unit in _WRITTEN_THIS_YEAR:
        is_signed = unit in _SIGNED_THIS_YEAR
        keeper.evaluate(unit, today.year, _EVALUATED[unit] + 2, is_signed=is_signed)


def _own_awards(movement: int | None, today: date) -> Iterator[tuple[str, OwnAwardFacts]]:
    for number, (unit, days, form, kind, name, position, serves, leads) in enumerate(
        _OWN_AWARDS, start=41
    ):
        yield (
            unit,
            OwnAwardFacts(
                movement,
                f"{number}/QĐ-{unit.partition('-')[2]}",
                today - timedelta(days=days),
                form,
                kind,
                name,
                position,
                bool(serves),
                bool(leads),
                "Tận tụy, giải quyết hồ sơ đúng hạn, được công dân khen ngợi.",
            ),
        )


class _Keeper:
    """Keeps records in the name of whoever's they are."""

    def __init__(self, session: Session, staff: Staff, now: datetime) -> None:
        self._session, self._staff, self._now = session, staff, now
        self._units = {unit.code: unit for unit in session.scalars(select(Unit))}
        self._numbers = count(1)

    def keep(self, kind: RecordKind, unit: str, facts: Facts) -> int:
        """One more record of a unit; its id."""
        queue = (
            Role.DEPARTMENT_SPECIALIST.value
            if kind == RecordKind.INSPECTION
            else f"{Role.UNIT_OFFICER.value}:{unit}"
        )
        row = keeping.record(
            self._session,
            kind,
            self._units[unit],
            facts,
            actor=self._staff[queue][0],
            command_key=f"demo-record-{next(self._numbers)}",
            now=self._now,
        )
        return row.id

    def evaluate(self, unit: str, year: int, score: int, *, is_signed: bool) -> None:
        """The unit's evaluation of a year, signed by its head where that is so."""
        facts = EvaluationFacts(
            year,
            score,
            leadership="Ban hành kế hoạch, giao chỉ tiêu, họp kiểm điểm hằng quý.",
            results="Hồ sơ đúng hạn tăng so với năm trước; không có phản ánh đúng về thái độ.",
            shortcomings="Tuyên truyền chưa đều giữa các bộ phận.",
            next_year="Mỗi bộ phận có ít nhất một mục tiêu đo được.",
        )
        record_id = self.keep(RecordKind.EVALUATION, unit, facts)
        if is_signed:
            head = self._staff[f"{Role.UNIT_HEAD.value}:{unit}"][0]
            keeping.sign(self._session, record_id, revision=1, actor=head, now=self._now)

    def inspect(
        self,
        unit: str,
        day: date,
        conclusion: str,
        findings: tuple[tuple[str, int], ...],
        closed: int,
    ) -> None:
        """The department inspects a unit; the first findings have been put right since."""
        found = {
            place: Finding(text, day + timedelta(days=days))
            for place, (text, days) in enumerate(findings)
        }
        team = "Đoàn kiểm tra công vụ, ông Mai Anh Tuấn làm trưởng đoàn"
        basis = "Kế hoạch kiểm tra công vụ năm của Sở Nội vụ"
        facts = InspectionFacts(None, day, basis, team, conclusion, found)
        record_id = self.keep(RecordKind.INSPECTION, unit, facts)
        inspection = self._session.get_one(Inspection, record_id)
        for finding in inspection.findings[:closed]:
            keeping.close_finding(
                self._session,
                finding.id,
                remedy="Đã khắc phục, có báo cáo và ảnh kèm theo.",
                closed_on=min(finding.due_on, calendar.today(self._now)),
                actor=self._staff[Role.DEPARTMENT_SPECIALIST.value][0],
                now=self._now,
            )
