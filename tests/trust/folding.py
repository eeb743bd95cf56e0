"""H5: where a nomination stands, told twice: by its history alone, and by the tables.

`folded` reads nothing but the events, in their order, and asks no engine.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.awards import Nomination
from models.deadlines import Clock
from models.history import EventKind, HistoryEvent
from models.operations import Incident, OperatorAct
from models.papers import Attachment, Comment
from models.process import InstanceStatus, ProcessInstance
from models.safekeeping import LegalHold
from models.tasks import TaskState, UserTask
from workflows import history


@dataclass
class Task:
    element: str
    queue: str
    state: str = TaskState.READY
    holder: int | None = None
    outcome: str | None = None
    escalated_to: str | None = None


@dataclass
class Standing:
    """Everything a reader would call the state of a nomination, by the numbers of rows."""

    status: str = ""
    result: str | None = None
    is_suspended: bool = False
    definition: tuple[str, int] = ("", 0)
    variables: dict[str, Any] = field(default_factory=dict)
    tasks: dict[int, Task] = field(default_factory=dict)
    clocks: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    incidents: dict[int, bool] = field(default_factory=dict)
    acts: dict[int, bool | None] = field(default_factory=dict)
    files: dict[int, bool] = field(default_factory=dict)
    comments: set[int] = field(default_factory=set)
    holds: dict[int, bool] = field(default_factory=dict)


Rule = Callable[[Standing, HistoryEvent, dict[str, Any]], object]


def folded(events: Iterable[HistoryEvent], *, without: EventKind | None = None) -> Standing:
    """The standing that the events tell of, one after the other; `without` is left out."""
    standing = Standing()
    for event in events:
        told: dict[str, Any] = history.details(event)
        standing.variables |= dict(told.get("variables", {}))
        rule = RULES.get(event.kind)
        if rule is not None and event.kind != without:
            rule(standing, event, told)
    return standing


def _open(standing: Standing, _event: HistoryEvent, told: dict[str, Any]) -> None:
    standing.tasks[told["task"]] = Task(told["element"], told["queue"])


def _take(standing: Standing, event: HistoryEvent, told: dict[str, Any]) -> None:
    task = standing.tasks[told["task"]]
    task.state, task.holder = TaskState.CLAIMED, event.actor_id


def _give_back(standing: Standing, _event: HistoryEvent, told: dict[str, Any]) -> None:
    task = standing.tasks[told["task"]]
    task.state, task.holder = TaskState.READY, None


def _complete(standing: Standing, event: HistoryEvent, told: dict[str, Any]) -> None:
    task = standing.tasks[told["task"]]
    task.state, task.holder = TaskState.COMPLETED, event.actor_id
    task.outcome = told["outcome"]


def _cancel_task(standing: Standing, _event: HistoryEvent, told: dict[str, Any]) -> None:
    standing.tasks[told["task"]].state = TaskState.CANCELLED


def _escalate(standing: Standing, _event: HistoryEvent, told: dict[str, Any]) -> None:
    standing.tasks[told["task"]].escalated_to = told["escalated_to"]


def _reassign(standing: Standing, event: HistoryEvent, told: dict[str, Any]) -> None:
    task = standing.tasks[told["task"]]
    task.holder = told["assignee"]
    task.state = TaskState.READY if task.holder is None else TaskState.CLAIMED
    _carry_out(standing, event, told)


def _start(standing: Standing, _event: HistoryEvent, told: dict[str, Any]) -> None:
    standing.status = InstanceStatus.RUNNING
    standing.definition = (told["definition"], told["version"])


def _end(standing: Standing, _event: HistoryEvent, told: dict[str, Any]) -> None:
    standing.status, standing.result = InstanceStatus.ENDED, told["result"]


def _cancel(standing: Standing, event: HistoryEvent, told: dict[str, Any]) -> None:
    _end(standing, event, told)
    standing.is_suspended = False
    _carry_out(standing, event, told)


def _suspend(standing: Standing, event: HistoryEvent, told: dict[str, Any]) -> None:
    standing.is_suspended = event.kind == EventKind.INSTANCE_SUSPENDED
    _carry_out(standing, event, told)


def _migrate(standing: Standing, event: HistoryEvent, told: dict[str, Any]) -> None:
    standing.definition = (told["definition"], told["version"])
    _carry_out(standing, event, told)


def _carry_out(standing: Standing, _event: HistoryEvent, told: dict[str, Any]) -> None:
    standing.acts[told["act"]] = True


def _clock(phase: str) -> Rule:
    def rule(standing: Standing, _event: HistoryEvent, told: dict[str, Any]) -> None:
        before = standing.clocks.get(told["clock"], (0, 0, ""))
        standing.clocks[told["clock"]] = (
            told["allowed_days"],
            told["used_days"],
            phase or before[2],
        )

    return rule


def _row(name: str, key: str, *, is_set: bool | None) -> Rule:
    def rule(standing: Standing, _event: HistoryEvent, told: dict[str, Any]) -> None:
        getattr(standing, name)[told[key]] = is_set

    return rule


RULES: dict[EventKind, Rule] = {
    EventKind.INSTANCE_STARTED: _start,
    EventKind.TASK_OPENED: _open,
    EventKind.TASK_CLAIMED: _take,
    EventKind.TASK_UNCLAIMED: _give_back,
    EventKind.TASK_RELEASED: _give_back,
    EventKind.TASK_COMPLETED: _complete,
    EventKind.TASK_CANCELLED: _cancel_task,
    EventKind.TASK_ESCALATED: _escalate,
    EventKind.TASK_REASSIGNED: _reassign,
    EventKind.INSTANCE_ENDED: _end,
    EventKind.INSTANCE_CANCELLED: _cancel,
    EventKind.INSTANCE_SUSPENDED: _suspend,
    EventKind.INSTANCE_RESUMED: _suspend,
    EventKind.INSTANCE_PLACED: _carry_out,
    EventKind.INSTANCE_MIGRATED: _migrate,
    EventKind.OPERATION_REQUESTED: _row("acts", "act", is_set=None),
    EventKind.OPERATION_DECLINED: _row("acts", "act", is_set=False),
    EventKind.CLOCK_STARTED: _clock("running"),
    EventKind.CLOCK_RESUMED: _clock("running"),
    EventKind.CLOCK_PAUSED: _clock("paused"),
    EventKind.CLOCK_STOPPED: _clock("stopped"),
    EventKind.CLOCK_EXTENDED: _clock(""),
    EventKind.INCIDENT_RAISED: _row("incidents", "incident", is_set=False),
    EventKind.INCIDENT_RESOLVED: _row("incidents", "incident", is_set=True),
    EventKind.FILE_ATTACHED: _row("files", "attachment", is_set=True),
    EventKind.FILE_REMOVED: _row("files", "attachment", is_set=False),
    EventKind.COMMENT_ADDED: lambda s, _event, told: s.comments.add(told["comment"]),
    EventKind.HOLD_PLACED: _row("holds", "hold", is_set=True),
    EventKind.HOLD_LIFTED: _row("holds", "hold", is_set=False),
}
"""What each kind of event changes. Kinds that are not here change nothing of a standing."""


def stored(session: Session, instance: ProcessInstance) -> Standing:
    """The standing as the tables have it."""

    def rows(table: Any) -> Any:
        return session.scalars(select(table).where(table.instance_id == instance.id))

    def of_nomination(table: Any) -> Any:
        mine = select(table).join(Nomination, Nomination.id == table.nomination_id)
        return session.scalars(mine.where(Nomination.instance_id == instance.id))

    definition = instance.definition
    return Standing(
        status=instance.status,
        result=instance.result,
        is_suspended=instance.suspended_at is not None,
        definition=(definition.key, definition.version),
        variables=instance.variables,
        tasks={
            row.id: Task(
                row.element_id, row.queue, row.state, row.assignee_id, row.outcome,
                row.escalated_to,
            )
            for row in rows(UserTask)
        },
        clocks={
            row.name: (row.allowed_days, row.used_days, _phase(row)) for row in rows(Clock)
        },
        incidents={row.id: row.resolved_at is not None for row in rows(Incident)},
        acts={
            row.id: row.is_carried_out if row.decided_at else None
            for row in rows(OperatorAct)
        },
        files={row.id: row.removed_at is None for row in of_nomination(Attachment)},
        comments={row.id for row in of_nomination(Comment)},
        holds={row.id: row.lifted_at is None for row in of_nomination(LegalHold)},
    )  # fmt: skip


def _phase(clock: Clock) -> str:
    if clock.stopped_at is not None:
        return "stopped"
    return "running" if clock.running_since is not None else "paused"
