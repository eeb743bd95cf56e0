"""Filters kept under a name: saved, shared with a role, renamed and deleted by their owner."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session, joinedload

from awards import access
from awards.errors import TooManyViews, ViewNameTaken
from models.organisation import Person, Role
from models.saved_views import SavedView, ViewPage
from workflows.actors import Actor
from workflows.errors import NotAllowed

MOST = 50
ROLES = (*access.WORKERS, *access.WATCHERS)
"""With whom a view can be shared: everybody who may open the board."""


def save(
    session: Session,
    name: str,
    *,
    page: ViewPage,
    filters: Mapping[str, str],
    role: Role | None,
    actor: Actor,
    now: datetime,
) -> SavedView:
    """Keep the filters; under a name that the person has used already they take its place.

    Raises TooManyViews, and NotAllowed for who may not open the board.
    """
    _check(actor)
    session.get_one(Person, actor.id, with_for_update=True)  # two at once would both be new
    found = session.scalars(_mine(actor).where(SavedView.name == name)).first()
    if found is None:
        count = select(func.count(SavedView.id)).where(SavedView.person_id == actor.id)
        if (session.scalar(count) or 0) >= MOST:
            raise TooManyViews(limit=MOST)
        found = SavedView(person_id=actor.id, name=name)
        session.add(found)
    found.page, found.filters, found.role, found.saved_at = page, dict(filters), role, now
    session.flush()
    return found


def change(
    session: Session, view_id: int, *, name: str, role: Role | None, actor: Actor
) -> None:
    """Rename one's own, and share it with others or nobody. Raises NotAllowed, ViewNameTaken."""
    _check(actor)
    session.get_one(Person, actor.id, with_for_update=True)
    found = own(session, view_id, actor=actor)
    if session.scalar(_mine(actor).where(SavedView.name == name, SavedView.id != view_id)):
        raise ViewNameTaken(name=name)
    found.name, found.role = name, role
    session.flush()


def remove(session: Session, view_id: int, *, actor: Actor) -> None:
    """Delete one's own. Raises NotAllowed for another's, and for one that is gone."""
    _check(actor)
    own(session, view_id, actor=actor)
    session.execute(delete(SavedView).where(SavedView.id == view_id))


def mine(session: Session, actor: Actor) -> Sequence[SavedView]:
    """What the person has saved, by name."""
    return session.scalars(_mine(actor).order_by(SavedView.name)).all()


def shared(session: Session, actor: Actor) -> Sequence[SavedView]:
    """What others have shared with a role that the person holds, by name."""
    query = select(SavedView).where(
        SavedView.role.in_({post.role for post in actor.posts}),
        SavedView.person_id != actor.id,
    )
    query = query.options(joinedload(SavedView.person)).order_by(SavedView.name)
    return session.scalars(query.limit(MOST)).all()


def own(session: Session, view_id: int, *, actor: Actor) -> SavedView:
    """One of the person's own. Raises NotAllowed."""
    found = session.get(SavedView, view_id)
    if found is None or found.person_id != actor.id:
        raise NotAllowed
    return found


def _mine(actor: Actor) -> Select[SavedView]:
    return select(SavedView).where(SavedView.person_id == actor.id)


def _check(actor: Actor) -> None:
    if not access.follows_nominations(actor):
        raise NotAllowed
