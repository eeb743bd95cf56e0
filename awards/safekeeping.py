"""What was done to keep the records safe, as operators are told it. The rule: trust.md O5, O6."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.safekeeping import Safekeeping, SafekeepingKind

DRILL_EVERY = timedelta(days=31)
_SHOWN = 12
_LATE = 2  # times the interval between two backups: one may fail before anybody is warned
_DRILLS = (SafekeepingKind.DRILL_PASSED, SafekeepingKind.DRILL_FAILED)


@dataclass(frozen=True, slots=True)
class Standing:
    """How safe the records are: the last backup, the last drill, and what asks for somebody."""

    backup: Safekeeping | None
    drill: Safekeeping | None
    is_backup_late: bool
    is_drill_late: bool


def record(
    session: Session,
    kind: SafekeepingKind,
    archive: str,
    *,
    now: datetime,
    **details: object,
) -> Safekeeping:
    """Write down what was done; `details` are figures and hashes, never words about people."""
    row = Safekeeping(kind=kind, at=now, archive=archive, details=details)
    session.add(row)
    session.flush()
    return row


def last(session: Session, *kinds: SafekeepingKind) -> Safekeeping | None:
    """The latest of these kinds, if there is any."""
    query = select(Safekeeping).where(Safekeeping.kind.in_(kinds))
    query = query.order_by(Safekeeping.at.desc(), Safekeeping.id.desc())
    return session.scalars(query.limit(1)).first()


def standing(session: Session, *, every: timedelta, now: datetime) -> Standing:
    """How things stand where a backup is to be made `every` so often."""
    backup = last(session, SafekeepingKind.BACKUP_MADE)
    drill = last(session, *_DRILLS)
    is_drilled = drill is not None and drill.kind == SafekeepingKind.DRILL_PASSED
    return Standing(
        backup=backup,
        drill=drill,
        is_backup_late=backup is None or now - backup.at > _LATE * every,
        is_drill_late=not is_drilled or drill is None or now - drill.at > DRILL_EVERY,
    )


def is_due(session: Session, *, every: timedelta, now: datetime) -> bool:
    """Whether the time has come for the next backup."""
    backup = last(session, SafekeepingKind.BACKUP_MADE)
    return backup is None or now - backup.at >= every


def latest(session: Session) -> Sequence[Safekeeping]:
    """What was done lately, newest first."""
    query = select(Safekeeping).order_by(Safekeeping.at.desc(), Safekeeping.id.desc())
    return session.scalars(query.limit(_SHOWN)).all()
