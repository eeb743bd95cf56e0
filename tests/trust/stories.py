"""What people were told, command by command, and whether one serial story can have told it.

Every command is known again in the history: a claim by its actor, whom nobody else uses, a
completion by its key. Its outcome is *ok*, *refused* or *unknown*: cut off after it was sent.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models.history import HistoryEvent
from models.tasks import Command
from workflows import history

OK, REFUSED, UNKNOWN = "ok", "refused", "unknown"
_ORDER = re.compile(r"opened( claimed unclaimed)*( claimed( completed)?| cancelled)?")


@dataclass(frozen=True, slots=True)
class Sent:
    """A command and what came of it. `revision` is that of the page it was sent from."""

    verb: str
    task: int
    actor: int
    revision: int
    key: str
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A reading by one client: how long an instance's history was."""

    client: int
    instance: int
    length: int


def anomalies(engine: Engine, sent: list[Sent], seen: list[Seen]) -> list[str]:
    """What no order of these commands, one after the other, could have brought about."""
    with Session(engine) as session:
        events = [
            (event.kind.removeprefix("task_"), details["task"], event.actor_id)
            for event in session.scalars(select(HistoryEvent).order_by(HistoryEvent.id))
            if event.kind.startswith("task_") and (details := history.details(event))
        ]
        keys = Counter(session.scalars(select(Command.key)))
        completed = _completions(session)
    stories: dict[object, list[tuple[str, int | None]]] = defaultdict(list)
    for kind, task, actor in events:
        stories[task].append((kind, actor))
    return [
        *_untrue(sent, Counter(events), keys),
        *_out_of_order(stories),
        *_stale(sent, stories, completed),
        *_backwards(seen),
    ]


def _completions(session: Session) -> dict[str, int]:
    query = select(Command.key, Command.subject_id).where(Command.kind == "complete")
    return {row.key: row.subject_id for row in session.execute(query)}


def _untrue(
    sent: list[Sent],
    events: Counter[tuple[str, object, int | None]],
    keys: Counter[str],
) -> Iterator[str]:
    """What was told is in the history once; what was refused is not; the rest at most once."""
    outcomes: dict[Sent, set[str]] = defaultdict(set)
    for command in sent:
        same = Sent(command.verb, command.task, command.actor, 0, command.key)
        outcomes[same].add(command.outcome)
    for command, told in outcomes.items():
        if command.verb == "complete":
            times = keys[command.key]
        else:
            times = events[f"{command.verb}ed", command.task, command.actor]
        least = 1 if OK in told else 0
        most = 1 if told & {OK, UNKNOWN} or command.verb == "unclaim" else 0
        if not least <= times <= most:
            yield f"untrue: {command} was {sorted(told)} and is there {times} times"


def _out_of_order(stories: dict[object, list[tuple[str, int | None]]]) -> Iterator[str]:
    for task, story in stories.items():
        kinds = " ".join(kind for kind, _actor in story)
        if not _ORDER.fullmatch(kinds):
            yield f"out of order: task {task} was {kinds}"
        for (kind, actor), (following, other) in pairwise(story):
            if kind == "claimed" and following != "cancelled" and actor != other:
                yield f"out of order: {following} by {other}, claimed by {actor}"


def _stale(
    sent: list[Sent],
    stories: dict[object, list[tuple[str, int | None]]],
    completed: dict[str, int],
) -> Iterator[str]:
    """A completion follows the state that its sender saw: own claims apart, nothing between."""
    for command in sent:
        if command.verb == "complete" and completed.get(command.key) == command.task:
            changes = len(stories[command.task]) - 2  # but for opening and completing
            if changes - command.revision not in (-1, 0):
                yield f"stale: {command} came after {changes} changes"


def _backwards(seen: list[Seen]) -> Iterator[str]:
    last: dict[tuple[int, int], int] = {}
    for reading in seen:
        key = (reading.client, reading.instance)
        if reading.length < last.get(key, 0):
            yield f"backwards: {reading} after {last[key]}"
        last[key] = reading.length
