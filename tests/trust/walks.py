"""Every way through a process, made in the database and in the token game side by side.

The ways are planned on the engine alone: from each state that can be reached, every act that can be
done there, with every value that a condition asks for. They are walked with the operations that
people's clicks call; after each act everything is forgotten and read anew.
"""

import itertools
import math
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from uuid import uuid4

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models.deadlines import Deadline, DeadlineKind
from models.operations import Incident
from models.process import InstanceStatus, ProcessDefinition, ProcessInstance
from models.session import reading, transaction
from models.tasks import OPEN, UserTask
from tests import factories
from tests.conftest import NOW
from tests.processes.cold import forget as forget_moves
from tests.processes.game import Game
from tests.processes.nets import Net
from tests.processes.paths import MOVES, Process, Variables, around
from tests.workflows import cases
from workflows import (
    deployments,
    engine,
    history,
    incidents,
    instances,
    messages,
    replay,
    states,
    sweeping,
    tasks,
)
from workflows.definitions import Definition
from workflows.engine import Marking, Wait, WaitKind
from workflows.submissions import Entry

MAX_VALUES = 16
MAX_STATES = 60
LATER = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Act:
    """One act: what is answered, and with what."""

    wait: Wait
    variables: Variables = field(hash=False)


Way = tuple[Act, ...]


def nets_of(process: Process) -> dict[str, Net]:
    """The files of a process, as the token game reads them."""
    return {net.key: net for net in map(Net, process.files)}


def choices(process: Process) -> list[Variables]:
    """Every combination of values that conditions can tell apart, or some where there are many."""
    values: dict[str, set[object]] = {}
    for net in nets_of(process).values():
        for name, found in net.values.items():
            values.setdefault(name, set()).update(found)
    if "outcome" in values:
        values["outcome"].add("approve")  # forward, which has no condition
    options = [
        [*sorted(map(str, found)), "other"]
        if all(isinstance(value, str) for value in found)
        else sorted(around(found))
        for _name, found in sorted(values.items())
    ]
    if math.prod(map(len, options)) <= MAX_VALUES:
        chosen = list(itertools.product(*options))
    else:
        random = Random(process.name)
        chosen = [tuple(map(random.choice, options)) for _ in range(MAX_VALUES)]
    return [dict(zip(sorted(values), combination, strict=True)) for combination in chosen]


def plan(definition: Definition, every: list[Variables]) -> list[Way]:
    """Ways that together take each act in each state that can be reached, up to some states."""
    first = _settled(definition, engine.start(definition, every[0]), every[0])
    reached: dict[str, Way] = {first.text: ()}
    ahead, ways = deque([first]), []
    while ahead:
        marking = ahead.popleft()
        way = reached[marking.text]
        known = way[-1].variables if way else every[0]
        for act in acts(definition, marking, every, known):
            following = _after(definition, marking, act)
            if following.text not in reached and len(reached) < MAX_STATES:
                reached[following.text] = (*way, act)
                ahead.append(following)
                if following.ended is None:
                    continue  # longer ways lead through it
            ways.append((*way, act))
    return ways


def acts(
    definition: Definition, marking: Marking, every: list[Variables], known: Variables
) -> Iterator[Act]:
    """Each thing that can be answered, with each answer that leads elsewhere.

    A deadline brings no answer: what is known decides. Of several tasks on one element, or waits
    for one message, the first is answered.
    """
    for wait in marking.waits:
        if not _is_answered(definition, marking, wait):
            continue
        seen = set()
        for variables in [known] if wait.kind == WaitKind.DEADLINE else every:
            outcomes = definition.elements[wait.element].outcomes
            if outcomes and variables.get("outcome", outcomes[0]) not in outcomes:
                continue
            act = Act(wait, variables)
            following = _after(definition, marking, act).text
            if following not in seen:
                seen.add(following)
                yield act


def _is_answered(definition: Definition, marking: Marking, wait: Wait) -> bool:
    if wait.kind == WaitKind.MESSAGE:
        message = definition.elements[wait.element].message or ""
        return instances.message_wait(definition, marking, message) == wait
    return wait.kind == WaitKind.DEADLINE or wait.ordinal == 0


def _after(definition: Definition, marking: Marking, act: Act) -> Marking:
    move = MOVES[act.wait.kind]
    following = move(definition, marking, act.wait, act.variables)
    return _settled(definition, following, act.variables)


def _settled(definition: Definition, marking: Marking, variables: Variables) -> Marking:
    while wait := marking.service_wait:
        marking = engine.complete(definition, marking, wait, variables)
    return marking


def forget(*, definitions: bool = False) -> None:
    """Empty every memory, as another process would find them."""
    states._MARKINGS.clear()
    states._KEPT.clear()
    if definitions:
        forget_moves()
        deployments._PARSED.clear()


