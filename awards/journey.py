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


@dataclass(frozen=True, slots=True)
class Journey:
    """Element ids: passed, where it is now, and the flows and gateways in between."""

    done: tuple[str, ...]
    current: str
    flows: tuple[str, ...]


def of(definition: Definition, events: Sequence[HistoryEvent]) -> Journey:
    """Follow the events from stop to stop and colour the flows that lead between them."""
    place = next(e.id for e in definition.elements.values() if e.kind == ElementKind.START)
    passed: list[str] = [place]
    flows: list[str] = []
    outcome: str | None = None
    for event in events:
        told = history.details(event)
        outcome = str(told["outcome"]) if told.get("outcome") else outcome
        if event.kind not in _STOPS:
            continue
        stop = str(told["element"])
        if event.kind != EventKind.MESSAGE_RECEIVED:
            flows += definition.way(place, stop, outcome)
        passed.append(stop)
        place = stop
    ended = bool(events) and events[-1].kind == EventKind.INSTANCE_ENDED
    current = "" if ended else place
    through = {flow.target for flow in definition.flows if flow.id in flows}
    gateways = {id_ for id_ in through if definition.elements[id_].kind in GATEWAYS}
    done = [id_ for id_ in dict.fromkeys([*passed, *sorted(gateways)]) if id_ != current]
    return Journey(tuple(done), current, tuple(dict.fromkeys(flows)))
