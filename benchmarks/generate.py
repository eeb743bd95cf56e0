"""A province with many years behind it.

    python -m benchmarks.generate --count 1000000 --database URL

Of the nominations at most 20,000, and at most half, still run, all of them in the newest of
several movements (a movement has 50,000 nominations at most); a tenth of those that run are past
their date. Of the others one in fifty has the full story of a case carried out here, eight steps
long; the rest were taken over from the registers of years past and have a short one. Every chain
of events is real: `workflows.history.verify` finds no fault in it.
"""

import argparse
import random
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import psycopg
from sqlalchemy import Dialect, Engine, func, select
from sqlalchemy.orm import Session

from awards import text
from awards.demo import catalogue, people
from benchmarks.databases import NOW, engine_of, open_app, province
from models.awards import Award, Movement, Nomination, Nominee
from models.base import Base
from models.history import EventKind, HistoryEvent
from models.organisation import Block, Unit, UnitKind
from models.process import ProcessDefinition, ProcessInstance
from models.session import transaction
from models.tasks import Submission, UserTask
from workflows import calendar, deployments, engine, history, states
from workflows.actors import Actor
from workflows.canonical import fresh_salt, salted
from workflows.diagrams import Element
from workflows.engine import Wait, WaitKind

CHUNK = 5_000
PER_MOVEMENT = 50_000
MOST_RUNNING = 20_000
UNITS = 150
BLOCKS = 10
FULL_STORIES = 50  # one in so many of those that have ended
LATE = 10  # one in so many of those that run
STEPS = (
    "prepare_nomination",
    "approve_by_unit",
    "review_by_block",
    "receive_by_department",
    "appraise",
    "approve_by_department",
    "check_by_office",
    "decide_by_chairman",
    "issue_decision",
)
END = "nomination_awarded"
_TABLES: tuple[type[Base], ...] = (
    ProcessInstance,
    UserTask,
    Submission,
    HistoryEvent,
    Nominee,
    Nomination,
)
_SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ")
_MIDDLE = ("Thị", "Văn", "Minh", "Thu", "Đình", "Ngọc", "Quốc", "Hải")
_GIVEN = ("Lan", "Hương", "Đức", "Tuấn", "Hà", "Quang", "Yến", "Dũng", "Ánh", "Sơn")
_OPINION = "Hồ sơ đầy đủ, đúng đối tượng, đủ tiêu chuẩn; đề nghị chuyển bước tiếp theo."

Row = dict[str, object]
Report = Callable[[int], None]


@dataclass(slots=True)
class World:
    """What all nominations share, and the numbers given out so far."""

    definition: ProcessDefinition
    elements: dict[str, Element]
    award: Award
    movements: list[tuple[int, str, datetime]]  # id, code, when it began; the oldest first
    units: list[tuple[int, str, str, str]]  # id, code, name, block
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


def fill(engine_: Engine, count: int, report: Report | None = None) -> None:
    """Put so many nominations into a province that has none."""
    world = _world(engine_, count)
    for begin in range(0, count, CHUNK):
        chunk = _rows(world, range(begin, min(begin + CHUNK, count)))
        _write(engine_, chunk)
        if report is not None:
            report(min(begin + CHUNK, count))
    _finish(engine_)


# --- what they share


