"""The overview's figures as sheets: steps, who is behind, weeks, and the oldest without names."""

from collections.abc import Sequence

from awards import access, survey
from awards.filters import Filters
from awards.names import ROLES, STATUSES
from awards.sheets import Column, Table
from awards.survey import Survey
from awards.tables import nominations
from awards.tables.asking import Asked, Source
from workflows import calendar

_NAMES = {status.value: name for status, name in STATUSES.items()}
_STEPS = (
    Column("Bước", lambda row: row.name, 32),
    Column("Đang chờ", lambda row: row.waits.count, 12),
    Column("Quá hạn", lambda row: row.waits.late, 12),
    Column("Chờ lâu nhất (ngày làm việc)", lambda row: row.waits.longest, 16),
    Column("Đã qua", lambda row: row.passed, 12),
    Column("Trung vị (ngày làm việc)", lambda row: row.median, 16),
    Column("90% xong trong (ngày làm việc)", lambda row: row.most, 16),
    Column("Được phép (ngày làm việc)", lambda row: row.allowed, 16),
)
_ENDS = (
    Column("Kết quả", lambda row: _NAMES[row[0].value], 24),
    Column("Số hồ sơ", lambda row: row[1], 12),
)
_HOLDERS = (
    Column("Người giữ", lambda row: row.person, 28),
    Column("Nhóm", lambda row: ROLES[row.role] if row.role else "", 36),
    Column("Đơn vị, Khối", lambda row: row.place, 36),
    Column("Quá hạn", lambda row: row.count, 12),
    Column("Quá hạn từ", lambda row: row.since, 17),
)
_WEEKS = (
    Column("Tuần từ ngày", lambda row: row.monday, 14),
    Column("Mới lập", lambda row: row.arrived, 12),
    Column("Kết thúc", lambda row: row.ended, 12),
    Column("Còn chờ cuối tuần", lambda row: row.waiting, 16),
)


def _oldest(asked: Asked) -> tuple[Column, ...]:
    session = asked.session
    return (
        Column("Mã hồ sơ", lambda row: row.nomination.code, 15),
        Column("Đơn vị", lambda row: row.nomination.unit.name, 32),
        Column("Bước", lambda row: nominations.stage(session, row), 28),
        Column(
            "Ngày lập",
            lambda row: calendar.today(row.nomination.instance.started_at),
            12,
        ),
        Column("Ở bước này (ngày làm việc)", lambda row: row.waited, 16),
        Column("Được phép (ngày làm việc)", lambda row: row.allowed, 16),
    )


def _survey(asked: Asked) -> Survey:
    filters = Filters(**asked.filters)  # type: ignore[arg-type] # pages are not asked for
    return survey.make(asked.session, asked.actor, filters, asked.at)


def _tables(asked: Asked) -> Sequence[Table]:
    found = _survey(asked)
    return [
        Table("Bước", _STEPS, found.stages),
        Table("Kết quả", _ENDS, list(found.ends.items())),
        Table("Quá hạn theo người giữ", _HOLDERS, found.holders),
        Table("Theo tuần", _WEEKS, found.weeks),
        Table("Lâu nhất", _oldest(asked), found.oldest),
    ]


SOURCE = Source(
    title="Toàn cảnh hồ sơ khen thưởng",
    file_name="toan-canh",
    may=access.follows_nominations,
    count=lambda asked: sum(len(list(table.rows)) for table in _tables(asked)),
    tables=_tables,
)
