"""Units, emulation blocks, people, and the posts that let people act."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, Index, String
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


class Block(Base):
    """A Khối: units of one kind that are compared with each other."""

    __tablename__ = "block"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(200))


class Unit(Base):
    """An agency, commune or organisation of the province, as it is called while it lasts."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[UnitKind] = mapped_column(closed_set(UnitKind, "kind"))
    block_id: Mapped[int | None] = mapped_column(ForeignKey(Block.id))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)

    block: Mapped[Block | None] = relationship()


class Person(Base):
    """Somebody who signs in."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    honorific: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)

    posts: Mapped[list["Post"]] = relationship(back_populates="person", order_by="Post.id")


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