class Walk:
    """One case in the database and in the token game."""

    def __init__(
        self, database: Engine, process: Process, row_id: int, variables: Variables
    ) -> None:
        self._database = database
        self._nets = nets_of(process)
        self._now = NOW
        definition = process.definition()
        self._game = Game(self._nets, definition.key, variables)
        with transaction(database) as session:
            self._variables: Variables = {
                "unit": factories.UNIT, "block": "K01", **variables,
            }  # fmt: skip
            instance = instances.start(
                session,
                session.get_one(ProcessDefinition, row_id),
                business_key=uuid4().hex,
                variables=self._variables,
                actor=cases.ME,
                post=None,
                now=self._now,
            )
            self.id = instance.id
        self._definition = definition
        self.serve()

    def serve(self) -> None:
        """Let the token game take the automatic steps, which the database takes at once."""
        while wait := next((w for w in self._game.waits() if w[0] == "service"), None):
            self._game.act(wait, self._variables)

    def act(self, act: Act) -> None:
        """Do it in both."""
        self._variables = self._variables | act.variables
        with transaction(self._database) as session:
            _DO[act.wait.kind](self, session, act)
        wait = act.wait
        self._game.act((wait.kind.value, wait.element, wait.ordinal), self._variables)
        self.serve()

    def waits(self) -> list[Wait]:
        """What the token game waits for."""
        return [Wait(WaitKind(kind), element, n) for kind, element, n in self._game.waits()]

    def marking(self) -> Marking:
        """Where the database says that the case stands."""
        with reading(self._database) as session:
            instance = session.get_one(ProcessInstance, self.id)
            return states.load(session, instance.state_hash)

    @property
    def variables(self) -> Variables:
        return self._variables

    @property
    def ended(self) -> str | None:
        return self._game.ended

    def differences(self) -> list[str]:
        """Where rows and token game say different things."""
        with reading(self._database) as session:
            instance = session.get_one(ProcessInstance, self.id)
            opened = select(UserTask.element_id).where(
                UserTask.instance_id == self.id, UserTask.state.in_(OPEN)
            )
            timers = select(Deadline.element_id, Deadline.ordinal).where(
                Deadline.instance_id == self.id,
                Deadline.kind == DeadlineKind.TIMER,
                Deadline.fired_at.is_(None),
            )
            marking = states.load(session, instance.state_hash)
            is_over = instance.status == InstanceStatus.ENDED
            said = {
                "tasks": Counter(session.scalars(opened)),
                "timers": set(map(tuple, session.execute(timers))),
                "waits": sorted(marking.waits),
                "ended": marking.ended if is_over else None,
                "over": is_over,
                "incidents": list(
                    session.scalars(
                        select(Incident.element_id).where(
                            Incident.instance_id == self.id, Incident.resolved_at.is_(None)
                        )
                    )
                ),
            }
        waits = self.waits()
        truth = {
            "tasks": Counter(w.element for w in waits if w.kind == WaitKind.USER),
            "timers": {
                (w.element, w.ordinal) for w in waits if w.kind == WaitKind.DEADLINE
            },
            "waits": sorted(waits),
            "ended": self.ended,
            "over": self.ended is not None,
            "incidents": [],
        }
        return [
            f"{k}: {said[k]} instead of {truth[k]}" for k in said if said[k] != truth[k]
        ]

    def faults(self) -> list[str]:
        """What does not verify, or does not follow from what was done."""
        with reading(self._database) as session:
            instance = session.get_one(ProcessInstance, self.id)
            found = (history.verify(session, instance), replay.replay(session, instance))
            return [str(fault) for fault in found if fault]

    def retry(self) -> int:
        """Try again what has failed, until nothing is left; how often that was."""
        for count in range(100):
            with transaction(self._database) as session:
                query = select(Incident.id).where(
                    Incident.instance_id == self.id, Incident.resolved_at.is_(None)
                )
                incident = session.scalars(query).first()
                if incident is None:
                    return count
                incidents.retry(session, incident, actor=cases.ME, post=None, now=self._now)
        message = "an incident that no retrying resolves"
        raise AssertionError(message)

    # each kind of act

    def _complete(self, session: Session, act: Act) -> None:
        task = cases.waiting(session, session.get_one(ProcessInstance, self.id))[
            act.wait.element
        ]
        tasks.complete(
            session,
            task.id,
            actor=factories.stand_in(1_001, task.queue),
            now=self._now,
            revision=task.revision,
            command_key=uuid4().hex,
            entry=Entry("walk", content={}),
            variables={"outcome": "approve"} | self._variables,
        )

    def _receive(self, session: Session, act: Act) -> None:
        messages.receive(
            session,
            self.id,
            message=self._definition.elements[act.wait.element].message or "",
            actor=cases.ME,
            post=cases.ME.posts[0],
            now=self._now,
            command_key=uuid4().hex,
            entry=Entry("walk", content={}),
            variables=self._variables,
        )

    def _fire(self, session: Session, act: Act) -> None:
        """The variables that the game is given stand in the case."""
        instance = instances.lock(session, self.id)
        self._variables = {**instance.variables}
        query = select(Deadline.id).where(
            Deadline.instance_id == self.id,
            Deadline.kind == DeadlineKind.TIMER,
            Deadline.element_id == act.wait.element,
            Deadline.ordinal == act.wait.ordinal,
            Deadline.fired_at.is_(None),
        )
        self._now += LATER
        assert sweeping.fire(session, session.scalars(query).one(), now=self._now)


_DO: dict[WaitKind, Callable[[Walk, Session, Act], None]] = {
    WaitKind.USER: Walk._complete,
    WaitKind.MESSAGE: Walk._receive,
    WaitKind.DEADLINE: Walk._fire,
}


def deployed(database: Engine, process: Process) -> int:
    """The id of a version of the process, which is made to serve with those that it calls."""
    with transaction(database) as session:
        for file in process.files:
            xml = file
            if len(process.files) > 1:  # no older version of the same content is called
                xml += f"<!-- {process.name} -->".encode()
            row = deployments.deploy(session, xml, deployed_by=1, now=NOW)
            deployments.confirm(session, row, confirmed_by=2, now=NOW)
        return row.id
