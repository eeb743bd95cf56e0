"""R10 of trust.md: an automatic step that fails is an incident, never a half-done or stuck case."""

import itertools

import pytest
from sqlalchemy import select

from awards import nominations
from models.history import EventKind
from models.operations import Incident
from models.process import InstanceStatus
from models.session import reading, transaction
from tests import factories
from tests.conftest import NOW
from tests.workflows import cases
from workflows import handlers, history, incidents, replay
from workflows.errors import TaskChanged

STEPS = 5


class Broken(Exception):
    """What a handler's author did not think of."""


@pytest.fixture
def handler(monkeypatch):
    """`handler(3)` makes the topic's third call fail; each call leaves a variable behind."""

    def install(fails_at, *, error=Broken, is_late=False):
        calls = []

        def count(session, instance, now):
            calls.append(now)
            incident = Incident(
                instance_id=instance.id,
                element_id="noise",
                topic="noise",
                message=f"call {len(calls)}",
                attempts=1,
                raised_at=now,
                failed_at=now,
                resolved_at=now,
            )
            session.add(incident)
            if is_late:
                session.flush()
            if len(calls) == fails_at:
                raise error("x" * 5_000)
            return {"called": len(calls) - (len(calls) > fails_at)}

        monkeypatch.setitem(handlers.HANDLERS, "count", count)
        return calls

    return install


@pytest.fixture
def chain(draw):
    """One question, five automatic steps, one question more."""
    parts = [
        '<bpmn:startEvent id="begun" />',
        f'<bpmn:userTask id="ask" camunda:candidateGroups="{cases.ROLE}" />',
        f'<bpmn:userTask id="confirm" camunda:candidateGroups="{cases.ROLE}" />',
        '<bpmn:endEvent id="done" />',
    ]
    names = ["begun", "ask", *(f"step_{n}" for n in range(STEPS)), "confirm", "done"]
    parts += [
        f'<bpmn:serviceTask id="{name}" camunda:type="external" camunda:topic="count" />'
        for name in names[2:-2]
    ]
    pairs = itertools.pairwise(names)
    return draw.diagram(*parts, *(draw.flow(f"to_{b}", a, b) for a, b in pairs))


def noise(session):
    query = select(Incident.message).where(Incident.topic == "noise").order_by(Incident.id)
    return session.scalars(query).all()


@pytest.mark.parametrize("is_late", [False, True])
@pytest.mark.parametrize("position", range(1, STEPS + 1))
def test_handler_that_fails_anywhere_is_an_incident_and_retrying_finishes(
    db, handler, chain, position, is_late
):
    calls = handler(position, is_late=is_late)
    instance = cases.begin(db, chain)
    cases.answer(db, instance, "ask")

    (incident,) = incidents.open_ones(db)
    assert (incident.element_id, incident.attempts) == (f"step_{position - 1}", 1)
    assert incident.message == f"Broken: {'x' * 5_000}"[:2_000]
    assert cases.waiting(db, instance) == {}
    assert instance.variables.get("called", 0) == position - 1
    assert noise(db) == [f"call {n}" for n in range(1, position)]
    assert replay.replay(db, instance) is None

    incidents.retry(db, incident.id, actor=cases.ME, post=None, now=NOW)
    incidents.retry(db, incident.id, actor=cases.ME, post=None, now=NOW)

    assert incidents.open_ones(db) == []
    assert (incident.resolved_at, incident.resolved_by) == (NOW, cases.ME.id)
    assert list(cases.waiting(db, instance)) == ["confirm"]
    assert len(calls) == STEPS + 1
    assert len(noise(db)) == STEPS
    cases.answer(db, instance, "confirm")
    assert instance.status == InstanceStatus.ENDED
    assert replay.replay(db, instance) is None
    kinds = [event.kind for event in history.of(db, instance.id)]
    assert kinds.count(EventKind.SERVICE_COMPLETED) == STEPS
    assert kinds.count(EventKind.INCIDENT_RAISED) == 1
    assert kinds.count(EventKind.INCIDENT_RESOLVED) == 1


def test_retry_that_fails_again_counts_the_attempt(db, monkeypatch, chain):
    def fail(session, instance, now):
        raise Broken

    monkeypatch.setitem(handlers.HANDLERS, "count", fail)
    instance = cases.begin(db, chain)
    cases.answer(db, instance, "ask")
    (incident,) = incidents.open_ones(db)

    incidents.retry(db, incident.id, actor=cases.ME, post=None, now=NOW)

    assert (incident.attempts, incident.resolved_at) == (2, None)
    assert incidents.open_ones(db) == [incident]


@pytest.mark.parametrize("error", [TaskChanged, MemoryError])
def test_sentence_for_people_and_want_of_memory_end_the_whole_act(
    db, handler, chain, error
):
    handler(2, error=error)
    instance = cases.begin(db, chain)
    before = cases.told(db, instance)

    with pytest.raises(error), db.begin_nested():
        cases.answer(db, instance, "ask")

    assert cases.told(db, instance) == before
    assert incidents.open_ones(db) == []


@pytest.mark.parametrize(
    ("topic", "step", "outcome", "result"),
    [
        ("make_decision_paper", "issue_decision", "approve", "awarded"),
        ("notify_refusal", "approve_by_department", "refuse", "refused"),
    ],
)
def test_every_automatic_step_of_the_awards_can_be_retried(
    province, monkeypatch, topic, step, outcome, result
):
    working = handlers.HANDLERS[topic]

    def fail(session, instance, now):
        working(session, instance, now)
        raise Broken

    with transaction(province) as session:
        code = factories.begin_at(session, step).code
    with monkeypatch.context() as broken:
        broken.setitem(handlers.HANDLERS, topic, fail)
        with transaction(province) as session:
            factories.answer(session, nominations.find(session, code), outcome)
    with transaction(province) as session:
        (incident,) = incidents.open_ones(session)
        assert nominations.find(session, code).instance.status == InstanceStatus.RUNNING
        incidents.retry(session, incident.id, actor=cases.ME, post=None, now=NOW)

    with reading(province) as session:
        instance = nominations.find(session, code).instance
        assert instance.result == result
        assert history.verify(session, instance) is None
        assert replay.replay(session, instance) is None
