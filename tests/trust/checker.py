"""What must hold in the database after workers were killed in the middle of their work.

Every sentence found is an anomaly. It begins with its kind: *lost* was acknowledged and is not
there, *doubled* happened twice, *untold* changed without its event, *made up* is an event without
its change, *astray* stands elsewhere than its tasks, *broken* does not verify.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models.awards import Nomination
from models.history import EventKind, HistoryEvent
from models.papers import Decision, DecisionEntry
from models.process import InstanceStatus, ProcessInstance
from models.tasks import OPEN, Command, Submission, TaskState, UserTask
from workflows import history, states
from workflows.engine import WaitKind

Told = dict[EventKind, list[dict[str, object]]]
_ACTS = {
    "claim": EventKind.TASK_CLAIMED,
    "unclaim": EventKind.TASK_UNCLAIMED,
    "complete": EventKind.TASK_COMPLETED,
}
_KEYLESS = ("claim", "unclaim")  # claiming one's own task again changes nothing anyway
_LAST_EVENT = {
    TaskState.READY: {
        EventKind.TASK_OPENED,
        EventKind.TASK_UNCLAIMED,
        EventKind.TASK_RELEASED,
    },
    TaskState.CLAIMED: {EventKind.TASK_CLAIMED},
    TaskState.COMPLETED: {EventKind.TASK_COMPLETED},
    TaskState.CANCELLED: {EventKind.TASK_CANCELLED},
}


def anomalies(engine: Engine, acknowledged: Path) -> list[str]:
    """All that is wrong, seen at one moment; `acknowledged` holds one act a line."""
    acts = [json.loads(line) for line in acknowledged.read_text().splitlines()]
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with Session(engine) as session:
        events = list(session.scalars(select(HistoryEvent).order_by(HistoryEvent.id)))
        told: Told = defaultdict(list)
        for event in events:
            told[event.kind].append(history.details(event) | {"actor": event.actor_id})
        found = [
            *_lost(session, acts, told),
            *_doubled(told),
            *_untold(session, events),
            *_made_up(session, told),
            *_astray(session),
            *_gaps(session),
            *(f"broken: {fault}" for _, fault in history.verify_all(session) if fault),
        ]
        if engine.dialect.name == "sqlite":
            answer = (
                session.connection().exec_driver_sql("PRAGMA integrity_check").scalar_one()
            )
            found += [] if answer == "ok" else [f"broken: {answer}"]
    return found


def _lost(session: Session, acts: list[dict[str, object]], told: Told) -> Iterator[str]:
    commands = {row.key: row.subject_id for row in session.scalars(select(Command))}
    happened = {
        (verb, event["task"], event["actor"])
        for verb, kind in _ACTS.items()
        for event in told[kind]
    }
    outcomes = {event["task"]: event["outcome"] for event in told[EventKind.TASK_COMPLETED]}
    for act in acts:
        verb, subject = act["verb"], act["subject"]
        is_kept = verb in _KEYLESS or commands.get(str(act["key"])) == subject
        if verb in _ACTS:
            is_kept &= (verb, subject, act["actor"]) in happened
        if verb == "complete":
            is_kept &= outcomes.get(subject) == act["outcome"]
        if not is_kept:
            yield f"lost: {act}"


def _doubled(told: Told) -> Iterator[str]:
    once = {
        EventKind.TASK_OPENED: "task",
        EventKind.TASK_COMPLETED: "task",
        EventKind.TASK_CANCELLED: "task",
        EventKind.MESSAGE_RECEIVED: "submission",
        EventKind.FILE_ATTACHED: "attachment",
    }
    for kind, subject in once.items():
        times = Counter(event[subject] for event in told[kind])
        yield from (f"doubled: {kind} of {subject} {n}" for n, t in times.items() if t > 1)


def _untold(session: Session, events: list[HistoryEvent]) -> Iterator[str]:
    last = {history.details(e)["task"]: e for e in events if "task" in history.details(e)}
    for task in session.scalars(select(UserTask)):
        event = last.get(task.id)
        if event is None or event.kind not in _LAST_EVENT[task.state]:
            yield f"untold: task {task.id} is {task.state}"
    ends = {e.instance_id for e in events if e.kind == EventKind.INSTANCE_ENDED}
    for instance in session.scalars(select(ProcessInstance)):
        if (instance.status == InstanceStatus.ENDED) != (instance.id in ends):
            yield f"untold: {instance.business_key} is {instance.status}"


def _made_up(session: Session, told: Told) -> Iterator[str]:
    completed = select(UserTask.id).where(UserTask.state == TaskState.COMPLETED)
    if {e["task"] for e in told[EventKind.TASK_COMPLETED]} - set(
        session.scalars(completed)
    ):
        yield "made up: a completion whose task is not completed"
    entered = told[EventKind.TASK_COMPLETED] + told[EventKind.MESSAGE_RECEIVED]
    if {e["submission"] for e in entered} != set(session.scalars(select(Submission.id))):
        yield "made up: submissions are not those that events tell of"
    acts = entered + told[EventKind.INSTANCE_STARTED]
    if len(acts) != len(session.scalars(select(Command.key)).all()):
        yield "made up: not as many commands as acts"


def _astray(session: Session) -> Iterator[str]:
    rows: dict[int, Counter[str]] = defaultdict(Counter)
    for task in session.scalars(select(UserTask).where(UserTask.state.in_(OPEN))):
        rows[task.instance_id][task.element_id] += 1
    for instance in session.scalars(select(ProcessInstance)):
        marking = states.load(session, instance.state_hash)
        waits = Counter(w.element for w in marking.waits if w.kind == WaitKind.USER)
        is_over = instance.status == InstanceStatus.ENDED
        if rows[instance.id] != waits or is_over != (marking.ended is not None):
            yield f"astray: {instance.business_key} waits at {waits}, has {rows[instance.id]}"


def _gaps(session: Session) -> Iterator[str]:
    """Numbers are given out without gaps, and each decision has its paper and its nomination."""
    codes = sorted(session.scalars(select(Nomination.code)))
    if [int(code[-5:]) for code in codes] != list(range(1, len(codes) + 1)):
        yield "lost: a nomination's code was skipped"
    decisions = session.scalars(select(Decision).order_by(Decision.number)).all()
    if [row.number for row in decisions] != list(range(1, len(decisions) + 1)):
        yield "lost: a decision's number was skipped"
    awarded = select(Nomination.id).join(Nomination.instance)
    awarded = awarded.where(ProcessInstance.result == "awarded")
    decided = session.scalars(select(DecisionEntry.nomination_id)).all()
    if sorted(session.scalars(awarded)) != sorted(decided) or not all(
        d.paper for d in decisions
    ):
        yield "astray: decisions and awarded nominations differ"
