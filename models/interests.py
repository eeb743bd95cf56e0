"""What people declare of themselves before they judge a nomination."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.awards import Nomination
from models.base import Base, BigId, closed_set
from models.organisation import Person


class Relation(StrEnum):
    """What a nominee is to somebody who would judge the nomination."""

    NONE = "none"
    SELF = "self"
    RELATIVE = "relative"
    SUPERIOR = "superior"


class Interest(Base):
    """One person's declaration about one nomination: made before its dossier is shown, and kept."""

    __tablename__ = "interest"
    __table_args__ = (Index("ix_interest_nomination", "nomination_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), primary_key=True)
    nomination_id: Mapped[int] = mapped_column(
        BigId, ForeignKey(Nomination.id), primary_key=True
    )
    relation: Mapped[Relation] = mapped_column(closed_set(Relation, "relation"))
    declared_at: Mapped[datetime]
