"""Acts on many nominations as their pages show them."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from awards.listings import PAGE
from models.awards import Nomination
from models.batches import Batch, BatchItem, BatchState, ItemState
from models.tasks import UserTask
from workflows.actors import Actor


def counts(session: Session, batch: Batch) -> dict[ItemState, int]:
    """How many tasks of the batch are in each state."""
    query = select(BatchItem.state, func.count()).where(BatchItem.batch_id == batch.id)
    found = session.execute(query.group_by(BatchItem.state)).all()
    return dict.fromkeys(ItemState, 0) | {state: count for state, count in found}  # noqa: C416 - rows, not pairs


def items(
    session: Session, batch: Batch, states: Sequence[ItemState], *, page: int = 1
) -> Sequence[tuple[BatchItem, Nomination]]:
    """A page of the batch's tasks in these states, in the order of the choice."""
    query = (
        select(BatchItem, Nomination)
        .join(BatchItem.task)
        .join(Nomination, Nomination.instance_id == UserTask.instance_id)
        .where(BatchItem.batch_id == batch.id, BatchItem.state.in_(states))
        .options(
            contains_eager(BatchItem.task),
            joinedload(Nomination.nominee),
            joinedload(Nomination.award),
            joinedload(Nomination.unit),
        )
        .order_by(BatchItem.position)
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    return [(item, nomination) for item, nomination in session.execute(query)]


def latest(session: Session, actor: Actor, *, page: int) -> tuple[Sequence[Batch], int]:
    """A page of the batches that the actor has confirmed, newest first; and how many there are."""
    mine = (Batch.actor_id == actor.id, Batch.state != BatchState.FROZEN)
    total = session.scalar(select(func.count(Batch.id)).where(*mine)) or 0
    query = select(Batch).where(*mine).order_by(Batch.id.desc())
    return session.scalars(query.offset((page - 1) * PAGE).limit(PAGE)).all(), total
