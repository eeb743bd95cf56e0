"""The acts that wait for a second administrator, and those that one has decided."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from models.operations import OperatorAct
from workflows.actors import Actor

LATELY = 20


def waiting(session: Session) -> Sequence[OperatorAct]:
    """What nobody has decided yet, oldest first."""
    return session.scalars(_WITH_INSTANCE.where(_IS_OPEN).order_by(OperatorAct.id)).all()


def count_waiting(session: Session, actor: Actor) -> int:
    """How many acts wait for this administrator: asked for by others."""
    count = select(func.count(OperatorAct.id)).where(
        _IS_OPEN, OperatorAct.asked_by != actor.id
    )
    return session.scalar(count) or 0


def decided(session: Session) -> Sequence[OperatorAct]:
    """What was decided lately, newest first."""
    query = _WITH_INSTANCE.where(OperatorAct.decided_at.is_not(None))
    newest = (OperatorAct.decided_at.desc(), OperatorAct.id.desc())
    return session.scalars(query.order_by(*newest).limit(LATELY)).all()


def open_on(session: Session, instance_id: int) -> OperatorAct | None:
    """The act on an instance that waits, if one does; there is never a second one."""
    query = select(OperatorAct).where(_IS_OPEN, OperatorAct.instance_id == instance_id)
    return session.scalars(query).first()


def on(session: Session, instance_id: int) -> Sequence[OperatorAct]:
    """Every act that was ever asked for on an instance, oldest first."""
    query = select(OperatorAct).where(OperatorAct.instance_id == instance_id)
    return session.scalars(query.order_by(OperatorAct.id)).all()


def by_instance(session: Session, act_ids: Collection[int]) -> Sequence[OperatorAct]:
    """These acts, in the order in which everybody locks their instances."""
    query = select(OperatorAct).where(OperatorAct.id.in_(act_ids))
    return session.scalars(query.order_by(OperatorAct.instance_id, OperatorAct.id)).all()


_IS_OPEN = OperatorAct.decided_at.is_(None)
_WITH_INSTANCE = select(OperatorAct).options(joinedload(OperatorAct.instance))
