"""What is registered once: handlers, listeners, the resolver of queues; and what never runs."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

import awards.registry
from workflows import deployments, instances, queues
from workflows.actors import Actor
from workflows.definitions.events import Error, Message
from workflows.engine.trees import _Conditions
from workflows.errors import BadDefinition, ProcessStuck
from workflows.handlers import HANDLERS, LISTENERS, on_complete, service_task

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def test_a_topic_has_one_handler():
    assert awards.registry.__all__ != []
    with pytest.raises(ValueError, match="two handlers for the topic notify_refusal"):
        service_task("notify_refusal")(HANDLERS["notify_refusal"])


def test_a_form_has_one_listener():
    with pytest.raises(ValueError, match="two listeners for the form appraise"):
        on_complete("appraise")(LISTENERS["appraise"])


def test_queues_have_one_resolver():
    with pytest.raises(ValueError, match="registered already"):
        queues.resolver(queues._RESOLVERS[0])


def test_queue_is_the_role_in_the_scope_of_the_instance():
    instance = SimpleNamespace(variables={"unit": "SO-TP", "block": "K01"})
    roles = ["unit_officer", "unit_head", "block_lead", "chairman"]

    assert [queues.resolve(instance, role) for role in roles] == [
        "unit_officer:SO-TP",
        "unit_head:SO-TP",
        "block_lead:K01",
        "chairman",
    ]


@pytest.fixture
def endless(draw):
    """A process whose service task goes back to itself for ever."""
    HANDLERS["again"] = lambda _session, _instance, _now: {}
    yield draw.diagram(
        '<bpmn:startEvent id="begun" /><bpmn:exclusiveGateway id="once_more" />',
        '<bpmn:serviceTask id="work" camunda:type="external" camunda:topic="again" />',
        draw.flow("begin", "begun", "once_more"),
        draw.flow("go", "once_more", "work"),
        draw.flow("back", "work", "once_more"),
    )
    del HANDLERS["again"]


def test_endless_service_tasks_are_stopped_after_a_hundred(empty, endless):
    with Session(empty) as session:
        row = deployments.deploy(session, endless, deployed_by=1, now=NOW)
        with pytest.raises(ProcessStuck):
            instances.start(
                session,
                row,
                business_key="NP-1",
                variables={},
                actor=Actor(1, "Ai đó", ()),
                post=None,
                now=NOW,
            )


def test_engine_refuses_to_run_a_script():
    with pytest.raises(BadDefinition) as refused:
        _Conditions({}).execute(None, "import os")

    assert str(refused.value) == "Sơ đồ có mã lệnh; mã lệnh không được chạy."


def test_messages_are_caught_by_nothing_but_the_engine():
    assert Message("withdrawal").catches(None, None) is False
    assert Error("failed", "no_quorum").catches(None, None) is False
