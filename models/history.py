"""The history: one chain of events per process instance, inserted and never touched again."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, open_set
from models.process import ProcessInstance


class EventKind(StrEnum):
    INSTANCE_STARTED = "instance_started"
    TASK_OPENED = "task_opened"
    TASK_CLAIMED = "task_claimed"
    TASK_UNCLAIMED = "task_unclaimed"
    TASK_RELEASED = "task_released"
    TASK_BARRED = "task_barred"
    TASK_COMPLETED = "task_completed"
    TASK_CANCELLED = "task_cancelled"
    SERVICE_COMPLETED = "service_completed"
    MESSAGE_RECEIVED = "message_received"
    INSTANCE_REHOMED = "instance_rehomed"
    INSTANCE_ENDED = "instance_ended"
    DEADLINE_FIRED = "deadline_fired"
    TASK_REMINDED = "task_reminded"
    TASK_OVERDUE = "task_overdue"
    TASK_ESCALATED = "task_escalated"
    CLOCK_STARTED = "clock_started"
    CLOCK_PAUSED = "clock_paused"
    CLOCK_RESUMED = "clock_resumed"
    CLOCK_STOPPED = "clock_stopped"
    CLOCK_EXTENDED = "clock_extended"
    CLOCK_EXPIRED = "clock_expired"
    INCIDENT_RAISED = "incident_raised"
    INCIDENT_RESOLVED = "incident_resolved"
    OPERATION_REQUESTED = "operation_requested"
    OPERATION_DECLINED = "operation_declined"
    TASK_REASSIGNED = "task_reassigned"
    INSTANCE_CANCELLED = "instance_cancelled"
    INSTANCE_PLACED = "instance_placed"
    INSTANCE_SUSPENDED = "instance_suspended"
    INSTANCE_RESUMED = "instance_resumed"
    INSTANCE_MIGRATED = "instance_migrated"
    INTEREST_DECLARED = "interest_declared"
    COMMENT_ADDED = "comment_added"
    FILE_ATTACHED = "file_attached"
    FILE_REMOVED = "file_removed"
    FILE_SCANNED = "file_scanned"
    WORDS_ERASED = "words_erased"
    AWARD_CORRECTED = "award_corrected"
    AWARD_REVOKED = "award_revoked"
    CERTIFICATE_NUMBERED = "certificate_numbered"
    PAPER_SIGNED = "paper_signed"
    DOSSIER_COPIED = "dossier_copied"
    STORY_PUBLISHED = "story_published"
    STORY_WITHDRAWN = "story_withdrawn"
    HOLD_PLACED = "hold_placed"
    HOLD_LIFTED = "hold_lifted"
    IDENTITY_CORRECTED = "identity_corrected"


ROUTINE = (
    EventKind.INSTANCE_STARTED,
    EventKind.TASK_OPENED,
    EventKind.TASK_CLAIMED,
    EventKind.TASK_COMPLETED,
    EventKind.SERVICE_COMPLETED,
    EventKind.INSTANCE_ENDED,
    EventKind.CLOCK_STARTED,
    EventKind.CLOCK_STOPPED,
    EventKind.FILE_ATTACHED,
    EventKind.FILE_SCANNED,
)
"""What every nomination leaves. Others are few, and an index of their own finds them."""
_RARE = f"kind NOT IN ({', '.join(repr(kind.value) for kind in ROUTINE)})"
RARE = text(f"history_event.{_RARE}")
"""A query that says so is answered from that index."""


class HistoryEvent(Base):
    """`body` is canonical JSON and carries the hash of the event before it; `hash` is its SHA-256.

    The other columns repeat the body for look-ups; verifying compares them with it.
    """

    __tablename__ = "history_event"
    __table_args__ = (
        UniqueConstraint("instance_id", "sequence"),
        Index(
            "ix_history_event_actor",
            "actor_id",
            "at",
            sqlite_where=text("actor_id IS NOT NULL"),
            postgresql_where=text("actor_id IS NOT NULL"),
        ),
        Index("ix_history_event_at", "at", "id"),
        Index(
            "ix_history_event_rare",
            "kind",
            "at",
            sqlite_where=text(_RARE),
            postgresql_where=text(_RARE),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey(ProcessInstance.id))
    sequence: Mapped[int]
    kind: Mapped[EventKind] = mapped_column(open_set(EventKind))
    actor_id: Mapped[int | None]
    at: Mapped[datetime]
    body: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))


class HistoryMark(Base):
    """How far a reader of the history has come: it has looked at every event up to this number."""

    __tablename__ = "history_mark"

    reader: Mapped[str] = mapped_column(String(32), primary_key=True)
    read_to: Mapped[int] = mapped_column(BigId)
