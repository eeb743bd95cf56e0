"""Why an instance is where it is: what the engine's moves chose, found again from the history."""

import pytest

from models.history import EventKind
from tests import factories
from workflows import definitions, engine, history, reasons
from workflows.engine import NOWHERE, Wait, WaitKind


def test_every_choice_on_the_way_is_found_with_what_it_read(db):
    nomination = factories.begin_at(db, "review_by_block")
    factories.answer(db, nomination, "return")
    found = reasons.of(db, history.of(db, nomination.instance_id))

    assert [
        (cause.element, [(c.gateway, c.flow.id, dict(c.values)) for c in cause.choices])
        for cause in found
    ] == [
        ("", []),
        (
            "prepare_nomination",
            [("is_nomination_submitted", "submit_to_unit_head", {"outcome": "approve"})],
        ),
        (
            "approve_by_unit",
            [("is_approved_by_unit", "send_to_block", {"outcome": "approve"})],
        ),
        (
            "review_by_block",
            [("is_selected_by_block", "return_by_block_lead", {"outcome": "return"})],
        ),
    ]
    assert "prepare_nomination" in found[-1].waits


def test_what_could_not_have_been_ends_the_story(db):
    nomination = factories.begin_at(db, "review_by_block")
    events = history.of(db, nomination.instance_id)
    told = [e for e in events if e.kind != EventKind.INSTANCE_STARTED]

    assert len(reasons.of(db, events)) == 3
    assert reasons.of(db, told) == []


def test_default_is_told_with_the_conditions_that_did_not_hold(db):
    nomination = factories.begin_at(db, "review_by_block")
    cause = reasons.of(db, history.of(db, nomination.instance_id))[-1]
    (choice,) = cause.choices

    assert choice.flow.condition is None
    assert {flow.id for flow in choice.others} == {
        "return_by_unit_head",
        "withdraw_by_unit_head",
    }


@pytest.mark.parametrize(
    ("values", "taken"),
    [
        ({"a": True, "b": True}, ["one", "two"]),
        ({"a": True}, ["one"]),
        ({}, ["rest"]),
    ],
)
def test_inclusive_gateway_in_a_called_process_names_all_it_took(draw, values, taken):
    called = definitions.parse(
        draw.diagram(
            draw.node("startEvent", "begun"),
            draw.node("inclusiveGateway", "which", default="to_rest"),
            *(draw.node("userTask", task) for task in ("one", "two", "rest")),
            *(draw.node("endEvent", f"{task}_done") for task in ("one", "two", "rest")),
            draw.flow("begin", "begun", "which"),
            draw.flow("to_one", "which", "one", "a"),
            draw.flow("to_two", "which", "two", "b"),
            draw.flow("to_rest", "which", "rest"),
            *(
                draw.flow(f"end_{task}", task, f"{task}_done")
                for task in ("one", "two", "rest")
            ),
        ).replace(b'id="leave"', b'id="review"')
    )
    caller = definitions.parse(
        draw.diagram(
            draw.node("startEvent", "asked"),
            draw.node("userTask", "ask"),
            draw.node("callActivity", "first", calledElement="review"),
            draw.node("endEvent", "answered"),
            draw.chain("asked", "ask", "first", "answered"),
        ),
        (called,),
    )
    before = engine.start(caller, {})
    wait = Wait(WaitKind.USER, "ask")

    assert engine.chosen(caller, NOWHERE, None, {}) == ()
    assert engine.chosen(caller, before, wait, values) == tuple(
        ("first/which", f"first/{task}") for task in taken
    )
