"""Many tasks completed as one act: each as if alone, in a few statements for all.

An act that calls a service task, or a listener that reads or writes, is carried out with statements
of its own, in a savepoint. Whatever stands against one task leaves the others alone.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import gathering
from models.gathering import NeedsStatements
from models.plain import plain_rows, select_plain
from models.process import ProcessDefinition, ProcessInstance
from models.tasks import OPEN, UserTask
from workflows import barriers, commands, deployments, tasks
from workflows.actors import Actor
from workflows.errors import ActFailed, NotAllowed, WorkflowError
from workflows.handlers import Variables
from workflows.submissions import Entry
from workflows.tasks import Act

_log = logging.getLogger(__name__)
_NONE: Mapping[int, "Answer"] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one task: done, or what stood against it."""

    task_id: int
    error: WorkflowError | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What is entered for one task, with the variables it sets."""

    entry: Entry
    variables: Variables


@dataclass(frozen=True, slots=True)
class _Many:
    """What is done to every task but the exceptions, and the revisions the actor saw."""

    act: Act
    revisions: Mapping[int, int]
    exceptions: Mapping[int, Answer]

    def key(self, task_id: int) -> str:
        return commands.part_of(self.act.command_key, task_id)

    def one(self, task_id: int) -> Act:
        act = replace(self.act, command_key=self.key(task_id))
        if (own := self.exceptions.get(task_id)) is None:
            return act
        return replace(act, entry=own.entry, variables=own.variables)


def complete(
    session: Session,
    revisions: Mapping[int, int],
    *,
    actor: Actor,
    now: datetime,
    command_key: str,
    entry: Entry,
    variables: Variables,
    batch: int | None = None,
    exceptions: Mapping[int, Answer] = _NONE,
) -> list[Result]:
    """Complete tasks with one entry; `revisions` are those the actor saw, by task.

    `exceptions` are the tasks that get an answer of their own instead. To each the same happens as
    in `tasks.complete`, and its event names the `batch`. Gives a result for every task, in the
    order asked for. The same command key again changes nothing. All instances are locked first, in
    the order of their ids: two such acts wait for one another.
    """
    act = Act(actor, now, command_key, entry, variables, batch)
    many = _Many(act, revisions, exceptions)
    session.flush()
    rows = _locked(session, revisions)
    closed = {many.key(task.id): task.id for task in rows if task.state not in OPEN}
    done = commands.done(session, closed.keys())
    found = {closed[key]: Result(closed[key]) for key in done}
    barred = barriers.against(session, actor, rows)
    found |= {id_: Result(id_, error) for id_, error in barred.items() if id_ not in found}
    lone = _gather(session, many, [task for task in rows if task.id not in found], found)
    for task_id in lone:
        alone = partial(_complete_alone, session, many, task_id)
        found[task_id] = _attempt(task_id, session.begin_nested(), alone)
    session.flush()
    session.expire_all()  # it does not know what went past it
    return [found.get(task_id) or Result(task_id, NotAllowed()) for task_id in revisions]


def _locked(session: Session, task_ids: Iterable[int]) -> Sequence[UserTask]:
    """The tasks with their instances, as plain rows that pass for mapped ones."""
    query = (
        select_plain(UserTask, ProcessInstance)
        .join_from(UserTask, ProcessInstance)
        .where(UserTask.id.in_(task_ids))
        .order_by(ProcessInstance.id, UserTask.id)
        .with_for_update(of=(ProcessInstance, UserTask))
    )
    found = session.connection().execute(query)
    rows = list(plain_rows(found, UserTask, ProcessInstance))
    kept = {instance.definition_id for _task, instance in rows}
    which = select(ProcessDefinition).where(ProcessDefinition.id.in_(kept))
    definitions = {row.id: row for row in session.scalars(which)}
    for task, instance in rows:
        task.instance = instance
        instance.definition = definitions[instance.definition_id]
    return [task for task, _instance in rows]


def _gather(
    session: Session, many: _Many, rows: Sequence[UserTask], found: dict[int, Result]
) -> list[int]:
    """Complete what can be gathered; gives back the tasks that need statements of their own."""
    lone: list[int] = []
    touched: set[int] = set()
    with (
        session.no_autoflush,
        commands.only_once(),
        gathering.gathering(session, len(rows)) as gathered,
    ):
        for task in rows:
            task_id = task.id
            one = partial(_complete_one, session, many, task, touched)
            try:
                found[task_id] = _attempt(task_id, gathered.act(), one)
            except NeedsStatements:
                lone.append(task_id)
            touched.add(task.instance_id)
    return lone


def _attempt(
    task_id: int, undone: AbstractContextManager[object], act: Callable[[], object]
) -> Result:
    """Carry out an act on one task, undone if it fails."""
    try:
        with undone:
            act()
    except NeedsStatements:
        raise
    except WorkflowError as error:
        return Result(task_id, error)
    except Exception:  # noqa: BLE001 - whatever it is, the others' results stand
        _log.exception("task %s could not be completed with others", task_id)
        return Result(task_id, ActFailed())
    return Result(task_id)


def _complete_one(session: Session, many: _Many, task: UserTask, touched: set[int]) -> None:
    act, definition = many.one(task.id), deployments.definition_of(session, task.instance)
    tasks.check(
        definition,
        task,
        actor=act.actor,
        revision=many.revisions[task.id],
        variables=act.variables,
    )
    if task.instance_id in touched:  # a row can be changed but once in a statement
        raise NeedsStatements
    tasks.carry_out(session, definition, task, act)


def _complete_alone(session: Session, many: _Many, task_id: int) -> None:
    act = many.one(task_id)
    tasks.complete(
        session,
        task_id,
        actor=act.actor,
        now=act.moment,
        revision=many.revisions[task_id],
        command_key=act.command_key,
        entry=act.entry,
        variables=act.variables,
        batch=act.batch,
    )
