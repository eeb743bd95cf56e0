"""Proposals (tờ trình): nominations that one office sends on together, by one signature."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.awards import Movement, Nomination, Outcome
from models.base import Base, BigId, closed_set
from models.batches import Batch
from models.organisation import Block, Person, Unit


class ProposalKind(StrEnum):
    """Whose tờ trình it is. A step of a diagram names one of these in its property `signs`."""

    UNIT = "unit_proposal"
    BLOCK = "block_proposal"
    DEPARTMENT = "department_proposal"


class Proposal(Base):
    """A tờ trình. It has no status of its own: how it stands is read from its nominations.

    `queue` is whose signature it needs; `told_at` is when its signers were told that it waits.
    Number, content and paper are fixed by signing; a draft has none of them. `unit` or `block` is
    the office it comes from; neither: the department.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("suffix", "year", "number"),
        CheckConstraint(
            "(number IS NULL) = (signed_at IS NULL)", name="numbered_when_signed"
        ),
        Index("ix_proposal_queue", "queue", "signed_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[ProposalKind] = mapped_column(closed_set(ProposalKind, "kind"))
    queue: Mapped[str] = mapped_column(String(100))
    movement_id: Mapped[int] = mapped_column(ForeignKey(Movement.id))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    block_id: Mapped[int | None] = mapped_column(ForeignKey(Block.id))
    opened_by: Mapped[int]
    opened_at: Mapped[datetime]
    submitted_by: Mapped[int | None]
    submitted_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    number: Mapped[int | None]
    year: Mapped[int | None]
    suffix: Mapped[str | None] = mapped_column(String(64))
    signed_on: Mapped[date | None] = mapped_column(Date)
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[int | None]
    content: Mapped[dict[str, object]] = mapped_column(JSON)
    paper: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    paper_sha256: Mapped[str | None] = mapped_column(String(64))
    template_version: Mapped[int | None]
    template_sha256: Mapped[str | None] = mapped_column(String(64))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey(Batch.id))

    movement: Mapped[Movement] = relationship()
    unit: Mapped[Unit | None] = relationship()
    block: Mapped[Block | None] = relationship()
    entries: Mapped[list["ProposalEntry"]] = relationship(
        back_populates="proposal", order_by="ProposalEntry.position"
    )

    @property
    def symbol(self) -> str:
        """Number and suffix as they are written; "" on a draft."""
        return f"{self.number:02d}/{self.suffix}" if self.number else ""


class ProposalEntry(Base):
    """A nomination in a proposal: what is proposed of it, why, and what its step asks for beside.

    `dossier` is the unit's submission that the signature speaks of.
    """

    __tablename__ = "proposal_entry"
    __table_args__ = (Index("ix_proposal_entry_nomination", "nomination_id"),)

    proposal_id: Mapped[int] = mapped_column(ForeignKey(Proposal.id), primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey(Nomination.id), primary_key=True)
    position: Mapped[int]
    outcome: Mapped[Outcome] = mapped_column(closed_set(Outcome, "outcome"))
    reason: Mapped[str] = mapped_column(Text)
    values: Mapped[dict[str, object]] = mapped_column(JSON)
    dossier: Mapped[int | None]

    proposal: Mapped[Proposal] = relationship(back_populates="entries")
    nomination: Mapped[Nomination] = relationship()


class BlockMeeting(Base):
    """The meeting of a Khối at which it went through what its proposal holds.

    `present` maps members' ids to whoever came for them; members that are not in it were absent.
    """

    __tablename__ = "block_meeting"

    proposal_id: Mapped[int] = mapped_column(ForeignKey(Proposal.id), primary_key=True)
    held_on: Mapped[date] = mapped_column(Date)
    began: Mapped[str] = mapped_column(String(32))
    ended: Mapped[str] = mapped_column(String(32))
    place: Mapped[str] = mapped_column(String(200))
    chair: Mapped[str] = mapped_column(String(200))
    secretary: Mapped[str] = mapped_column(String(200))
    present: Mapped[dict[str, object]] = mapped_column(JSON)
    recorded_by: Mapped[int] = mapped_column(ForeignKey(Person.id))
    recorded_at: Mapped[datetime]
