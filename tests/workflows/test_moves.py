"""Where tokens run side by side no operator puts one down alone."""

from itertools import pairwise

import pytest

from models.operations import OperatorActKind
from tests.conftest import NOW
from tests.factories import command_key, stand_in
from workflows import definitions, deployments, engine, instances, operations, states, tasks
from workflows.definitions.branches import is_in_branch
from workflows.errors import ActRefused
from workflows.operations import Wish
from workflows.submissions import Entry

ADMINISTRATOR, CLERK = stand_in(901, "process_admin"), stand_in(11, "clerk")
BESIDE = ("one", "two")


def step(id_):
    return f'<bpmn:userTask id="{id_}" name="{id_}" camunda:candidateGroups="clerk" />'


def in_a_row(draw, *steps):
    """A process whose steps follow one another."""
    nodes = ["asked", *steps, "answered"]
    flows = [draw.flow(f"to_{b}", a, b) for a, b in pairwise(nodes)]
    ends = '<bpmn:startEvent id="asked" /><bpmn:endEvent id="answered" />'
    return draw.diagram(ends, *map(step, steps), *flows)


def side_by_side(draw):
    """First, then one and two beside each other, then last."""
    return draw.diagram(
        '<bpmn:startEvent id="asked" /><bpmn:endEvent id="answered" />',
        '<bpmn:parallelGateway id="fork" /><bpmn:parallelGateway id="join" />',
        *map(step, ("first", *BESIDE, "last")),
        draw.flow("f1", "asked", "first"),
        draw.flow("f2", "first", "fork"),
        *(draw.flow(f"out_{one}", "fork", one) for one in BESIDE),
        *(draw.flow(f"in_{one}", one, "join") for one in BESIDE),
        draw.flow("f3", "join", "last"),
        draw.flow("f4", "last", "answered"),
    )


def deployed(session, xml):
    row = deployments.deploy(session, xml, deployed_by=1, now=NOW)
    deployments.confirm(session, row, confirmed_by=2, now=NOW)
    return row


def started(session, xml):
    return instances.start(
        session,
        deployed(session, xml),
        business_key=command_key(),
        variables={},
        actor=CLERK,
        post=None,
        now=NOW,
    )


def finish(session, instance, element):
    tasks_here = instances.open_tasks(session, instance.id)
    task = next(task for task in tasks_here if task.element_id == element)
    tasks.complete(
        session,
        task.id,
        actor=CLERK,
        now=NOW,
        revision=task.revision,
        command_key=command_key(),
        entry=Entry("plain"),
        variables={"outcome": "approve"},
    )


def refusal(session, instance, wish):
    with pytest.raises(ActRefused) as refused:
        operations.plan(session, instance, wish, now=NOW)
    return str(refused.value)


def test_steps_between_fork_and_join_are_in_a_branch(draw):
    read = definitions.parse(side_by_side(draw))

    found = {
        task.id
        for task in read.user_tasks
        if is_in_branch(read.elements, read.flows, task.id)
    }

    assert found == set(BESIDE)


def test_nobody_is_put_back_into_a_branch(db, draw):
    instance = started(db, side_by_side(draw))
    for element in ("first", *BESIDE):
        finish(db, instance, element)

    back = Wish(OperatorActKind.PLACE, element="one")
    first = Wish(OperatorActKind.PLACE, element="first")

    assert refusal(db, instance, back) == (
        "Bước này chạy song song với bước khác nên không lùi riêng được."
    )
    assert operations.plan(db, instance, first, now=NOW).opened == ("first",)


def test_instance_with_several_tokens_stays_in_its_version(db, draw):
    instance = started(db, side_by_side(draw))
    finish(db, instance, "first")
    row = deployed(db, in_a_row(draw, "first", "one"))

    move = Wish(OperatorActKind.MIGRATE, definition=row.id)

    assert refusal(db, instance, move) == (
        "Hồ sơ đang ở nhiều bước cùng lúc nên chưa chuyển được."
    )
    definition = deployments.definition_of(db, instance)
    assert engine.standing(definition, engine.CANCELLED) is None
    assert engine.standing(definition, states.load(db, instance.state_hash)) is None


def test_instance_is_moved_into_no_branch_of_the_newer_version(db, draw):
    instance = started(db, in_a_row(draw, "one", "last"))
    row = deployed(db, side_by_side(draw))

    move = Wish(OperatorActKind.MIGRATE, definition=row.id)

    assert refusal(db, instance, move) == (
        "Trong phiên bản mới, bước “one” chạy song song với bước khác."
    )


def test_instance_with_several_tokens_is_put_back_before_the_fork(db, draw):
    instance = started(db, side_by_side(draw))
    finish(db, instance, "first")
    act = operations.ask(
        db,
        instance.id,
        Wish(OperatorActKind.PLACE, element="first"),
        reason="Làm lại từ đầu.",
        actor=ADMINISTRATOR,
        now=NOW,
        command_key="ask",
    )
    operations.confirm(
        db,
        act.id,
        actor=stand_in(902, "process_admin"),
        now=NOW,
        command_key="confirm",
    )

    opened = instances.open_tasks(db, instance.id)
    assert [task.element_id for task in opened] == ["first"]


def test_variables_that_the_newer_version_reads_are_named(db, draw):
    instance = started(db, in_a_row(draw, "first"))
    newer = draw.diagram(
        '<bpmn:startEvent id="asked" /><bpmn:endEvent id="answered" />',
        step("first"),
        step("second"),
        '<bpmn:exclusiveGateway id="is_large" default="no" />',
        draw.flow("f1", "asked", "first"),
        draw.flow("f2", "first", "is_large"),
        draw.flow("yes", "is_large", "second", "days == 9"),
        draw.flow("no", "is_large", "answered"),
        draw.flow("f3", "second", "answered"),
    )
    wish = Wish(OperatorActKind.MIGRATE, definition=deployed(db, newer).id)

    planned = operations.plan(db, instance, wish, now=NOW)

    assert planned.move is not None
    assert planned.move.missing == ("days",)
