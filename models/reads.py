"""Who looked at what: chains of their own, so that reading never waits for those who act."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, open_set
from models.organisation import Person


class ReadKind(StrEnum):
    DOSSIER_OPENED = "dossier_opened"
    HISTORY_OPENED = "history_opened"
    FILE_DOWNLOADED = "file_downloaded"
    PROPOSAL_OPENED = "proposal_opened"
    DECISION_OPENED = "decision_opened"
    IDENTITY_REVEALED = "identity_revealed"
    NAMES_SEARCHED = "names_searched"
    LIST_EXPORTED = "list_exported"
    COPY_MADE = "copy_made"
    STORY_OPENED = "story_opened"


class ReadChain(Base):
    """How many reads, and the last hash: of a nomination, by its code, or of a day's others."""

    __tablename__ = "read_chain"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    length: Mapped[int]
    head: Mapped[str] = mapped_column(String(64))


class ReadEvent(Base):
    """Somebody has read something: `body` in canonical JSON, as in the history, and its SHA-256."""

    __tablename__ = "read_event"
    __table_args__ = (
        UniqueConstraint("chain", "sequence"),
        Index("ix_read_event_actor", "actor_id", "at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    chain: Mapped[str] = mapped_column(ForeignKey(ReadChain.name))
    sequence: Mapped[int]
    kind: Mapped[ReadKind] = mapped_column(open_set(ReadKind))
    actor_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    at: Mapped[datetime]
    body: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))
