"""Acts on many tasks: the list as it was frozen, and what came of each task."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, BigId, closed_set
from models.tasks import UserTask


class BatchState(StrEnum):
    FROZEN = "frozen"
    CONFIRMED = "confirmed"
    DONE = "done"


class ItemState(StrEnum):
    EXCLUDED = "excluded"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class Batch(Base):
    """Tasks of one step, to be completed with one entry. `total` are those that can be.

    Step and form are empty where none of the tasks can be completed with others.
    """

    __tablename__ = "batch"
    __table_args__ = (Index("ix_batch_actor", "actor_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    actor_id: Mapped[int]
    created_at: Mapped[datetime]
    step: Mapped[str] = mapped_column(String(200))
    form_key: Mapped[str] = mapped_column(String(100))
    state: Mapped[BatchState] = mapped_column(closed_set(BatchState, "state"))
    total: Mapped[int]
    done: Mapped[int]
    outcome: Mapped[str | None] = mapped_column(String(64))
    form_version: Mapped[int | None]
    content: Mapped[dict[str, object]] = mapped_column(JSON)
    variables: Mapped[dict[str, object]] = mapped_column(JSON)
    command_key: Mapped[str | None] = mapped_column(String(64))
    confirmed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class BatchItem(Base):
    """A task of a batch as the actor saw it, and why it was left out or what came of it.

    `answer` is what is entered for it alone, `content` and `variables`, where it differs from the
    batch's own.
    """

    __tablename__ = "batch_item"
    __table_args__ = (
        Index("ix_batch_item_state", "batch_id", "state", "position"),
        Index("ix_batch_item_task", "task_id"),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey(Batch.id), primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey(UserTask.id), primary_key=True)
    position: Mapped[int]
    revision: Mapped[int]
    state: Mapped[ItemState] = mapped_column(closed_set(ItemState, "state"))
    message: Mapped[str] = mapped_column(Text)
    values: Mapped[dict[str, object]] = mapped_column(JSON)
    answer: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))

    task: Mapped[UserTask] = relationship()
