"""The way a nomination has taken through its diagram, read from its history."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.history import EventKind, HistoryEvent
from workflows import history
from workflows.definitions import Definition
from workflows.diagrams import GATEWAYS, ElementKind

_STOPS = (
    EventKind.TASK_OPENED,
    EventKind.SERVICE_COMPLETED,
    EventKind.MESSAGE_RECEIVED,
    EventKind.INSTANCE_ENDED,
)
_JUMPS = (EventKind.INSTANCE_PLACED, EventKind.INSTANCE_MIGRATED)
_ENDS = (EventKind.INSTANCE_ENDED, EventKind.INSTANCE_CANCELLED)


@dataclass(frozen=True, slots=True)
class Journey:
    """Element ids: passed, where it is now, and the flows and gateways in between."""

    done: tuple[str, ...]
    current: str
    flows: tuple[str, ...]


def of(definition: Definition, events: Sequence[HistoryEvent]) -> Journey:
    """Follow the events from stop to stop and colour the flows that lead between them.

    Where operators put the nomination somewhere else, no flow leads there.
    """
    place = next(e.id for e in definition.elements.values() if e.kind == ElementKind.START)
    passed: list[str] = [place]
    flows: list[str] = []
    outcome: str | None = None
    has_jumped = False
    for event in events:
        told = history.details(event)
        if event.kind in _JUMPS:
            place, has_jumped = str(told["element"]), True
            continue
        outcome = str(told["outcome"]) if told.get("outcome") else outcome
        if event.kind not in _STOPS:
            continue
        stop = str(told["element"])
        is_drawn = {place, stop} <= definition.elements.keys()
        is_reopened = has_jumped and stop == place
        if event.kind != EventKind.MESSAGE_RECEIVED and is_drawn and not is_reopened:
            flows += definition.way(place, stop, outcome)
        has_jumped = False
        passed.append(stop)
        place = stop
    ended = any(event.kind in _ENDS for event in events)
    current = "" if ended else place
    through = {flow.target for flow in definition.flows if flow.id in flows}
    gateways = {id_ for id_ in through if definition.elements[id_].kind in GATEWAYS}
    been = [id_ for id_ in passed if id_ in definition.elements]
    done = [id_ for id_ in dict.fromkeys([*been, *sorted(gateways)]) if id_ != current]
    return Journey(tuple(done), current, tuple(dict.fromkeys(flows)))
