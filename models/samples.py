"""Samples that auditors draw by lot: how they were drawn, and what was found of each nomination."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.awards import Nomination
from models.base import Base, BigId
from models.organisation import Person


class AuditSample(Base):
    """A draw: from which nominations, with which seed, how many. Never changed, never deleted.

    `population` narrows the nominations to be drawn from, among those up to `last_nomination_id`
    and as they stood at `drawn_at`; `population_sha256` is of their codes, a line each.
    """

    __tablename__ = "audit_sample"
    __table_args__ = (CheckConstraint("size > 0", name="size_positive"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    purpose: Mapped[str] = mapped_column(String(300))
    seed: Mapped[str] = mapped_column(String(64))
    population: Mapped[dict[str, str]] = mapped_column(JSON)
    last_nomination_id: Mapped[int] = mapped_column(BigId)
    population_size: Mapped[int]
    population_sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    drawn_by: Mapped[int] = mapped_column(ForeignKey(Person.id))
    drawn_at: Mapped[datetime]

    items: Mapped[list["AuditSampleItem"]] = relationship(
        back_populates="sample", order_by="AuditSampleItem.place"
    )
    drawer: Mapped[Person] = relationship()


class AuditSampleItem(Base):
    """A nomination that was drawn, at its place in the draw; ticked off with a remark."""

    __tablename__ = "audit_sample_item"

    sample_id: Mapped[int] = mapped_column(ForeignKey(AuditSample.id), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey(Nomination.id))
    is_checked: Mapped[bool] = mapped_column(default=False)
    remark: Mapped[str] = mapped_column(Text, default="")
    written_by: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    written_at: Mapped[datetime | None]

    sample: Mapped[AuditSample] = relationship(back_populates="items")
    nomination: Mapped[Nomination] = relationship()
    writer: Mapped[Person | None] = relationship()
