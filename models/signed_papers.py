"""PDFs that were signed elsewhere: what a proposal or a decision looks like with its signatures."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, BigId, closed_set
from models.organisation import Person
from models.papers import Decision, ScanState
from models.proposals import Proposal


class SignedPaper(Base):
    """One version of the signed file of a proposal or a decision. The newest counts, all stay.

    The bytes lie in the upload folder under `token`, written once. `report` says what its
    signatures told on the day it came, and whether number and date could be compared with ours.
    Nobody opens it unless `scan_state` is clean; `scan_finding` is what the scanner named.
    """

    __tablename__ = "signed_paper"
    __table_args__ = (
        CheckConstraint(
            "(proposal_id IS NULL) <> (decision_id IS NULL)", name="of_one_paper"
        ),
        UniqueConstraint("proposal_id", "version"),
        UniqueConstraint("decision_id", "version"),
        Index(
            "ix_signed_paper_unscanned",
            "id",
            sqlite_where=text("scan_state = 'pending'"),
            postgresql_where=text("scan_state = 'pending'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey(Proposal.id))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey(Decision.id))
    version: Mapped[int]
    token: Mapped[str] = mapped_column(String(32), unique=True)
    file_name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    report: Mapped[dict[str, object]]
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    digest: Mapped[str] = mapped_column(String(64))
    added_by: Mapped[int] = mapped_column(ForeignKey(Person.id))
    added_at: Mapped[datetime]
    scan_state: Mapped[ScanState] = mapped_column(closed_set(ScanState, "scan_state"))
    scan_finding: Mapped[str] = mapped_column(String(200))

    adder: Mapped[Person] = relationship()

    @property
    def is_clean(self) -> bool:
        """Whether it may be opened."""
        return self.scan_state == ScanState.CLEAN
