"""Checkpoints of the history's log, sent to the auditors: what has left the building binds us.

Whoever keeps these letters can prove later that the history was rewritten, or that it was not.
"""

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from awards import site
from awards.messages import mails
from models.log import Checkpoint
from models.messages import CheckpointLetter
from models.organisation import Person, Post, Role
from models.session import take_turns
from workflows import calendar, checkpoints, notes


def make_some(session: Session, now: datetime) -> None:
    """Write to each auditor with an address, at most once a day, where there is something new."""
    newest = checkpoints.newest(session)
    if newest is None:
        return
    take_turns(session, "checkpoint letters")
    midnight = datetime.combine(calendar.today(now), time(), calendar.VIETNAM)
    for person in _auditors(session, now):
        query = select(func.max(CheckpointLetter.size), func.max(CheckpointLetter.made_at))
        query = query.where(CheckpointLetter.person_id == person.id)
        size, made_at = session.execute(query).one()
        if size == newest.size or (made_at is not None and made_at >= midnight):
            continue
        mail = mails.make(session, person, _subject(newest), _letter(person, newest), now)
        session.add(
            CheckpointLetter(
                size=newest.size, person_id=person.id, mail_id=mail.id, made_at=now
            )
        )
    session.flush()


def receivers(session: Session, sizes: Sequence[int]) -> dict[int, int]:
    """To how many people these checkpoints were sent."""
    query = select(CheckpointLetter.size, func.count()).group_by(CheckpointLetter.size)
    rows = session.execute(query.where(CheckpointLetter.size.in_(sizes)))
    return {size: count for size, count in rows}  # noqa: C416 - rows, not pairs


def _auditors(session: Session, now: datetime) -> Sequence[Person]:
    today = calendar.today(now)
    query = (
        select(Person)
        .join(Post, Post.person_id == Person.id)
        .where(
            Post.role == Role.AUDITOR,
            Post.valid_from <= today,
            (Post.valid_to.is_(None)) | (Post.valid_to >= today),
            Person.is_active,
            Person.email.is_not(None),
        )
    )
    return session.scalars(query.distinct().order_by(Person.id)).all()


def _subject(checkpoint: Checkpoint) -> str:
    return f"Điểm kiểm tra lịch sử: {checkpoint.size} sự kiện"


def _letter(person: Person, checkpoint: Checkpoint) -> str:
    note = checkpoints.note(checkpoint)
    key = notes.verifier(checkpoint.key.name, checkpoint.key.public_key)
    lines = [
        "Dưới đây là điểm kiểm tra mới nhất của lịch sử. Xin giữ thư này: ai sửa lịch sử",
        "sau thời điểm này cũng không thể làm cho nó khớp với điểm kiểm tra này nữa.",
        "",
        *str(note).splitlines(),
        "",
        "Khóa công khai:",
        key,
        "",
        f"Đối chiếu: {site.address()}/history/checkpoints",
    ]
    return mails.letter(person, lines)
