"""How long each kind of record is kept, and what is past its term. Nothing is deleted by itself.

The terms are those that docs/data-map.md proposes to the customer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import DeclarativeBase, Session

from models.awards import Nomination, Result
from models.exports import Export
from models.history import HistoryEvent
from models.process import InstanceStatus, ProcessInstance
from models.reads import ReadEvent
from models.sign_ins import BrowserSession, PasswordLink
from workflows.words import N_

YEARS = 10
FOREVER = N_("mãi mãi")
_TEN_YEARS = N_("10 năm sau khi kết thúc")
_WHEN_OVER = N_("đến khi dùng xong hoặc hết hạn")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: what it is, how long it is kept, how many there are and are past that."""

    name: str
    term: str
    count: int
    past: int


def kinds(session: Session, now: datetime) -> Sequence[Kind]:
    """Every kind of record, as it stands now."""
    limit = now.replace(year=now.year - YEARS, day=min(now.day, 28))
    ended = ProcessInstance.status == InstanceStatus.ENDED
    is_awarded = and_(ended, ProcessInstance.result == Result.AWARDED.value)
    is_other = and_(ended, ProcessInstance.result != Result.AWARDED.value)
    return [
        Kind(N_("Hồ sơ đã được khen"), FOREVER, _cases(session, is_awarded), 0),
        Kind(
            N_("Hồ sơ kết thúc mà không được khen"),
            _TEN_YEARS,
            _cases(session, is_other),
            _cases(session, and_(is_other, ProcessInstance.ended_at < limit)),
        ),
        Kind(N_("Lịch sử các việc đã làm"), FOREVER, _count(session, HistoryEvent), 0),
        Kind(
            N_("Nhật ký ai đã xem gì"),
            N_("10 năm"),
            _count(session, ReadEvent),
            _count(session, ReadEvent, ReadEvent.at < limit),
        ),
        Kind(
            N_("Phiên đăng nhập"),
            _WHEN_OVER,
            _count(session, BrowserSession),
            _count(session, BrowserSession, BrowserSession.ended_at.is_not(None)),
        ),
        Kind(
            N_("Liên kết đặt mật khẩu"),
            _WHEN_OVER,
            _count(session, PasswordLink),
            _count(session, PasswordLink, PasswordLink.used_at.is_not(None)),
        ),
        Kind(
            N_("Danh sách đã xuất"),
            N_("tệp một ngày, dòng ghi mãi mãi"),
            _count(session, Export),
            0,
        ),
    ]


def _cases(session: Session, condition: ColumnElement[bool]) -> int:
    query = select(func.count(Nomination.id)).join(
        ProcessInstance, ProcessInstance.id == Nomination.instance_id
    )
    return session.scalar(query.where(condition)) or 0


def _count(
    session: Session, table: type[DeclarativeBase], *conditions: ColumnElement[bool]
) -> int:
    query = select(func.count()).select_from(table)
    return session.scalar(query.where(*conditions)) or 0
