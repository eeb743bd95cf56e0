"""Lists that people took out of the system: who, when, what, and for a day the file itself."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, closed_set
from models.organisation import Person


class ExportKind(StrEnum):
    NOMINATIONS = "nominations"
    BOARD = "board"
    OUTCOMES = "outcomes"
    ORGANISATION = "organisation"
    HISTORY = "history"
    ACCOUNTS = "accounts"
    DECISION = "decision"
    RECORDS = "records"
    QUALITY = "quality"
    OVERVIEW = "overview"
    EVENTS = "events"
    NOMINATION_EVIDENCE = "nomination_evidence"
    DECISION_EVIDENCE = "decision_evidence"


class ExportState(StrEnum):
    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class Export(Base):
    """One file that somebody asked for. The row stays; the file goes when its time is over.

    A spreadsheet lies in `content`; an archive, which may be large, on the disk under `token`.

    `queues` are those that its maker served then: who has lost one of them gets the file no more.
    """

    __tablename__ = "export"
    __table_args__ = (
        CheckConstraint(
            "(state = 'ready') = (sha256 IS NOT NULL)", name="a_ready_file_is_proved"
        ),
        Index("ix_export_person", "person_id", "id"),
        Index("ix_export_expiry", "expires_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[ExportKind] = mapped_column(closed_set(ExportKind, "kind"))
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    asked_at: Mapped[datetime]
    filters: Mapped[dict[str, str]] = mapped_column(JSON)
    queues: Mapped[list[str]]
    file_name: Mapped[str] = mapped_column(String(100))
    state: Mapped[ExportState] = mapped_column(closed_set(ExportState, "state"))
    total: Mapped[int]
    done: Mapped[int]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    token: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    """When the file goes. None while it is not made, and once it has gone."""
