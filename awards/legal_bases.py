"""The lines of law that decisions cite, each while it is in force."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from awards.errors import BadChange
from models.awards import LegalBasis
from workflows.words import N_


def every(session: Session) -> Sequence[LegalBasis]:
    """The lines of law, in the order in which decisions cite them."""
    return session.scalars(select(LegalBasis).order_by(LegalBasis.position)).all()


def add(session: Session, text: str, since: date) -> LegalBasis:
    """A line of law that decisions of that day and later cite, behind those there are."""
    last = session.scalar(select(func.max(LegalBasis.position))) or 0
    row = LegalBasis(position=last + 1, text=text, valid_from=since)
    session.add(row)
    session.flush()
    return row


def end(session: Session, basis_id: int, last_day: date) -> None:
    """Let a line of law be cited until this day and no longer. Raises BadChange."""
    row = session.get_one(LegalBasis, basis_id, with_for_update=True)
    if last_day < row.valid_from:
        raise BadChange(N_("Ngày cuối không thể trước ngày đầu."))
    row.valid_to = last_day
    session.flush()
