"""Asking for an operator's act: kept with its reason, until another administrator decides."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from models.history import EventKind
from models.operations import OperatorAct
from models.process import ProcessInstance
from models.tasks import Command, UserTask
from workflows import commands, history, instances
from workflows.actors import Actor
from workflows.canonical import fresh_salt, salted
from workflows.errors import ActRefused, NotAllowed, TaskChanged
from workflows.operations import lists
from workflows.operations.plans import plan
from workflows.operations.roles import may_operate, post_of
from workflows.operations.wishes import Wish
from workflows.words import N_


def ask(
    session: Session,
    instance_id: int,
    wish: Wish,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    command_key: str,
) -> OperatorAct:
    """Ask for an act on an instance, with the reason. Nothing changes until another confirms.

    The same command key again gives the act it made. Raises ActRefused when the act makes no
    sense now, when no reason is given, or when another act on the instance waits already.
    """
    if not may_operate(actor):
        raise NotAllowed
    instance = instances.lock(session, instance_id)
    if done := session.get(Command, command_key):
        return _asked_before(session, done, instance)
    if not reason.strip():
        raise ActRefused(N_("Ghi rõ lý do."))
    if lists.open_on(session, instance.id) is not None:
        raise ActRefused(N_("Hồ sơ đang có một đề nghị can thiệp chờ người thứ hai."))
    planned = plan(session, instance, wish, now=now)
    act = _kept(session, instance, wish, planned.task, reason.strip(), actor, now)
    history.append(
        session,
        instance,
        EventKind.OPERATION_REQUESTED,
        actor=actor,
        post=post_of(actor),
        now=now,
        act=act.id,
        wish=act.kind,
        reason_digest=act.digest,
    )
    commands.record(
        session, command_key, kind="ask", actor=actor, subject_id=act.id, now=now
    )
    return act


def ask_all(
    session: Session,
    instance_ids: Collection[int],
    wish: Wish,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    command_key: str,
) -> list[OperatorAct]:
    """Ask for the same act on many instances; those on which it makes no sense are left out."""
    asked: list[OperatorAct] = []
    for instance_id in sorted(instance_ids):
        try:
            act = ask(
                session,
                instance_id,
                wish,
                reason=reason,
                actor=actor,
                now=now,
                command_key=f"{command_key}-{instance_id}",
            )
        except ActRefused:
            continue
        asked.append(act)
    return asked


def _asked_before(
    session: Session, done: Command, instance: ProcessInstance
) -> OperatorAct:
    act = session.get(OperatorAct, done.subject_id)
    if act is None or act.instance_id != instance.id or done.kind != "ask":
        raise TaskChanged
    return act


def _kept(
    session: Session,
    instance: ProcessInstance,
    wish: Wish,
    task: UserTask | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> OperatorAct:
    salt = fresh_salt()
    act = OperatorAct(
        kind=wish.kind,
        instance=instance,
        details=wish.seen(instance, task.assignee_id if task else None).details(),
        reason=reason,
        salt=salt,
        digest=salted(salt, reason),
        asked_by=actor.id,
        asked_at=now,
        is_carried_out=False,
    )
    session.add(act)
    session.flush()
    return act
