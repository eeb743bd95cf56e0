"""What was done to keep the records safe, and what may not be erased for now."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.awards import Nomination
from models.base import Base, BigId, open_set
from models.organisation import Person


class SafekeepingKind(StrEnum):
    BACKUP_MADE = "backup_made"
    DRILL_PASSED = "drill_passed"
    DRILL_FAILED = "drill_failed"
    RESTORED = "restored"


class Safekeeping(Base):
    """A backup, a drill or a restore. `details` are figures. Written once, like the history."""

    __tablename__ = "safekeeping"
    __table_args__ = (Index("ix_safekeeping_kind", "kind", "at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[SafekeepingKind] = mapped_column(open_set(SafekeepingKind))
    at: Mapped[datetime]
    archive: Mapped[str] = mapped_column(String(200))
    details: Mapped[dict[str, object]]


class LegalHold(Base):
    """Somebody's word that a nomination may not be erased, until somebody lifts it.

    Placing and lifting stand in the nomination's history with salted hashes of the reasons.
    """

    __tablename__ = "legal_hold"
    __table_args__ = (
        CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted_by_somebody"
        ),
        Index(
            "uq_legal_hold_standing",
            "nomination_id",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey(Nomination.id))
    reason: Mapped[str] = mapped_column(Text)
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    placed_by: Mapped[int] = mapped_column(ForeignKey(Person.id))
    placed_at: Mapped[datetime]
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    lifted_at: Mapped[datetime | None]
    lifted_reason: Mapped[str] = mapped_column(Text, default="")

    nomination: Mapped[Nomination] = relationship()
    placer: Mapped[Person] = relationship(foreign_keys=placed_by)
    lifter: Mapped[Person | None] = relationship(foreign_keys=lifted_by)
