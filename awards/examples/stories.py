"""Stories of the awarded: written by the unit with the nominee's consent, published by another."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Select, distinct, func, or_, select
from sqlalchemy.orm import Session, joinedload

from awards import access, nominations
from awards.errors import NotToBeTold
from awards.examples import rights
from models.awards import Nomination
from models.base import ERASED
from models.examples import Story, StoryState
from models.history import EventKind
from models.organisation import Post
from models.reads import ReadEvent, ReadKind
from workflows import history, instances
from workflows.actors import Actor
from workflows.canonical import NO_SALT, fresh_salt, salted
from workflows.errors import NotAllowed, TaskChanged


@dataclass(frozen=True, slots=True)
class Words:
    """What a story says, and how it is known that its nominee agrees."""

    title: str
    text: str
    topic: str
    agreed_on: date
    agreed_how: str


def find(session: Session, code: str, *, actor: Actor) -> tuple[Nomination, Story | None]:
    """The nomination of the actor's unit and its story, if there is one. Raises NotAllowed."""
    nomination = nominations.find(session, code)
    if nomination is None or not rights.tells(actor, nomination):
        raise NotAllowed
    return nomination, of(session, nomination)


def of(session: Session, nomination: Nomination) -> Story | None:
    """The nomination's story, if there is one."""
    query = select(Story).where(Story.nomination_id == nomination.id)
    return session.scalars(query).first()


def write(
    session: Session,
    code: str,
    words: Words,
    *,
    is_ready: bool,
    actor: Actor,
    now: datetime,
) -> Story:
    """Keep a story, and hand it in when it is ready. What is published stays as it is.

    The same words again change nothing. Raises NotAllowed for all but the unit's officer,
    NotToBeTold of who was not awarded, or whose words were erased, and while it is published.
    """
    nomination, story = find(session, code, actor=actor)
    instances.lock(session, nomination.instance_id)
    story = of(session, nomination)
    is_over = nomination.nominee.name == ERASED or not rights.may_tell(actor, nomination)
    if is_over or (story is not None and story.state == StoryState.PUBLISHED):
        raise NotToBeTold
    state = StoryState.WAITING if is_ready else StoryState.DRAFT
    said = asdict(words)
    if story is None:
        story = Story(nomination_id=nomination.id)
        session.add(story)
    elif story.state == state and all(getattr(story, n) == v for n, v in said.items()):
        return story
    for name, value in said.items():
        setattr(story, name, value)
    story.author_id, story.written_at, story.state = actor.id, now, state
    story.salt = fresh_salt()
    story.digest = salted(story.salt, [words.title, words.text])
    session.flush()
    return story


def publish(session: Session, story_id: int, *, actor: Actor, now: datetime) -> Story:
    """Let everybody in the province read it. Again changes nothing.

    Raises NotAllowed for its author and all but the department, TaskChanged when it does not wait.
    """
    story = _locked(session, story_id, actor)
    if story.state == StoryState.PUBLISHED:
        return story
    if story.state != StoryState.WAITING:
        raise TaskChanged
    story.state, story.decided_by, story.published_at = (
        StoryState.PUBLISHED,
        actor.id,
        now,
    )
    story.remark = ""
    _tell(session, story, EventKind.STORY_PUBLISHED, actor, now)
    return story


def send_back(
    session: Session, story_id: int, remark: str, *, actor: Actor, now: datetime
) -> Story:
    """Ask the unit to write it better, or take a published one away, with the reason."""
    story = _locked(session, story_id, actor)
    if story.state == StoryState.PUBLISHED:
        story.state, story.remark, story.decided_by = (
            StoryState.WITHDRAWN,
            remark,
            actor.id,
        )
        _tell(session, story, EventKind.STORY_WITHDRAWN, actor, now)
    elif story.state == StoryState.WAITING:
        story.state, story.remark, story.decided_by = StoryState.DRAFT, remark, actor.id
        session.flush()
    return story


def published(session: Session, *, words: str = "", limit: int = 60) -> Sequence[Story]:
    """The latest published stories, or those whose title or topic has these words."""
    query = _stories().where(Story.state == StoryState.PUBLISHED)
    if words:
        is_about = (Story.title.icontains(words), Story.topic.icontains(words))
        query = query.where(or_(*is_about))
    return session.scalars(query.order_by(Story.published_at.desc()).limit(limit)).all()


def unfinished(session: Session, actor: Actor) -> Sequence[Story]:
    """What waits for those who publish, and what a unit's people have not published yet."""
    waiting = Story.state == StoryState.WAITING
    if not rights.publishes(actor):
        units = access.kept_by(actor.scopes(*access.UNIT))
        waiting = Story.state != StoryState.PUBLISHED
        waiting &= Nomination.unit_id.in_(units)
    query = _stories().join(Story.nomination).where(waiting)
    return session.scalars(query.order_by(Story.written_at.desc())).all()


def reach(session: Session) -> dict[int, int]:
    """In how many units somebody has opened each published story."""
    query = (
        select(Story.id, func.count(distinct(Post.unit_id)))
        .join(Story.nomination)
        .join(ReadEvent, ReadEvent.chain == Nomination.code)
        .join(Post, Post.person_id == ReadEvent.actor_id)
        .where(ReadEvent.kind == ReadKind.STORY_OPENED, Story.state == StoryState.PUBLISHED)
        .group_by(Story.id)
    )
    return {id_: int(count) for id_, count in session.execute(query)}


def erase(session: Session, nomination: Nomination) -> None:
    """Take the words away with the nominee's others; a published story is not read any more."""
    story = of(session, nomination)
    if story is None:
        return
    story.title = story.text = ERASED
    story.topic = story.agreed_how = story.remark = ""
    story.state, story.salt = StoryState.WITHDRAWN, NO_SALT


def _locked(session: Session, story_id: int, actor: Actor) -> Story:
    story = session.get(Story, story_id)
    if story is None or not rights.may_publish(actor, story):
        raise NotAllowed
    instances.lock(session, story.nomination.instance_id)
    session.refresh(story)
    return story


def _tell(
    session: Session, story: Story, kind: EventKind, actor: Actor, now: datetime
) -> None:
    session.flush()
    history.append(
        session,
        story.nomination.instance,
        kind,
        actor=actor,
        post=next(post for post in actor.posts if post.role in rights.PUBLISHERS),
        now=now,
        story=story.id,
        digest=story.digest,
    )
    session.flush()


def _stories() -> Select[Story]:
    nomination = joinedload(Story.nomination)
    return select(Story).options(
        nomination.joinedload(Nomination.nominee),
        nomination.joinedload(Nomination.unit),
        nomination.joinedload(Nomination.award),
    )
