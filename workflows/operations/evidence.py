"""What must agree with the history of an instance: who asked for acts on it, and why."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.history import EventKind, HistoryEvent
from models.operations import OperatorAct
from models.process import ProcessInstance
from workflows import history
from workflows.canonical import NO_SALT, salted
from workflows.operations.carrying import EVENTS
from workflows.words import N_

_REQUESTED, _DECLINED = EventKind.OPERATION_REQUESTED, EventKind.OPERATION_DECLINED


@history.evidence
def reasons(
    session: Session, instance: ProcessInstance, events: Sequence[HistoryEvent]
) -> tuple[int, str] | None:
    """Every act on the instance is told of: asked for with this reason, decided by this person."""
    query = select(OperatorAct).where(OperatorAct.instance_id == instance.id)
    acts = {act.id: act for act in session.scalars(query)}
    gone = history.erased(events, "acts")
    told_of: dict[int, set[EventKind]] = {act_id: set() for act_id in acts}
    for event in events:
        if event.kind in (_REQUESTED, _DECLINED, *EVENTS.values()):
            told = history.details(event)
            act = acts.get(int(str(told["act"])))
            if (
                act is None
                or event.kind in told_of[act.id]
                or not _agrees(act, event, told, act.id in gone)
            ):
                return event.sequence, N_("Lý do hoặc người đề nghị can thiệp đã bị sửa.")
            told_of[act.id].add(event.kind)
    for act in acts.values():
        if _is_untold(act, told_of[act.id]):
            return len(events), N_("Có can thiệp không được ghi vào lịch sử.")
        if _digest(act, act.id in gone) != act.digest:
            return len(events), N_("Lý do của một đề nghị can thiệp đã bị sửa.")
    return None


def _digest(act: OperatorAct, is_gone: bool) -> str:  # noqa: FBT001 - asked of one act
    """Of the reason as it stands; of one that was erased by an act, as it was kept."""
    if is_gone and act.salt == NO_SALT:
        return act.digest
    return salted(act.salt, act.reason)


def _agrees(
    act: OperatorAct,
    event: HistoryEvent,
    told: dict[str, object],
    is_gone: bool,  # noqa: FBT001 - as above
) -> bool:
    if (told["reason_digest"], _digest(act, is_gone)) != (act.digest, act.digest):
        return False
    if event.kind == _REQUESTED:
        return (act.asked_by, act.kind) == (event.actor_id, told["wish"])
    people = (act.asked_by, act.decided_by) == (told["asked_by"], event.actor_id)
    if event.kind == _DECLINED:
        return people and not act.is_carried_out
    return people and act.is_carried_out and EVENTS[act.kind] == event.kind


def _is_untold(act: OperatorAct, told_of: set[EventKind]) -> bool:
    """Acts of the first releases are told of once carried out, and not before."""
    if act.is_carried_out:
        return EVENTS[act.kind] not in told_of
    return act.decided_at is not None and _REQUESTED in told_of and _DECLINED not in told_of