def _world(engine_: Engine, count: int) -> World:
    with transaction(engine_) as session:
        row = deployments.latest(session, catalogue.PROCESS)
        _organise(session, -(-count // PER_MOVEMENT))
        session.flush()
        query = select(Unit.id, Unit.code, Unit.name, Block.code).join(Unit.block)
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
            units=[tuple(unit) for unit in session.execute(query.order_by(Unit.id))],  # type: ignore[misc] # four columns
            staff=people.by_queue(session, NOW.date()),
            states=_states(session, row),
            count=count,
            ids={t: session.scalar(select(func.max(t.id))) or 0 for t in _TABLES},  # type: ignore[attr-defined] # each has one
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
    session.add_all(
        Unit(
            code=f"DV-{n:03d}",
            name=f"Đơn vị số {n}",
            kind=UnitKind.COMMUNE,
            block=blocks[n % len(blocks)],
            valid_from=catalogue.TWO_TIERS,
        )
        for n in range(UNITS)
    )


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


# --- one nomination


def _rows(world: World, numbers: Iterable[int]) -> dict[type[Base], list[Row]]:
    rows: dict[type[Base], list[Row]] = {table: [] for table in _TABLES}
    for number in numbers:
        _nomination(world, number, rows)
    return rows


def _nomination(world: World, number: int, rows: dict[type[Base], list[Row]]) -> None:
    chance = world.chance
    running = min(MOST_RUNNING, world.count // 2)
    runs = number >= world.count - running
    movement, series, began = world.movements[
        -1 if runs else min(number // PER_MOVEMENT, len(world.movements) - 1)
    ]
    unit_id, unit, unit_name, block = chance.choice(world.units)
    if runs:
        began = NOW - timedelta(days=40)
    code = f"HS-{began.year}-{number + 100_000:07d}"
    story = _Story(
        world, rows, code, series, unit, block, began + timedelta(minutes=number % 5_000)
    )
    if runs:
        story.run_to(chance.choice(STEPS))
    elif number % FULL_STORIES == 0:
        story.end_after(STEPS)
    else:
        story.end_after(STEPS[:1])
    rows[ProcessInstance].append(story.row())
    nominee_id = world.next_id(Nominee)
    name = " ".join(map(chance.choice, (_SURNAMES, _MIDDLE, _GIVEN)))
    rows[Nominee].append(
        {
            "id": nominee_id,
            "kind": "individual",
            "honorific": chance.choice(("Ông", "Bà")),
            "name": name,
            "sort_key": text.name_key(name),
            "birth_date": date(1970 + number % 30, 1 + number % 12, 1 + number % 28),
            "position": "Chuyên viên",
            "is_serving_public": True,
            "is_leader": False,
        }
    )
    rows[Nomination].append(
        {
            "id": world.next_id(Nomination),
            "code": code,
            "instance_id": story.instance.id,
            "movement_id": movement,
            "award_id": world.award.id,
            "unit_id": unit_id,
            "nominee_id": nominee_id,
            "achievements": "Hoàn thành xuất sắc nhiệm vụ, có sáng kiến được công nhận.",
            "search_text": text.fold(f"{code} {name} {unit_name} {world.award.name}"),
            "received_on": None,
            "supplement_by": None,
            "created_at": began,
        }
    )


class _Story:
    """The rows of one instance, written down as its acts would have written them."""

    def __init__(
        self,
        world: World,
        rows: dict[type[Base], list[Row]],
        code: str,
        series: str,
        unit: str,
        block: str,
        began: datetime,
    ) -> None:
        self.world, self.rows, self.now, self.began = world, rows, began, began
        self.queues = {"unit": unit, "block": block}
        self.variables: dict[str, object] = {
            "unit": unit,
            "block": block,
            "award": world.award.code,
        }
        self.instance = ProcessInstance(
            id=world.next_id(ProcessInstance),
            business_key=code,
            series=series,
            history_length=0,
            history_head=history.GENESIS,
        )
        self.place, self.result = STEPS[0], cast("str | None", None)
        row = world.definition
        self._tell(
            EventKind.INSTANCE_STARTED,
            world.actor(f"unit_officer:{unit}"),
            definition=row.key,
            version=row.version,
            sha256=row.sha256,
            state=world.states[self.place],
        )

    def run_to(self, element_id: str) -> None:
        """Approve step by step, and wait there."""
        for step, following in pairwise(STEPS):
            if step == element_id:
                break
            self._answer(step, following)
        if self.world.chance.randrange(LATE):  # most are in time
            self.now = max(self.now, NOW - timedelta(days=self.world.chance.randrange(2)))
        self._open(self.place)

    def end_after(self, steps: tuple[str, ...]) -> None:
        """Approve these steps, and come to the end."""
        for step, following in zip(steps, (*steps[1:], END), strict=True):
            self._answer(step, following)
        self.result = "awarded"
        self._tell(EventKind.INSTANCE_ENDED, None, element=END, result=self.result)

    def row(self) -> Row:
        """The instance itself."""
        instance = self.instance
        return {
            "id": instance.id,
            "definition_id": self.world.definition.id,
            "business_key": instance.business_key,
            "series": instance.series,
            "state_hash": self.world.states[self.place],
            "variables": self.variables,
            "status": "ended" if self.result else "running",
            "result": self.result,
            "revision": instance.history_length,
            "history_length": instance.history_length,
            "history_head": instance.history_head,
            "started_at": self.began,
            "ended_at": self.now if self.result else None,
        }

    def _answer(self, step: str, following: str) -> None:
        task = self._open(step)
        actor = self.world.actor(str(task["queue"]))
        self.now += timedelta(hours=self.world.chance.randrange(1, 40))
        said: dict[str, object] = {"outcome": "approve", "opinion": _OPINION}
        salt = fresh_salt()
        submission = {
            "id": self.world.next_id(Submission),
            "instance_id": self.instance.id,
            "task_id": task["id"],
            "element_id": step,
            "form_key": "taken_over",
            "form_version": 1,
            "content": said,
            "salt": salt,
            "digest": salted(salt, said),
            "submitted_by": actor.id,
            "submitted_at": self.now,
        }
        self.rows[Submission].append(submission)
        task |= {
            "state": "completed",
            "assignee_id": actor.id,
            "closed_at": self.now,
            "outcome": "approve",
            "revision": 2,
        }
        self.variables |= {"outcome": "approve"}
        self.place = following
        self._tell(EventKind.TASK_CLAIMED, actor, task=task["id"], element=step)
        self._tell(
            EventKind.TASK_COMPLETED,
            actor,
            task=task["id"],
            element=step,
            outcome="approve",
            variables={"outcome": "approve"},
            submission=submission["id"],
            submission_digest=submission["digest"],
            state=self.world.states[following],
        )

    def _open(self, step: str) -> Row:
        element = self.world.elements[step]
        scope = {"unit_officer": "unit", "unit_head": "unit", "block_lead": "block"}.get(
            element.role
        )
        queue = f"{element.role}:{self.queues[scope]}" if scope else element.role
        due_at = calendar.deadline(self.now, element.due_days or 0)
        task: Row = {
            "id": self.world.next_id(UserTask),
            "instance_id": self.instance.id,
            "element_id": step,
            "series": self.instance.series,
            "queue": queue,
            "state": "ready",
            "assignee_id": None,
            "priority": element.priority,
            "opened_at": self.now,
            "due_at": due_at,
            "follow_up_at": calendar.deadline(self.now, element.follow_up_days or 0),
            "closed_at": None,
            "outcome": None,
            "revision": 1,
        }
        self.rows[UserTask].append(task)
        self._tell(
            EventKind.TASK_OPENED,
            None,
            task=task["id"],
            element=step,
            queue=queue,
            due_at=due_at.isoformat(),
        )
        return task

    def _tell(self, kind: EventKind, actor: Actor | None, **details: object) -> None:
        post = actor.posts[0] if actor else None
        event = history.link(
            self.instance, kind, actor=actor, post=post, now=self.now, **details
        )
        self.rows[HistoryEvent].append({"id": self.world.next_id(HistoryEvent)} | event)


# --- writing them down


def _write(engine_: Engine, chunk: dict[type[Base], list[Row]]) -> None:
    """In bulk, past the checks of what was just made to fit together."""
    is_sqlite = engine_.dialect.name == "sqlite"
    pooled = engine_.raw_connection()
    try:
        driver: Any = pooled.driver_connection
        if is_sqlite:
            _insert(driver, engine_, chunk)
        else:
            _copy(driver, engine_, chunk)
    finally:
        pooled.close()


def _insert(driver: Any, engine_: Engine, chunk: dict[type[Base], list[Row]]) -> None:
    for pragma in ("foreign_keys = OFF", "synchronous = OFF", "cache_size = -400000"):
        driver.execute(f"PRAGMA {pragma}")
    driver.execute("BEGIN IMMEDIATE")
    for table, rows in chunk.items():
        names = tuple(rows[0])
        marks = ", ".join("?" * len(names))
        statement = (
            f"INSERT INTO {table.__tablename__} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - our own names
        )
        driver.executemany(statement, _ready(table, rows, engine_.dialect))
    driver.execute("COMMIT")
    driver.execute("PRAGMA synchronous = FULL")
    driver.execute("PRAGMA foreign_keys = ON")


def _copy(
    driver: psycopg.Connection[Any], engine_: Engine, chunk: dict[type[Base], list[Row]]
) -> None:
    with driver.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no foreign keys for now
        for table, rows in chunk.items():
            statement = f"COPY {table.__tablename__} ({', '.join(rows[0])}) FROM STDIN"
            with cursor.copy(statement.encode()) as copy:
                for row in _ready(table, rows, engine_.dialect):
                    copy.write_row(row)
        cursor.execute("SET session_replication_role = origin")
    driver.commit()


def _ready(
    table: type[Base], rows: list[Row], dialect: Dialect
) -> Iterator[tuple[object, ...]]:
    """The rows as the driver takes them."""
    columns = table.__table__.c
    binds = [
        columns[name].type.dialect_impl(dialect).bind_processor(dialect) for name in rows[0]
    ]
    for row in rows:
        yield tuple(
            value if bind is None else bind(value)
            for value, bind in zip(row.values(), binds, strict=True)
        )


def _finish(engine_: Engine) -> None:
    """Let the numbers go on where these end, and the planner know what is there."""
    with engine_.connect() as connection:
        if engine_.dialect.name == "sqlite":
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("ANALYZE")
            return
        for table in _TABLES:
            name = table.__tablename__
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"  # noqa: S608 - our own names
            )
        connection.commit()
        isolated = connection.execution_options(isolation_level="AUTOCOMMIT")
        isolated.exec_driver_sql("VACUUM ANALYZE")


def verify_sample(engine_: Engine, size: int = 200) -> int:
    """Verify the chains of some nominations, spread over all; gives how many were sound."""
    with Session(engine_) as session:
        last = session.scalar(select(func.max(ProcessInstance.id))) or 0
        step = max(1, last // size)
        chosen = range(last, 0, -step)
        query = select(ProcessInstance).where(ProcessInstance.id.in_(chosen))
        faults = [
            history.verify(session, instance) for instance in session.scalars(query).all()
        ]
    if wrong := [fault for fault in faults if fault is not None]:
        raise AssertionError(wrong[0])
    return len(faults)


def main(arguments: list[str] | None = None) -> None:
    """Generate into a database of one's choice."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.generate", description=__doc__
    )
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--database", required=True, help="an empty database's address")
    chosen = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        app = open_app(chosen.database, Path(folder))
        made = province(app)
        fill(made, chosen.count, progress(chosen.count))
        print(f"{verify_sample(engine_of(app))} chains verified")


def progress(count: int) -> Report:
    """Says on the terminal how far it is."""

    def report(done: int) -> None:
        print(f"\r{done:,} of {count:,} nominations", end="", file=sys.stderr, flush=True)
        if done == count:
            print(file=sys.stderr)

    return report


if __name__ == "__main__":
    main()
