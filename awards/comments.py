"""Remarks on a nomination, open to those who work on it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from awards import access
from models.awards import Nomination
from models.history import EventKind
from models.papers import Comment
from workflows import commands, history, instances
from workflows.actors import Actor
from workflows.canonical import fresh_salt, salted
from workflows.errors import NotAllowed

MAX_LENGTH = 4_000


def add(
    session: Session,
    nomination: Nomination,
    *,
    text: str,
    actor: Actor,
    command_key: str,
    now: datetime,
) -> None:
    """Add a remark. The history keeps its salted hash, so that a later change is found.

    The same command key again changes nothing.
    """
    if not access.may_comment(actor, nomination):
        raise NotAllowed
    instance = instances.lock(session, nomination.instance_id)
    if commands.is_done(session, command_key, subject_id=nomination.id):
        return
    post = instances.post_of(session, instance.id, actor)
    salt = fresh_salt()
    comment = Comment(
        nomination_id=nomination.id,
        author_id=actor.id,
        acting_as=post.acting_as,
        text=text,
        salt=salt,
        digest=salted(salt, text),
        created_at=now,
    )
    session.add(comment)
    session.flush()
    history.append(
        session,
        instance,
        EventKind.COMMENT_ADDED,
        actor=actor,
        post=post,
        now=now,
        comment=comment.id,
        digest=comment.digest,
    )
    commands.record(
        session, command_key, kind="comment", actor=actor, subject_id=nomination.id, now=now
    )
    session.flush()


def of(session: Session, nomination_id: int) -> Sequence[Comment]:
    """The remarks on a nomination, oldest first, with their authors."""
    query = (
        select(Comment).where(Comment.nomination_id == nomination_id).order_by(Comment.id)
    )
    return session.scalars(query.options(joinedload(Comment.author))).all()
