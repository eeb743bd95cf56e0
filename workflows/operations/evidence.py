"""What must agree with the history of an instance: who asked for acts on it, and why."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.history import HistoryEvent
from models.operations import OperatorAct
from models.process import ProcessInstance
from workflows import history
from workflows.canonical import salted
from workflows.operations.carrying import EVENTS
from workflows.words import N_


@history.evidence
def reasons(
    session: Session, instance: ProcessInstance, events: Sequence[HistoryEvent]
) -> tuple[int, str] | None:
    """Every act on the instance was asked for with this reason, by this person, and is told of."""
    query = select(OperatorAct).where(OperatorAct.instance_id == instance.id)
    acts = {act.id: act for act in session.scalars(query)}
    for event in events:
        if event.kind in EVENTS.values():
            told = history.details(event)
            act = acts.pop(int(str(told["act"])), None)
            if act is None or not _agrees(act, event, told):
                return event.sequence, N_("Lý do hoặc người đề nghị can thiệp đã bị sửa.")
    for act in acts.values():
        if act.is_carried_out:
            return len(events), N_("Có can thiệp không được ghi vào lịch sử.")
        if salted(act.salt, act.reason) != act.digest:
            return len(events), N_("Lý do của một đề nghị can thiệp đã bị sửa.")
    return None


def _agrees(act: OperatorAct, event: HistoryEvent, told: dict[str, object]) -> bool:
    return (
        act.is_carried_out
        and (act.asked_by, act.decided_by) == (told["asked_by"], event.actor_id)
        and (EVENTS[act.kind], act.digest) == (event.kind, told["reason_digest"])
        and salted(act.salt, act.reason) == act.digest
    )
