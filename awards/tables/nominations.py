"""Nominations as the list and the board show them, narrowed in the same way."""

from sqlalchemy.orm import Session

from awards import access, listings
from awards.listings import Row
from awards.names import NOMINEE_KINDS, STATUSES
from awards.sheets import Column, Table
from awards.tables.asking import Asked, Source
from models.process import ProcessInstance
from models.tasks import UserTask
from workflows import calendar, deployments


def stage(session: Session, row: Row) -> str:
    """The step where it waits, or how it ended; to be translated where it is shown on a page."""
    if row.task is None:
        return STATUSES[row.status]
    elements = deployments.definition_of(session, row.nomination.instance).elements
    element = elements[row.task.element_id]
    return element.stage or element.name


def office(session: Session, instance: ProcessInstance, task: UserTask) -> str:
    """The office whose turn it is; to be translated as well."""
    elements = deployments.definition_of(session, instance).elements
    return elements[task.element_id].lane


NOMINEE = (
    Column("Mã hồ sơ", lambda row: row.nomination.code, 15),
    Column("Danh xưng", lambda row: row.nomination.nominee.honorific, 10),
    Column(
        "Tên cá nhân, tập thể, hộ gia đình", lambda row: row.nomination.nominee.name, 32
    ),
    Column("Loại", lambda row: NOMINEE_KINDS[row.nomination.nominee.kind], 12),
)
PLACE = (
    Column("Đơn vị", lambda row: row.nomination.unit.name, 32),
    Column("Khối", lambda row: row.nomination.block and row.nomination.block.name, 28),
    Column("Phong trào", lambda row: row.nomination.movement.name, 40),
    Column("Hình thức khen thưởng", lambda row: row.nomination.award.name, 32),
)
_PERSON = (
    Column("Ngày sinh", lambda row: row.nomination.nominee.birth_date, 12),
    Column("Chức vụ", lambda row: row.nomination.nominee.position, 24),
)
_SINCE = (Column("Ngày lập", lambda row: calendar.today(row.nomination.created_at), 12),)


def _standing(session: Session) -> tuple[Column, ...]:
    return (
        Column("Bước", lambda row: stage(session, row), 24),
        Column("Tình trạng", lambda row: STATUSES[row.status], 16),
        Column("Đang ở", lambda row: _holder(session, row), 28),
        Column("Hạn", lambda row: row.task and row.task.due_at, 17),
    )


_DAYS = (
    Column("Đã chờ (ngày làm việc)", lambda row: row.waited if row.task else None, 12),
    Column("Được phép (ngày làm việc)", lambda row: row.allowed, 12),
)


def _holder(session: Session, row: Row) -> str:
    if row.task is None:
        return ""
    if row.holder is not None:
        return row.holder.name
    return office(session, row.nomination.instance, row.task)


def _count(asked: Asked) -> int:
    return listings.count(asked.session, asked.actor, asked.listed, asked.at)


def _table(asked: Asked, name: str, *columns: Column) -> list[Table]:
    rows = listings.every(asked.session, asked.actor, asked.listed, asked.at)
    return [Table(name, columns, rows)]


LIST = Source(
    title="Danh sách đề nghị khen thưởng",
    file_name="danh-sach-de-nghi",
    may=access.follows_nominations,
    count=_count,
    tables=lambda asked: _table(
        asked, "Danh sách", *NOMINEE, *_PERSON, *PLACE, *_SINCE, *_standing(asked.session)
    ),
)
BOARD = Source(
    title="Theo dõi hồ sơ khen thưởng",
    file_name="theo-doi",
    may=access.follows_nominations,
    count=_count,
    tables=lambda asked: _table(
        asked, "Theo dõi", *NOMINEE, *PLACE, *_standing(asked.session), *_DAYS
    ),
)
