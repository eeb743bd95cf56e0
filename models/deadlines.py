"""Moments that the calendar will bring: of tasks, of timers in a diagram, of statutory clocks."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, closed_set
from models.process import ProcessInstance
from models.tasks import UserTask

_WAITING = text("fired_at IS NULL")
_OF_NO_TASK = text("task_id IS NULL")


class DeadlineKind(StrEnum):
    REMINDER = "reminder"
    OVERDUE = "overdue"
    ESCALATION = "escalation"
    TIMER = "timer"
    CLOCK = "clock"


class Clock(Base):
    """A statutory period over several steps of one instance, in working days.

    It runs while `running_since` is set; `used_days` were used up before that. Its end is the
    deadline of kind `clock`. Once it has stopped it never runs again.
    """

    __tablename__ = "clock"
    __table_args__ = (UniqueConstraint("instance_id", "name"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey(ProcessInstance.id))
    name: Mapped[str] = mapped_column(String(64))
    allowed_days: Mapped[int]
    used_days: Mapped[int]
    started_at: Mapped[datetime]
    running_since: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]


class Deadline(Base):
    """A moment at which something has to be done, once. Rows nobody waits for are deleted."""

    __tablename__ = "deadline"
    __table_args__ = (
        Index(
            "ix_deadline_waiting",
            "due_at",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index(
            "ix_deadline_instance",
            "instance_id",
            sqlite_where=_OF_NO_TASK,
            postgresql_where=_OF_NO_TASK,
        ),
        Index("ix_deadline_task", "task_id"),
        CheckConstraint(
            "(kind IN ('reminder', 'overdue', 'escalation')) = (task_id IS NOT NULL)",
            name="task_has_its_kinds",
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey(ProcessInstance.id))
    kind: Mapped[DeadlineKind] = mapped_column(closed_set(DeadlineKind, "kind"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey(UserTask.id))
    element_id: Mapped[str] = mapped_column(String(200))
    ordinal: Mapped[int]
    due_at: Mapped[datetime]
    fired_at: Mapped[datetime | None]
