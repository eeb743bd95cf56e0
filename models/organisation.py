"""Units, emulation blocks, people, and the posts that let people act."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, closed_set


class UnitKind(StrEnum):
    ADMINISTRATIVE = "administrative"
    PUBLIC_SERVICE = "public_service"
    COMMUNE = "commune"
    WARD = "ward"
    MASS_ORGANISATION = "mass_organisation"
    ENTERPRISE = "enterprise"


class Role(StrEnum):
    """Who may do what. A lane's id in a diagram is one of these."""

    UNIT_OFFICER = "unit_officer"
    UNIT_HEAD = "unit_head"
    BLOCK_LEAD = "block_lead"
    DEPARTMENT_CLERK = "department_clerk"
    DEPARTMENT_SPECIALIST = "department_specialist"
    DEPARTMENT_HEAD = "department_head"
    OFFICE_SPECIALIST = "office_specialist"
    CHAIRMAN = "chairman"
    RECORDS_CLERK = "records_clerk"
    COUNCIL_MEMBER = "council_member"
    AUDITOR = "auditor"
    PROCESS_ADMIN = "process_admin"
    SYSTEM_ADMIN = "system_admin"


UNIT_ROLES = (Role.UNIT_OFFICER, Role.UNIT_HEAD)
BLOCK_ROLES = (Role.BLOCK_LEAD,)


class UnitEventKind(StrEnum):
    """What a decision does to units: it ends some and begins others, and changes none in place."""

    FOUND = "found"
    RENAME = "rename"
    MERGE = "merge"
    SPLIT = "split"
    DISSOLVE = "dissolve"


class Block(Base):
    """A Khối: units of one kind that are compared with each other. Its members come and go."""

    __tablename__ = "block"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(200))


class Unit(Base):
    """An agency, commune or organisation of the province, as it is called while it lasts.

    A new name is a new unit. `keeper` looks after what is left of one that has ended: its
    nominations and its people's queues; it is always a unit that has not ended itself.
    """

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[UnitKind] = mapped_column(closed_set(UnitKind, "kind"))
    keeper_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)

    keeper: Mapped["Unit | None"] = relationship(remote_side="Unit.id")

    @property
    def kept_by(self) -> "Unit":
        """The unit itself while it lasts, and who looks after it since."""
        return self.keeper or self


class BlockMember(Base):
    """A unit's time in a Khối. It is in one at a time."""

    __tablename__ = "block_member"
    __table_args__ = (Index("ix_block_member_unit", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    block_id: Mapped[int] = mapped_column(ForeignKey(Block.id))
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    decision_number: Mapped[str] = mapped_column(String(100), default="")

    block: Mapped[Block] = relationship()
    unit: Mapped[Unit] = relationship()


class BlockTerm(Base):
    """Which members lead a Khối in a year: they rotate, with a handover."""

    __tablename__ = "block_term"
    __table_args__ = (UniqueConstraint("block_id", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    block_id: Mapped[int] = mapped_column(ForeignKey(Block.id))
    head_id: Mapped[int] = mapped_column(ForeignKey(Unit.id))
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date] = mapped_column(Date)
    decision_number: Mapped[str] = mapped_column(String(100))
    recorded_by: Mapped[int]
    recorded_at: Mapped[datetime]

    block: Mapped[Block] = relationship()
    head: Mapped[Unit] = relationship(foreign_keys=head_id)
    deputy: Mapped[Unit | None] = relationship(foreign_keys=deputy_id)


class UnitEvent(Base):
    """A decision that founds, renames, merges, splits or dissolves units on a day."""

    __tablename__ = "unit_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[UnitEventKind] = mapped_column(closed_set(UnitEventKind, "kind"))
    effective_on: Mapped[date] = mapped_column(Date)
    decision_number: Mapped[str] = mapped_column(String(100))
    heir_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    recorded_by: Mapped[int]
    recorded_at: Mapped[datetime]
    carried_out_at: Mapped[datetime | None]

    heir: Mapped[Unit | None] = relationship()
    parts: Mapped[list["UnitEventPart"]] = relationship(order_by="UnitEventPart.unit_id")

    @property
    def ended(self) -> list[Unit]:
        return [part.unit for part in self.parts if not part.is_new]

    @property
    def begun(self) -> list[Unit]:
        return [part.unit for part in self.parts if part.is_new]


class UnitEventPart(Base):
    """A unit that an event ends, or one that comes out of it."""

    __tablename__ = "unit_event_part"

    event_id: Mapped[int] = mapped_column(ForeignKey(UnitEvent.id), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey(Unit.id), primary_key=True)
    is_new: Mapped[bool]

    unit: Mapped[Unit] = relationship()


class Person(Base):
    """Somebody who signs in."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    honorific: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    email: Mapped[str | None] = mapped_column(String(254))

    posts: Mapped[list["Post"]] = relationship(back_populates="person", order_by="Post.id")
    delegations: Mapped[list["Delegation"]] = relationship(
        back_populates="delegate", order_by="Delegation.id"
    )


class Post(Base):
    """A post a person holds for a time; its role works within a unit, a block, or the province."""

    __tablename__ = "post"
    __table_args__ = (Index("ix_post_person", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    role: Mapped[Role] = mapped_column(closed_set(Role, "role"))
    title: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(200))
    is_deputy: Mapped[bool] = mapped_column(default=False)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey(Unit.id))
    block_id: Mapped[int | None] = mapped_column(ForeignKey(Block.id))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    appointed_by: Mapped[int | None]
    appointed_at: Mapped[datetime | None]
    ended_by: Mapped[int | None]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="posts")
    unit: Mapped[Unit | None] = relationship()
    block: Mapped[Block | None] = relationship()


class Delegation(Base):
    """A post's work done by somebody else in the holder's name, between two days."""

    __tablename__ = "delegation"
    __table_args__ = (
        Index("ix_delegation_delegate", "delegate_id"),
        Index("ix_delegation_post", "post_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey(Post.id))
    delegate_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date] = mapped_column(Date)
    legal_basis: Mapped[str] = mapped_column(String(300))
    granted_by: Mapped[int]
    granted_at: Mapped[datetime]
    ended_by: Mapped[int | None]
    ended_at: Mapped[datetime | None]

    post: Mapped[Post] = relationship()
    delegate: Mapped[Person] = relationship(back_populates="delegations")
