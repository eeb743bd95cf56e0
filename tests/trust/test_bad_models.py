"""R15 of trust.md: a model that got past the linter is stopped by its budget, and the act undone.

What the linter keeps out is in tests/workflows/linter/test_odd_files.py. Here are models that it
would refuse, deployed without being asked.
"""

import time

import pytest

from models.session import transaction
from tests import factories
from tests.conftest import connect
from tests.workflows import cases
from tests.workflows.conftest import diagram, flow, node
from workflows import definitions, engine, handlers
from workflows.engine import trees
from workflows.errors import ProcessStuck
from workflows.linter import lint
from workflows.linter.findings import Known

pytestmark = [pytest.mark.trust, pytest.mark.usefixtures("chains_alone")]
MAX_SECONDS = 2
ASK = f'<bpmn:userTask id="ask" camunda:candidateGroups="{cases.ROLE}" />'


def circle(*parts: str) -> bytes:
    """After the one question the token goes round `first` and `second` for ever."""
    return diagram(
        '<bpmn:startEvent id="begun" /><bpmn:endEvent id="done" />',
        ASK,
        *parts,
        node("exclusiveGateway", "is_over", default="again"),
        flow("begin", "begun", "ask"),
        flow("go", "ask", "first"),
        flow("on", "first", "second"),
        flow("further", "second", "is_over"),
        flow("again", "is_over", "first"),
        flow("finish", "is_over", "done", "outcome == 'never'"),
    )


def service(name: str) -> str:
    return node(
        "serviceTask", name, **{"camunda:type": "external", "camunda:topic": "none"}
    )


def gateway(name: str) -> str:
    return node("exclusiveGateway", name)


def within() -> str:
    return node(
        "subProcess",
        "first",
        '<bpmn:startEvent id="in" /><bpmn:endEvent id="out" />'
        + flow("through", "in", "out"),
    )


MODELS = {
    "gateways": circle(gateway("first"), gateway("second")),
    "automatic steps": circle(service("first"), service("second")),
    "a step among gateways": circle(gateway("first"), service("second")),
    "an empty sub-process": circle(within(), gateway("second")),
}
ROUND = {"first", "second", "is_over", "in", "out"}


@pytest.fixture
def any_topic(monkeypatch) -> None:
    monkeypatch.setitem(handlers.HANDLERS, "none", lambda *_: {})


@pytest.mark.parametrize("name", MODELS)
def test_model_without_end_is_stopped_its_element_named_and_the_act_undone(
    databases, any_topic, name
):
    database = connect(databases.copy("province"))
    with transaction(database) as session:
        instance_id = cases.begin(session, MODELS[name]).id
        before = factories.everything(session)
    started = time.process_time()

    with pytest.raises(ProcessStuck) as told, transaction(database) as session:
        cases.answer(session, session.get_one(cases.ProcessInstance, instance_id), "ask")

    assert time.process_time() - started < MAX_SECONDS
    assert told.value.values["id"] in ROUND
    assert f"“{told.value.values['id']}”" in str(told.value)
    with transaction(database) as session:
        assert factories.everything(session) == before
    database.dispose()


@pytest.mark.parametrize("name", MODELS)
def test_linter_would_not_have_let_it_in(name):
    known = Known(
        forms=frozenset(), roles=frozenset({cases.ROLE}), topics=frozenset({"none"}),
        outcomes=frozenset({"never"}), results=frozenset(), grants=frozenset(),
        reserved=frozenset(), processes={},
    )  # fmt: skip

    found = {finding.element for finding in lint(MODELS[name], known)}

    assert found & ROUND


def test_budget_is_within_a_thousand_steps():
    assert trees.MAX_STEPS <= 1_000


def test_without_the_budget_nobody_is_told_where(sqlite, monkeypatch):
    """The control: SpiffWorkflow goes on until it loses sight of the token."""
    monkeypatch.setattr(trees, "MAX_STEPS", 1_000_000)
    definition = definitions.parse(MODELS["gateways"])
    marking = engine.start(definition, {})

    with pytest.raises(ProcessStuck) as told:
        engine.complete(definition, marking, marking.waits[0], {})

    assert "id" not in told.value.values
