"""Does the log hold: every event in its place, the tree over them, every signature.

Reads all of it, some at a time. What was done to the rows themselves, `history.verify` finds.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.history import HistoryMark
from models.log import Checkpoint, HistoryLeaf, HistoryNode
from workflows import checkpoints, merkle, records, sealing, tree
from workflows.words import N_

_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not hold, and at which place, level or size."""

    at: int
    message: str


def verify(session: Session) -> Fault | None:
    """The first fault of the log, or None."""
    for find in (_leaves, _left_out, _nodes, _signed, _records):
        if fault := next(find(session), None):
            return fault
    return None


def _leaves(session: Session) -> Iterator[Fault]:
    """Every leaf is in its place and stands for an event as it is."""
    expected = 0
    while rows := _some_leaves(session, expected):
        events = sealing.written(session, [(row.source, row.event_id) for row in rows])
        for row in rows:
            body, _digest = events.get((row.source, row.event_id), (None, ""))
            if row.place != expected or body is None:
                yield Fault(expected, N_("Nhật ký thiếu sự kiện ở chỗ này."))
                return
            if sealing.leaf_hash(body) != row.hash:
                yield Fault(expected, N_("Sự kiện ở chỗ này không như khi niêm phong."))
                return
            expected += 1


def _some_leaves(session: Session, start: int) -> list[HistoryLeaf]:
    columns = HistoryLeaf.place, HistoryLeaf.source, HistoryLeaf.event_id, HistoryLeaf.hash
    query = select(*columns).where(HistoryLeaf.place >= start).order_by(HistoryLeaf.place)
    return list(session.execute(query.limit(_AT_ONCE)).all())  # type: ignore[arg-type] # rows named like it


def _left_out(session: Session) -> Iterator[Fault]:
    """No event that was passed by lacks a place."""
    for source in sealing.SOURCES.values():
        mark = session.get(HistoryMark, source.reader)
        passed = select(func.count(source.table.id), func.max(source.table.id))
        passed = passed.where(source.table.id <= (mark.read_to if mark else 0))
        count, last = session.execute(passed).one()
        placed = select(func.count(), func.max(HistoryLeaf.event_id))
        sealed, highest = session.execute(
            placed.where(HistoryLeaf.source == source.kind)
        ).one()
        if (count, last) != (sealed, highest):
            yield Fault(sealed, N_("Có sự kiện không được ghi vào nhật ký."))


def _nodes(session: Session) -> Iterator[Fault]:
    """Every kept subtree is the hash of what is below it, and none is missing."""
    size, level = tree.size(session), tree.STEP
    node = tree.stored(session)
    while size >> level:
        kept = select(HistoryNode.position, HistoryNode.hash).order_by(HistoryNode.position)
        rows = session.execute(kept.where(HistoryNode.level == level)).all()
        if [position for position, _hash in rows] != [*range(size >> level)]:
            yield Fault(level, N_("Cây băm của nhật ký thiếu hoặc thừa nút."))
            return
        for position, kept_hash in rows:
            halves = _below(node, level, position)
            if merkle.fold(halves) != kept_hash:
                yield Fault(position << level, N_("Cây băm của nhật ký đã bị sửa."))
                return
        level += tree.STEP


def _below(node: merkle.Node, level: int, position: int) -> list[bytes]:
    first = position << tree.STEP
    return [node(level - tree.STEP, first + n) for n in range(1 << tree.STEP)]


def _signed(session: Session) -> Iterator[Fault]:
    """Every checkpoint is signed, and has the root that the log had then."""
    size, node = tree.size(session), tree.stored(session)
    for one in session.scalars(select(Checkpoint).order_by(Checkpoint.size)):
        if not checkpoints.is_signed(one):
            yield Fault(one.size, N_("Chữ ký của điểm kiểm tra này không đúng."))
            return
        if one.size > size or merkle.root(one.size, node) != one.root:
            yield Fault(one.size, N_("Nhật ký không như khi ký điểm kiểm tra này."))
            return


def _records(session: Session) -> Iterator[Fault]:
    """People and papers are as they were noted."""
    if found := records.changed(session):
        yield Fault(
            found[1],
            N_("Tên người hay quyết định mang số này đã bị sửa trong bảng của nó."),
        )
