"""A worker of the kill test: does the province's work at random until it is killed.

It notes what it is about to do in a file of its own, does it in one transaction, and only then
writes it into the acknowledgements, as a browser would show "sent". Whoever takes over from a
killed worker sends that one's last act again, with the same command key, as people do.
"""

import json
import os
import random
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from awards import nominations
from awards.demo import answers
from awards.demo.stories import Journey
from models.awards import NomineeKind
from models.history import EventKind
from models.process import InstanceStatus, ProcessInstance
from models.session import reading, transaction
from models.tasks import OPEN, TaskState, UserTask
from tests import factories
from tests.conftest import NOW
from workflows import calendar, history, instances, tasks
from workflows.actors import Actor
from workflows.definitions import Definition
from workflows.errors import WorkflowError
from workflows.submissions import Entry

RUNNING = 20
ACKNOWLEDGED = "acknowledged.jsonl"
_LONGEST = 400
_NOMINEE = Journey(
    number=7,
    unit=factories.UNIT,
    kind=NomineeKind.INDIVIDUAL,
    honorific="Bà",
    name="Vũ Thị Ỷ",
    position="",
    answers=(),
    days=0,
    is_claimed=False,
)
Staff = dict[str, list[Actor]]


@dataclass(frozen=True, slots=True)
class Act:
    """Something a worker does. `subject` is the id of a task, or of what is begun or withdrawn."""

    key: str
    verb: str
    subject: int = 0
    queue: str = ""
    actor: int = 0
    revision: int = 0
    outcome: str = ""

    @property
    def line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"


class Worker:
    """Chooses acts, carries them out, acknowledges them; for ever."""

    def __init__(
        self,
        engine: Engine,
        folder: Path,
        *,
        slot: int,
        staff: Staff,
        definition: Definition,
        after_commit: Callable[[], None] = lambda: None,
    ) -> None:
        self._engine = engine
        self._staff = staff
        self._definition = definition
        self._after_commit = after_commit
        self._random = random.Random()
        self._intent = os.open(folder / f"worker-{slot}.json", os.O_RDWR | os.O_CREAT)
        self._acks = os.open(folder / ACKNOWLEDGED, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def work(self) -> None:
        """Send again what the one before was killed at, then go on."""
        if left := os.pread(self._intent, _LONGEST, 0):
            self._send(Act(**json.loads(left)))
        while True:
            self.act()

    def act(self) -> None:
        """One act, from choosing to acknowledging."""
        chosen = self._choose()
        os.pwrite(self._intent, chosen.line.ljust(_LONGEST), 0)
        self._send(chosen)

    def close(self) -> None:
        """Put the pens down. Whoever is killed does not get round to it."""
        os.close(self._intent)
        os.close(self._acks)

    def _send(self, act: Act) -> None:
        try:
            with transaction(self._engine) as session:
                subject = self._do(session, act)
        except WorkflowError:
            return  # the other worker was first
        self._after_commit()
        os.write(self._acks, replace(act, subject=subject).line)

    def _choose(self) -> Act:
        key = factories.command_key()
        with reading(self._engine) as session:
            query = select(UserTask).join(ProcessInstance).where(UserTask.state.in_(OPEN))
            query = query.where(ProcessInstance.status == InstanceStatus.RUNNING)
            waiting = session.scalars(query).all()
        if len(waiting) < RUNNING:
            return Act(key, "begin")
        task, chance = self._random.choice(waiting), self._random.random()
        if chance < 0.01:
            return Act(key, "withdraw", task.instance_id)
        actor = task.assignee_id or self._random.choice(self._staff[task.queue]).id
        act = Act(key, "complete", task.id, task.queue, actor, task.revision)
        if task.state == TaskState.READY and chance < 0.15:
            return replace(act, verb="claim")
        if task.state == TaskState.CLAIMED and chance < 0.15:
            return replace(act, verb="unclaim")
        return replace(act, outcome=self._outcome(task))

    def _outcome(self, task: UserTask) -> str:
        """Mostly forward or back, so that few nominations come to their end; papers take long."""
        offered = self._definition.elements[task.element_id].outcomes
        forward = 0.15 if task.element_id == "issue_decision" else 0.75
        weights = {"approve": forward, "return": 0.2}
        return self._random.choices(offered, [weights.get(o, 0.02) for o in offered])[0]

    def _do(self, session: Session, act: Act) -> int:
        """Carry an act out. Gives the id of what it was done to."""
        if act.verb == "begin":
            return factories.begin(session, key=act.key).id
        if act.verb == "withdraw":
            nomination = nominations.of_instance(session, act.subject)
            factories.withdraw(session, nomination, key=act.key)
            return nomination.instance_id
        actor = next(actor for actor in self._staff[act.queue] if actor.id == act.actor)
        if act.verb == "complete":
            return _complete(session, act, actor).id
        verb = tasks.claim if act.verb == "claim" else tasks.unclaim
        return verb(session, act.subject, actor=actor, now=NOW).id


def _complete(session: Session, act: Act, actor: Actor) -> UserTask:
    step = session.get_one(UserTask, act.subject).element_id
    said = answers.content(_NOMINEE, step, act.outcome, turn=0, day=calendar.today(NOW))
    return tasks.complete(
        session,
        act.subject,
        actor=actor,
        now=NOW,
        revision=act.revision,
        command_key=act.key,
        entry=Entry(step, content=said),
        variables={"outcome": act.outcome},
    )


def split_history(engine: Engine) -> Callable[[], None]:
    """The deliberate break: events are kept back, and written in a second transaction.

    Gives what has to be called after each commit. Whoever is never killed leaves no trace of it.
    """
    append = history.append
    kept_back: list[Callable[[Session], object]] = []

    def keep_back(
        session: Session, instance: ProcessInstance, kind: EventKind, **said: object
    ) -> None:
        instance_id = instance.id
        kept_back.append(
            lambda later: append(later, instances.lock(later, instance_id), kind, **said)  # type: ignore[arg-type] # handed on as they came
        )

    def write() -> None:
        with transaction(engine) as session:
            for event in kept_back:
                event(session)
        kept_back.clear()

    history.append = keep_back
    return write
