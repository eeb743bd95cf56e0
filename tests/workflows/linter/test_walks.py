"""Cases that would stand still are found before they are: by going every way on the engine."""

import pytest

from tests.processes import generator
from tests.workflows.linter.conftest import (
    KNOWN,
    end,
    file,
    flow,
    flows,
    node,
    properties,
    start,
    user,
)
from workflows import definitions
from workflows.linter import lint, walks
from workflows.linter.trials import trial

STEPS = (start(), user("a"), user("b"), end())


def said(*body: str) -> list[tuple[str, str]]:
    """What the walk finds in a process made of these parts, which the rules let through."""
    xml = file("".join(body))
    assert lint(xml, KNOWN) == []
    return [(finding.element, finding.message % finding.values) for finding in trial(xml)]


def choice(condition: str, yes: str, no: str) -> str:
    """An exclusive gateway."""
    gateway = node("exclusiveGateway", "choice", default="otherwise")
    return (
        gateway + flow("then", "choice", yes, condition) + flow("otherwise", "choice", no)
    )


@pytest.mark.parametrize(
    ("join", "stuck"),
    [("exclusive", []), ("inclusive", []), ("parallel", ["a", "b"])],
)
@pytest.mark.parametrize(
    "condition",
    ["big", "size &gt; 3", "not (kind == 'x' or kind == null)", "size &lt; limit"],
)
def test_join_behind_a_choice(join, stuck, condition):
    found = said(
        *STEPS,
        choice(condition, "a", "b"),
        node(f"{join}Gateway", "join"),
        flows("begun>choice a>join>done b>join"),
    )

    assert sorted(element for element, _ in found) == stuck
    assert all("dừng ở “join”" in sentence for _, sentence in found)


@pytest.mark.parametrize("join", ["parallel", "inclusive"])
def test_join_behind_a_fork(join):
    fork, merge = node("parallelGateway", "fork"), node(f"{join}Gateway", "join")

    assert said(*STEPS, fork, merge, flows("begun>fork>a>join>done fork>b>join")) == []


def test_outcome_that_leads_into_a_join_is_named():
    offers = properties(outcomes="approve return")
    found = said(
        start(),
        user("a", offers),
        user("b", offers),
        end(),
        end("over"),
        choice("outcome == 'return'", "over", "join"),
        node("parallelGateway", "fork"),
        node("parallelGateway", "join"),
        flows("begun>fork>a>choice fork>b>join>done"),
    )

    begin = "Xong phần tử này với kết quả “return”, hồ sơ đứng lại mãi"
    assert [
        sentence.startswith(begin) for element, sentence in found if element == "a"
    ] == [True]


@pytest.mark.parametrize("seed", range(20))
def test_sound_process_is_let_through(seed):
    done: tuple[definitions.Definition, ...] = ()
    for xml in generator.process(seed):
        done = (*done, definitions.parse(xml, done))

    assert walks.walk(done[-1]) == []


@pytest.mark.parametrize(
    "condition",
    [
        " and ".join(f"v{n} == {n}" for n in range(6)),  # too many ways to answer
        "size == 'big' or size &gt; 3",  # and these answers are no answers
    ],
)
def test_nothing_is_claimed_of_what_cannot_be_tried(condition):
    found = said(
        *STEPS,
        choice(condition, "a", "b"),
        node("parallelGateway", "join"),
        flows("begun>choice a>join>done b>join"),
    )

    assert found == []


def test_branches_without_number_end_the_walk(monkeypatch):
    monkeypatch.setattr(walks, "MAX_MOVES", 5)
    names = [f"u{n}" for n in range(8)]
    found = said(
        start(),
        end(),
        node("parallelGateway", "fork"),
        node("parallelGateway", "join"),
        *(user(name) for name in names),
        flows("begun>fork join>done " + " ".join(f"fork>{name}>join" for name in names)),
    )

    assert found == []
