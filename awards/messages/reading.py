"""A person's messages: how many are unread, a page of them, put away."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session, joinedload

from awards.listings import PAGE
from models.awards import Nomination
from models.messages import Message
from models.organisation import Delegation, Post
from models.papers import DecisionDraft
from models.proposals import Proposal
from workflows.actors import Actor
from workflows.errors import NotAllowed

SHOWN = (
    joinedload(Message.nomination).options(
        joinedload(Nomination.nominee),
        joinedload(Nomination.award),
        joinedload(Nomination.unit),
    ),
    joinedload(Message.proposal).joinedload(Proposal.movement),
    joinedload(Message.draft).joinedload(DecisionDraft.refers_to),
    joinedload(Message.delegation).joinedload(Delegation.post).joinedload(Post.person),
)
"""What the words of a message are made of."""


def unread(session: Session, actor: Actor) -> int:
    """How many messages the person has not read."""
    query = select(func.count(Message.id)).where(*_unread(actor))
    return session.scalar(query) or 0


def page(session: Session, actor: Actor, number: int) -> tuple[Sequence[Message], int]:
    """A page of the person's messages, newest first; and how many there are."""
    mine = Message.person_id == actor.id
    total = session.scalar(select(func.count(Message.id)).where(mine)) or 0
    query = select(Message).where(mine).options(*SHOWN).order_by(Message.id.desc())
    return session.scalars(query.offset((number - 1) * PAGE).limit(PAGE)).all(), total


def mark_read(session: Session, message_id: int, *, actor: Actor, now: datetime) -> None:
    """Note that its addressee has read a message. Again: nothing changes. Raises NotAllowed."""
    message = session.get(Message, message_id)
    if message is None or message.person_id != actor.id:
        raise NotAllowed
    message.read_at = message.read_at or now
    session.flush()


def mark_all_read(session: Session, *, actor: Actor, now: datetime) -> None:
    """The same for all there are."""
    session.execute(update(Message).where(*_unread(actor)).values(read_at=now))


def _unread(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return Message.person_id == actor.id, Message.read_at.is_(None)
