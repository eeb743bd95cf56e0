"""Process instances: start them, and move them on from one wait to the next.

A move ends where people are asked again. Service tasks on the way run inside it, in the same
transaction, so that an act is carried out wholly or not at all.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import gathering
from models.history import EventKind
from models.process import InstanceStatus, ProcessDefinition, ProcessInstance
from models.tasks import OPEN, TaskState, UserTask
from models.writing import insert_numbered, save
from workflows import (
    calendar,
    clocks,
    deadlines,
    deployments,
    engine,
    history,
    queues,
    services,
    states,
)
from workflows.actors import Actor, Post
from workflows.definitions import Definition
from workflows.engine import Marking, Wait, WaitKind
from workflows.errors import InstanceSuspended, MessageNotAwaited
from workflows.handlers import Variables


def start(
    session: Session,
    row: ProcessDefinition,
    *,
    business_key: str,
    variables: Variables,
    actor: Actor,
    post: Post | None,
    now: datetime,
    series: str = "",
) -> ProcessInstance:
    """Start an instance of a deployed definition and open its first tasks.

    Instances of one series are counted and listed together.
    """
    definition = deployments.parsed(session, row)
    marking = engine.start(definition, variables)
    instance = ProcessInstance(
        definition=row,
        business_key=business_key,
        series=series,
        state_hash=states.save(session, marking),
        variables=variables,
        status=InstanceStatus.RUNNING,
        history_length=0,
        history_head=history.GENESIS,
        started_at=now,
    )
    session.add(instance)
    session.flush()
    history.append(
        session,
        instance,
        EventKind.INSTANCE_STARTED,
        actor=actor,
        post=post,
        now=now,
        definition=row.key,
        version=row.version,
        sha256=row.sha256,
        variables=variables,
        state=marking.state,
    )
    settle(
        session,
        instance,
        definition,
        marking,
        before=engine.NOWHERE,
        left=Counter(),
        now=now,
    )
    return instance


def lock(session: Session, instance_id: int) -> ProcessInstance:
    """The instance, held against every other writer until the transaction ends."""
    query = select(ProcessInstance).where(ProcessInstance.id == instance_id)
    return session.scalars(
        query.with_for_update().execution_options(populate_existing=True)
    ).one()


def lock_all(session: Session, ids: Collection[int]) -> dict[int, ProcessInstance]:
    """The same for many by id, in one statement and always in the same order."""
    query = select(ProcessInstance).where(ProcessInstance.id.in_(ids))
    query = query.order_by(ProcessInstance.id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True))
    return {instance.id: instance for instance in found}


def check_active(instance: ProcessInstance) -> None:
    """Raise InstanceSuspended while nobody is to move the instance on. Ask it under its lock."""
    if instance.suspended_at is not None:
        raise InstanceSuspended


def open_tasks(session: Session, instance_id: int) -> Sequence[UserTask]:
    """The tasks that wait for people, oldest first."""
    query = select(UserTask).where(
        UserTask.instance_id == instance_id, UserTask.state.in_(OPEN)
    )
    return session.scalars(query.order_by(UserTask.id)).all()


def post_of(session: Session, instance_id: int, actor: Actor) -> Post:
    """The post in which the actor has to do with an instance: of whose turn it is, or the first."""
    turns = {task.queue for task in open_tasks(session, instance_id)}
    return next((post for post in actor.posts if post.queue in turns), actor.posts[0])


def cancel_task(
    session: Session, instance: ProcessInstance, task: UserTask, now: datetime
) -> None:
    """Close a task that nobody is to do any more."""
    task.state, task.closed_at = TaskState.CANCELLED, now
    deadlines.close_task(session, task.id)
    history.append(
        session,
        instance,
        EventKind.TASK_CANCELLED,
        actor=None,
        now=now,
        task=task.id,
        element=task.element_id,
    )


@lru_cache(maxsize=10_000)
def asked(marking: Marking) -> Counter[str]:
    """How many user tasks the marking waits for, by element. Not to be changed."""
    return Counter(wait.element for wait in marking.waits if wait.kind == WaitKind.USER)


def message_wait(definition: Definition, marking: Marking, message: str) -> Wait:
    """The wait for a message by its name. Raises MessageNotAwaited when nothing waits for it."""
    for wait in marking.waits:
        if (
            wait.kind == WaitKind.MESSAGE
            and definition.elements[wait.element].message == message
        ):
            return wait
    raise MessageNotAwaited


def settle(
    session: Session,
    instance: ProcessInstance,
    definition: Definition,
    marking: Marking,
    *,
    before: Marking,
    wait: Wait | None = None,
    left: Counter[str] | None = None,
    now: datetime,
) -> None:
    """Run the service tasks that wait, then make the rows agree with the marking.

    `before` is the marking that the act found, `wait` the one that it answered; none where it put
    the token elsewhere. `left` are the user tasks that the act has left open, by element; who does
    not know, gives none.
    """
    timers = deadlines.waiting(before)
    had_timers = bool(timers)
    if wait is not None:
        timers = deadlines.carry(definition, before, wait, instance.variables, timers)
    marking, timers = services.run(session, instance, definition, marking, timers, now=now)
    instance.state_hash = states.save(session, marking)
    _sync_tasks(session, instance, definition, marking, left, now)
    deadlines.sync(
        session,
        instance,
        definition,
        marking,
        timers,
        had_timers=had_timers,
        now=now,
    )
    # After all that may need statements of its own: clocks change objects that the session knows.
    clocks.sync(session, instance, definition, marking, before=before, now=now)
    if marking.ended is not None:
        _end(session, instance, definition, marking.ended, now)
    save(session, instance)


def _sync_tasks(
    session: Session,
    instance: ProcessInstance,
    definition: Definition,
    marking: Marking,
    left: Counter[str] | None,
    now: datetime,
) -> None:
    wanted = asked(marking)
    if left is None or left - wanted:
        left = _cancel_unwanted(session, instance, wanted, now)
    for element_id in (wanted - left).elements():
        _open(session, instance, definition, element_id, now)


def _cancel_unwanted(
    session: Session, instance: ProcessInstance, wanted: Counter[str], now: datetime
) -> Counter[str]:
    """Cancel the open tasks that nobody waits for any more; gives those that stay open."""
    gathering.refuse(session)
    staying: Counter[str] = Counter()
    for task in open_tasks(session, instance.id):
        if staying[task.element_id] < wanted[task.element_id]:
            staying[task.element_id] += 1
        else:
            cancel_task(session, instance, task, now)
    return staying


def _open(
    session: Session,
    instance: ProcessInstance,
    definition: Definition,
    element_id: str,
    now: datetime,
) -> None:
    element = definition.elements[element_id]
    queue = queues.resolve(instance, element.role)
    due_at = _deadline(now, element.due_days)
    follow_up_at = _deadline(now, element.follow_up_days)
    task_id = insert_numbered(
        session,
        UserTask,
        instance_id=instance.id,
        element_id=element_id,
        series=instance.series,
        queue=queue,
        state=TaskState.READY,
        priority=element.priority,
        opened_at=now,
        due_at=due_at,
        follow_up_at=follow_up_at,
        revision=1,
    )
    deadlines.open_task(
        session, instance.id, task_id, element_id, due_at=due_at, follow_up_at=follow_up_at
    )
    history.append(
        session,
        instance,
        EventKind.TASK_OPENED,
        actor=None,
        now=now,
        task=task_id,
        element=element_id,
        queue=queue,
        due_at=due_at.isoformat() if due_at else None,
    )


def _deadline(now: datetime, days: int | None) -> datetime | None:
    return None if days is None else calendar.deadline(now, days)


def _end(
    session: Session,
    instance: ProcessInstance,
    definition: Definition,
    end_event: str,
    now: datetime,
) -> None:
    instance.status, instance.ended_at = InstanceStatus.ENDED, now
    instance.result = definition.elements[end_event].result
    history.append(
        session,
        instance,
        EventKind.INSTANCE_ENDED,
        actor=None,
        now=now,
        element=end_event,
        result=instance.result,
    )
