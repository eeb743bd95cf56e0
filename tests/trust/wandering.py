"""People who do at random whatever the province's operations let them do, one act a transaction."""

import random
from collections import Counter
from datetime import timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from awards import comments, extensions, files, holds
from awards.demo import people
from models.awards import Nomination
from models.operations import Incident, OperatorActKind
from models.organisation import Role
from models.papers import Attachment
from models.process import InstanceStatus, ProcessInstance
from models.session import transaction
from models.tasks import OPEN, TaskState, UserTask
from tests import factories
from tests.conftest import NOW
from workflows import deployments, handlers, incidents, operations, sweeping, tasks
from workflows.actors import Actor
from workflows.errors import WorkflowError
from workflows.operations import Wish

_WEIGHTS = {
    "complete": 50, "claim": 12, "unclaim": 6, "comment": 6, "attach": 6, "remove": 3,
    "operate": 10, "withdraw": 1, "extend": 3, "hold": 3, "retry": 4,
}  # fmt: skip
_SWEEP_EVERY = 25  # acts, between which a day or two go by
_FAILS = 0.2  # of the automatic steps


class Unlucky(Exception):
    """What an automatic step says when it fails."""


class Wanderer:
    """Chooses acts at random, and carries them out. `done` counts them, `refused` as well."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self._engine = engine
        self._random = random.Random(seed)
        self._now = NOW
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        with transaction(engine) as session:
            self._staff = people.by_queue(session, NOW.date())

    def wander(self, acts: int) -> None:
        """Carry so many acts out; time goes by, and deadlines do their work."""
        for number in range(acts):
            self._act()
            if number % _SWEEP_EVERY == 0:
                self._now += timedelta(days=self._random.choice((0, 0, 1, 3)), hours=1)
                sweeping.sweep(self._engine, self._now)

    def begin(self, count: int) -> None:
        """Set up nominations, each at a step of its own."""
        for _ in range(count):
            with transaction(self._engine) as session:
                factories.begin(session, now=self._now)
        for _ in range(count):
            with transaction(self._engine) as session:
                nomination = self._nomination(session)
                if nomination is not None:
                    step = self._random.choice(factories.ROUTE)
                    self._walk(session, nomination, step)

    def _walk(self, session: Session, nomination: Nomination, step: str) -> None:
        while True:
            task = self._task(session, nomination)
            if task is None or task.element_id == step or task.state != TaskState.READY:
                return
            factories.answer(session, nomination, now=self._now)

    def _act(self) -> None:
        verb = self._random.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
        try:
            with transaction(self._engine) as session:
                nomination = self._nomination(session)
                if nomination is not None and getattr(self, f"_{verb}")(
                    session, nomination
                ):
                    self.done[verb] += 1
        except WorkflowError:
            self.refused[verb] += 1

    def _nomination(self, session: Session) -> Nomination | None:
        query = select(Nomination).join(Nomination.instance)
        query = query.where(ProcessInstance.status == InstanceStatus.RUNNING)
        found = session.scalars(query.order_by(Nomination.id)).all()
        return self._random.choice(found) if found else None

    def _task(self, session: Session, nomination: Nomination) -> UserTask | None:
        query = select(UserTask).where(
            UserTask.instance_id == nomination.instance_id, UserTask.state.in_(OPEN)
        )
        return session.scalars(query).first()

    def _somebody(self, task: UserTask) -> Actor:
        served = self._staff[task.queue]
        mine = [actor for actor in served if actor.id == task.assignee_id]
        return self._random.choice(mine or served)

    # what people do; each says whether there was anything to do

    def _complete(self, session: Session, nomination: Nomination) -> bool:
        task = self._task(session, nomination)
        if task is None:
            return False
        definition = deployments.definition_of(session, task.instance)
        offered = definition.elements[task.element_id].outcomes
        weights = [{"approve": 8.0, "return": 3.0}.get(o, 0.3) for o in offered]
        outcome = self._random.choices(offered, weights)[0]
        by = self._somebody(task)
        factories.answer(session, nomination, outcome, by=by, now=self._now)
        return True

    def _claim(self, session: Session, nomination: Nomination) -> bool:
        task = self._task(session, nomination)
        if task is None or task.state != TaskState.READY:
            return False
        tasks.claim(session, task.id, actor=self._somebody(task), now=self._now)
        return True

    def _unclaim(self, session: Session, nomination: Nomination) -> bool:
        task = self._task(session, nomination)
        if task is None or task.state != TaskState.CLAIMED:
            return False
        if self._random.random() < 0.3:
            tasks.release(session, task.id, now=self._now)
        else:
            tasks.unclaim(session, task.id, actor=self._somebody(task), now=self._now)
        return True

    def _comment(self, session: Session, nomination: Nomination) -> bool:
        comments.add(
            session, nomination, text="Cần làm rõ thêm.", actor=self._officer(nomination),
            command_key=factories.command_key(), now=self._now,
        )  # fmt: skip
        return True

    def _officer(self, nomination: Nomination) -> Actor:
        return self._staff[f"{Role.UNIT_OFFICER.value}:{nomination.unit.code}"][0]

    def _attach(self, session: Session, nomination: Nomination) -> bool:
        officer = self._officer(nomination)
        factories.attach(session, nomination, "sang_kien", actor=officer, now=self._now)
        return True

    def _remove(self, session: Session, nomination: Nomination) -> bool:
        query = select(Attachment).where(
            Attachment.nomination_id == nomination.id,
            Attachment.removed_at.is_(None),
            Attachment.item_code == "sang_kien",
        )
        found = session.scalars(query).first()
        if found is None:
            return False
        officer = self._officer(nomination)
        files.remove(session, nomination, found, actor=officer, now=self._now)
        return True

    def _withdraw(self, session: Session, nomination: Nomination) -> bool:
        factories.withdraw(session, nomination, now=self._now)
        return True

    def _extend(self, session: Session, nomination: Nomination) -> bool:
        head = self._staff[Role.DEPARTMENT_HEAD.value][0]
        extensions.extend(
            session, nomination, days=5, reason="Chờ lấy ý kiến.", actor=head,
            command_key=factories.command_key(), now=self._now,
        )  # fmt: skip
        return True

    def _hold(self, session: Session, nomination: Nomination) -> bool:
        admin = self._staff[Role.SYSTEM_ADMIN.value][0]
        said = {"reason": "Có đơn thư.", "actor": admin, "now": self._now}
        standing = holds.standing(session, [nomination])
        if standing:
            holds.lift(session, standing[0], **said)  # type: ignore[arg-type] # the same for both
        else:
            holds.place(session, nomination, **said)  # type: ignore[arg-type]
        return True

    def _retry(self, session: Session, _nomination: Nomination) -> bool:
        query = select(Incident).where(Incident.resolved_at.is_(None))
        found = session.scalars(query).first()
        if found is None:
            return False
        admin = self._staff[Role.PROCESS_ADMIN.value][0]
        post = operations.post_of(admin)
        incidents.retry(session, found.id, actor=admin, post=post, now=self._now)
        return True

    def _operate(self, session: Session, nomination: Nomination) -> bool:
        """Ask for an act, or decide on the one that is asked for."""
        first, second = self._staff[Role.PROCESS_ADMIN.value][:2]
        waiting = operations.open_on(session, nomination.instance_id)
        key = factories.command_key()
        if waiting is not None:
            is_confirmed = self._random.random() < 0.7
            decide = operations.confirm if is_confirmed else operations.decline
            decide(session, waiting.id, actor=second, now=self._now, command_key=key)
            return True
        operations.ask(
            session, nomination.instance_id, self._wish(session, nomination),
            reason="Theo công văn.", actor=first, now=self._now, command_key=key,
        )  # fmt: skip
        return True

    def _wish(self, session: Session, nomination: Nomination) -> Wish:
        instance, task = nomination.instance, self._task(session, nomination)
        chance = self._random.random()
        if instance.suspended_at is not None:
            return Wish(OperatorActKind.RESUME)
        if task is None or chance < 0.25:
            return Wish(OperatorActKind.SUSPEND)
        if chance < 0.35:
            return Wish(OperatorActKind.CANCEL)
        if chance < 0.7:
            served = [0, *(actor.id for actor in self._staff[task.queue])]
            assignee = self._random.choice(served)
            return Wish(OperatorActKind.REASSIGN, task=task.id, assignee=assignee)
        element = self._random.choice(factories.ROUTE)
        return Wish(OperatorActKind.PLACE, element=element)


def fail_at_random(seed: int) -> dict[str, handlers.Handler]:
    """The handlers of automatic steps, each of which fails now and then."""
    chance = random.Random(seed)

    def unlucky(handler: handlers.Handler) -> handlers.Handler:
        def handle(*given: object) -> object:
            if chance.random() < _FAILS:
                raise Unlucky
            return handler(*given)  # type: ignore[arg-type] # handed on as they came

        return handle  # type: ignore[return-value]

    return {topic: unlucky(handler) for topic, handler in handlers.HANDLERS.items()}
