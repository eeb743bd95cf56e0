"""Erasures: whose words were taken out of the records, at whose word and on what ground."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.awards import Nomination
from models.base import Base, BigId
from models.organisation import Person


class Erasure(Base):
    """The act that erased the words of one nomination. Its `digest` stands in the history."""

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey(Nomination.id), unique=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey(Person.id))
    asked_at: Mapped[datetime]
    legal_ground: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(Text)
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    digest: Mapped[str] = mapped_column(String(64))

    nomination: Mapped[Nomination] = relationship()
