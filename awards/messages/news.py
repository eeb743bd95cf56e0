"""Who is told what: the events of the history that are somebody's news."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from awards import people
from models.awards import Nomination, Outcome, Result
from models.history import EventKind, HistoryEvent
from models.messages import MessageKind
from models.organisation import UNIT_ROLES
from models.process import ProcessInstance
from models.tasks import OPEN, TaskState, UserTask
from workflows import deployments, history

TO_UNIT = "to_unit"
CORRECTED, REVOKED = "corrected", "revoked"
GIVEN, TAKEN = "given", "taken"
_RESULTS = (Result.AWARDED, Result.NOT_SELECTED, Result.REFUSED)
"""Of the ends, those that the unit did not bring about itself."""

_ON_TASKS = (EventKind.TASK_OPENED, EventKind.TASK_REASSIGNED)
_ENDS = {
    EventKind.INSTANCE_CANCELLED: Result.CANCELLED.value,
    EventKind.AWARD_CORRECTED: CORRECTED,
    EventKind.AWARD_REVOKED: REVOKED,
}


@dataclass(frozen=True, slots=True)
class Topic:
    """What one message is about: what is alike at one moment has one topic."""

    kind: MessageKind
    subject: str = ""
    element_id: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """One thing for one person: a nomination, a proposal or a draft of a decision.

    `task_id` is for those who may work on it.
    """

    person_id: int
    topic: Topic
    nomination_id: int | None = None
    task_id: int | None = None
    proposal_id: int | None = None
    draft_id: int | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """Who brought events about, and what he answered, if that was it."""

    actor_id: int
    outcome: str


Acts: TypeAlias = Mapping[tuple[int, datetime], Act]


class Staff:
    """Who serves a queue today, looked up once each."""

    def __init__(self, session: Session, today: date) -> None:
        self._session, self._today = session, today
        self._found: dict[str, frozenset[int]] = {}

    def of(self, queue: str) -> frozenset[int]:
        """Their ids, delegates among them."""
        if queue not in self._found:
            serving = people.serving(self._session, queue, self._today)
            self._found[queue] = frozenset(actor.id for actor in serving)
        return self._found[queue]

    def unit(self, code: str) -> frozenset[int]:
        """The officers and heads of a unit."""
        return frozenset().union(*(self.of(f"{role.value}:{code}") for role in UNIT_ROLES))


def of(session: Session, events: Sequence[HistoryEvent], today: date) -> list[News]:
    """What these events are to whom. Nobody is told what he did himself."""
    instances = {event.instance_id for event in events if _matters(event)}
    if not instances:
        return []
    cases = _cases(session, instances)
    tasks = _waiting(session, events)
    acts = _acts(session, [event for event in events if _matters(event)])
    staff = Staff(session, today)
    found: list[News] = []
    for event in events:
        case = cases.get(event.instance_id)
        if case is None or not _matters(event):
            continue
        act = acts.get((event.instance_id, event.at))
        if event.kind == EventKind.TASK_OPENED:
            task = tasks.get(_task_id(event))
            if task and task.state == TaskState.READY:
                found += _opened(session, case, task, act, staff)
        elif event.kind == EventKind.TASK_REASSIGNED:
            found += _reassigned(session, case, event, tasks.get(_task_id(event)), act)
        elif subject := _result(event):
            topic = Topic(MessageKind.DECISION, subject)
            found += _tell(staff.unit(case.unit.kept_by.code), topic, case, act)
    return found


def _matters(event: HistoryEvent) -> bool:
    return event.kind in (*_ON_TASKS, EventKind.INSTANCE_ENDED, *_ENDS)


def _result(event: HistoryEvent) -> str:
    """What has come of the nomination, as the unit is told it; "" where it is told nothing."""
    if event.kind != EventKind.INSTANCE_ENDED:
        return _ENDS[event.kind]
    result = str(history.details(event).get("result") or "")
    return result if result in _RESULTS else ""


def _opened(
    session: Session, case: Nomination, task: UserTask, act: Act | None, staff: Staff
) -> Iterable[News]:
    """A task for those who serve its queue; a return to a unit is news to all of the unit."""
    serving = staff.of(task.queue)
    is_return = act is not None and act.outcome == Outcome.RETURN
    is_units = task.queue.partition(":")[0] in UNIT_ROLES
    topic = Topic(
        MessageKind.RETURN if is_return else MessageKind.TASK,
        TO_UNIT if is_return and is_units else "",
        task.element_id,
        _step(session, case, task),
    )
    yield from _tell(serving, topic, case, act, task.id)
    if topic.subject == TO_UNIT:
        others = staff.unit(case.unit.kept_by.code) - serving
        yield from _tell(others, Topic(MessageKind.RETURN, TO_UNIT), case, act)


def _reassigned(
    session: Session,
    case: Nomination,
    event: HistoryEvent,
    task: UserTask | None,
    act: Act | None,
) -> Iterable[News]:
    """Whoever has the task now, and whoever had it, unless it has gone on meanwhile."""
    if task is None:
        return
    told = history.details(event)
    step = _step(session, case, task)
    for subject, id_ in ((GIVEN, told["assignee"]), (TAKEN, told["before"])):
        is_news = id_ is not None and (task.assignee_id == id_) == (subject == GIVEN)
        if is_news:
            topic = Topic(MessageKind.REASSIGNMENT, subject, task.element_id, step)
            task_id = task.id if subject == GIVEN else None
            yield from _tell([int(str(id_))], topic, case, act, task_id)


def _step(session: Session, case: Nomination, task: UserTask) -> str:
    """How everybody may hear a step called."""
    element = deployments.definition_of(session, case.instance).elements[task.element_id]
    return element.stage or element.name


def _tell(
    told: Collection[int],
    topic: Topic,
    case: Nomination,
    act: Act | None,
    task_id: int | None = None,
) -> Iterable[News]:
    but = act.actor_id if act else 0
    return [News(id_, topic, case.id, task_id) for id_ in sorted(told) if id_ != but]


def _cases(session: Session, instances: Collection[int]) -> dict[int, Nomination]:
    query = (
        select(Nomination)
        .where(Nomination.instance_id.in_(instances))
        .options(
            joinedload(Nomination.unit),
            joinedload(Nomination.instance).joinedload(ProcessInstance.definition),
        )
    )
    return {row.instance_id: row for row in session.scalars(query)}


def _waiting(session: Session, events: Sequence[HistoryEvent]) -> dict[int, UserTask]:
    """The tasks that events speak of and that nobody has closed meanwhile."""
    ids = [_task_id(event) for event in events if event.kind in _ON_TASKS]
    query = select(UserTask).where(UserTask.id.in_(ids), UserTask.state.in_(OPEN))
    return {task.id: task for task in session.scalars(query)}


def _task_id(event: HistoryEvent) -> int:
    return int(str(history.details(event)["task"]))


def _acts(session: Session, events: Sequence[HistoryEvent]) -> Acts:
    """By instance and moment; the events of an act share both."""
    query = (
        select(HistoryEvent)
        .where(
            HistoryEvent.instance_id.in_({event.instance_id for event in events}),
            HistoryEvent.at.in_({event.at for event in events}),
            HistoryEvent.actor_id.is_not(None),
        )
        .order_by(HistoryEvent.sequence)
    )
    found: dict[tuple[int, datetime], Act] = {}
    for event in session.scalars(query):
        outcome = str(history.details(event).get("outcome") or "")
        found[event.instance_id, event.at] = Act(event.actor_id or 0, outcome)
    return found
