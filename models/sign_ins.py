"""Who is signed in from where, who has guessed how often, and links to choose a password."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, BigId
from models.organisation import Person


class BrowserSession(Base):
    """Somebody signed in from one browser. The token itself is known to that browser alone."""

    __tablename__ = "browser_session"
    __table_args__ = (
        Index("ix_browser_session_person", "person_id", "ended_at"),
        Index("ix_browser_session_flow", "flow_hash", unique=True),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    device: Mapped[str] = mapped_column(String(100))
    started_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    """When the second factor was proved here."""
    confirmed_at: Mapped[datetime | None]
    """When the password was last given again, before an act that asks for it."""
    ended_at: Mapped[datetime | None]
    flow_hash: Mapped[str | None] = mapped_column(String(64))
    """The way through an OpenID provider that began it; each begins one session."""


class Guessing(Base):
    """Failures in a row of one subject: an account, an account on a known device, an address.

    Subjects are hashes: what was typed as a login may have been a password.
    """

    __tablename__ = "guessing"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    failed_at: Mapped[datetime]


class PasswordLink(Base):
    """A link with which a person chooses a password, once. Kept, to tell who handed it out."""

    __tablename__ = "password_link"
    __table_args__ = (Index("ix_password_link_person", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    made_by: Mapped[int | None]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
