"""User tasks and what people enter in them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, BigId, closed_set
from models.process import ProcessInstance


class TaskState(StrEnum):
    READY = "ready"
    CLAIMED = "claimed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


OPEN = (TaskState.READY, TaskState.CLAIMED)


class UserTask(Base):
    """A step that waits for a person. `queue` says who may claim it, as `role` or `role:scope`."""

    __tablename__ = "user_task"
    __table_args__ = (
        CheckConstraint(
            "state <> 'claimed' OR assignee_id IS NOT NULL", name="claimed_has_assignee"
        ),
        CheckConstraint(
            "state NOT IN ('completed', 'cancelled') OR closed_at IS NOT NULL",
            name="closed_has_time",
        ),
        Index(
            "ix_user_task_inbox", "queue", "state", "due_at", text("priority DESC"), "id"
        ),
        Index(
            "ix_user_task_assignee",
            "assignee_id",
            "state",
            "closed_at",
            sqlite_where=text("assignee_id IS NOT NULL"),
            postgresql_where=text("assignee_id IS NOT NULL"),
        ),
        Index(
            "ix_user_task_open",
            "series",
            "due_at",
            text("instance_id DESC"),
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(
            "ix_user_task_stage",
            "series",
            "element_id",
            "due_at",
            "closed_at",  # or SQLite would look at the row to see what the index is for
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(
            "ix_user_task_escalated",
            "escalated_to",
            sqlite_where=text("escalated_to IS NOT NULL"),
            postgresql_where=text("escalated_to IS NOT NULL"),
        ),
        Index("ix_user_task_instance", "instance_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey(ProcessInstance.id))
    element_id: Mapped[str] = mapped_column(String(200))
    series: Mapped[str] = mapped_column(String(64), server_default=text("''"))
    queue: Mapped[str] = mapped_column(String(100))
    state: Mapped[TaskState] = mapped_column(closed_set(TaskState, "state"))
    assignee_id: Mapped[int | None]
    priority: Mapped[int]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    follow_up_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    escalated_to: Mapped[str | None] = mapped_column(String(100))
    outcome: Mapped[str | None] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column()

    instance: Mapped[ProcessInstance] = relationship()

    __mapper_args__ = {"version_id_col": revision}


class Submission(Base):
    """What was entered at a step. Kept apart from the history, so that it can be erased there.

    `digest` is the SHA-256 of salt and canonical content; the history holds the digest alone.
    """

    __tablename__ = "submission"
    __table_args__ = (Index("ix_submission_instance", "instance_id", "element_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey(ProcessInstance.id))
    task_id: Mapped[int | None] = mapped_column(ForeignKey(UserTask.id))
    element_id: Mapped[str] = mapped_column(String(200))
    form_key: Mapped[str] = mapped_column(String(100))
    form_version: Mapped[int]
    content: Mapped[dict[str, object]] = mapped_column(JSON)
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    digest: Mapped[str] = mapped_column(String(64))
    submitted_by: Mapped[int]
    submitted_at: Mapped[datetime]


class Draft(Base):
    """What somebody has typed into a step and not sent yet: one per task and person."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("task_id", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey(UserTask.id))
    person_id: Mapped[int]
    fields: Mapped[list[list[str]]] = mapped_column(JSON)
    saved_at: Mapped[datetime]


class Command(Base):
    """An act already carried out, by the key its form was given: sent again, it changes nothing."""

    __tablename__ = "command"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    actor_id: Mapped[int]
    subject_id: Mapped[int] = mapped_column(BigId)
    done_at: Mapped[datetime]
