"""Driving the demo province: every act at its time, in the order of a real season."""

import heapq
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from awards import comments, entered, files, interests, nominations, papers, withdrawals
from awards.demo import answers, catalogue, examples, looking, people, records
from awards.demo.stories import JOURNEYS, MESSAGE, Journey
from awards.listings import open_task
from awards.nominations import Facts
from awards.pdf_files import judge_own
from models.awards import Award, Movement, Nomination
from models.interests import Relation
from models.organisation import Role, Unit
from models.session import transaction
from workflows import calendar, deployments, tasks
from workflows.actors import Actor
from workflows.submissions import Entry

BPMN = Path(__file__).parents[2] / "bpmn" / "movement_award.bpmn"
_MORNING = time(8, 5)
_OFFICE_MINUTES = 500
_PACE = (1, 1, 4, 1, 5, 1, 3, 2, 1)
"""Working days that the steps usually take, one after the other."""

Staff = dict[str, list[Actor]]


def load(
    engine: Engine, *, uploads: Path, now: datetime, step: Callable[[int], None]
) -> None:
    """Fill an empty database; `step` is told 1 for every nomination that has come to its place."""
    with transaction(engine) as session:
        catalogue.make(session, now)
        people.make(session)
        staff = people.by_queue(session, calendar.today(now))
        deploy(session, staff, now)
    for act in heapq.merge(*(_acts(journey, staff, uploads, now) for journey in JOURNEYS)):
        with transaction(engine) as session:
            act.carry_out(session, act.moment)
        if act.is_last:
            step(1)
    with transaction(engine) as session:
        looking.look(session, staff)
        declare(session, staff, now)
        examples.make(session, staff, now)
        records.make(session, staff, now)
    more = True
    while more:
        with transaction(engine) as session:
            more = entered.follow(session)


def declare(session: Session, staff: Staff, now: datetime) -> None:
    """Everybody has declared no interest in what waits, as people do every morning."""
    for actor in {
        actor.id: actor for actors in staff.values() for actor in actors
    }.values():
        waiting = interests.undeclared(session, actor)
        relations = {nomination.id: Relation.NONE for nomination in waiting}
        interests.declare(session, relations, actor=actor, now=now)


def deploy(session: Session, staff: Staff, now: datetime) -> None:
    """One administrator deploys the process, another confirms it: the demo's own second person."""
    first, second = staff[Role.PROCESS_ADMIN][0], staff[Role.SYSTEM_ADMIN][0]
    row = deployments.deploy(
        session, BPMN.read_bytes(), deployed_by=first.id, now=now - timedelta(days=200)
    )
    deployments.confirm(session, row, confirmed_by=second.id, now=now - timedelta(days=199))


@dataclass(frozen=True, order=True)
class _Act:
    """One act of a journey. Acts are carried out by time, then by the journey's number."""

    moment: datetime
    number: int
    is_last: bool = field(compare=False)
    carry_out: Callable[[Session, datetime], None] = field(compare=False)


def _acts(journey: Journey, staff: Staff, uploads: Path, now: datetime) -> Iterator[_Act]:
    """Set up, then an answer a step, then perhaps a claim."""
    teller = _Teller(journey, staff, uploads)
    moments = list(_moments(journey, now))
    yield _Act(moments[0], journey.number, not journey.answers, teller.begin)
    for n, answer in enumerate(journey.answers, start=1):
        is_last = n == len(journey.answers)
        yield _Act(moments[n], journey.number, is_last, partial(teller.answer, answer))
    if journey.is_claimed:
        later = min(moments[-1] + timedelta(hours=2), now)
        yield _Act(later, journey.number, False, teller.claim)  # noqa: FBT003 - named above


def _moments(journey: Journey, now: datetime) -> Iterator[datetime]:
    """When the nomination was set up and each answer given: at each office's own pace."""
    gaps = [_days(journey.number, n) for n in range(len(journey.answers))]
    back = journey.days + sum(gaps)
    for n in range(len(journey.answers) + 1):
        minutes = (journey.number * 37 + n * 61) % _OFFICE_MINUTES
        day = _working_days_back(calendar.today(now), back)
        moment = datetime.combine(day, _MORNING, calendar.VIETNAM) + timedelta(
            minutes=minutes
        )
        yield min(moment, now)
        back -= gaps[n] if n < len(gaps) else 0


