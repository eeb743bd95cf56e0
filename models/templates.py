"""Templates of papers: versions from a day on, uploaded by one person and approved by another."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, BigId, closed_set
from models.organisation import Person


class TemplateFormat(StrEnum):
    """What a template is written in: Typst makes the PDF, Word the paper that is edited first."""

    TYPST = "typst"
    DOCX = "docx"


class PaperTemplate(Base):
    """A version of how a kind of paper looks, used for papers dated `valid_from` and later.

    Without `content` it is the built-in one: how one goes back to it. Until somebody else has
    approved it, it makes no paper.
    """

    __tablename__ = "paper_template"
    __table_args__ = (
        UniqueConstraint("kind", "format", "version"),
        CheckConstraint("(content IS NULL) = (sha256 IS NULL)", name="hash_of_content"),
        CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)", name="approved_by_somebody"
        ),
        CheckConstraint("approved_by <> uploaded_by", name="approved_by_another"),
        CheckConstraint("valid_to >= valid_from", name="valid_some_day"),
        CheckConstraint(
            "approved_at IS NULL OR declined_at IS NULL", name="approved_or_declined"
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    format: Mapped[TemplateFormat] = mapped_column(closed_set(TemplateFormat, "format"))
    version: Mapped[int]
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str | None] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text)
    uploaded_by: Mapped[int] = mapped_column(ForeignKey(Person.id))
    uploaded_at: Mapped[datetime]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    approved_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]

    uploader: Mapped[Person] = relationship(foreign_keys=uploaded_by)
    approver: Mapped[Person | None] = relationship(foreign_keys=approved_by)
