"""The way through the diagram, read from the history."""

import pytest

from awards import journey, withdrawals
from awards.demo import driving
from models.operations import OperatorActKind as Kind
from workflows import definitions, deployments, history
from workflows.operations import Wish


def way(world, nomination):
    definition = deployments.definition_of(world.session, nomination.instance)
    return journey.of(definition, history.of(world.session, nomination.instance_id))


def test_new_nomination_stands_at_its_first_step(world):
    found = way(world, world.nominate())

    assert found.done == ("nomination_started",)
    assert found.current == "prepare_nomination"
    assert found.flows == ("begin_preparation",)


def test_step_answered_is_behind(world):
    found = way(world, world.walk("approve"))

    assert found.done == (
        "nomination_started",
        "prepare_nomination",
        "is_nomination_submitted",
    )
    assert found.current == "approve_by_unit"
    assert found.flows == (
        "begin_preparation",
        "nomination_prepared",
        "submit_to_unit_head",
    )


def test_return_goes_back_and_shows_both_ways(world):
    found = way(world, world.walk("approve", "return"))

    assert found.current == "prepare_nomination"
    assert "prepare_nomination" not in found.done
    assert found.done == (
        "nomination_started",
        "approve_by_unit",
        "is_approved_by_unit",
        "is_nomination_submitted",
    )
    assert found.flows[-2:] == ("unit_head_answered", "return_by_unit_head")


def test_walked_twice_is_shown_once(world):
    found = way(world, world.walk("approve", "return", "approve"))

    assert found.current == "approve_by_unit"
    assert len(set(found.flows)) == len(found.flows)
    assert len(set(found.done)) == len(found.done)
    assert {"return_by_unit_head", "submit_to_unit_head"} <= set(found.flows)


def test_award_is_walked_to_its_end(world):
    found = way(world, world.walk(*["approve"] * 9))

    assert found.current == ""
    assert {"issue_decision", "make_decision_paper", "nomination_awarded"} <= set(
        found.done
    )
    assert found.flows[-3:] == ("decision_prepared", "issue", "decision_paper_made")
    assert [flow for flow in found.flows if "return" in flow or "refuse" in flow] == []


@pytest.mark.parametrize(
    ("answers", "end", "last_flow"),
    [
        (["withdraw"], "nomination_withdrawn_by_officer", "withdraw_by_unit_officer"),
        (["approve", "withdraw"], "nomination_withdrawn_by_unit", "withdraw_by_unit_head"),
        (
            ["approve", "approve", "not_selected"],
            "nomination_not_selected",
            "not_selected_by_block_lead",
        ),
        (
            [*["approve"] * 5, "refuse"],
            "nomination_refused_by_department",
            "refusal_by_department_notified",
        ),
        (
            [*["approve"] * 7, "refuse"],
            "nomination_refused_by_chairman",
            "refusal_by_chairman_notified",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else value[-1],
)
def test_every_other_end_is_reached_by_its_own_flow(world, answers, end, last_flow):
    found = way(world, world.walk(*answers))

    assert found.current == ""
    assert end in found.done
    assert found.flows[-1] == last_flow


def test_proposal_to_refuse_goes_forward(world):
    found = way(world, world.walk(*["approve"] * 4, "refuse"))

    assert found.current == "approve_by_department"
    assert found.flows[-2:] == ("dossier_appraised", "report_appraisal")


def test_withdrawal_leaves_by_the_boundary_event(world):
    nomination = world.walk("approve", "approve")
    withdrawals.withdraw(
        world.session,
        nomination,
        reason="",
        actor=world.actor("unit_head:SO-TP"),
        command_key="k",
        now=world.now,
    )

    found = way(world, nomination)

    assert found.current == ""
    assert found.flows[-1] == "withdraw_during_review_by_block"
    assert {
        "withdrawn_during_review_by_block",
        "nomination_withdrawn_during_review_by_block",
    } <= set(found.done)
    assert "block_answered" not in found.flows


def test_without_events_it_stands_at_the_start():
    definition = definitions.parse(driving.BPMN.read_bytes())

    assert journey.of(definition, []) == journey.Journey((), "nomination_started", ())


def test_no_flow_leads_where_operators_put_the_nomination(world):
    nomination = world.walk("approve", "approve")
    before = way(world, nomination)
    world.operate(nomination, Wish(Kind.PLACE, element="prepare_nomination"))

    placed = way(world, nomination)

    assert (placed.current, placed.flows) == ("prepare_nomination", before.flows)
    world.answer(nomination, "approve")
    assert way(world, nomination).current == "approve_by_unit"


def test_way_goes_on_in_the_newer_version(world):
    nomination = world.walk("approve", "approve")
    world.operate(nomination, Wish(Kind.MIGRATE, definition=newer(world).id))
    found = way(world, nomination)

    assert found.current == "review_by_block"
    assert "approve_by_unit" not in found.done
    assert "prepare_nomination" in found.done
    world.answer(nomination, "approve")
    assert way(world, nomination).current == "receive_by_department"
    assert len(way(world, nomination).flows) == len(found.flows) + 2


def test_cancelled_nomination_stands_nowhere(world):
    nomination = world.walk("approve")
    world.operate(nomination, Wish(Kind.CANCEL))

    found = way(world, nomination)

    assert found.current == ""
    assert "prepare_nomination" in found.done


def newer(world):
    xml = driving.BPMN.read_bytes().replace(b"approve_by_unit", b"sign_by_unit")
    row = deployments.deploy(world.session, xml, deployed_by=1, now=world.now)
    deployments.confirm(world.session, row, confirmed_by=2, now=world.now)
    return row
