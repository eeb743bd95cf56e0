"""How often a password may be guessed: five times at once, then more and more slowly.

An account is closed to strangers after a hundred failures in a row (NIST SP 800-63B-4). Whoever
signs in from a browser that has signed in to the account before is counted apart, so that nobody
can be kept out of his own account by others who guess.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.sign_ins import Guessing
from models.writing import insert_absent
from workflows.canonical import sha256

LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN = timedelta(days=30)
MOST = 100


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose failures are counted, how many are free, and how many there may be at all."""

    key: str
    free: int
    most: int | None = None

    def wait(self, failures: int) -> timedelta | None:
        """How long to wait after so many failures; None stands for ever."""
        if self.most is not None and failures >= self.most:
            return None
        doublings = failures - self.free
        if doublings < 0:
            return timedelta()
        return min(timedelta(seconds=2 ** min(doublings, 20)), LONGEST_WAIT)


def account(login: str, device: str = "") -> Subject:
    """An account, from any browser or from one that is known to it."""
    return Subject(sha256(f"account/{login.strip().lower()}/{device}"), free=5, most=MOST)


def address(number: str) -> Subject:
    """A place in the network; an office has one for all its people."""
    return Subject(sha256(f"address/{number}"), free=50)


def code(person_id: int) -> Subject:
    """The one-time codes of somebody whose password was right."""
    return Subject(sha256(f"code/{person_id}"), free=5)


def is_closed(session: Session, subjects: tuple[Subject, ...], now: datetime) -> bool:
    """Whether one of the subjects has to wait."""
    known = {subject.key: subject for subject in subjects}
    rows = session.scalars(select(Guessing).where(Guessing.subject.in_(known)))
    for row in rows:
        wait = known[row.subject].wait(row.failures)
        if wait is None or now < row.failed_at + wait:
            return True
    return False


def failed(session: Session, subjects: tuple[Subject, ...], now: datetime) -> None:
    """Count a failure of each; forget those of long ago that closed nothing."""
    old = (Guessing.failed_at < now - FORGOTTEN, Guessing.failures < MOST)
    session.execute(delete(Guessing).where(*old))
    for subject in sorted(subjects, key=lambda subject: subject.key):
        insert_absent(session, Guessing, subject=subject.key, failures=0, failed_at=now)
        row = session.get_one(Guessing, subject.key, with_for_update=True)
        row.failures, row.failed_at = row.failures + 1, now
    session.flush()


def succeeded(session: Session, subject: Subject) -> None:
    """Whoever knows the password has not guessed it."""
    session.execute(delete(Guessing).where(Guessing.subject == subject.key))
