"""Papers: what units attach, what people remark, and what the province issues."""

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

from models.awards import Nomination
from models.base import ERASED, Base, BigId, closed_set
from models.organisation import Person


class ScanState(StrEnum):
    PENDING = "pending"
    CLEAN = "clean"
    INFECTED = "infected"
    FAILED = "failed"


class Attachment(Base):
    """A file of a dossier. The bytes lie in the upload folder under the random `token`.

    Nobody opens it unless `scan_state` is clean; `scan_finding` is what the scanner named.
    A removed file leaves the dossier, not the store: an earlier version may still cite it.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        Index("ix_attachment_nomination", "nomination_id"),
        Index(
            "ix_attachment_unscanned",
            "id",
            sqlite_where=text("scan_state = 'pending'"),
            postgresql_where=text("scan_state = 'pending'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey(Nomination.id))
    item_code: Mapped[str] = mapped_column(String(32))
    file_name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    attached_by: Mapped[int] = mapped_column(ForeignKey(Person.id))
    attached_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    scan_state: Mapped[ScanState] = mapped_column(closed_set(ScanState, "scan_state"))
    scan_finding: Mapped[str] = mapped_column(String(200))
    has_location: Mapped[bool]
    has_author: Mapped[bool]
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("attachment.id"))

    copied_from: Mapped["Attachment | None"] = relationship(remote_side="Attachment.id")
    nomination: Mapped[Nomination] = relationship()

    @property
    def origin(self) -> "Attachment":
        """The file that was first attached, of which this is a copy; itself where it is none."""
        return self.copied_from.origin if self.copied_from else self

    @property
    def is_clean(self) -> bool:
        """Whether it may be opened."""
        return self.scan_state == ScanState.CLEAN

    @property
    def has_preview(self) -> bool:
        """Whether a picture of its first page can be made."""
        return self.is_clean and not self.is_erased and self._is_picturable

    @property
    def _is_picturable(self) -> bool:
        return self.media_type == "application/pdf" or self.media_type.startswith("image/")

    @property
    def is_erased(self) -> bool:
        """Whether its bytes and its name are gone, by an act."""
        return self.file_name == ERASED


class Comment(Base):
    """A remark on a nomination, for those who work on it."""

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_nomination", "nomination_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey(Nomination.id))
    author_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    acting_as: Mapped[str] = mapped_column(String(400))
    text: Mapped[str] = mapped_column(Text)
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]

    author: Mapped[Person] = relationship()


class DecisionKind(StrEnum):
    """What a decision does: it awards, or it corrects or revokes what another has awarded."""

    AWARD = "award"
    CORRECTION = "correction"
    REVOCATION = "revocation"


class Decision(Base):
    """A numbered decision. The number is taken when it is issued, and never again.

    `token` finds it on the page where anybody may check its paper. One that was cancelled keeps
    its number. A correction or a revocation points back with `refers_to`.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("suffix", "year", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        Index("uq_decision_token", "token", unique=True),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[DecisionKind] = mapped_column(closed_set(DecisionKind, "kind"))
    number: Mapped[int]
    year: Mapped[int]
    suffix: Mapped[str] = mapped_column(String(32))
    issued_on: Mapped[date] = mapped_column(Date)
    issued_at: Mapped[datetime]
    issued_by: Mapped[int] = mapped_column(ForeignKey(Person.id))
    signer_name: Mapped[str] = mapped_column(String(200))
    signer_is_deputy: Mapped[bool]
    content: Mapped[dict[str, object]] = mapped_column(JSON)
    paper: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    paper_sha256: Mapped[str | None] = mapped_column(String(64))
    template_version: Mapped[int | None]
    template_sha256: Mapped[str | None] = mapped_column(String(64))
    token: Mapped[str | None] = mapped_column(String(32))
    refers_to_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[int | None]
    cancel_reason: Mapped[str | None] = mapped_column(Text)

    entries: Mapped[list["DecisionEntry"]] = relationship(back_populates="decision")
    changes: Mapped[list["DecisionChange"]] = relationship(
        back_populates="decision", foreign_keys="DecisionChange.decision_id"
    )
    refers_to: Mapped["Decision | None"] = relationship(remote_side="Decision.id")

    @property
    def symbol(self) -> str:
        """The number as it is written: two digits at least, then the issuer's suffix."""
        return f"{self.number:02d}/{self.suffix}"


class DecisionEntry(Base):
    """A nomination that a decision awards."""

    __tablename__ = "decision_entry"

    decision_id: Mapped[int] = mapped_column(ForeignKey(Decision.id), primary_key=True)
    nomination_id: Mapped[int] = mapped_column(
        ForeignKey(Nomination.id), primary_key=True, unique=True
    )

    decision: Mapped[Decision] = relationship(back_populates="entries")
    nomination: Mapped[Nomination] = relationship()


class DecisionChange(Base):
    """What a later decision does to one awardee of an earlier one.

    A correction says how the name, the post or the unit reads from now on; a revocation says
    nothing: `reads` is empty.
    """

    __tablename__ = "decision_change"
    __table_args__ = (Index("ix_decision_change_nomination", "nomination_id"),)

    decision_id: Mapped[int] = mapped_column(ForeignKey(Decision.id), primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey(Nomination.id), primary_key=True)
    read: Mapped[dict[str, object]] = mapped_column(JSON)
    reads: Mapped[dict[str, object]] = mapped_column(JSON)

    decision: Mapped[Decision] = relationship(
        back_populates="changes", foreign_keys=decision_id
    )
    nomination: Mapped[Nomination] = relationship()


class DecisionDraft(Base):
    """A correction or revocation that waits: prepared, signed by the Chairman, then issued.

    `rows` maps nominations' ids to how they are to read; for a revocation to nothing. `told_at` is
    when the Chairman was told that it waits.
    """

    __tablename__ = "decision_draft"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[DecisionKind] = mapped_column(closed_set(DecisionKind, "kind"))
    refers_to_id: Mapped[int] = mapped_column(ForeignKey(Decision.id))
    rows: Mapped[dict[str, object]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    prepared_by: Mapped[int]
    prepared_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    signed_by: Mapped[int | None]
    signer_post_id: Mapped[int | None]
    signed_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    decision_id: Mapped[int | None] = mapped_column(ForeignKey(Decision.id))

    refers_to: Mapped[Decision] = relationship(foreign_keys=refers_to_id)


class NoticeKind(StrEnum):
    REFUSED = "refused"
    CANCELLED = "cancelled"
    CORRECTED = "corrected"
    REVOKED = "revoked"


class Notice(Base):
    """A written notice to a unit, waiting in the outbox until a person there has read it."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_unit", "unit_code", "read_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[NoticeKind] = mapped_column(closed_set(NoticeKind, "kind"))
    nomination_id: Mapped[int] = mapped_column(ForeignKey(Nomination.id))
    unit_code: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    nomination: Mapped[Nomination] = relationship()
