"""What spreads by example in the demo: units' word on the criteria, notes, and stories."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from awards.demo.catalogue import MOVEMENT
from awards.examples import discoveries, purposes, stories
from awards.examples.discoveries import Sight
from awards.examples.stories import Words
from models.awards import Movement, Nomination, Result
from models.organisation import Role
from models.process import ProcessInstance
from workflows import calendar
from workflows.actors import Actor

_ACKNOWLEDGED = ("SO-TP", "SO-YT", "TT-HCC", "P-PH")
_NOTES = (
    (
        "unit_officer:SO-YT",
        "TT-HCC",
        "Nguyễn Thị Ngân",
        True,
        (
            "Ở lại qua giờ trưa giúp một cụ già hoàn thiện hồ sơ bảo hiểm, không để cụ phải đi lại "
            "lần thứ ba."
        ),
    ),
    (
        "unit_head:XA-VG",
        "XA-VG",
        "Tổ một cửa xã Văn Giang",
        True,
        (
            "Tự làm bảng hướng dẫn bằng chữ lớn và tranh cho 12 thủ tục hay gặp; số hồ sơ phải bổ "
            "sung giảm một nửa trong quý."
        ),
    ),
    (
        "block_lead:K01",
        "SO-XD",
        "Phạm Văn Lâm",
        False,
        "Số hóa xong kho bản vẽ cũ, tra một bản còn ba phút thay vì nửa ngày.",
    ),
)
_STORIES = (
    (
        "Trả kết quả trước hẹn nhờ một bảng phân luồng",
        (
            "Mỗi sáng tổ dành mười lăm phút chia hồ sơ theo độ khó và ghi lên một bảng chung. Hồ "
            "sơ dễ trả ngay trong ngày, hồ sơ khó có người theo từ đầu đến cuối.\n\n"
            "Sau sáu tháng: 96% hồ sơ trả trước hẹn, phản ánh của công dân giảm từ 14 còn 2.\n\n"
            "Nơi khác làm theo được: chỉ cần một bảng, một người phân luồng "
            "và thói quen mười lăm phút."
        ),
        "Cải cách thủ tục",
    ),
    (
        "Một lần hỏi, một người trả lời",
        (
            "Tổ trực quầy ghi lại mọi câu hỏi của người dân trong ba tháng, gộp thành 40 câu trả "
            "lời ngắn dán tại quầy và trên trang của đơn vị. Ai hỏi cũng được trả lời như nhau.\n\n"
            "Số lượt đến hỏi lại giảm 60%."
        ),
        "Giao tiếp với công dân",
    ),
)


def make(session: Session, staff: dict[str, list[Actor]], now: datetime) -> None:
    """Let people do what they would have done in the last weeks."""
    _acknowledge(session, staff, now)
    _note(session, staff, now)
    _tell(session, staff, now)


def _acknowledge(session: Session, staff: dict[str, list[Actor]], now: datetime) -> None:
    movement = session.scalars(select(Movement).where(Movement.code == MOVEMENT)).one()
    for days, unit in enumerate(_ACKNOWLEDGED, start=20):
        officer = staff[f"{Role.UNIT_OFFICER}:{unit}"][0]
        at = now - timedelta(days=days)
        purposes.acknowledge(session, movement, unit, actor=officer, now=at)


def _note(session: Session, staff: dict[str, list[Actor]], now: datetime) -> None:
    for days, (queue, unit, name, is_direct, text) in enumerate(_NOTES, start=2):
        at = now - timedelta(days=days)
        day = calendar.today(at)
        sight = Sight(unit, name, is_direct, day, text)
        discoveries.note(session, sight, actor=staff[queue][0], now=at, today=day)


def _tell(session: Session, staff: dict[str, list[Actor]], now: datetime) -> None:
    """One is published, one waits for the department."""
    publisher = staff[Role.DEPARTMENT_HEAD][0]
    for days, (nomination, (title, text, topic)) in enumerate(
        zip(_awarded(session), _STORIES, strict=False), start=1
    ):
        officer = staff[f"{Role.UNIT_OFFICER}:{nomination.unit.code}"][0]
        at = now - timedelta(hours=20 * days)
        agreed = calendar.today(at)
        words = Words(title, text, topic, agreed, "Giấy đồng ý, lưu tại Văn phòng đơn vị")
        story = stories.write(
            session, nomination.code, words, is_ready=True, actor=officer, now=at
        )
        if days == 1:
            later = at + timedelta(hours=3)
            stories.publish(session, story.id, actor=publisher, now=later)


def _awarded(session: Session) -> Sequence[Nomination]:
    query = select(Nomination).join(ProcessInstance).order_by(Nomination.id)
    query = query.where(ProcessInstance.result == Result.AWARDED)
    return session.scalars(query.limit(len(_STORIES))).all()
