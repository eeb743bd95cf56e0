"""Letters: composed here, kept in the outbox until they are sent."""

import unicodedata
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from awards import site
from awards.messages import words
from awards.text import one_line
from models.messages import Mail, Message
from models.organisation import Person

HOLD = timedelta(minutes=1)
"""So long a letter waits for what is alike and comes a moment later."""

_LONGEST_SUBJECT = 200
_FOOT = """\
--
Vinh Danh tự động gửi thư này; đừng trả lời thư. Mở liên kết chỉ để xem: mọi việc
đều làm trên hệ thống, sau khi đăng nhập.
Chọn cách nhận thông báo: {address}/account
"""


def about(session: Session, message: Message, person: Person, now: datetime) -> Mail:
    """The letter that carries a message; the one that waits already says it anew.

    Once somebody has tried to send it, it stays as it was: copies have to be alike.
    """
    query = select(Mail).where(Mail.about_id == message.id).with_for_update()
    mail = session.scalars(query.execution_options(populate_existing=True)).first()
    subject = words.title(message).vietnamese
    text = letter(person, _body(message, subject))
    if mail is None:
        return make(session, person, subject, text, now, hold=HOLD, message=message)
    if mail.attempts == 0:
        mail.subject, mail.text = _line(subject), text
    return mail


def make(
    session: Session,
    person: Person,
    subject: str,
    text: str,
    now: datetime,
    *,
    hold: timedelta = timedelta(0),
    message: Message | None = None,
) -> Mail:
    """Put a letter into the outbox. The person has an address."""
    assert person.email is not None  # noqa: S101 - the caller has looked
    mail = Mail(
        message_id=f"<{uuid4().hex}@{urlsplit(site.address()).hostname or 'vinhdanh.invalid'}>",
        person_id=person.id,
        about_id=message.id if message else None,
        address=person.email,
        subject=_line(subject),
        text=text,
        made_at=now,
        attempts=0,
        next_try_at=now + hold,
        last_error="",
    )
    session.add(mail)
    session.flush()
    return mail


def letter(person: Person, lines: list[str]) -> str:
    """A letter's text: the greeting, what is to be said, and how to have it otherwise."""
    greeting = f"Kính gửi {person.honorific} {person.name}".replace("  ", " ")
    text = "\n".join([f"{greeting},", "", *lines, "", _FOOT.format(address=site.address())])
    return unicodedata.normalize("NFC", text)


def _body(message: Message, subject: str) -> list[str]:
    lines = [f"{subject}."]
    if case := message.nomination:
        lines.append(f"{case.award.name} · {case.unit.name} · {case.code}")
    if words.has_notice(message):
        lines.append(words.NOTICE)
    return [*lines, "", f"Mở trang: {site.address()}{words.path(message)}"]


def _line(text: str) -> str:
    """One line, whatever names were typed: nothing in it can begin another header."""
    plain = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in text)
    return one_line(plain)[:_LONGEST_SUBJECT]
