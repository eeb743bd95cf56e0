"""The verbs on a user task: claim, unclaim, release, complete.

Each takes the instance's lock first, looks at what is true under it, and writes the change with its
event. Who comes second gets TaskChanged and nothing is written.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Table, bindparam, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from models import gathering
from models.gathering import NeedsStatements
from models.history import EventKind
from models.plain import plain_rows, select_plain
from models.process import ProcessDefinition, ProcessInstance
from models.sending import fetch
from models.statements import next_id
from models.tasks import OPEN, Submission, TaskState, UserTask
from models.writing import save, table_of
from workflows import (
    barriers,
    commands,
    deadlines,
    deployments,
    drafts,
    engine,
    handlers,
    history,
    instances,
    states,
)
from workflows import submissions as entries
from workflows.actors import Actor
from workflows.definitions import Definition
from workflows.engine import Wait, WaitKind
from workflows.errors import NotAllowed, TaskChanged, UnknownOutcome
from workflows.handlers import LISTENERS, Variables
from workflows.submissions import Entry, Kept


@dataclass(frozen=True, slots=True)
class Act:
    """What is done to a task: by whom, when, what was entered, and the variables it sets.

    The same `command_key` again is the same act; `batch` is what acts done together share.
    """

    actor: Actor
    moment: datetime
    command_key: str
    entry: Entry
    variables: Variables
    batch: int | None = None


def may_work_on(actor: Actor, task: UserTask) -> bool:
    """Whether the task lies in one of the person's queues."""
    return task.queue in actor.queues


def claim(session: Session, task_id: int, *, actor: Actor, now: datetime) -> UserTask:
    """Take a ready task. Claiming one's own task again changes nothing."""
    task, _definition, _ = _locked(session, task_id, actor)
    if task.state == TaskState.CLAIMED and task.assignee_id == actor.id:
        return task
    instances.check_active(task.instance)
    if task.state != TaskState.READY:
        raise TaskChanged
    barriers.check(session, actor, task)
    _claim(session, task, actor, now)
    session.flush()
    return task


def unclaim(session: Session, task_id: int, *, actor: Actor, now: datetime) -> UserTask:
    """Give a claimed task back to its queue. Giving it back again changes nothing."""
    task, _definition, _ = _locked(session, task_id, actor)
    if task.state == TaskState.READY:
        return task
    instances.check_active(task.instance)
    if task.state != TaskState.CLAIMED or task.assignee_id != actor.id:
        raise TaskChanged
    task.state, task.assignee_id = TaskState.READY, None
    _tell(session, EventKind.TASK_UNCLAIMED, task, actor, now)
    session.flush()
    return task


def release(session: Session, task_id: int, *, now: datetime) -> UserTask:
    """Give a claimed task back to its queue because its holder does not serve that any more.

    A task that nobody has stays as it is.
    """
    instance, task, _sha256 = session.execute(_HELD, {"task_id": task_id}).one()
    if task.state != TaskState.CLAIMED:
        return task
    holder = task.assignee_id
    task.state, task.assignee_id = TaskState.READY, None
    history.append(
        session,
        instance,
        EventKind.TASK_RELEASED,
        actor=None,
        now=now,
        task=task.id,
        element=task.element_id,
        holder=holder,
    )
    session.flush()
    return task


def complete(
    session: Session,
    task_id: int,
    *,
    actor: Actor,
    now: datetime,
    revision: int,
    command_key: str,
    entry: Entry,
    variables: Variables,
    batch: int | None = None,
) -> UserTask:
    """Finish a task that is ready or the actor's own, and move the instance on.

    `variables` must carry the `outcome`. A ready task is claimed on the way. The same command key
    sent again changes nothing. `batch` is the number that acts done together share. Raises
    TaskChanged when `revision` is not the task's any more.
    """
    session.flush()
    is_pure = handlers.is_pure(entry.form_key)
    task, definition, numbers = (_read if is_pure else _locked)(session, task_id, actor)
    if task.state not in OPEN and commands.is_done(
        session, command_key, subject_id=task.id
    ):
        return task
    check(definition, task, actor=actor, revision=revision, variables=variables)
    barriers.check(session, actor, task)
    act = Act(actor, now, command_key, entry, variables, batch)
    if is_pure and _gather(session, definition, task, act, numbers):
        return task
    if is_pure:
        task, definition, _ = _locked(session, task_id, actor)
    with history.together(session):
        carry_out(session, definition, task, act)
    session.flush()
    return task


def check(
    definition: Definition,
    task: UserTask,
    *,
    actor: Actor,
    revision: int,
    variables: Variables,
) -> None:
    """Refuse what the actor may not do to the task now. Call it under the lock.

    Raises NotAllowed outside the actor's queues, TaskChanged when the task is closed, somebody
    else's or not of this revision any more, InstanceSuspended while nobody may act, UnknownOutcome
    when the diagram does not name it.
    """
    if not may_work_on(actor, task):
        raise NotAllowed
    instances.check_active(task.instance)
    mine = task.state == TaskState.READY or (
        task.state == TaskState.CLAIMED and task.assignee_id == actor.id
    )
    if task.state not in OPEN or not mine or not _is_current(task, actor, revision):
        raise TaskChanged
    _check_outcome(definition, task, variables)


