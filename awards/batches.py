"""Acts on many nominations: the list frozen, confirmed once, carried out, its results kept.

How far a batch has come is in its rows alone, so whoever carries on knows where to begin.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.orm import Session

from awards import access, people, preflight, separation
from awards.errors import NothingChosen
from awards.preflight import Checked
from awards.separation import Barred
from models.batches import Batch, BatchItem, BatchState, ItemState
from workflows import bulk, calendar, commands
from workflows.actors import Actor
from workflows.bulk import Answer, Result
from workflows.canonical import canonical
from workflows.errors import NotAllowed, TaskChanged
from workflows.handlers import Variables
from workflows.submissions import Entry

MAX = 10_000
IN_ONE_REQUEST = 1_000
TASKS_AT_ONCE = 500


def freeze(
    session: Session,
    chosen: Mapping[int, int],
    *,
    actor: Actor,
    suits: Callable[[str], bool],
    command_key: str,
    now: datetime,
) -> Batch:
    """Keep the tasks that somebody has chosen, and what stands against each.

    The history of those that the person is kept from, of interest or an earlier act, tells so.

    `chosen` are the revisions the person saw, by task; `suits` says of a form whether it can be
    answered for many. Raises NothingChosen when none is left that the person may work on. The
    same command key again gives the batch it made the first time.
    """
    if not chosen:
        raise NothingChosen
    command = commands.take(session, command_key, kind="batch", actor=actor, now=now)
    if command is None:
        return session.get_one(Batch, commands.subject_of(session, command_key))
    checked = preflight.check(session, chosen, actor=actor, suits=suits)
    if not checked:
        raise NothingChosen
    good = [one for one in checked if one.is_good]
    batch = Batch(
        kind="complete",
        actor_id=actor.id,
        created_at=now,
        step=good[0].element.name if good else "",
        form_key=good[0].element.form_key if good else "",
        state=BatchState.FROZEN,
        total=len(good),
        done=0,
        content={},
        variables={},
    )
    session.add(batch)
    session.flush()
    session.execute(insert(BatchItem), [_item(batch, n, o) for n, o in enumerate(checked)])
    barred = {one.task_id: one.barred for one in checked if one.barred}
    separation.turn_away(session, barred, actor=actor, now=now)
    command.subject_id = batch.id
    session.flush()
    return batch


def confirm(
    session: Session,
    batch_id: int,
    *,
    actor: Actor,
    entry: Entry,
    variables: Variables,
    command_key: str,
    now: datetime,
) -> Batch:
    """Let the frozen list be carried out with one entry. The same command key changes nothing.

    Raises TaskChanged when it was confirmed with another.
    """
    batch = _locked(session, batch_id)
    if not access.may_see_batch(actor, batch):
        raise NotAllowed
    if batch.state != BatchState.FROZEN:
        if batch.command_key == command_key:
            return batch
        raise TaskChanged
    batch.state, batch.confirmed_at = BatchState.CONFIRMED, now
    batch.command_key, batch.outcome = command_key, str(variables["outcome"])
    batch.form_version, batch.content = entry.form_version, entry.content
    batch.variables = variables
    session.flush()
    return batch


def carry_out_some(session: Session, batch_id: int, *, now: datetime) -> bool:
    """Complete the next tasks of a confirmed batch; says whether there are more.

    Results and the count of them are written with the acts: carried on after a crash, no task is
    completed twice and none is left out.
    """
    batch = _locked(session, batch_id)
    if batch.state != BatchState.CONFIRMED:
        return False
    items, actor = _next(session, batch), _actor(session, batch, now)
    results = bulk.complete(
        session,
        {item.task_id: item.revision for item in items},
        actor=actor,
        now=now,
        command_key=batch.command_key or "",
        entry=Entry(batch.form_key, batch.form_version or 1, batch.content),
        variables=batch.variables,
        batch=batch.id,
        exceptions={item.task_id: _answer(batch, item) for item in items if item.answer},
    )
    _note(session, batch, results)
    barred = {one.task_id: one.error for one in results if isinstance(one.error, Barred)}
    separation.turn_away(session, barred, actor=actor, now=now)
    batch.done += len(results)
    if batch.done >= batch.total:
        batch.state, batch.finished_at = BatchState.DONE, now
    session.flush()
    return batch.state == BatchState.CONFIRMED


def unfinished(session: Session) -> Sequence[int]:
    """The batches that were confirmed and are not carried out yet."""
    query = select(Batch.id).where(Batch.state == BatchState.CONFIRMED)
    return session.scalars(query.order_by(Batch.id)).all()


def _item(batch: Batch, position: int, one: Checked) -> dict[str, object]:
    return {
        "batch_id": batch.id,
        "task_id": one.task_id,
        "position": position,
        "revision": one.revision,
        "state": ItemState.WAITING if one.is_good else ItemState.EXCLUDED,
        "message": one.message,
        "values": dict(one.values),
        "answer": None,
    }


def _locked(session: Session, batch_id: int) -> Batch:
    query = select(Batch).where(Batch.id == batch_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def _next(session: Session, batch: Batch) -> Sequence[Row[*tuple[Any, ...]]]:
    query = (
        select(BatchItem.task_id, BatchItem.revision, BatchItem.answer)
        .where(BatchItem.batch_id == batch.id, BatchItem.state == ItemState.WAITING)
        .order_by(BatchItem.position)
        .limit(TASKS_AT_ONCE)
    )
    return session.execute(query).all()


def _answer(batch: Batch, item: Row[*tuple[Any, ...]]) -> Answer:
    entry = Entry(batch.form_key, batch.form_version or 1, item.answer["content"])
    return Answer(entry, item.answer["variables"])


def _actor(session: Session, batch: Batch, now: datetime) -> Actor:
    """Who confirmed, with the posts held now: without a post nothing may be done."""
    person = people.find(session, batch.actor_id)
    if person is None or not person.is_active:
        return Actor(batch.actor_id, "", ())
    return people.actor_of(person, calendar.today(now))


def _note(session: Session, batch: Batch, results: Sequence[Result]) -> None:
    """What came of each task; those that share a sentence share a statement."""
    sentences: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        message, values = _sentence(result)
        sentences.setdefault((message, canonical(values)), []).append(result)
    for told in sentences.values():
        message, values = _sentence(told[0])
        numbers = [result.task_id for result in told]
        ours = (BatchItem.batch_id == batch.id, BatchItem.task_id.in_(numbers))
        state = ItemState.FAILED if message else ItemState.DONE
        session.execute(
            update(BatchItem)
            .where(*ours)
            .values(state=state, message=message, values=values),
            execution_options={"synchronize_session": False},
        )


def _sentence(result: Result) -> tuple[str, dict[str, str]]:
    if result.error is None:
        return "", {}
    return result.error.message, {k: str(v) for k, v in result.error.values.items()}
