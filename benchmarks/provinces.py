"""What all generated nominations share: movements, units, people, and the states of the process."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from awards.demo import catalogue, people
from benchmarks.databases import NOW
from models.awards import Award, Movement, Nomination, Nominee
from models.base import Base
from models.deadlines import Deadline
from models.history import HistoryEvent
from models.organisation import Block, BlockMember, Unit, UnitKind
from models.process import ProcessDefinition, ProcessInstance
from models.session import transaction
from models.tasks import Submission, UserTask
from workflows import deployments, engine, states
from workflows.actors import Actor
from workflows.diagrams import Element
from workflows.engine import Wait, WaitKind

PER_MOVEMENT = 50_000
UNITS = 150
BLOCKS = 10
TABLES: tuple[type[Base], ...] = (
    ProcessInstance,
    UserTask,
    Deadline,
    Submission,
    HistoryEvent,
    Nominee,
    Nomination,
)


@dataclass(slots=True)
class World:
    """What all nominations share, and the numbers given out so far."""

    definition: ProcessDefinition
    elements: dict[str, Element]
    award: Award
    movements: list[tuple[int, str, datetime]]  # id, code, when it began; the oldest first
    units: list[tuple[int, str, str, int, str]]  # id, code, name; its Khối's id, code
    staff: dict[str, list[Actor]]
    states: dict[str, str]  # element → hash
    count: int
    ids: dict[type[Base], int]
    chance: random.Random = field(default_factory=lambda: random.Random(20261123))  # noqa: S311 - the same every time

    def next_id(self, table: type[Base]) -> int:
        """The next number of a table."""
        self.ids[table] += 1
        return self.ids[table]

    def actor(self, queue: str) -> Actor:
        """Somebody who serves the queue, or an officer standing in for a unit without accounts."""
        return self.chance.choice(self.staff.get(queue) or self.staff["unit_officer:SO-TP"])


def enlarge(engine_: Engine, count: int) -> World:
    """Make the demo's people a whole province, and read what its nominations need."""
    with transaction(engine_) as session:
        row = deployments.latest(session, catalogue.PROCESS)
        _organise(session, -(-count // PER_MOVEMENT))
        session.flush()
        query = (
            select(Unit.id, Unit.code, Unit.name, Block.id, Block.code)
            .join(BlockMember, BlockMember.unit_id == Unit.id)
            .join(BlockMember.block)
        )
        movements = session.execute(
            select(Movement.id, Movement.code, Movement.nominations_from).order_by(
                Movement.id
            )
        )
        world = World(
            definition=row,
            elements=deployments.parsed(session, row).elements,
            award=session.scalars(select(Award)).one(),
            movements=[(id_, code, _moment(day)) for id_, code, day in movements],
            units=[tuple(unit) for unit in session.execute(query.order_by(Unit.id))],  # type: ignore[misc] # five columns
            staff=people.by_queue(session, NOW.date()),
            states=_states(session, row),
            count=count,
            ids={t: session.scalar(select(func.max(t.id))) or 0 for t in TABLES},  # type: ignore[attr-defined] # each has one
        )
        session.expunge_all()
        return world


def _organise(session: Session, movements: int) -> None:
    """Later movements, half a year apart up to now, and the units and Khối of a whole province."""
    for n in range(1, movements):
        day = NOW.date() - timedelta(days=180 * (movements - 1 - n) + 100)
        session.add(
            Movement(
                code=f"PT-{n:02d}",
                name=f"Phong trào thi đua, đợt {day:%m/%Y}",
                launched_by="Kế hoạch của UBND tỉnh",
                period_from=day - timedelta(days=365),
                period_to=day,
                nominations_from=day,
                nominations_to=day + timedelta(days=120),
            )
        )
    blocks = [
        Block(code=f"KM{n:02d}", name=f"Khối thi đua số {n}") for n in range(1, BLOCKS)
    ]
    session.add_all(blocks)
    for n in range(UNITS):
        unit = Unit(
            code=f"DV-{n:03d}",
            name=f"Đơn vị số {n}",
            kind=UnitKind.COMMUNE,
            valid_from=catalogue.TWO_TIERS,
        )
        block = blocks[n % len(blocks)]
        session.add(BlockMember(unit=unit, block=block, valid_from=catalogue.TWO_TIERS))


def _states(session: Session, row: ProcessDefinition) -> dict[str, str]:
    """Every place of the main path, as the engine itself comes to it."""
    definition = deployments.parsed(session, row)
    variables: dict[str, object] = {"outcome": "approve"}
    marking = engine.start(definition, variables)
    found: dict[str, str] = {}
    while marking.ended is None:
        (element,) = {w.element for w in marking.waits if w.kind != WaitKind.MESSAGE}
        found[element] = states.save(session, marking)
        kind = WaitKind.SERVICE if marking.service_wait else WaitKind.USER
        marking = engine.complete(definition, marking, Wait(kind, element), variables)
    found[marking.ended] = states.save(session, marking)
    return found


def _moment(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), NOW.tzinfo) + timedelta(hours=2)
