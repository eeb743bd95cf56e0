"""Deciding on an operator's act that another administrator asked for: confirm it, or decline."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.history import EventKind
from models.operations import OperatorAct
from models.process import ProcessInstance
from workflows import commands, history, instances
from workflows.actors import Actor
from workflows.errors import ActRefused, NotAllowed, WorkflowError
from workflows.operations import carrying, lists
from workflows.operations.plans import plan
from workflows.operations.roles import may_operate, post_of
from workflows.operations.wishes import of
from workflows.words import N_


class Decided(NamedTuple):
    """The acts that were decided, and those that could not be, each with the reason."""

    done: list[OperatorAct]
    refused: list[tuple[OperatorAct, WorkflowError]]


def confirm(
    session: Session, act_id: int, *, actor: Actor, now: datetime, command_key: str
) -> OperatorAct:
    """Carry out what another administrator asked for. The same command key changes nothing.

    Raises ActRefused, and nothing happens, when the act makes no sense any more, when somebody
    has decided already, or when the actor asked for it.
    """
    instance, act = _locked(session, act_id, actor)
    if commands.is_done(session, command_key, subject_id=act.id):
        return act
    _check_open(act, actor)
    planned = plan(session, instance, of(act), now=now)
    _close(session, act, actor, now, command_key, is_carried_out=True)
    with history.together(session):
        carrying.carry_out(session, instance, act, planned, actor=actor, now=now)
    return act


def decline(
    session: Session, act_id: int, *, actor: Actor, now: datetime, command_key: str
) -> OperatorAct:
    """Turn down what another administrator asked for; the instance stays as it is."""
    instance, act = _locked(session, act_id, actor)
    if commands.is_done(session, command_key, subject_id=act.id):
        return act
    _check_open(act, actor)
    _close(session, act, actor, now, command_key, is_carried_out=False)
    history.append(
        session,
        instance,
        EventKind.OPERATION_DECLINED,
        actor=actor,
        post=post_of(actor),
        now=now,
        act=act.id,
        asked_by=act.asked_by,
        reason_digest=act.digest,
    )
    return act


def confirm_all(
    session: Session,
    act_ids: Collection[int],
    *,
    actor: Actor,
    now: datetime,
    command_key: str,
) -> Decided:
    """Confirm many acts in one; those that make no sense any more stay undone."""
    return _each(session, act_ids, confirm, actor, now, command_key)


def decline_all(
    session: Session,
    act_ids: Collection[int],
    *,
    actor: Actor,
    now: datetime,
    command_key: str,
) -> Decided:
    """Turn down many acts in one; those that somebody has decided stay as they are."""
    return _each(session, act_ids, decline, actor, now, command_key)


def _each(
    session: Session,
    act_ids: Collection[int],
    verb: Callable[..., OperatorAct],
    actor: Actor,
    now: datetime,
    command_key: str,
) -> Decided:
    found = Decided([], [])
    for act in lists.by_instance(session, act_ids):
        key = f"{command_key}-{act.id}"
        try:
            verb(session, act.id, actor=actor, now=now, command_key=key)
        except ActRefused as error:  # raised before anything is written
            found.refused.append((act, error))
        else:
            found.done.append(act)
    return found


def _locked(
    session: Session, act_id: int, actor: Actor
) -> tuple[ProcessInstance, OperatorAct]:
    """The act under its instance's lock, as it stands there."""
    act = session.get(OperatorAct, act_id)
    if act is None or not may_operate(actor):
        raise NotAllowed
    instance = instances.lock(session, act.instance_id)
    session.refresh(act)
    return instance, act


def _check_open(act: OperatorAct, actor: Actor) -> None:
    if act.decided_at is not None:
        raise ActRefused(N_("Đề nghị này đã có người quyết định."))
    if act.asked_by == actor.id:
        raise ActRefused(
            N_("Người đề nghị không tự quyết định được; cần quản trị viên khác.")
        )


def _close(
    session: Session,
    act: OperatorAct,
    actor: Actor,
    now: datetime,
    command_key: str,
    *,
    is_carried_out: bool,
) -> None:
    act.decided_by, act.decided_at, act.is_carried_out = actor.id, now, is_carried_out
    session.flush()
    commands.record(
        session, command_key, kind="decide", actor=actor, subject_id=act.id, now=now
    )
