"""R8 of trust.md: after every act the rows say what the token game says, whatever way was taken."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, select

from models.session import transaction
from models.tasks import OPEN, TaskState, UserTask
from tests import factories
from tests.conftest import NOW, connect
from tests.processes import paths
from tests.processes.paths import Process
from tests.trust import walks
from tests.trust.sizes import on_sqlite_at_least
from tests.trust.walks import Walk
from workflows import engine, handlers, instances, tasks

pytestmark = [
    pytest.mark.trust,
    pytest.mark.timeout(1800),
    pytest.mark.usefixtures("chains_alone"),
]
ROOT = Path(__file__).parents[2]
STEPS, MACHINE_STEPS = 25, 2_000
DRAWN, WAYS = 40, 30
MODELERS = ("bpmn_io", "bpmn_io_default_namespace", "camunda_modeler_with_lanes")


def kept() -> list[Process]:
    """The processes in files: ours, the examples, and those that modelers have saved."""
    examples = (ROOT / "bpmn" / "examples").glob("*.bpmn")
    saved = [ROOT / "tests/data/bpmn/modelers" / f"{name}.bpmn" for name in MODELERS]
    more = [Process(p.stem, (p.read_bytes(),)) for p in [*sorted(examples), *saved]]
    return [*paths.ours(), *more]


@pytest.fixture
def database(databases, chains_alone) -> Iterator[Engine]:
    engine = connect(databases.copy("province"))
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def any_topic(monkeypatch) -> None:
    """Automatic steps do nothing here but be done."""

    class Anything(dict[str, object]):
        def __getitem__(self, topic: str) -> object:
            return lambda *_: {}

    monkeypatch.setattr("workflows.services.HANDLERS", Anything())
    monkeypatch.setattr(handlers, "LISTENERS", {})


def walk_all(
    database: Engine, process: Process, *, most: int | None = None
) -> tuple[list[str], set[str]]:
    """Where rows and token game part on any way, or some; and the ends that were reached."""
    definition, choices = process.definition(), walks.choices(process)
    row_id = walks.deployed(database, process)
    found: list[str] = []
    ends: set[str] = set()
    ways = walks.plan(definition, choices)
    every = -(-len(ways) // most) if most else 1
    for number, way in enumerate(ways[:: every or 1]):  # some processes wait for nothing
        walk = Walk(database, process, row_id, choices[0])
        found += walk.differences()
        for act in way:
            walks.forget(definitions=number % 10 == 0 and act is way[-1])
            walk.act(act)
            found += [f"{process.name} after {act.wait}: {d}" for d in walk.differences()]
        found += walk.faults()
        ends |= {walk.ended} if walk.ended else set()
    return found, ends


@pytest.mark.parametrize("process", kept(), ids=lambda process: process.name)
def test_every_way_through_our_files_is_the_same_in_rows_and_in_the_game(
    database, size, process
):
    is_ours = process.name in {ours.name for ours in paths.ours()}
    is_all = size(10) == 10 or (is_ours and database.dialect.name == "sqlite")

    found, ends = walk_all(database, process, most=None if is_all else 3)

    assert found == []
    assert ends == ends_of(process) or not is_all


def ends_of(process: Process) -> set[str]:
    """The ends of the whole case: those of the process itself."""
    net = walks.nets_of(process)[process.definition().key]
    inside = {
        node
        for scope, start in net.starts.items()
        if scope
        for node in _reached(net, start)
    }
    return {n.id for n in net.nodes.values() if n.tag == "endEvent"} - inside


def _reached(net, start) -> set[str]:
    seen, ahead = {start}, [start]
    while ahead:
        for arrow in net.leaving[ahead.pop()]:
            if arrow.target not in seen:
                seen.add(arrow.target)
                ahead.append(arrow.target)
    return seen


@on_sqlite_at_least
def test_ways_through_random_processes_are_the_same_in_rows_and_in_the_game(database, size):
    for seed in range(500, 500 + size(DRAWN)):
        found, _ends = walk_all(database, paths.drawn(seed), most=size(WAYS))
        assert found == [], seed


class Machine(RuleBasedStateMachine):
    """Any number of cases at once, acted on in any order, also by those who change their mind."""

    database: Engine
    rows: dict[int, int]

    def __init__(self) -> None:
        super().__init__()
        self.walks: list[Walk] = []

    @initialize(seed=st.integers(0, 5))
    def choose(self, seed: int) -> None:
        self.process = paths.drawn(2_000 + seed)
        self.choices = walks.choices(self.process)
        self.definition = self.process.definition()
        if seed not in self.rows:
            self.rows[seed] = walks.deployed(self.database, self.process)
        self.row_id = self.rows[seed]

    @rule(number=st.integers(0, 50))
    def begin(self, number: int) -> None:
        variables = self.choices[number % len(self.choices)]
        self.walks.append(Walk(self.database, self.process, self.row_id, variables))

    @precondition(lambda self: any(walk.ended is None for walk in self.walks))
    @rule(which=st.integers(0, 50), number=st.integers(0, 500))
    def act(self, which: int, number: int) -> None:
        running = [walk for walk in self.walks if walk.ended is None]
        walk = running[which % len(running)]
        marking = walk.marking()
        known = walk.variables
        acts = list(walks.acts(self.definition, marking, self.choices, known))
        walk.act(acts[number % len(acts)])

    @precondition(lambda self: self.walks)
    @rule(which=st.integers(0, 50))
    def claim_or_give_back(self, which: int) -> None:
        walk = self.walks[which % len(self.walks)]
        with transaction(self.database) as session:
            query = select(UserTask).where(
                UserTask.instance_id == walk.id, UserTask.state.in_(OPEN)
            )
            for task in session.scalars(query):
                verb = tasks.claim if task.state == TaskState.READY else tasks.unclaim
                actor = factories.stand_in(1_001, task.queue)
                verb(session, task.id, actor=actor, now=NOW)

    @rule(number=st.integers(0, 9))
    def forget(self, number: int) -> None:
        walks.forget(definitions=number == 9)

    @invariant()
    def agree(self) -> None:
        for walk in self.walks[-3:]:
            assert walk.differences() == []

    def teardown(self) -> None:
        for walk in self.walks:
            assert walk.faults() == []


def test_cases_acted_on_in_any_order_agree_with_the_game(sqlite, chains_alone, size):
    database = connect(sqlite.copy("province"))
    Machine.database, Machine.rows = database, {}
    chosen = settings(
        max_examples=size(MACHINE_STEPS) // STEPS,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )

    run_state_machine_as_test(Machine, settings=chosen)
    database.dispose()


def test_task_that_is_not_opened_is_caught(sqlite, chains_alone, monkeypatch):
    database = connect(sqlite.copy("province"))
    whole = instances._open

    def skip(session, instance, definition, element_id, now) -> None:
        if element_id != "appraise":
            whole(session, instance, definition, element_id, now)

    monkeypatch.setattr(instances, "_open", skip)

    with pytest.raises(KeyError):  # on longer ways the task is missed by who should do it
        assert walk_all(database, paths.ours()[0])[0] == []
    database.dispose()


def test_timer_that_is_forgotten_is_caught(sqlite, chains_alone, monkeypatch):
    monkeypatch.setattr("workflows.deadlines.sync", lambda *_, **__: None)
    database = connect(sqlite.copy("province"))
    found = []
    for seed in range(500, 520):
        process = paths.drawn(seed)
        row_id = walks.deployed(database, process)
        walk = Walk(database, process, row_id, walks.choices(process)[0])
        if engine.WaitKind.DEADLINE in {wait.kind for wait in walk.waits()}:
            found += walk.differences()
    database.dispose()

    assert {sentence.partition(":")[0] for sentence in found} == {"timers"}
