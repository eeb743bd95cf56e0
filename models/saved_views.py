"""Filters of the board that people keep under a name, for themselves or for all of a role."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, closed_set
from models.organisation import Person, Role


class ViewPage(StrEnum):
    """The page that is opened with the filters."""

    BOARD = "board"
    OVERVIEW = "overview"


class SavedView(Base):
    """What one person narrowed a page to. Whoever opens it sees what they themselves may see."""

    __tablename__ = "saved_view"
    __table_args__ = (
        UniqueConstraint("person_id", "name"),
        Index("ix_saved_view_role", "role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    name: Mapped[str] = mapped_column(String(100))
    page: Mapped[ViewPage] = mapped_column(closed_set(ViewPage, "page"))
    filters: Mapped[dict[str, str]] = mapped_column(JSON)
    role: Mapped[Role | None] = mapped_column(closed_set(Role, "role"))
    """Who may open it beside its owner; nobody where it is empty."""
    saved_at: Mapped[datetime]

    person: Mapped[Person] = relationship()
