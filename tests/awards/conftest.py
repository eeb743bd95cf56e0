"""The province at work: nominations made and moved by the real operations, in one line each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

import awards.registry  # noqa: F401 - registers what steps and service tasks do
from awards import files, nominations
from awards.demo import people
from awards.files import StoredFile
from awards.listings import open_task
from awards.nominations import Facts
from models.awards import Award, Movement, Nomination, NomineeKind
from models.organisation import Unit
from models.tasks import UserTask
from tests import recordings
from tests.conftest import NOW, connect
from tests.factories import newest
from workflows import operations, tasks
from workflows.actors import Actor
from workflows.operations import Wish
from workflows.submissions import Entry

NAME = "Nguyễn Thị Đào"
REQUIRED = ("to_trinh", "bao_cao", "bien_ban")
_KEYS = count()


def stored(name: str = "Tờ trình.pdf", token: str = "") -> StoredFile:
    """A stored file as the tables know it; no bytes lie anywhere."""
    return StoredFile(token or f"{next(_KEYS):032x}", name, "application/pdf", 10, "0" * 64)


@dataclass
class World:
    """One session on the province, its people by queue, and the acts of a season."""

    session: Session
    now: datetime = NOW
    staff: dict[str, list[Actor]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.staff = people.by_queue(self.session, self.now.date())

    def actor(self, queue: str) -> Actor:
        return self.staff[queue][0]

    def unit(self, code: str) -> Unit:
        return self.session.scalars(select(Unit).where(Unit.code == code)).one()

    def nominate(self, unit: str = "SO-TP", name: str = NAME, **facts: Any) -> Nomination:
        """A nomination as its officer sets it up, with its required papers."""
        key = ("nominate", unit, name, tuple(facts.items()), self.now)
        recordings.once(self.session, key, lambda: self._nominate(unit, name, **facts))
        return newest(self.session)

    def _nominate(self, unit: str, name: str, **facts: Any) -> None:
        officer = self.actor(f"unit_officer:{unit}")
        nomination = nominations.create(
            self.session,
            movement=self.session.scalars(select(Movement)).one(),
            award=self.session.scalars(select(Award)).one(),
            unit=self.unit(unit),
            facts=Facts(facts.pop("kind", NomineeKind.INDIVIDUAL), name, **facts),
            actor=officer,
            now=self.now,
        )
        for item in REQUIRED:
            files.attach(
                self.session,
                nomination,
                stored(),
                item_code=item,
                actor=officer,
                now=self.now,
            )

    def task(self, nomination: Nomination) -> UserTask:
        found, _holder = open_task(self.session, nomination)
        assert found is not None
        return found

    def answer(self, nomination: Nomination, outcome: str, **content: Any) -> UserTask:
        """Whoever's turn it is answers."""
        task = self.task(nomination)
        said = content | {"outcome": outcome}
        if task.element_id == "prepare_nomination":
            nominee = nomination.nominee
            said |= {"nominee_kind": nominee.kind.value, "nominee_name": nominee.name}
            said |= {"honorific": nominee.honorific, "position": nominee.position}
        return tasks.complete(
            self.session,
            task.id,
            actor=self.actor(task.queue),
            now=self.now,
            revision=task.revision,
            command_key=f"key-{next(_KEYS)}",
            entry=Entry(task.element_id, content=said),
            variables={"outcome": outcome},
        )

    def walk(self, *outcomes: str, unit: str = "SO-TP", **facts: Any) -> Nomination:
        """A nomination that has been given these answers."""

        def act() -> None:
            self._nominate(unit, **{"name": NAME} | facts)
            nomination = newest(self.session)
            for outcome in outcomes:
                self.answer(nomination, outcome)

        key = ("walk", outcomes, unit, tuple(facts.items()), self.now)
        recordings.once(self.session, key, act)
        return newest(self.session)

    def operate(
        self, nomination: Nomination, wish: Wish, reason: str = "Duyệt nhầm."
    ) -> None:
        """One administrator of the processes asks for an act, the other confirms it."""
        asker, other = self.staff["process_admin"]
        act = operations.ask(
            self.session,
            nomination.instance_id,
            wish,
            reason=reason,
            actor=asker,
            now=self.now,
            command_key=f"key-{next(_KEYS)}",
        )
        operations.confirm(
            self.session,
            act.id,
            actor=other,
            now=self.now,
            command_key=f"key-{next(_KEYS)}",
        )


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shared_province(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A province in which nothing is ever committed."""
    engine = connect(request.getfixturevalue(request.param).copy("province"))
    yield engine
    engine.dispose()


@pytest.fixture
def db(shared_province: Engine) -> Iterator[Session]:
    """A transaction on the province, rolled back at the end."""
    with recordings.shared(shared_province) as session:
        yield session


@pytest.fixture
def world(db: Session) -> World:
    """The province, with nobody nominated yet."""
    return World(db)
