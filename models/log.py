"""The one log over all histories: a place for every event, the tree over it, signed checkpoints."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, BigId, open_set


class LeafSource(StrEnum):
    """From which table of events a leaf comes."""

    HISTORY = "history"
    READS = "reads"
    RECORDS = "records"


class HistoryLeaf(Base):
    """An event's place in the log, from 0, and the leaf's hash over its body. Written once.

    `event_id` is the number of the row in the source's own table.
    """

    __tablename__ = "history_leaf"
    __table_args__ = (UniqueConstraint("source", "event_id"),)

    place: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    source: Mapped[LeafSource] = mapped_column(open_set(LeafSource))
    event_id: Mapped[int] = mapped_column(BigId)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class HistoryNode(Base):
    """The hash of a complete subtree of 2**level leaves, for every fourth level. Written once."""

    __tablename__ = "history_node"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class CheckpointKey(Base):
    """A public key that checkpoints were signed with, from its first use on. Written once.

    `id` are the eight hex digits by which notes name it. A key that follows another is introduced
    by it: `endorsement` is the signature of the key before over this one.
    """

    __tablename__ = "checkpoint_key"

    id: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    first_used_at: Mapped[datetime]
    endorsed_by: Mapped[str | None] = mapped_column(ForeignKey("checkpoint_key.id"))
    endorsement: Mapped[bytes | None] = mapped_column(LargeBinary(64))


class Checkpoint(Base):
    """The root over the first `size` leaves, signed. Written once."""

    __tablename__ = "checkpoint"

    size: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary(32))
    key_id: Mapped[str] = mapped_column(ForeignKey(CheckpointKey.id))
    signed_at: Mapped[datetime]
    signature: Mapped[bytes] = mapped_column(LargeBinary(64))

    key: Mapped[CheckpointKey] = relationship(lazy="joined", innerjoin=True)


class FixedRecord(Base):
    """That a row of another table says what it says: `body` holds its salted hash. Written once."""

    __tablename__ = "fixed_record"
    __table_args__ = (UniqueConstraint("kind", "subject_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int] = mapped_column(BigId)
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    body: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))