def carry_out(session: Session, definition: Definition, task: UserTask, act: Act) -> None:
    """Claim a task that nobody has, keep what was entered, let the listener act, move on.

    For those who complete a task or many of them, and have locked and checked them.
    """
    commands.record(
        session,
        act.command_key,
        kind="complete",
        actor=act.actor,
        subject_id=task.id,
        now=act.moment,
    )
    if task.state == TaskState.READY:
        _claim(session, task, act.actor, act.moment)
    submission = entries.keep(
        session,
        task.instance,
        act.entry,
        element_id=task.element_id,
        task_id=task.id,
        actor=act.actor,
        now=act.moment,
    )
    variables = act.variables
    if listener := LISTENERS.get(act.entry.form_key):
        if not handlers.is_pure(act.entry.form_key):
            gathering.refuse(session)
        variables = variables | listener(session, task, submission, act.actor, act.moment)
    _move(session, definition, task, submission, act, variables)
    drafts.discard(session, task.id, person_id=act.actor.id)


_SEEN = (
    select(ProcessInstance, UserTask, ProcessDefinition.sha256)
    .join(UserTask, UserTask.instance_id == ProcessInstance.id)
    .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
    .where(UserTask.id == bindparam("task_id"))
    .execution_options(populate_existing=True)
)
# The instance first, as everyone locks it; the task too, or who had to wait would see it as it was.
_HELD = _SEEN.with_for_update(of=(ProcessInstance, UserTask))
_NUMBERED = (table_of(Submission), table_of(UserTask))
_PLAIN = (
    select_plain(ProcessInstance, UserTask)
    .add_columns(ProcessDefinition.sha256, *map(next_id, _NUMBERED))
    .join_from(ProcessInstance, UserTask)
    .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
    .where(UserTask.id == bindparam("task_id"))
)
_READ = _PLAIN.with_for_update(of=(ProcessInstance, UserTask))
Numbers: TypeAlias = dict[Table, int]


def _locked(
    session: Session, task_id: int, actor: Actor
) -> tuple[UserTask, Definition, Numbers]:
    """The task with its instance, held until the transaction ends."""
    instance, task, sha256 = session.execute(_HELD, {"task_id": task_id}).one()
    if not may_work_on(actor, task):
        raise NotAllowed
    return task, deployments.known(session, instance.definition_id, sha256), {}


def _read(
    session: Session, task_id: int, actor: Actor
) -> tuple[UserTask, Definition, Numbers]:
    """As `_locked`, in plain rows that pass for mapped ones, with numbers for what will be new."""
    found = fetch(session.connection(), _READ, {"task_id": task_id})
    row = next(plain_rows(found, ProcessInstance, UserTask), None)
    if row is None:
        raise NoResultFound
    instance, task, sha256, *numbers = row
    if not may_work_on(actor, task):
        raise NotAllowed
    task.instance = instance
    definition = deployments.known(session, instance.definition_id, sha256)
    return task, definition, dict(zip(_NUMBERED, numbers, strict=True))


def _gather(
    session: Session, definition: Definition, task: UserTask, act: Act, numbers: Numbers
) -> bool:
    """Carry it out in rows that are written together; False if it needs statements of its own."""
    try:
        with (
            session.no_autoflush,
            commands.only_once(),
            gathering.gathering(session, 1, numbers),
        ):
            carry_out(session, definition, task, act)
    except NeedsStatements:
        return False
    for mapped, row_id in ((UserTask, task.id), (ProcessInstance, task.instance_id)):
        if (known := session.identity_map.get(identity_key(mapped, row_id))) is not None:
            session.expire(known)  # it does not know what went past it
    return True


def _check_outcome(definition: Definition, task: UserTask, variables: Variables) -> None:
    """What has no condition of its own goes forward; so only what the diagram names may go in."""
    element = definition.elements[task.element_id]
    if element.outcomes and variables.get("outcome") not in element.outcomes:
        raise UnknownOutcome


def _is_current(task: UserTask, actor: Actor, revision: int) -> bool:
    """Whether the page shows this task as it is: claiming it oneself is no news."""
    own_claim = task.assignee_id == actor.id and revision == task.revision - 1
    return revision == task.revision or own_claim


def _move(
    session: Session,
    definition: Definition,
    task: UserTask,
    submission: Kept,
    act: Act,
    variables: Variables,
) -> None:
    instance = task.instance
    marking = states.load(session, instance.state_hash)
    instance.variables = instance.variables | variables
    wait = Wait(WaitKind.USER, task.element_id)
    following = engine.complete(definition, marking, wait, instance.variables)
    task.state, task.closed_at = TaskState.COMPLETED, act.moment
    task.outcome = str(variables["outcome"])
    _tell(
        session,
        EventKind.TASK_COMPLETED,
        task,
        act.actor,
        act.moment,
        outcome=task.outcome,
        variables=variables,
        submission=submission.id,
        submission_digest=submission.digest,
        state=following.state,
        **({} if act.batch is None else {"batch": act.batch}),
    )
    save(session, task)
    deadlines.close_task(session, task.id)
    instances.settle(
        session,
        instance,
        definition,
        following,
        before=marking,
        wait=wait,
        left=instances.asked(marking) - Counter([task.element_id]),
        now=act.moment,
    )


def _claim(session: Session, task: UserTask, actor: Actor, now: datetime) -> None:
    task.state, task.assignee_id = TaskState.CLAIMED, actor.id
    _tell(session, EventKind.TASK_CLAIMED, task, actor, now)


def _tell(
    session: Session,
    kind: EventKind,
    task: UserTask,
    actor: Actor,
    now: datetime,
    **details: object,
) -> None:
    history.append(
        session,
        task.instance,
        kind,
        actor=actor,
        post=actor.post_for(task.queue),
        now=now,
        task=task.id,
        element=task.element_id,
        **details,
    )
