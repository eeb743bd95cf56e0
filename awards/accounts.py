"""Accounts: who has one, how a password gets to its owner, and who is let in no more."""

import re
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from awards import guessing, passwords, people, posts, sign_ins
from awards.errors import BadLogin, LinkIsOver, LoginTaken, NobodyChosen, WrongPassword
from awards.province import SYSTEM_ADMINISTRATOR
from awards.text import name_key, nfc
from models.organisation import Person, Post, Role
from models.sign_ins import PasswordLink
from workflows import calendar
from workflows.errors import NotAllowed

LINK_LASTS = timedelta(days=1)
_LOGIN = re.compile(r"[a-z][a-z0-9]*([._-][a-z0-9]+)*")
_LONGEST_LOGIN = 64


def create(session: Session, *, login: str, honorific: str, name: str) -> Person:
    """Somebody new, who cannot sign in before choosing a password.

    Raises BadLogin for what nobody could type everywhere, LoginTaken.
    """
    wanted = login.strip().lower()
    if not _LOGIN.fullmatch(wanted) or len(wanted) > _LONGEST_LOGIN:
        raise BadLogin
    if session.scalars(select(Person.id).where(Person.login == wanted)).first():
        raise LoginTaken(login=wanted)
    person = Person(
        login=wanted, honorific=honorific, name=nfc(name), password_hash=passwords.UNSET
    )
    session.add(person)
    session.flush()
    return person


def appoint_administrator(session: Session, person: Person, now: datetime) -> Post:
    """The first administrator of the system, whom nobody else could appoint."""
    post = Post(
        person_id=person.id,
        role=Role.SYSTEM_ADMIN,
        title=SYSTEM_ADMINISTRATOR,
        organisation="",
        valid_from=calendar.today(now),
    )
    session.add(post)
    session.flush()
    return post


def is_administered(session: Session) -> bool:
    """Whether somebody administers the system already."""
    query = select(Post.id).where(Post.role == Role.SYSTEM_ADMIN)
    return session.scalars(query).first() is not None


def hand_out_link(
    session: Session, person_id: int, *, made_by: int | None, now: datetime
) -> str:
    """The token of a new link with which the person chooses a password; earlier ones are void.

    Raises NotAllowed for one's own account: that has its own page.
    """
    if made_by == person_id:
        raise NotAllowed
    session.get_one(Person, person_id)
    return _new_links(session, [person_id], made_by=made_by, now=now)[person_id]


def hand_out_links(
    session: Session, chosen: Collection[int], *, made_by: int, now: datetime
) -> list[tuple[Person, str]]:
    """A link for each of these people with its token, as `hand_out_link` makes one; by name.

    Left out are closed accounts, and one's own. Raises NobodyChosen when nobody is left.
    """
    query = select(Person).where(
        Person.id.in_(chosen), Person.is_active, Person.id != made_by
    )
    found = session.scalars(query.options(*people.WITH_POSTS)).all()
    if not found:
        raise NobodyChosen
    tokens = _new_links(session, [row.id for row in found], made_by=made_by, now=now)
    by_name = sorted(found, key=lambda person: name_key(person.name))
    return [(person, tokens[person.id]) for person in by_name]


def without_password(session: Session, but: int) -> Sequence[int]:
    """The ids of those with an open account who have chosen no password yet, without one person."""
    query = select(Person.id).where(
        Person.password_hash == passwords.UNSET, Person.is_active, Person.id != but
    )
    return session.scalars(query).all()


def link(session: Session, token: str, now: datetime) -> PasswordLink:
    """The link of this token. Raises LinkIsOver once it was used, replaced, or is a day old."""
    query = select(PasswordLink).where(PasswordLink.token_hash == sign_ins.digest(token))
    found = session.scalars(query.with_for_update()).first()
    if found is None or found.used_at is not None or found.made_at <= now - LINK_LASTS:
        raise LinkIsOver
    if not found.person.is_active:
        raise LinkIsOver
    return found


def choose_by_link(session: Session, token: str, password: str, now: datetime) -> Person:
    """Set the password of whoever was given the link, once. Raises LinkIsOver, WeakPassword."""
    found = link(session, token, now)
    _set(session, found.person, password, now)
    found.used_at = now
    guessing.succeeded(session, guessing.account(found.person.login))
    session.flush()
    return found.person


def change(session: Session, person_id: int, *, old: str, new: str, now: datetime) -> None:
    """Change one's own password; ends every session. Raises WrongPassword, WeakPassword."""
    person = session.get_one(Person, person_id)
    if not passwords.is_right(person.password_hash, old):
        raise WrongPassword
    _set(session, person, new, now)


def close(session: Session, person_id: int, *, by: int, now: datetime) -> None:
    """Let somebody in no more, from this moment on; what is claimed goes back to its queue.

    Raises NotAllowed for one's own account.
    """
    person = _other(session, person_id, by)
    person.is_active = False
    sign_ins.end_all(session, person_id, now)
    session.flush()
    posts.release(session, person, now)


def reopen(session: Session, person_id: int, *, by: int) -> None:
    """Let somebody in again, with the old password."""
    _other(session, person_id, by).is_active = True
    session.flush()


def listed(session: Session, wanted: str = "") -> Sequence[Person]:
    """Everybody with an account, or those whose name or login holds the words; by name."""
    query = select(Person).options(*people.WITH_POSTS)
    if wanted:
        part = f"%{wanted.lower()}%"
        query = query.where(or_(Person.login.like(part), Person.name.ilike(part)))
    found = session.scalars(query.order_by(Person.id)).all()
    return sorted(found, key=lambda person: name_key(person.name))


def links(session: Session, person_id: int) -> Sequence[PasswordLink]:
    """The links that were handed out for an account, newest first."""
    query = select(PasswordLink).where(PasswordLink.person_id == person_id)
    return session.scalars(query.order_by(PasswordLink.made_at.desc()).limit(10)).all()


def about(person: Person) -> tuple[str, ...]:
    """What a password must not be made of: what everybody knows of the person."""
    organisations = (post.organisation for post in person.posts)
    return person.login, person.name, *organisations


def _new_links(
    session: Session, person_ids: Sequence[int], *, made_by: int | None, now: datetime
) -> dict[int, str]:
    """New tokens by person; every earlier link of these people is void."""
    earlier = update(PasswordLink).where(
        PasswordLink.person_id.in_(person_ids), PasswordLink.used_at.is_(None)
    )
    session.execute(earlier.values(used_at=now))
    tokens = {person_id: secrets.token_urlsafe(32) for person_id in person_ids}
    session.add_all(
        PasswordLink(
            token_hash=sign_ins.digest(token),
            person_id=person_id,
            made_by=made_by,
            made_at=now,
        )
        for person_id, token in tokens.items()
    )
    session.flush()
    return tokens


def _set(session: Session, person: Person, password: str, now: datetime) -> None:
    passwords.check(password, about(person))
    person.password_hash = passwords.hash_password(password)
    sign_ins.end_all(session, person.id, now)
    session.flush()


def _other(session: Session, person_id: int, by: int) -> Person:
    if person_id == by:
        raise NotAllowed
    return session.get_one(Person, person_id, with_for_update=True)
