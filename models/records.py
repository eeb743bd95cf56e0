"""What units and the department keep of a movement, year by year, and every version of it.

A record's row holds what is true now. What it said before stays in `record_version`, which the
database lets nobody change; a record that should not be there is voided, not deleted.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from models.awards import Movement, NomineeKind
from models.base import Base, BigId, closed_set, open_set
from models.organisation import Person, Unit

_IN_FORCE = text("voided_at IS NULL")


class RecordKind(StrEnum):
    EVALUATION = "evaluation"
    REGISTRATION = "registration"
    INSPECTION = "inspection"
    OWN_AWARD = "own_award"
    COMMUNICATION = "communication"


class RecordAct(StrEnum):
    """What made a version."""

    RECORDED = "recorded"
    CORRECTED = "corrected"
    SIGNED = "signed"
    FINDING_CLOSED = "finding_closed"
    VOIDED = "voided"


class OwnAwardForm(StrEnum):
    """What a unit can give by itself."""

    CERTIFICATE = "certificate"
    LETTER = "letter"
    TITLE = "title"


class Channel(StrEnum):
    """How people were told of a movement."""

    PRESS = "press"
    ONLINE = "online"
    MEETING = "meeting"
    CONTEST = "contest"
    LOUDSPEAKER = "loudspeaker"
    DISPLAY = "display"
    NEIGHBOURHOOD = "neighbourhood"


class Recorded:
    """What every record has: whose it is, who wrote it down last, and whether it still holds."""

    id: Mapped[int] = mapped_column(primary_key=True)
    recorded_by: Mapped[int]
    recorded_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=1)

    @declared_attr
    def unit_id(cls) -> Mapped[int]:  # noqa: N805 - SQLAlchemy's way of giving columns to tables
        return mapped_column(ForeignKey(Unit.id))

    @declared_attr
    def unit(cls) -> Mapped[Unit]:  # noqa: N805 - as above
        return relationship(Unit)


class ForMovement:
    """A record that may belong to a movement."""

    @declared_attr
    def movement_id(cls) -> Mapped[int | None]:  # noqa: N805 - as above
        return mapped_column(ForeignKey(Movement.id))

    @declared_attr
    def movement(cls) -> Mapped[Movement | None]:  # noqa: N805 - as above
        return relationship(Movement)


class UnitEvaluation(Recorded, Base):
    """How a unit judges its own leading of the movements in a year. It counts once signed."""

    __tablename__ = "unit_evaluation"
    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 100", name="score_is_of_a_hundred"),
        CheckConstraint(
            "(signed_by IS NULL) = (signed_at IS NULL)", name="signed_by_somebody"
        ),
        Index(
            "uq_unit_evaluation_year",
            "year",
            "unit_id",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
    )

    year: Mapped[int]
    score: Mapped[int]
    leadership: Mapped[str] = mapped_column(Text)
    results: Mapped[str] = mapped_column(Text)
    shortcomings: Mapped[str] = mapped_column(Text)
    next_year: Mapped[str] = mapped_column(Text)
    signed_by: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    signed_at: Mapped[datetime | None]

    signer: Mapped[Person | None] = relationship()


class Registration(Recorded, ForMovement, Base):
    """What a unit sets out to do for a movement in a year, with targets of its own."""

    __tablename__ = "registration"
    __table_args__ = (
        Index(
            "uq_registration_year",
            "year",
            "unit_id",
            "movement_id",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
    )

    year: Mapped[int]
    solutions: Mapped[str] = mapped_column(Text)

    targets: Mapped[list["RegistrationTarget"]] = relationship(
        order_by="RegistrationTarget.position", cascade="all, delete-orphan"
    )


class RegistrationTarget(Base):
    """One target: with a number it can be told whether it was reached."""

    __tablename__ = "registration_target"
    __table_args__ = (UniqueConstraint("registration_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey(Registration.id))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(300))
    goal: Mapped[int | None]
    measure: Mapped[str] = mapped_column(String(100))
    reached: Mapped[int | None]


class Inspection(Recorded, ForMovement, Base):
    """The department has looked at how a unit carries out a movement."""

    __tablename__ = "inspection"
    __table_args__ = (Index("ix_inspection_day", "inspected_on", "unit_id"),)

    inspected_on: Mapped[date] = mapped_column(Date)
    basis: Mapped[str] = mapped_column(String(200))
    team: Mapped[str] = mapped_column(String(300))
    conclusion: Mapped[str] = mapped_column(Text)

    findings: Mapped[list["InspectionFinding"]] = relationship(
        order_by="InspectionFinding.position", cascade="all, delete-orphan"
    )


class InspectionFinding(Base):
    """What a unit has to put right by a day; open until the department sees that it is."""

    __tablename__ = "inspection_finding"
    __table_args__ = (
        UniqueConstraint("inspection_id", "position"),
        CheckConstraint("closed_on IS NULL OR remedy <> ''", name="closed_by_a_remedy"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey(Inspection.id))
    position: Mapped[int]
    finding: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date] = mapped_column(Date)
    remedy: Mapped[str] = mapped_column(Text, default="")
    closed_on: Mapped[date | None] = mapped_column(Date)


class OwnAward(Recorded, ForMovement, Base):
    """A commendation that a unit gave by its own decision."""

    __tablename__ = "own_award"
    __table_args__ = (Index("ix_own_award_day", "decided_on", "unit_id"),)

    number: Mapped[str] = mapped_column(String(100))
    decided_on: Mapped[date] = mapped_column(Date)
    form: Mapped[OwnAwardForm] = mapped_column(closed_set(OwnAwardForm, "form"))
    kind: Mapped[NomineeKind] = mapped_column(closed_set(NomineeKind, "kind"))
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[str] = mapped_column(String(200))
    is_serving_public: Mapped[bool]
    is_leader: Mapped[bool]
    merit: Mapped[str] = mapped_column(String(300))


class Communication(Recorded, ForMovement, Base):
    """Something by which a unit made a movement known."""

    __tablename__ = "communication"
    __table_args__ = (Index("ix_communication_day", "held_on", "unit_id"),)

    held_on: Mapped[date] = mapped_column(Date)
    channel: Mapped[Channel] = mapped_column(closed_set(Channel, "channel"))
    title: Mapped[str] = mapped_column(String(300))
    people_reached: Mapped[int | None]
    evidence: Mapped[str] = mapped_column(String(300))


class RecordVersion(Base):
    """A record as it stood after an act, whole. Written once: the database refuses to change it."""

    __tablename__ = "record_version"
    __table_args__ = (UniqueConstraint("kind", "record_id", "version"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[RecordKind] = mapped_column(open_set(RecordKind))
    record_id: Mapped[int]
    version: Mapped[int]
    act: Mapped[RecordAct] = mapped_column(open_set(RecordAct))
    content: Mapped[dict[str, object]]
    reason: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    acting_as: Mapped[str] = mapped_column(String(400))
    at: Mapped[datetime]

    actor: Mapped[Person] = relationship()
