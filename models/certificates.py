"""Certificates: where their words stand on the pre-printed blank, and the book of those made."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.awards import Award, Nomination
from models.base import Base, closed_set
from models.organisation import Person
from models.papers import Decision


class PageSize(StrEnum):
    """The sizes of blanks, landscape."""

    A3 = "a3"
    A4 = "a4"


class CertificateLayout(Base):
    """Where an award's blank takes which words.

    `blocks` maps each text's name to millimetres and points: x and y (of its first baseline) from
    the page's top left corner, width, and size. The shift moves them all, for a printer that does.
    """

    __tablename__ = "certificate_layout"

    award_id: Mapped[int] = mapped_column(ForeignKey(Award.id), primary_key=True)
    page: Mapped[PageSize] = mapped_column(closed_set(PageSize, "page"))
    shift_x: Mapped[int] = mapped_column(default=0)
    shift_y: Mapped[int] = mapped_column(default=0)
    blocks: Mapped[dict[str, object]]

    award: Mapped[Award] = relationship()


class Certificate(Base):
    """A line of an award's book of a year (sổ vào bằng). The number is taken once, without gaps."""

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("award_id", "year", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        Index("ix_certificate_decision", "decision_id"),
    )

    nomination_id: Mapped[int] = mapped_column(ForeignKey(Nomination.id), primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey(Decision.id))
    award_id: Mapped[int] = mapped_column(ForeignKey(Award.id))
    year: Mapped[int]
    number: Mapped[int]
    numbered_by: Mapped[int] = mapped_column(ForeignKey(Person.id))
    numbered_at: Mapped[datetime]
