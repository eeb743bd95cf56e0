"""The daily digest: what waits and what is late, on working days at half past seven."""

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from awards import inbox, people, site
from awards.inbox import Filters, Item, Tab
from awards.messages import choices, mails, reading, words
from models.messages import Digest, Message, MessageKind, Way
from models.organisation import Person
from models.session import take_turns
from workflows import calendar, deployments
from workflows.actors import Actor

HOUR = time(7, 30)
AT_ONCE = 50
"""For how many people one transaction makes digests."""

_LINES = 10


def make_some(session: Session, now: datetime) -> bool:
    """Write today's digests of some who have none yet; whether there may be more to write.

    Whoever has nothing waiting and no news gets no letter, and is not asked about again today.
    """
    local = now.astimezone(calendar.VIETNAM)
    if local.time() < HOUR or not calendar.is_working_day(local.date()):
        return False
    take_turns(session, "digests")
    midnight = datetime.combine(local.date(), time(), calendar.VIETNAM)
    query = (
        select(Person)
        .outerjoin(Digest, Digest.person_id == Person.id)
        .where(
            Person.is_active,
            Person.email.is_not(None),
            or_(Digest.made_at.is_(None), Digest.made_at < midnight),
        )
        .order_by(Person.id)
        .limit(AT_ONCE)
    )
    found = session.scalars(query).all()
    wanted = choices.ways(session, [person.id for person in found])
    for person in found:
        kinds = [kind for kind, way in wanted[person.id].items() if way == Way.DIGEST]
        last = session.get(Digest, person.id)
        if kinds:
            _write(session, person, kinds, last.made_at if last else midnight, now)
        session.merge(Digest(person_id=person.id, made_at=now))
    session.flush()
    return len(found) == AT_ONCE


def _write(
    session: Session,
    person: Person,
    kinds: Sequence[MessageKind],
    since: datetime,
    now: datetime,
) -> None:
    known = people.find(session, person.id)
    assert known is not None  # noqa: S101 - it was just read
    actor = people.actor_of(known, calendar.today(now))
    waiting = _waiting(session, actor, now)
    told = _news(session, person.id, kinds, since)
    if not waiting and not told:
        return
    news = [f"- {words.title(message).vietnamese}" for message in told[:_LINES]]
    if len(told) > _LINES:
        news.append(f"- và {len(told) - _LINES} thông báo khác")
    lines = [*waiting, *(["", "Mới kể từ thư trước:", *news] if news else [])]
    address = "/inbox" if waiting else "/messages"
    text = mails.letter(person, [*lines, "", f"Mở trang: {site.address()}{address}"])
    day = calendar.today(now).strftime("%d/%m/%Y")
    mails.make(session, person, f"Việc của bạn ngày {day}", text, now)


def _waiting(session: Session, actor: Actor, now: datetime) -> list[str]:
    """How much waits, how much of it is late, and the most urgent of it."""
    lines: list[str] = []
    urgent: list[Item] = []
    late = 0
    for tab, name in ((Tab.MINE, "bạn đã nhận"), (Tab.GROUPS, "nhóm của bạn chưa ai nhận")):
        items, total = inbox.items(session, actor, tab, Filters(), now)
        if total:
            lines.append(f"{total} việc {name}")
            late += inbox.items(session, actor, tab, Filters(is_overdue=True), now)[1]
        urgent += items
    if not lines:
        return []
    urgent.sort(key=lambda item: (item.due_at is None, item.due_at or now))
    late_line = [f"Trong đó {late} việc đã quá hạn."] if late else []
    return [
        f"Đang chờ: {', '.join(lines)}.",
        *late_line,
        *(f"- {_line(session, item, now)}" for item in urgent[:_LINES]),
    ]


def _line(session: Session, item: Item, now: datetime) -> str:
    definition = deployments.known(session, item.definition_id, item.definition_sha256)
    element = definition.elements[item.element_id]
    said = f"{item.nominee} · {element.stage or element.name}"
    if item.due_at is None:
        return said
    day = calendar.today(item.due_at).strftime("%d/%m/%Y")
    return f"{said} · {'quá hạn' if item.due_at < now else 'hạn'} {day}"


def _news(
    session: Session, person_id: int, kinds: Sequence[MessageKind], since: datetime
) -> Sequence[Message]:
    query = (
        select(Message)
        .where(
            Message.person_id == person_id,
            Message.kind.in_(kinds),
            Message.created_at > since,
            Message.read_at.is_(None),
        )
        .options(*reading.SHOWN)
    )
    return session.scalars(query.order_by(Message.id.desc())).all()
