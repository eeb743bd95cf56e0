"""Acts on many nominations as their pages show them."""

from collections.abc import Sequence

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from awards.listings import PAGE
from models.awards import Nomination
from models.batches import Batch, BatchItem, BatchState, ItemState
from models.tasks import UserTask
from workflows.actors import Actor

_FAILED_FIRST = (ItemState.FAILED, ItemState.EXCLUDED, ItemState.WAITING, ItemState.DONE)
_RANKS = {state: rank for rank, state in enumerate(_FAILED_FIRST)}


def counts(session: Session, batch: Batch) -> dict[ItemState, int]:
    """How many tasks of the batch are in each state."""
    query = select(BatchItem.state, func.count()).where(BatchItem.batch_id == batch.id)
    found = session.execute(query.group_by(BatchItem.state)).all()
    return dict.fromkeys(ItemState, 0) | {state: count for state, count in found}  # noqa: C416 - rows, not pairs


def warned(session: Session, batch: Batch) -> int:
    """How many of the tasks that can be completed have a warning."""
    waiting = (BatchItem.state == ItemState.WAITING, BatchItem.message != "")
    query = select(func.count()).where(BatchItem.batch_id == batch.id, *waiting)
    return session.scalar(query) or 0


def items(
    session: Session, batch: Batch, states: Sequence[ItemState], *, page: int = 1
) -> Sequence[tuple[BatchItem, Nomination]]:
    """A page of the batch's tasks in these states: what failed or has a message first."""
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
        .order_by(
            case(_RANKS, value=BatchItem.state), BatchItem.message == "", BatchItem.position
        )
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
