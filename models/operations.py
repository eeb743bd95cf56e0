"""What operators see to: incidents of automatic steps, and acts that two of them answer for."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, BigId, closed_set
from models.process import ProcessInstance

_OPEN_INCIDENT = text("resolved_at IS NULL")
_OPEN_ACT = text("decided_at IS NULL")


class Incident(Base):
    """A service task whose handler failed. The instance waits there until somebody retries."""

    __tablename__ = "incident"
    __table_args__ = (
        Index(
            "ix_incident_open",
            "instance_id",
            sqlite_where=_OPEN_INCIDENT,
            postgresql_where=_OPEN_INCIDENT,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey(ProcessInstance.id))
    element_id: Mapped[str] = mapped_column(String(200))
    topic: Mapped[str] = mapped_column(String(100))
    message: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int]
    raised_at: Mapped[datetime]
    failed_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[int | None]

    instance: Mapped[ProcessInstance] = relationship()


class OperatorActKind(StrEnum):
    REASSIGN = "reassign"
    CANCEL = "cancel"
    PLACE = "place"
    SUSPEND = "suspend"
    RESUME = "resume"
    MIGRATE = "migrate"


class OperatorAct(Base):
    """An intervention that one administrator asks for and another confirms or declines.

    `details` says what exactly, `digest` is the salted hash of the reason, for the history.
    """

    __tablename__ = "operator_act"
    __table_args__ = (
        CheckConstraint("decided_by <> asked_by", name="two_people"),
        CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)", name="decided_by_somebody"
        ),
        Index(
            "ix_operator_act_open",
            "asked_at",
            sqlite_where=_OPEN_ACT,
            postgresql_where=_OPEN_ACT,
        ),
        Index("ix_operator_act_instance", "instance_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[OperatorActKind] = mapped_column(closed_set(OperatorActKind, "kind"))
    instance_id: Mapped[int] = mapped_column(ForeignKey(ProcessInstance.id))
    details: Mapped[dict[str, object]]
    reason: Mapped[str] = mapped_column(Text)
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    digest: Mapped[str] = mapped_column(String(64))
    asked_by: Mapped[int]
    asked_at: Mapped[datetime]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    is_carried_out: Mapped[bool]

    instance: Mapped[ProcessInstance] = relationship()
