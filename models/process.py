"""Process definitions, the states their cases share, and the cases themselves."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, BigId, closed_set


class InstanceStatus(StrEnum):
    RUNNING = "running"
    ENDED = "ended"


class ProcessDefinition(Base):
    """One deployed version of a BPMN file. Never changed once it is here.

    `sha256` is of the file and of the versions it calls; `calls` holds theirs by key.
    """

    __tablename__ = "process_definition"
    __table_args__ = (UniqueConstraint("key", "version"), UniqueConstraint("key", "sha256"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(100))
    version: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    xml: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    calls: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    deployed_by: Mapped[int | None]
    deployed_at: Mapped[datetime]
    confirmed_by: Mapped[int | None]
    confirmed_at: Mapped[datetime | None]


class EngineState(Base):
    """A place the tokens of some process can be in; it holds no case's data, so cases share it."""

    __tablename__ = "engine_state"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class ProcessInstance(Base):
    """One run of a definition: which state it is in, and the head of its history chain.

    `series` names what it is counted with; its tasks repeat it.
    """

    __tablename__ = "process_instance"
    __table_args__ = (
        Index("ix_process_instance_status", "status"),
        Index("ix_process_instance_series", "series", "result", "id"),
        Index(
            "ix_process_instance_result",
            "result",
            "id",
            sqlite_where=text("result IS NOT NULL"),
            postgresql_where=text("result IS NOT NULL"),
        ),
        Index(
            "ix_process_instance_running",
            "started_at",
            "series",
            "ended_at",  # or SQLite would look at the row to see what the index is for
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    definition_id: Mapped[int] = mapped_column(ForeignKey(ProcessDefinition.id))
    business_key: Mapped[str] = mapped_column(String(64), unique=True)
    series: Mapped[str] = mapped_column(String(64), server_default=text("''"))
    state_hash: Mapped[str] = mapped_column(ForeignKey(EngineState.hash))
    variables: Mapped[dict[str, object]] = mapped_column(JSON)
    status: Mapped[InstanceStatus] = mapped_column(closed_set(InstanceStatus, "status"))
    result: Mapped[str | None] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column()
    history_length: Mapped[int]
    history_head: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]

    definition: Mapped[ProcessDefinition] = relationship()

    __mapper_args__ = {"version_id_col": revision}
