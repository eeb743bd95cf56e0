"""The engine and the token game agree at every step of random paths, cold or warm."""

import base64
import json
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from random import Random

import pytest

from tests.processes import paths
from tests.processes.cold import forget
from tests.processes.paths import Act, Process
from workflows import engine
from workflows.definitions import Definition
from workflows.diagrams import ElementKind, Trigger
from workflows.engine import Marking

pytestmark = pytest.mark.trust
ROOT = Path(__file__).parents[2]
BATCHES = range(10)
PROCESSES, PATHS = 30, 34  # in a batch, and through each: ten thousand paths at full size
Recorded = list[tuple[Process, list[Act]]]


@pytest.fixture(scope="module")
def tenth(pytestconfig: pytest.Config) -> int:
    """What sizes are divided by."""
    return 1 if pytestconfig.getoption("full") else 10


@pytest.fixture(scope="module")
def recorded(tenth: int) -> Recorded:
    """A hundred paths through fifty random processes, with the texts that they led to."""
    return [
        (process, acts)
        for process in map(paths.drawn, range(1_000, 1_000 + 50 // tenth))
        for acts in paths.walks(process, 2)
    ]


@pytest.mark.parametrize("process", paths.ours(), ids=lambda process: process.name)
def test_engine_and_token_game_agree_on_our_processes(process, tenth):
    walked = [len(acts) for acts in paths.walks(process, 500 // tenth)]

    assert len(walked) == 500 // tenth


@pytest.mark.parametrize("batch", BATCHES)
def test_engine_and_token_game_agree_on_random_processes(batch, tenth):
    walked = [
        acts
        for seed in range(PROCESSES * batch, PROCESSES * batch + PROCESSES // tenth)
        for acts in paths.walks(paths.drawn(seed), PATHS)
    ]

    assert len(walked) == PROCESSES * PATHS // tenth


def test_random_processes_hold_everything_that_is_allowed():
    definitions = [paths.drawn(seed).definition() for seed in range(25)]
    elements = [e for definition in definitions for e in definition.elements.values()]
    attached = [e for e in elements if e.kind == ElementKind.BOUNDARY]

    assert {e.kind for e in elements} == set(ElementKind)
    assert {e.trigger for e in elements} == set(Trigger)
    assert {(e.trigger, e.is_interrupting) for e in attached} == {
        (Trigger.TIMER, True), (Trigger.TIMER, False),
        (Trigger.MESSAGE, True), (Trigger.MESSAGE, False),
        (Trigger.ESCALATION, True), (Trigger.ESCALATION, False),
        (Trigger.ERROR, True),
    }  # fmt: skip


def test_a_process_that_remembers_nothing_comes_to_the_same_texts(recorded, tenth):
    told = [
        (
            process.name,
            [base64.b64encode(file).decode() for file in process.files],
            [(act.text, act.wait, act.variables) for act in acts],
        )
        for process, acts in recorded
    ]
    run = subprocess.run(
        [sys.executable, "-m", "tests.processes.cold"],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"PYTHONHASHSEED": "7"},
    )

    assert len(recorded) == 100 // tenth
    assert json.loads(run.stdout) == [[a.following for a in acts] for _, acts in recorded]


def test_the_same_acts_come_to_the_same_states_in_any_order_of_cases(recorded):
    definitions = {process.name: process.definition() for process, _acts in recorded}
    cases = [(process, list(acts)) for process, acts in recorded if acts]
    forget()
    random = Random(7)
    while cases:
        process, acts = random.choice(cases)
        act = acts.pop(0)
        marking = engine.marking(act.text)
        following = paths.move(definitions[process.name], marking, act)

        assert following.text == act.following
        cases = [case for case in cases if case[1]]


def test_two_acts_in_either_order_come_to_the_same_state(tenth):
    """Unless one takes away what the other waits for, or is the last, which says how it ended.

    Where one element is awaited twice, the second wait is no longer the second after another act,
    and BPMN itself lets order matter at an inclusive gateway.
    """
    met = 0
    for process in map(paths.drawn, range(80 // tenth)):
        definition = process.definition()
        for act in chain.from_iterable(paths.walks(process, 2)):
            for one_way, other_way in _either_order(definition, act):
                is_over = one_way.ended is not None
                assert is_over or one_way == other_way, (process.name, act)
                met += not is_over

    assert met > 80 // tenth


def _either_order(definition: Definition, act: Act) -> Iterator[tuple[Marking, Marking]]:
    """Where this act and another can follow each other: the markings after both."""
    before = engine.marking(act.text)
    after_this = engine.marking(act.following)
    for wait in before.waits:
        other = replace(act, wait=wait)
        after_other = paths.move(definition, before, other)
        is_twice = any(
            w.ordinal for m in (before, after_this, after_other) for w in m.waits
        )
        is_apart = wait.element != act.wait.element and not is_twice
        if is_apart and wait in after_this.waits and act.wait in after_other.waits:
            yield (
                paths.move(definition, after_this, other),
                paths.move(definition, after_other, act),
            )


# the control: what is broken is found


def test_a_token_placed_afresh_beside_which_another_is_forgotten_is_found(monkeypatch):
    whole = engine.waits.places_of
    monkeypatch.setattr(engine.waits, "places_of", lambda tree: whole(tree)[:1])
    forget()

    with pytest.raises(AssertionError, match="instead of"):
        deque(chain.from_iterable(paths.walks(paths.drawn(seed), 5) for seed in range(20)))
    forget()
