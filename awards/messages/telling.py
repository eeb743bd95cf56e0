"""Finding out what has happened since, and leaving everybody concerned a message."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from awards.messages import choices, mails, news, signatures
from awards.messages.news import News, Topic
from models.awards import Nomination
from models.messages import Message, MessageKind, Way
from models.organisation import Delegation, Person, Post
from models.papers import DecisionDraft
from models.proposals import Proposal
from workflows import calendar, following

READER = "messages"
AT_ONCE = 2_000
"""How many events are looked at in one transaction."""

TOGETHER = timedelta(minutes=10)
"""So long a message that nobody has read takes up what is alike: acts on many come in parts."""

LATELY = timedelta(days=7)  # the longest that no server ran


def tell(session: Session, now: datetime, *, by_mail: bool) -> bool:
    """Look at the next events and tell people; whether there may be more of them.

    Does nothing while somebody's act is under way that takes too long; the next time will do.
    """
    up_to = following.settled(session)
    if up_to is None:
        return False
    events = following.take(session, READER, up_to, AT_ONCE)
    found = news.of(session, events, calendar.today(now))
    made = _messages(session, found, now)
    if by_mail:
        _post(session, made, now)
    session.flush()
    return len(events) == AT_ONCE


def tell_signers(session: Session, now: datetime, *, by_mail: bool) -> None:
    """Tell those who sign what has come to wait for their signature, once each."""
    made = _messages(session, signatures.news(session, now), now)
    if by_mail:
        _post(session, made, now)
    session.flush()


def tell_delegates(session: Session, now: datetime, *, by_mail: bool) -> None:
    """Tell those whose delegation has begun, once each."""
    today = calendar.today(now)
    told = select(Message.id).where(Message.delegation_id == Delegation.id)
    query = (
        select(Delegation)
        .where(
            Delegation.valid_from <= today,
            Delegation.valid_from > today - LATELY,
            Delegation.valid_to >= today,
            Delegation.ended_at.is_(None),
            ~told.exists(),
        )
        .options(joinedload(Delegation.post).joinedload(Post.person))
        .with_for_update(of=Delegation)
    )
    made = [
        Message(
            person_id=one.delegate_id,
            kind=MessageKind.DELEGATION,
            delegation=one,
            count=1,
            created_at=now,
        )
        for one in session.scalars(query).all()
    ]
    session.add_all(made)
    session.flush()
    if by_mail:
        _post(session, made, now)


def _messages(session: Session, found: Sequence[News], now: datetime) -> list[Message]:
    """One message for each person and topic, or one more in the message that waits unread."""
    grouped: defaultdict[tuple[int, Topic], dict[tuple[int | None, ...], News]]
    grouped = defaultdict(dict)
    for one in found:
        about = one.nomination_id, one.proposal_id, one.draft_id
        grouped[one.person_id, one.topic].setdefault(about, one)
    unread = _unread(session, {person for person, _ in grouped}, now)
    cases = _cases(session, {one.nomination_id for one in found if one.nomination_id})
    made = []
    for (person_id, topic), parts in sorted(grouped.items(), key=lambda item: item[0][0]):
        message = unread.get((person_id, topic))
        if message is None:
            message = Message(person_id=person_id, count=0, created_at=now)
            message.kind, message.subject = topic.kind, topic.subject
            message.element_id, message.step = topic.element_id, topic.step
            session.add(message)
        _add(session, message, list(parts.values()), cases)
        made.append(message)
    session.flush()
    return made


def _add(
    session: Session,
    message: Message,
    parts: Sequence[News],
    cases: Mapping[int | None, Nomination],
) -> None:
    only = parts[0] if message.count == 0 and len(parts) == 1 else None
    message.count += len(parts)
    message.nomination = cases.get(only.nomination_id) if only else None
    message.task_id = only.task_id if only else None
    message.proposal = message.draft = None
    if only and only.proposal_id:
        message.proposal = session.get_one(Proposal, only.proposal_id)
    if only and only.draft_id:
        message.draft = session.get_one(DecisionDraft, only.draft_id)


def _unread(
    session: Session, people: set[int], now: datetime
) -> dict[tuple[int, Topic], Message]:
    query = select(Message).where(
        Message.person_id.in_(people),
        Message.read_at.is_(None),
        Message.created_at > now - TOGETHER,
        Message.delegation_id.is_(None),
    )
    query = query.order_by(Message.id).with_for_update()
    return {
        (row.person_id, Topic(row.kind, row.subject, row.element_id, row.step)): row
        for row in session.scalars(query.execution_options(populate_existing=True))
    }


def _cases(session: Session, ids: set[int]) -> dict[int | None, Nomination]:
    query = select(Nomination).where(Nomination.id.in_(ids))
    options = (joinedload(Nomination.nominee), joinedload(Nomination.award))
    return {row.id: row for row in session.scalars(query.options(*options))}


def _post(session: Session, messages: Sequence[Message], now: datetime) -> None:
    """A letter for each message to somebody who wants one at once."""
    ids = {message.person_id for message in messages}
    query = select(Person).where(
        Person.id.in_(ids), Person.is_active, Person.email.is_not(None)
    )
    people = {person.id: person for person in session.scalars(query)}
    wanted = choices.ways(session, people.keys())
    for message in messages:
        person = people.get(message.person_id)
        if person and wanted[person.id][message.kind] == Way.AT_ONCE:
            mails.about(session, message, person, now)
