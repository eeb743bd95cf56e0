"""Rows that never change once they are there: each is noted in the log with its salted hash.

Events speak of people and papers by number. Who stands behind a number, and what a paper says, lie
in tables of their own; these notes make a change of them as visible as one of the events. The
sealer writes them, a minute after the row at most.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import false, select
from sqlalchemy.orm import Session

from models.log import FixedRecord, LeafSource
from models.writing import insert
from workflows import sealing
from workflows.canonical import canonical, fresh_salt, salted, sha256

AT_ONCE = 500

Says: TypeAlias = Callable[[Any], dict[str, object]]


@dataclass(frozen=True, slots=True)
class Fixed:
    """A table with `id`, and what of its rows never changes: texts, numbers, JSON."""

    table: Any
    says: Says


FIXED: dict[str, Fixed] = {}


def register(kind: str, table: Any, says: Says) -> None:  # noqa: ANN401 - any table with an id
    """Have the rows of a table noted."""
    FIXED[kind] = Fixed(table, says)


def note_some(session: Session) -> int:
    """Note rows that are not noted yet; how many there were, at most so many of each kind."""
    sealing.hold(session)
    count = 0
    for kind, fixed in FIXED.items():
        is_noted = (FixedRecord.kind == kind) & (FixedRecord.subject_id == fixed.table.id)
        query = select(fixed.table).where(~select(FixedRecord.id).where(is_noted).exists())
        for row in session.scalars(query.order_by(fixed.table.id).limit(AT_ONCE)).all():
            _note(session, kind, row.id, fixed.says(row))
            count += 1
    return count


def changed(session: Session) -> tuple[str, int] | None:
    """The first row that is not as it was noted, or is gone: its kind and number."""
    for kind, fixed in FIXED.items():
        pairs = select(FixedRecord, fixed.table).outerjoin(
            fixed.table, fixed.table.id == FixedRecord.subject_id
        )
        query = pairs.where(FixedRecord.kind == kind).order_by(FixedRecord.id)
        with session.execute(query.execution_options(yield_per=AT_ONCE)) as rows:
            for record, row in rows:
                body = row and _body(kind, row.id, record.salt, fixed.says(row))
                if body != record.body or sha256(record.body) != record.hash:
                    return kind, record.subject_id
    return None


def _note(session: Session, kind: str, subject_id: int, said: dict[str, object]) -> None:
    salt = fresh_salt()
    body = _body(kind, subject_id, salt, said)
    insert(
        session,
        FixedRecord,
        kind=kind,
        subject_id=subject_id,
        salt=salt,
        body=body,
        hash=sha256(body),
    )


def _body(kind: str, subject_id: int, salt: bytes, said: dict[str, object]) -> str:
    digest = salted(salt, said)
    return canonical({"format": 1, "record": kind, "id": subject_id, "digest": digest})


sealing.register(sealing.Source(LeafSource.RECORDS, FixedRecord, lambda _: false()))
