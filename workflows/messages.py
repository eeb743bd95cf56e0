"""Messages from outside a task: delivered to the boundary event that waits for them."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.history import EventKind
from models.process import ProcessInstance
from workflows import (
    commands,
    deployments,
    engine,
    history,
    instances,
    states,
    submissions,
)
from workflows.actors import Actor, Post
from workflows.handlers import Variables
from workflows.submissions import Entry


def receive(
    session: Session,
    instance_id: int,
    *,
    message: str,
    actor: Actor,
    post: Post,
    now: datetime,
    command_key: str,
    entry: Entry,
    variables: Variables,
) -> ProcessInstance:
    """Deliver a message and move the instance on. The same command key changes nothing.

    Whether the actor may send it is for the caller to ask. Raises MessageNotAwaited when the
    instance has gone past every place that waits for it.
    """
    instance = instances.lock(session, instance_id)
    if commands.is_done(session, command_key, subject_id=instance.id):
        return instance
    instances.check_active(instance)
    definition = deployments.definition_of(session, instance)
    marking = states.load(session, instance.state_hash)
    wait = instances.message_wait(definition, marking, message)
    where = wait.element
    submission = submissions.keep(
        session, instance, entry, element_id=where, task_id=None, actor=actor, now=now
    )
    instance.variables = instance.variables | variables
    following = engine.receive(definition, marking, wait, instance.variables)
    history.append(
        session,
        instance,
        EventKind.MESSAGE_RECEIVED,
        actor=actor,
        post=post,
        now=now,
        element=where,
        ordinal=wait.ordinal,
        message=message,
        variables=variables,
        submission=submission.id,
        submission_digest=submission.digest,
        state=following.state,
    )
    instances.settle(
        session, instance, definition, following, before=marking, wait=wait, now=now
    )
    commands.record(
        session, command_key, kind=message, actor=actor, subject_id=instance.id, now=now
    )
    session.flush()
    return instance
