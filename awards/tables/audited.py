"""The events of many nominations, narrowed as on the auditor's page."""

from collections.abc import Iterator, Sequence

from awards import access, timeline
from awards.auditing import events as auditing
from awards.auditing.events import Row
from awards.names import EVENTS
from awards.sheets import Column, Table
from awards.tables import events
from awards.tables.asking import Asked, Source
from awards.tables.events import Told
from workflows import deployments

_MOST = 50_001  # one more than a spreadsheet may hold

_COLUMNS = (
    Column("Lúc", lambda row: row[1].event.at, 17),
    Column("Mã hồ sơ", lambda row: row[0].nomination.code, 15),
    Column("Được đề nghị", lambda row: row[0].nomination.nominee.name, 28),
    Column("Đơn vị", lambda row: row[0].nomination.unit.name, 32),
    Column("Số sự kiện", lambda row: row[1].event.sequence, 8),
    Column("Sự kiện", lambda row: EVENTS[row[1].event.kind], 28),
    Column("Chi tiết", lambda row: row[1].detail, 48),
    Column("Ai", lambda row: row[1].who or "hệ thống", 28),
    Column("Chức vụ", lambda row: row[1].post, 36),
    Column("Thay cho", lambda row: row[1].on_behalf_of, 28),
    Column("Mã băm", lambda row: row[1].event.hash, 68),
)


def _count(asked: Asked) -> int:
    return auditing.count(asked.session, auditing.filters(asked.filters), limit=_MOST)


def _tables(asked: Asked) -> Sequence[Table]:
    return [Table("Sự kiện", _COLUMNS, _rows(asked))]


def _rows(asked: Asked) -> Iterator[tuple[Row, Told]]:
    session = asked.session
    for part in auditing.pages(session, auditing.filters(asked.filters)):
        people, posts = timeline.names(session, [row.event for row in part])
        for row in part:
            definition = deployments.definition_of(session, row.nomination.instance)
            yield row, events.told(row.event, people, posts, definition)


SOURCE = Source(
    title="Sự kiện theo bộ lọc kiểm tra",
    file_name="su-kien",
    may=access.audits,
    count=_count,
    tables=_tables,
)
