"""Movements and their criteria, awards and what their dossiers need, nominees and nominations."""

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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, BigId, closed_set
from models.organisation import Block, Unit
from models.process import ProcessInstance


class NomineeKind(StrEnum):
    INDIVIDUAL = "individual"
    COLLECTIVE = "collective"
    HOUSEHOLD = "household"


class Outcome(StrEnum):
    """What a step can answer; each has its own word, its own reason, its own end."""

    APPROVE = "approve"
    RETURN = "return"
    NOT_SELECTED = "not_selected"
    FAIL_VOTE = "fail_vote"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


class Result(StrEnum):
    """How a nomination ended: the `result` property of the end event it reached.

    `cancelled` alone is at no end of a diagram: operators ended the nomination.
    """

    AWARDED = "awarded"
    NOT_SELECTED = "not_selected"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


class Movement(Base):
    """A phong trào thi đua: launched by a letter, for a period, with a purpose and criteria."""

    __tablename__ = "movement"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    launched_by: Mapped[str] = mapped_column(String(300))
    purpose: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    period_from: Mapped[date] = mapped_column(Date)
    period_to: Mapped[date] = mapped_column(Date)
    nominations_from: Mapped[date] = mapped_column(Date)
    nominations_to: Mapped[date] = mapped_column(Date)

    criteria: Mapped[list["Criterion"]] = relationship(order_by="Criterion.position")


class Criterion(Base):
    """A measurable line of a movement's scoring: how many points, measured how, proved by what."""

    __tablename__ = "criterion"
    __table_args__ = (UniqueConstraint("movement_id", "nominee_kind", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    movement_id: Mapped[int] = mapped_column(ForeignKey(Movement.id))
    nominee_kind: Mapped[NomineeKind] = mapped_column(
        closed_set(NomineeKind, "nominee_kind")
    )
    code: Mapped[str] = mapped_column(String(32))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(300))
    max_points: Mapped[int]
    measure: Mapped[str] = mapped_column(String(300))
    evidence: Mapped[str] = mapped_column(String(300))


class Award(Base):
    """A form of commendation, as data: its rules change with the law, not with the code."""

    __tablename__ = "award"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    process_key: Mapped[str] = mapped_column(String(100))

    dossier_items: Mapped[list["DossierItem"]] = relationship(
        order_by="DossierItem.position"
    )


class DossierItem(Base):
    """A paper that an award's dossier needs."""

    __tablename__ = "dossier_item"
    __table_args__ = (UniqueConstraint("award_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey(Award.id))
    code: Mapped[str] = mapped_column(String(32))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(300))
    is_required: Mapped[bool]
    legal_basis: Mapped[str] = mapped_column(String(200))


class LegalBasis(Base):
    """A line of law that decisions cite while it is in force, chosen by the document's date."""

    __tablename__ = "legal_basis"

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class Nominee(Base):
    """Who is nominated. `sort_key` orders Vietnamese names by given name on any database."""

    __tablename__ = "nominee"
    __table_args__ = (
        CheckConstraint(
            "kind = 'individual' OR birth_date IS NULL", name="only_people_are_born"
        ),
        Index(
            "ix_nominee_identity_number",
            "identity_number",
            sqlite_where=text("identity_number <> ''"),
            postgresql_where=text("identity_number <> ''"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[NomineeKind] = mapped_column(closed_set(NomineeKind, "kind"))
    honorific: Mapped[str] = mapped_column(String(32), default="")
    name: Mapped[str] = mapped_column(String(200))
    sort_key: Mapped[bytes] = mapped_column(LargeBinary)
    birth_date: Mapped[date | None] = mapped_column(Date)
    identity_number: Mapped[str] = mapped_column(
        String(20), default="", server_default=text("''")
    )
    position: Mapped[str] = mapped_column(String(200), default="")
    is_serving_public: Mapped[bool] = mapped_column(default=False)
    is_leader: Mapped[bool] = mapped_column(default=False)


class Nomination(Base):
    """One nominee, one award, one process instance; unit and Khối as they were at its start."""

    __tablename__ = "nomination"
    __table_args__ = (
        Index("ix_nomination_unit", "unit_id"),
        Index("ix_nomination_block", "block_id"),
        Index("ix_nomination_movement", "movement_id"),
        Index("ix_nomination_created_at", "created_at", "unit_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey(ProcessInstance.id), unique=True)
    movement_id: Mapped[int] = mapped_column(ForeignKey(Movement.id))
    award_id: Mapped[int] = mapped_column(ForeignKey(Award.id))
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    block_id: Mapped[int | None] = mapped_column(ForeignKey(Block.id))
    nominee_id: Mapped[int] = mapped_column(ForeignKey(Nominee.id))
    achievements: Mapped[str] = mapped_column(Text, default="")
    search_text: Mapped[str] = mapped_column(Text)
    received_on: Mapped[date | None] = mapped_column(Date)
    supplement_by: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[datetime]

    instance: Mapped[ProcessInstance] = relationship()
    movement: Mapped[Movement] = relationship()
    award: Mapped[Award] = relationship()
    unit: Mapped[Unit] = relationship()
    block: Mapped[Block | None] = relationship()
    nominee: Mapped[Nominee] = relationship()


class CodeCounter(Base):
    """The last number given out for a kind of code in a year: gap-free, taken under a lock."""

    __tablename__ = "code_counter"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class NomineeListState(StrEnum):
    UPLOADED = "uploaded"
    READ = "read"
    UNREADABLE = "unreadable"
    CONFIRMED = "confirmed"
    IMPORTED = "imported"


class NomineeList(Base):
    """A spreadsheet of nominees: read first, imported when its sender has confirmed it."""

    __tablename__ = "nominee_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    movement_id: Mapped[int] = mapped_column(ForeignKey(Movement.id))
    file_name: Mapped[str] = mapped_column(String(255))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[NomineeListState] = mapped_column(closed_set(NomineeListState, "state"))
    uploaded_by: Mapped[int]
    uploaded_at: Mapped[datetime]
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    rows: Mapped[list[dict[str, object]]] = mapped_column(JSON, default=list)
    errors: Mapped[list[dict[str, object]]] = mapped_column(JSON, default=list)

    movement: Mapped[Movement] = relationship()
