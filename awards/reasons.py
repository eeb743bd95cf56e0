"""Why a nomination is where it is: each place it came to, the act that led there, and the rule.

The engine's own moves are asked again (`workflows.reasons`); here they get the field's words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from awards import outside
from awards.names import OUTCOMES
from awards.timeline import Moment
from models.awards import Outcome
from models.history import EventKind, HistoryEvent
from models.tasks import UserTask
from workflows import history, reasons, spoken
from workflows.definitions import Definition
from workflows.diagrams import Element
from workflows.fields import FormField
from workflows.reasons import Cause, Choice
from workflows.spoken import Say
from workflows.words import N_

_CLOSED = (EventKind.TASK_COMPLETED, EventKind.TASK_CANCELLED)
_NAMES = {"outcome": N_("kết quả xử lý")}


@dataclass(frozen=True, slots=True)
class Arrival:
    """A step or an end that a nomination came to.

    `sequence` is the number of the event that led there, `since` when. `element` is None for one
    that the version of the process then no longer knows. `is_open` where it is there still.
    """

    sequence: int
    since: datetime
    element_id: str
    element: Element | None
    definition: Definition
    choices: tuple[Choice, ...]
    due_at: datetime | None
    is_open: bool
    is_end: bool = False

    @property
    def name(self) -> str:
        """The place in the diagram's words, to be translated."""
        return self.element.name if self.element else self.element_id


def of(session: Session, events: Sequence[HistoryEvent]) -> list[Arrival]:
    """Every place that a nomination came to by these events of its own, oldest first."""
    causes = {cause.event.sequence: cause for cause in reasons.of(session, events)}
    closed = {history.details(e).get("task") for e in events if e.kind in _CLOSED}
    found: list[Arrival] = []
    led: Cause | None = None
    choices: tuple[Choice, ...] = ()
    for event in events:
        if cause := causes.get(event.sequence):
            goes_on = led is not None and event.kind == EventKind.SERVICE_COMPLETED
            choices = (*choices, *cause.choices) if goes_on else cause.choices
            led = replace(cause, event=led.event) if goes_on and led else cause
        if led and event.kind in (EventKind.TASK_OPENED, EventKind.INSTANCE_ENDED):
            found.append(_arrival(session, event, led, choices, closed))
    return found


def told(
    arrivals: Sequence[Arrival], moments: Sequence[Moment]
) -> dict[int, list[Arrival]]:
    """The arrivals by the number of the event that led there, as far as `moments` tell of it.

    Where a moment is told without its outcome, the diagram's choice is not told either.
    """
    shown = {moment.sequence: moment for moment in moments}
    found: dict[int, list[Arrival]] = {}
    for arrival in arrivals:
        moment = shown.get(arrival.sequence)
        if moment is None:
            continue
        is_veiled = moment.kind == EventKind.TASK_COMPLETED and not moment.outcome
        known = replace(arrival, choices=()) if is_veiled else arrival
        found.setdefault(arrival.sequence, []).append(known)
    return found


def is_inside(arrival: Arrival) -> bool:
    """Whether the place is the offices' own."""
    return not arrival.is_end and outside.is_inside(arrival.definition, arrival.element_id)


def sentences(arrival: Arrival, say: Say) -> list[str]:
    """What each gateway on the way asked, and what was answered."""
    return [_sentence(choice, arrival.definition, say) for choice in arrival.choices]


def rule(arrival: Arrival, say: Say) -> str:
    """How long the place allows by the diagram; nothing where the diagram says nothing."""
    days = arrival.element.due_days if arrival.element else None
    if days is None or arrival.due_at is None:
        return ""
    message = N_("%(days)s ngày làm việc kể từ khi đến bước này, theo sơ đồ quy trình")
    return say(message, days=days)


def _arrival(
    session: Session,
    event: HistoryEvent,
    led: Cause,
    choices: tuple[Choice, ...],
    closed: set[object],
) -> Arrival:
    details = history.details(event)
    element_id = str(details.get("element") or "")
    is_end = event.kind == EventKind.INSTANCE_ENDED
    task = None if is_end else session.get(UserTask, int(str(details["task"])))
    return Arrival(
        sequence=led.event.sequence,
        since=event.at,
        element_id=element_id,
        element=led.definition.elements.get(element_id),
        definition=led.definition,
        choices=choices,
        due_at=task.due_at if task else None,
        is_open=is_end or details["task"] not in closed,
        is_end=is_end,
    )


def _sentence(choice: Choice, definition: Definition, say: Say) -> str:
    words = _Words(definition, say)
    gateway = say(definition.elements[choice.gateway].name) or choice.gateway
    flow = say(choice.flow.name) or choice.flow.id
    then = spoken.values(choice.values, say=say, name=words.name, value=words.value)
    if choice.flow.condition is not None:
        asked = words.condition(choice.flow.condition)
        message = N_(
            "Tại “%(gateway)s”, sơ đồ rẽ sang “%(flow)s” khi %(asked)s; lúc đó %(then)s."
        )
        return say(message, gateway=gateway, flow=flow, asked=asked, then=then)
    others = say(N_(" hoặc ")).join(
        words.condition(one.condition) for one in choice.others if one.condition
    )
    message = N_(
        "Tại “%(gateway)s”, sơ đồ đi tiếp “%(flow)s” trừ khi %(asked)s; lúc đó %(then)s."
    )
    return say(message, gateway=gateway, flow=flow, asked=others, then=then)


@dataclass(frozen=True, slots=True)
class _Words:
    """What the variables of a diagram and their values are called."""

    definition: Definition
    say: Say

    def condition(self, text: str) -> str:
        return spoken.condition(text, say=self.say, name=self.name, value=self.value)

    def name(self, variable: str) -> str:
        if variable in _NAMES:
            return self.say(_NAMES[variable])
        labels = (field.label for field in self._fields(variable))
        return self.say(next(labels, "")) or variable

    def value(self, variable: str, value: object) -> str:
        if value is None:
            return self.say(N_("chưa có"))
        if isinstance(value, bool):
            return self.say(N_("có")) if value else self.say(N_("không"))
        if variable == "outcome" and value in {one.value for one in Outcome}:
            return f"“{self.say(OUTCOMES[Outcome(str(value))])}”"
        chosen = (
            text
            for field in self._fields(variable)
            for id_, text in field.choices
            if id_ == value
        )
        return self.say(next(chosen, "")) or str(value)

    def _fields(self, variable: str) -> Iterator[FormField]:
        for element in self.definition.elements.values():
            yield from (field for field in element.form_fields if field.id == variable)
