"""The verbs on a user task: claim, unclaim, complete.

Each takes the instance's lock first, looks at what is true under it, and writes the change with its
event. Who comes second gets TaskChanged and nothing is written.
"""

from collections import Counter
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models import gathering
from models.history import EventKind
from models.process import ProcessDefinition, ProcessInstance
from models.tasks import OPEN, TaskState, UserTask
from models.writing import save
from workflows import (
    commands,
    deadlines,
    deployments,
    drafts,
    engine,
    history,
    instances,
    states,
)
from workflows import submissions as entries
from workflows.actors import Actor
from workflows.definitions import Definition
from workflows.engine import Wait, WaitKind
from workflows.errors import NotAllowed, TaskChanged, UnknownOutcome
from workflows.handlers import LISTENERS, PURE, Variables
from workflows.submissions import Entry, Kept


def may_work_on(actor: Actor, task: UserTask) -> bool:
    """Whether the task lies in one of the person's queues."""
    return task.queue in actor.queues


def claim(session: Session, task_id: int, *, actor: Actor, now: datetime) -> UserTask:
    """Take a ready task. Claiming one's own task again changes nothing."""
    instance, task, _definition = _locked(session, task_id, actor)
    if task.state == TaskState.CLAIMED and task.assignee_id == actor.id:
        return task
    instances.check_active(instance)
    if task.state != TaskState.READY:
        raise TaskChanged
    _claim(session, instance, task, actor, now)
    session.flush()
    return task


def unclaim(session: Session, task_id: int, *, actor: Actor, now: datetime) -> UserTask:
    """Give a claimed task back to its queue. Giving it back again changes nothing."""
    instance, task, _definition = _locked(session, task_id, actor)
    if task.state == TaskState.READY:
        return task
    instances.check_active(instance)
    if task.state != TaskState.CLAIMED or task.assignee_id != actor.id:
        raise TaskChanged
    task.state, task.assignee_id = TaskState.READY, None
    _tell(session, instance, EventKind.TASK_UNCLAIMED, task, actor, now)
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
    instance, task, definition = _locked(session, task_id, actor)
    if task.state not in OPEN and commands.is_done(
        session, command_key, subject_id=task.id
    ):
        return task
    check(definition, task, actor=actor, revision=revision, variables=variables)
    commands.record(
        session, command_key, kind="complete", actor=actor, subject_id=task.id, now=now
    )
    with history.together(session):
        carry_out(
            session,
            instance,
            definition,
            task,
            actor=actor,
            now=now,
            entry=entry,
            variables=variables,
            batch=batch,
        )
    drafts.discard(session, task.id, person_id=actor.id)
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


def carry_out(
    session: Session,
    instance: ProcessInstance,
    definition: Definition,
    task: UserTask,
    *,
    actor: Actor,
    now: datetime,
    entry: Entry,
    variables: Variables,
    batch: int | None,
) -> None:
    """Claim a task that nobody has, keep what was entered, let the listener act, move on.

    For those who complete a task or many of them, and have locked and checked them.
    """
    if task.state == TaskState.READY:
        _claim(session, instance, task, actor, now)
    submission = entries.keep(
        session,
        instance,
        entry,
        element_id=task.element_id,
        task_id=task.id,
        actor=actor,
        now=now,
    )
    if listener := LISTENERS.get(entry.form_key):
        if entry.form_key not in PURE:
            gathering.refuse(session)
        variables = variables | listener(session, task, submission, actor, now)
    _move(session, instance, definition, task, submission, actor, variables, now, batch)


_SEEN = (
    select(ProcessInstance, UserTask, ProcessDefinition.sha256)
    .join(UserTask, UserTask.instance_id == ProcessInstance.id)
    .join(ProcessDefinition, ProcessDefinition.id == ProcessInstance.definition_id)
    .where(UserTask.id == bindparam("task_id"))
    .execution_options(populate_existing=True)
)
# The instance first, as everyone locks it; the task too, or who had to wait would see it as it was.
_HELD = _SEEN.with_for_update(of=(ProcessInstance, UserTask))


def _locked(
    session: Session, task_id: int, actor: Actor
) -> tuple[ProcessInstance, UserTask, Definition]:
    instance, task, sha256 = session.execute(_HELD, {"task_id": task_id}).one()
    if not may_work_on(actor, task):
        raise NotAllowed
    return instance, task, deployments.known(session, instance.definition_id, sha256)


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
    instance: ProcessInstance,
    definition: Definition,
    task: UserTask,
    submission: Kept,
    actor: Actor,
    variables: Variables,
    now: datetime,
    batch: int | None,
) -> None:
    marking = states.load(session, instance.state_hash)
    instance.variables = instance.variables | variables
    wait = Wait(WaitKind.USER, task.element_id)
    following = engine.complete(definition, marking, wait, instance.variables)
    task.state, task.closed_at = TaskState.COMPLETED, now
    task.outcome = str(variables["outcome"])
    _tell(
        session,
        instance,
        EventKind.TASK_COMPLETED,
        task,
        actor,
        now,
        outcome=task.outcome,
        variables=variables,
        submission=submission.id,
        submission_digest=submission.digest,
        state=following.state,
        **({} if batch is None else {"batch": batch}),
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
        now=now,
    )


def _claim(
    session: Session, instance: ProcessInstance, task: UserTask, actor: Actor, now: datetime
) -> None:
    task.state, task.assignee_id = TaskState.CLAIMED, actor.id
    _tell(session, instance, EventKind.TASK_CLAIMED, task, actor, now)


def _tell(
    session: Session,
    instance: ProcessInstance,
    kind: EventKind,
    task: UserTask,
    actor: Actor,
    now: datetime,
    **details: object,
) -> None:
    history.append(
        session,
        instance,
        kind,
        actor=actor,
        post=actor.post_for(task.queue),
        now=now,
        task=task.id,
        element=task.element_id,
        **details,
    )