def _days(number: int, turn: int) -> int:
    """Working days until an answer: some offices are slow, and some cases take twice as long."""
    usual = _PACE[turn % len(_PACE)]
    is_hard = number % 9 == 5  # noqa: PLR2004 - one in nine
    return max(1, usual + (number * 7 + turn * 3) % 4 - 1) + usual * is_hard


def _working_days_back(day: date, count: int) -> date:
    while count > 0:
        day -= timedelta(days=1)
        count -= calendar.is_working_day(day)
    return day


class _Teller:
    """Carries out one journey's acts, each in the transaction it is given."""

    def __init__(self, journey: Journey, staff: Staff, uploads: Path) -> None:
        self._journey = journey
        self._staff = staff
        self._uploads = uploads
        self._code = ""
        self._turns: Counter[str] = Counter()

    def begin(self, session: Session, now: datetime) -> None:
        """The unit's officer sets the nomination up and starts on it."""
        journey = self._journey
        officer = self._staff[f"{Role.UNIT_OFFICER.value}:{journey.unit}"][0]
        nomination = nominations.create(
            session,
            movement=session.scalars(select(Movement)).one(),
            award=session.scalars(select(Award)).one(),
            unit=session.scalars(select(Unit).where(Unit.code == journey.unit)).one(),
            facts=Facts(
                journey.kind, journey.name, journey.honorific, position=journey.position
            ),
            actor=officer,
            now=now,
        )
        self._code = nomination.code
        self._attach(session, nomination, officer, now)
        if journey.number % 9 == 4:  # noqa: PLR2004 - a remark here and there
            text = "Đề nghị các bộ phận xem kỹ phần minh chứng khảo sát."
            key = f"demo-comment-{nomination.id}"
            comments.add(
                session, nomination, text=text, actor=officer, command_key=key, now=now
            )

    def answer(self, answer: str, session: Session, now: datetime) -> None:
        """Whoever's turn it is answers, or the head of the unit withdraws."""
        nomination = self._nomination(session)
        if answer == MESSAGE:
            self._withdraw(session, nomination, now)
            return
        task, _holder = open_task(session, nomination)
        assert task is not None  # noqa: S101 - a story goes on only where somebody is asked
        content = answers.content(
            self._journey,
            task.element_id,
            answer,
            turn=self._turns[task.element_id],
            day=calendar.today(now),
        )
        if task.element_id == "prepare_nomination":
            content["papers"] = files.manifest(session, nomination.id)
        self._turns[task.element_id] += 1
        tasks.complete(
            session,
            task.id,
            actor=self._actor(task.queue),
            now=now,
            revision=task.revision,
            command_key=f"demo-{task.id}",
            entry=Entry(task.element_id, content=content),
            variables={"outcome": answer},
        )

    def claim(self, session: Session, now: datetime) -> None:
        """Somebody takes the step where the story stands now."""
        task, _holder = open_task(session, self._nomination(session))
        if task is not None:
            tasks.claim(session, task.id, actor=self._actor(task.queue), now=now)

    def _withdraw(self, session: Session, nomination: Nomination, now: datetime) -> None:
        withdrawals.withdraw(
            session,
            nomination,
            reason="Đơn vị rút để bổ sung thành tích và đề nghị vào đợt sau.",
            actor=self._actor(f"{Role.UNIT_HEAD.value}:{self._journey.unit}"),
            command_key=f"demo-withdraw-{nomination.id}",
            now=now,
        )

    def _attach(
        self, session: Session, nomination: Nomination, officer: Actor, now: datetime
    ) -> None:
        for item in nomination.award.dossier_items:
            if not item.is_required:
                continue
            words = {
                "title": item.name,
                "unit": nomination.unit.name,
                "nominee": self._journey.name,
            }
            pdf = papers.compile_paper("sample.typ", words)
            name = f"{item.name} - {self._journey.name.split(',')[0]}.pdf"
            stored = files.store(io.BytesIO(pdf), name, self._uploads, judge_own)
            files.attach(
                session, nomination, stored, item_code=item.code, actor=officer, now=now
            )

    def _actor(self, queue: str) -> Actor:
        serving = self._staff[queue]
        return serving[self._journey.number % len(serving)]

    def _nomination(self, session: Session) -> Nomination:
        found = nominations.find(session, self._code)
        assert found is not None  # noqa: S101 - begin() has made it
        return found
