"""What a person proves beside the password: a code of a device, or one that was written down."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId
from models.organisation import Person


class SecondFactor(Base):
    """A device that shows one-time codes. Its secret follows from `salt` and the server's key."""

    __tablename__ = "second_factor"

    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(20))
    enrolled_at: Mapped[datetime]
    last_step: Mapped[int] = mapped_column(BigId)
    """The half minute of the last code that was taken: it and those before are used up."""


class RecoveryCode(Base):
    """A code for the day on which the device is lost, once. Known to its owner alone."""

    __tablename__ = "recovery_code"
    __table_args__ = (Index("ix_recovery_code_person", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]
