"""What spreads by example: stories of the awarded, people noticed early, criteria that are read."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.awards import Movement, Nomination
from models.base import Base, BigId, closed_set
from models.organisation import Person, Unit


class StoryState(StrEnum):
    DRAFT = "draft"
    WAITING = "waiting"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Story(Base):
    """A điển hình tiên tiến: what an awarded nominee did, told for others to do likewise.

    Who is told of has agreed: when, and how it is known. `remark` is why it was sent back or taken
    away; `digest` is the salted hash of its words that the history keeps.
    """

    __tablename__ = "story"
    __table_args__ = (Index("ix_story_state", "state", "published_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(
        BigId, ForeignKey(Nomination.id), unique=True
    )
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(String(100), default="")
    agreed_on: Mapped[date] = mapped_column(Date)
    agreed_how: Mapped[str] = mapped_column(String(300))
    state: Mapped[StoryState] = mapped_column(closed_set(StoryState, "state"))
    remark: Mapped[str] = mapped_column(String(1000), default="")
    author_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    written_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    published_at: Mapped[datetime | None]
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))

    nomination: Mapped[Nomination] = relationship()


class Discovery(Base):
    """A phát hiện: somebody was seen to do well, noted at once, in any unit, all year.

    `unit_id` is where that person works: its officer begins a nomination from it, or says why not.
    """

    __tablename__ = "discovery"
    __table_args__ = (
        Index("ix_discovery_unit", "unit_id", "noted_at"),
        Index("ix_discovery_author", "author_id", "noted_at"),
        Index("ix_discovery_nomination", "nomination_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    name: Mapped[str] = mapped_column(String(200))
    is_serving_public: Mapped[bool]
    happened_on: Mapped[date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    noted_at: Mapped[datetime]
    nomination_id: Mapped[int | None] = mapped_column(BigId, ForeignKey(Nomination.id))
    answer: Mapped[str] = mapped_column(String(1000), default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    answered_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship()
    nomination: Mapped[Nomination | None] = relationship()


class Acknowledgement(Base):
    """A unit's word that it has read a movement's purpose and criteria and told its people."""

    __tablename__ = "acknowledgement"

    movement_id: Mapped[int] = mapped_column(ForeignKey(Movement.id), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    at: Mapped[datetime]
