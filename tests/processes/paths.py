"""Random paths through processes, walked by the engine and the token game side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.processes import generator
from tests.processes.game import Game
from tests.processes.nets import Net
from workflows import definitions, diagrams, engine
from workflows.definitions import Definition
from workflows.engine import Marking, Wait, WaitKind

BPMN = Path(__file__).parents[2] / "bpmn"
MAX_ACTS = 25
MOVES = {
    WaitKind.USER: engine.complete,
    WaitKind.SERVICE: engine.complete,
    WaitKind.MESSAGE: engine.receive,
    WaitKind.DEADLINE: engine.fire,
}
Variables = dict[str, object]


@dataclass(frozen=True)
class Process:
    """Files, those that are called before those that call them; the last one is walked."""

    name: str
    files: tuple[bytes, ...]

    def definition(self) -> Definition:
        """Read anew."""
        known: tuple[Definition, ...] = ()
        for xml in self.files:
            known = (*known, definitions.parse.__wrapped__(xml, known))
        return known[-1]


@dataclass(frozen=True)
class Act:
    """One move of a path: from which text, what was done, and to which text it led."""

    text: str
    wait: Wait
    variables: Variables
    following: str


def ours() -> list[Process]:
    """The processes of `bpmn/`, each with those that it calls."""
    files = {path.stem: path.read_bytes() for path in sorted(BPMN.glob("*.bpmn"))}

    def below(key: str) -> Iterator[bytes]:
        for called in diagrams.read(files[key]).calls:
            yield from below(called)
        yield files[key]

    return [Process(key, tuple(dict.fromkeys(below(key)))) for key in files]


def drawn(seed: int) -> Process:
    """A process that nobody would draw."""
    return Process(f"random {seed}", generator.process(seed))


def walks(process: Process, count: int) -> Iterator[list[Act]]:
    """Random paths, the same ones every time. Raises AssertionError where the two disagree."""
    definition = process.definition()
    nets = {net.key: net for net in map(Net, process.files)}
    for number in range(count):
        yield _walk(process, definition, nets, Random(f"{process.name} {number}"))


def move(definition: Definition, marking: Marking, act: Act) -> Marking:
    """Do what an act did."""
    return MOVES[act.wait.kind](definition, marking, act.wait, act.variables)


def _walk(
    process: Process, definition: Definition, nets: dict[str, Net], random: Random
) -> list[Act]:
    choices = {name: values for net in nets.values() for name, values in net.values.items()}
    variables = _variables(choices, random)
    marking = engine.start(definition, variables)
    game = Game(nets, definition.key, variables)
    acts: list[Act] = []
    _compare(process, acts, marking, game)
    while marking.ended is None and len(acts) < MAX_ACTS:
        wait, variables = random.choice(marking.waits), _variables(choices, random)
        following = MOVES[wait.kind](definition, marking, wait, variables)
        game.act((wait.kind, wait.element, wait.ordinal), variables)
        acts.append(Act(marking.text, wait, variables, following.text))
        marking = following
        _compare(process, acts, marking, game)
    return acts


def _variables(choices: dict[str, set[object]], random: Random) -> Variables:
    """A value for everything that is asked for: one of those it is compared to, or another."""
    return {
        name: random.choice([*sorted(map(str, values)), "other"])
        if all(isinstance(value, str) for value in values)
        else random.choice(sorted(around(values)))
        for name, values in sorted(choices.items())
    }


def around(values: set[object]) -> set[int]:
    """Numbers, and those just below and above them."""
    return {int(str(value)) + more for value in values for more in (-1, 0, 1)}


def _compare(process: Process, acts: list[Act], marking: Marking, game: Game) -> None:
    said, truth = (marking.waits, marking.ended), (game.waits(), game.ended)
    way = [(act.wait, act.variables) for act in acts]
    assert said == truth, f"{process.name} after {way}: {said} instead of {truth}"
