"""Why an instance is where it is: which acts moved it, and what each gateway on the way asked.

Nothing of this is stored. It is found again by the engine's own moves, from the history alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from models.history import EventKind, HistoryEvent
from workflows import engine, expressions, history, replay
from workflows.definitions import Definition
from workflows.diagrams import Flow
from workflows.engine import NOWHERE
from workflows.handlers import Variables
from workflows.replay import Case

_PLACED = (
    EventKind.INSTANCE_PLACED,
    EventKind.INSTANCE_MIGRATED,
    EventKind.INSTANCE_CANCELLED,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A gateway (element id), the flow out of it that was taken, and what was read to choose it.

    `flow.condition` held; where it is None, none of `others` did. `values` are those of the
    variables that the gateway's conditions read, as they were then.
    """

    gateway: str
    flow: Flow
    others: tuple[Flow, ...]
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Cause:
    """An event that moved tokens: the choices on the way, and what waits after it.

    `element` is what was over by it, "" at the start and where operators put the token.
    """

    event: HistoryEvent
    definition: Definition
    element: str
    choices: tuple[Choice, ...]
    waits: frozenset[str]


def of(session: Session, events: Sequence[HistoryEvent]) -> list[Cause]:
    """The causes among the events of one instance, oldest first.

    Ends early where the history tells of an act that could not have been.
    """
    found = []
    for event, before, after in replay.walk(session, events):
        if after is None:
            continue
        told = history.details(event)
        wait = replay.wait_of(event, told)
        if wait is None and event.kind not in (EventKind.INSTANCE_STARTED, *_PLACED):
            continue
        choices = () if event.kind in _PLACED else _choices(before, after, event, told)
        element = wait.element if wait else ""
        waits = frozenset(one.element for one in after.marking.waits)
        found.append(Cause(event, after.definition, element, choices, waits))
    return found


def _choices(
    before: Case | None, after: Case, event: HistoryEvent, told: Variables
) -> tuple[Choice, ...]:
    """What the engine chose on the way from one state to the other."""
    definition, wait = after.definition, replay.wait_of(event, told)
    marking = before.marking if before else NOWHERE
    taken = engine.chosen(definition, marking, wait, after.variables)
    found = (
        _choice(definition, gateway, target, after.variables) for gateway, target in taken
    )
    return tuple(one for one in found if one is not None)


def _choice(
    definition: Definition, gateway: str, target: str, variables: Variables
) -> Choice | None:
    """None for a gateway with one way out: it chose nothing."""
    ways = [flow for flow in definition.flows if flow.source == gateway]
    if len(ways) < 2:  # noqa: PLR2004 - two to choose between
        return None
    leading = [flow for flow in ways if flow.target == target]
    flow = next((one for one in leading if _holds(one, variables)), None)
    flow = flow or next(one for one in leading if one.condition is None)
    others = tuple(one for one in ways if one is not flow and one.condition)
    asked = (one.condition for one in ways if one.condition)
    read = sorted(frozenset().union(*(expressions.names(text) for text in asked)))
    return Choice(gateway, flow, others, {name: variables.get(name) for name in read})


def _holds(flow: Flow, variables: Variables) -> bool:
    return flow.condition is not None and expressions.evaluate(flow.condition, variables)
