"""Signing in, and the sessions of browsers: listed, and ended one by one or all at once."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from awards import guessing, passwords
from awards.errors import FlowIsOver
from models.organisation import Delegation, Person, Post
from models.sign_ins import BrowserSession
from workflows import calendar

CONFIRMED_FOR = timedelta(minutes=5)
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who wants to sign in, from where. `known_as` is what a known browser holds, or empty."""

    login: str
    password: str
    address: str
    known_as: str = ""

    @property
    def subjects(self) -> tuple[guessing.Subject, ...]:
        account = guessing.account(self.login, self.known_as)
        return account, guessing.address(self.address)


def check(session: Session, attempt: Attempt, now: datetime) -> Person | None:
    """The active person with this login and password, unless there was too much guessing.

    Whatever is wrong takes the same time: nobody learns which logins exist, or are closed. Writes
    nothing; the caller tells `settle` what came of it.
    """
    is_closed = guessing.is_closed(session, attempt.subjects, now)
    query = select(Person).where(Person.login == attempt.login.strip().lower())
    person = session.scalars(query).first()
    is_open = person is not None and person.is_active and not is_closed
    kept = person.password_hash if person is not None and is_open else None
    return person if passwords.is_right(kept, attempt.password) else None


def settle(
    session: Session, attempt: Attempt, person_id: int | None, *, device: str, now: datetime
) -> str:
    """Count the failure, or begin a session and give its token."""
    if person_id is None:
        guessing.failed(session, attempt.subjects, now)
        return ""
    guessing.succeeded(session, attempt.subjects[0])
    person = session.get_one(Person, person_id)
    if passwords.is_outdated(person.password_hash):
        person.password_hash = passwords.hash_password(attempt.password)
    return begin(session, person_id, device=device, now=now)


def begin(
    session: Session, person_id: int, *, device: str, now: datetime, flow: str = ""
) -> str:
    """A new session of this browser; its token, of 256 random bits, is kept as a hash alone.

    `flow` names the way through a provider that led here. Raises FlowIsOver when it did so before.
    """
    token = secrets.token_urlsafe(32)
    row = BrowserSession(
        token_hash=digest(token),
        person_id=person_id,
        device=device,
        started_at=now,
        flow_hash=digest(flow) if flow else None,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise FlowIsOver from error
    return token


def found(
    session: Session, token: str, now: datetime
) -> tuple[Person, BrowserSession] | None:
    """Who is signed in with this token, in one query.

    With the posts they ever held, and what others have delegated to them until now.
    """
    posts = joinedload(Person.posts).options(joinedload(Post.unit), joinedload(Post.block))
    lasting = Delegation.valid_to >= calendar.today(now), Delegation.ended_at.is_(None)
    others = joinedload(Person.delegations.and_(*lasting)).joinedload(Delegation.post)
    query = (
        select(Person, BrowserSession)
        .join(BrowserSession, BrowserSession.person_id == Person.id)
        .where(
            BrowserSession.token_hash == digest(token),
            BrowserSession.ended_at.is_(None),
            BrowserSession.started_at > now - LONGEST,
            Person.is_active,
        )
        .options(
            posts,
            others.options(
                joinedload(Post.unit), joinedload(Post.block), joinedload(Post.person)
            ),
        )
    )
    row = session.execute(query).unique().first()
    return None if row is None else (row[0], row[1])


def verify(session: Session, token: str, now: datetime) -> None:
    """Note that the second factor was proved in this session."""
    _note(session, token, verified_at=now)


def confirm(session: Session, token: str, now: datetime) -> None:
    """Note that the password was given once more in this session."""
    _note(session, token, confirmed_at=now)


def is_confirmed(row: BrowserSession, now: datetime) -> bool:
    """Whether that was so lately that it need not be asked again."""
    return row.confirmed_at is not None and now - row.confirmed_at < CONFIRMED_FOR


def _note(session: Session, token: str, **moments: datetime) -> None:
    mine = update(BrowserSession).where(BrowserSession.token_hash == digest(token))
    session.execute(mine.values(**moments))


def of(session: Session, person_id: int, now: datetime) -> Sequence[BrowserSession]:
    """The sessions that a person has not ended, newest first."""
    query = select(BrowserSession).where(
        BrowserSession.person_id == person_id,
        BrowserSession.ended_at.is_(None),
        BrowserSession.started_at > now - LONGEST,
    )
    return session.scalars(query.order_by(BrowserSession.started_at.desc())).all()


def end(session: Session, token: str, now: datetime) -> None:
    """End the session of this token."""
    _end(session, now, BrowserSession.token_hash == digest(token))


def end_one(session: Session, session_id: int, person_id: int, now: datetime) -> None:
    """End one of a person's own sessions."""
    _end(
        session,
        now,
        BrowserSession.id == session_id,
        BrowserSession.person_id == person_id,
    )


def end_all(session: Session, person_id: int, now: datetime, *, but: str = "") -> None:
    """End all sessions of a person, but for the one of this token."""
    others = BrowserSession.token_hash != digest(but)
    _end(session, now, BrowserSession.person_id == person_id, others)


def digest(token: str) -> str:
    """What the database knows of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _end(session: Session, now: datetime, *which: object) -> None:
    change = update(BrowserSession).where(*which, BrowserSession.ended_at.is_(None))  # type: ignore[arg-type] # conditions
    session.execute(change.values(ended_at=now))
