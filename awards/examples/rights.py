"""Who tells of whom, who publishes, and who answers for what was noticed."""

from sqlalchemy import ColumnElement, or_, true
from sqlalchemy.orm import Session

from awards import access
from models.awards import Nomination, Result
from models.examples import Discovery, Story, StoryState
from models.organisation import Role, Unit
from workflows.actors import Actor

PUBLISHERS = (Role.DEPARTMENT_HEAD, Role.DEPARTMENT_SPECIALIST)


def publishes(actor: Actor) -> bool:
    """The department publishes what units have told, and takes it away."""
    return actor.has(*PUBLISHERS)


def tells(actor: Actor, nomination: Nomination) -> bool:
    """The unit's officer tells of the own unit's people."""
    return nomination.unit.kept_by.code in actor.scopes(Role.UNIT_OFFICER)


def may_tell(actor: Actor, nomination: Nomination) -> bool:
    """Of those who were awarded."""
    return tells(actor, nomination) and nomination.instance.result == Result.AWARDED


def may_publish(actor: Actor, story: Story) -> bool:
    """Never the own one: a second person reads it first."""
    return publishes(actor) and story.author_id != actor.id


def may_read(actor: Actor, story: Story) -> bool:
    """What is published, everybody; what is not, the unit and those who publish."""
    if story.state == StoryState.PUBLISHED:
        return access.signed_in(actor)
    own = story.nomination.unit.kept_by.code in actor.scopes(*access.UNIT)
    return own or (publishes(actor) and story.state != StoryState.DRAFT)


def notices(actor: Actor) -> bool:
    """Whoever works here may have seen somebody do well."""
    return access.works_on_tasks(actor)


def reads_discoveries(actor: Actor) -> bool:
    """Who notes, and those who watch over the whole."""
    return access.follows_nominations(actor)


def visible_discoveries(actor: Actor) -> ColumnElement[bool]:
    """The own notes, those about the own unit's people, and for the province's offices all."""
    if access.sees_everything(actor):
        return true()
    units = access.kept_by(actor.scopes(*access.UNIT))
    return or_(Discovery.author_id == actor.id, Discovery.unit_id.in_(units))


def answers(actor: Actor, session: Session, discovery: Discovery) -> bool:
    """The officer of the unit where the person works."""
    unit = session.get_one(Unit, discovery.unit_id)
    return unit.kept_by.code in actor.scopes(Role.UNIT_OFFICER)
