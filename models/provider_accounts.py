"""Whom an OpenID provider, where people sign in once for many sites, stands for here."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base
from models.organisation import Person


class ProviderAccount(Base):
    """A person's account at the provider: expected by a name, known by its subject since.

    Names can change hands at a provider; a subject is one account for ever, within one issuer.
    """

    __tablename__ = "provider_account"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), primary_key=True)
    issuer: Mapped[str] = mapped_column(String(300))
    name: Mapped[str] = mapped_column(String(320))
    """What the provider calls the person, as an administrator expected it or as it came."""
    expected_by: Mapped[int | None]
    expected_at: Mapped[datetime | None]
    subject: Mapped[str | None] = mapped_column(String(255))
    linked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
