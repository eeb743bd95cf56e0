"""The outbox: every letter leaves at least once, and its copies can be told by their Message-ID.

A sender takes a letter for a while, hands it over outside of any transaction, and notes what came
of it. Whoever dies in between leaves a letter that is taken again when the while is over.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session, joinedload

from awards.messages.smtp import Courier, Failure, Server
from models.messages import Mail
from models.session import transaction

TRIES = 20
"""About two days and a half."""

ROUND = timedelta(seconds=50)
"""So long one round lasts; the next begins with the next minute."""

_LEASE = timedelta(minutes=10)
_LONGEST_WAIT = timedelta(hours=4)
_SHOWN = 50


def deliver(engine: Engine, server: Server, clock: Callable[[], datetime]) -> int:
    """Send what is due, the longest due first; gives how many letters were taken by the server."""
    sent, until = 0, clock() + ROUND
    with Courier(server) as courier:
        while clock() < until:
            mail = _take(engine, clock())
            if mail is None:
                break
            failure = courier.carry(mail)
            _note(engine, mail.id, failure, clock())
            sent += failure is None
            if failure is not None and failure.is_general:
                break
    return sent


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many tries: twice as long each time, up to four hours."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 10)), _LONGEST_WAIT)


def given_up(session: Session) -> Sequence[Mail]:
    """The letters that will not be tried again by themselves, the latest first."""
    query = (
        select(Mail).where(Mail.given_up_at.is_not(None)).options(joinedload(Mail.person))
    )
    return session.scalars(query.order_by(Mail.given_up_at.desc()).limit(_SHOWN)).all()


def count_given_up(session: Session) -> int:
    """How many those are."""
    query = select(func.count(Mail.id)).where(Mail.given_up_at.is_not(None))
    return session.scalar(query) or 0


def try_again(session: Session, mail_id: int, now: datetime) -> bool:
    """Send a letter that was given up after all, to where the person's mail goes now.

    False when it is not given up (any more), or the person has no address.
    """
    query = select(Mail).where(Mail.id == mail_id).with_for_update()
    mail = session.scalars(query.options(joinedload(Mail.person, innerjoin=True))).first()
    if mail is None or mail.given_up_at is None or mail.person.email is None:
        return False
    mail.address = mail.person.email
    mail.given_up_at, mail.attempts, mail.next_try_at = None, 0, now
    session.flush()
    return True


def _take(engine: Engine, now: datetime) -> Mail | None:
    """The next letter, ours for a while. Another sender takes the one after it."""
    with transaction(engine) as session:
        query = (
            select(Mail)
            .where(
                Mail.sent_at.is_(None), Mail.given_up_at.is_(None), Mail.next_try_at <= now
            )
            .order_by(Mail.next_try_at, Mail.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        mail = session.scalars(query).first()
        if mail is not None:
            mail.attempts += 1
            mail.next_try_at = now + _LEASE
        return mail


def _note(engine: Engine, mail_id: int, failure: Failure | None, now: datetime) -> None:
    with transaction(engine) as session:
        mail = session.get_one(Mail, mail_id, with_for_update=True)
        if failure is None:
            mail.sent_at = mail.sent_at or now
            mail.subject = mail.text = mail.last_error = ""  # nobody needs them any more
            mail.given_up_at = None
        elif mail.sent_at is None:
            mail.last_error = failure.error
            mail.next_try_at = now + wait_after(mail.attempts)
            if failure.is_final or mail.attempts >= TRIES:
                mail.given_up_at = now
