"""Replay: the recorded acts, run through the engine again, must lead to the recorded states."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.history import EventKind, HistoryEvent
from models.process import ProcessDefinition, ProcessInstance
from workflows import deployments, engine, history
from workflows.definitions import Definition
from workflows.engine import Marking, Wait, WaitKind
from workflows.errors import WorkflowError
from workflows.handlers import Variables
from workflows.history import Fault
from workflows.words import N_

_WAITS = {
    EventKind.TASK_COMPLETED: WaitKind.USER,
    EventKind.SERVICE_COMPLETED: WaitKind.SERVICE,
    EventKind.MESSAGE_RECEIVED: WaitKind.MESSAGE,
    EventKind.DEADLINE_FIRED: WaitKind.DEADLINE,
}
_UNREADABLE = (AttributeError, KeyError, TypeError, ValueError, WorkflowError)


@dataclass(frozen=True, slots=True)
class Case:
    """An instance as the acts so far have left it."""

    definition: Definition
    marking: Marking
    variables: dict[str, object]


def replay(session: Session, instance: ProcessInstance) -> Fault | None:
    """The first event whose state does not follow from the acts before it, or None."""
    case: Case | None = None
    events = history.of(session, instance.id)
    for event in events:
        try:
            told = history.details(event)
            case = _after(session, case, event, told)
        except _UNREADABLE:
            return _fault(
                instance, event, N_("Việc đã ghi không làm được ở trạng thái này.")
            )
        if case is not None and told.get("state", case.marking.state) != case.marking.state:
            return _fault(
                instance, event, N_("Trạng thái không suy ra được từ các việc đã ghi.")
            )
    if case is None or case.marking.state != instance.state_hash:
        return Fault(
            instance.business_key,
            len(events) + 1,
            N_("Trạng thái hiện tại không suy ra được từ các việc đã ghi."),
        )
    if case.variables != instance.variables:
        return Fault(
            instance.business_key,
            len(events) + 1,
            N_("Biến của quy trình không suy ra được từ các việc đã ghi."),
        )
    return None


def walk(
    session: Session, events: Sequence[HistoryEvent]
) -> Iterator[tuple[HistoryEvent, Case | None, Case | None]]:
    """Each event with the case before it and after it, up to the first that cannot have been."""
    case: Case | None = None
    for event in events:
        before = case
        try:
            case = _after(session, before, event, history.details(event))
        except _UNREADABLE:
            return
        yield event, before, case


def wait_of(event: HistoryEvent, told: Variables) -> Wait | None:
    """What was over by this event; None where it moved no token by itself."""
    kind = _WAITS.get(event.kind)
    if kind is None:
        return None
    return Wait(kind, str(told["element"]), int(str(told.get("ordinal", 0))))


def _after(
    session: Session, case: Case | None, event: HistoryEvent, told: Variables
) -> Case | None:
    """The case after an event; most events leave it as it is."""
    if event.kind == EventKind.INSTANCE_STARTED:
        definition = _definition(session, told)
        variables = _variables(told)
        return Case(definition, engine.start(definition, variables), variables)
    if case is None:
        message = "the history does not begin with the start"
        raise ValueError(message)
    if event.kind == EventKind.INSTANCE_MIGRATED:
        case = replace(case, definition=_definition(session, told))
    if event.kind in (EventKind.INSTANCE_PLACED, EventKind.INSTANCE_MIGRATED):
        path = case.definition.path(str(told["element"]))
        return replace(case, marking=engine.place(case.definition, path))
    if event.kind == EventKind.INSTANCE_CANCELLED:
        return replace(case, marking=engine.CANCELLED)
    if event.kind == EventKind.INSTANCE_REHOMED:
        return replace(case, variables=case.variables | _variables(told))
    if (wait := wait_of(event, told)) is not None:
        variables = case.variables | _variables(told)
        marking = engine.move(case.definition, case.marking, wait, variables)
        return replace(case, marking=marking, variables=variables)
    return case


def _variables(told: Variables) -> dict[str, object]:
    """The variables that an act has set."""
    found = told.get("variables", {})
    if not isinstance(found, dict):
        message = "variables are no set of names"
        raise TypeError(message)
    return found


def _definition(session: Session, told: Variables) -> Definition:
    """The version that an event names; its content is proved by the hash."""
    query = select(ProcessDefinition).where(
        ProcessDefinition.key == told["definition"],
        ProcessDefinition.sha256 == told["sha256"],
    )
    return deployments.parsed(session, session.scalars(query).one())


def _fault(instance: ProcessInstance, event: HistoryEvent, message: str) -> Fault:
    return Fault(instance.business_key, event.sequence, message)
