"""The records of a kind, as their list shows them, and the lines of those that have some."""

from collections.abc import Iterator, Sequence
from typing import Any

from awards.records import reading, rights
from awards.records.kinds import BY_PATH, Kind, state
from awards.records.reading import Wanted
from awards.sheets import Column, Table
from awards.tables.asking import Asked, Source
from models.records import InspectionFinding, RecordKind, RegistrationTarget

_MORE: dict[RecordKind, tuple[Column, ...]] = {
    RecordKind.EVALUATION: (
        Column("Lãnh đạo, chỉ đạo", lambda row: row.leadership, 60),
        Column("Kết quả", lambda row: row.results, 60),
        Column("Giải pháp năm sau", lambda row: row.next_year, 60),
    ),
    RecordKind.REGISTRATION: (Column("Giải pháp", lambda row: row.solutions, 60),),
    RecordKind.INSPECTION: (
        Column("Căn cứ", lambda row: row.basis, 30),
        Column("Kết luận", lambda row: row.conclusion, 60),
    ),
    RecordKind.OWN_AWARD: (
        Column("Chức vụ, nơi công tác", lambda row: row.position, 30),
        Column("Thành tích", lambda row: row.merit, 48),
    ),
    RecordKind.COMMUNICATION: (
        Column("Đường dẫn, số văn bản", lambda row: row.evidence, 36),
    ),
}
_TARGETS = (
    Column("Đơn vị", lambda pair: pair[0].unit.name, 36),
    Column("Năm", lambda pair: str(pair[0].year), 8),
    Column("Mục tiêu", lambda pair: pair[1].name, 48),
    Column("Con số", lambda pair: pair[1].goal, 10),
    Column("Đơn vị tính", lambda pair: pair[1].measure, 16),
    Column("Đã đạt", lambda pair: pair[1].reached, 10),
)
_FINDINGS = (
    Column("Đơn vị", lambda pair: pair[0].unit.name, 36),
    Column("Ngày kiểm tra", lambda pair: pair[0].inspected_on, 12),
    Column("Kiến nghị", lambda pair: pair[1].finding, 60),
    Column("Hạn khắc phục", lambda pair: pair[1].due_on, 12),
    Column("Ngày khắc phục", lambda pair: pair[1].closed_on, 12),
    Column("Đã khắc phục", lambda pair: pair[1].remedy, 48),
)


def _tables(asked: Asked) -> Sequence[Table]:
    kind = _kind(asked)
    standing = Column("Tình trạng", lambda row: state(row, asked.day), 20)
    columns = (*kind.columns, *_MORE[kind.key], standing)
    tables = [Table("Danh sách", columns, _rows(asked))]
    match kind.key:
        case RecordKind.REGISTRATION:
            tables.append(Table("Mục tiêu", _TARGETS, _lines(asked, kind)))
        case RecordKind.INSPECTION:
            tables.append(Table("Kiến nghị", _FINDINGS, _lines(asked, kind)))
    return tables


def _kind(asked: Asked) -> Kind:
    return BY_PATH[asked.filters["path"]]


def _wanted(asked: Asked) -> Wanted:
    filters = {name: value for name, value in asked.filters.items() if name != "path"}
    return Wanted(_kind(asked).key, **filters)


def _rows(asked: Asked) -> Iterator[Any]:
    return reading.every(asked.session, asked.actor, _wanted(asked), asked.day)


def _lines(
    asked: Asked, kind: Kind
) -> Iterator[tuple[Any, RegistrationTarget | InspectionFinding]]:
    for row in _rows(asked):
        for line in getattr(row, kind.lines):
            yield row, line


SOURCE = Source(
    title="Sổ theo dõi phong trào",
    file_name="so-theo-doi",
    may=rights.reads_records,
    count=lambda asked: reading.count(
        asked.session, asked.actor, _wanted(asked), asked.day
    ),
    tables=_tables,
)
