"""bpmn/movement_award.bpmn as a Viewflow flow: the same nine steps, gateways and ends.

Withdrawal by message from outside has no counterpart and is left out.
"""

from typing import Any

from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.flow import views

from benchmarks.peer.models import NominationProcess

_FIELDS = ["outcome", "opinion", "reason"]


def _is(outcome: str) -> Any:
    return lambda activation: activation.process.outcome == outcome


def _step(following: Any) -> Any:
    view = views.UpdateProcessView.as_view(fields=_FIELDS)
    return flow.View(view).Permission("peer.work").Next(following)


class NominationFlow(flow.Flow):
    """The way of a nomination."""

    process_class = NominationProcess

    start = flow.Start(
        views.CreateProcessView.as_view(fields=["unit", "block", "award"])
    ).Next(this.prepare_nomination)
    prepare_nomination = _step(this.is_nomination_submitted)
    is_nomination_submitted = (
        flow.Switch().Case(this.withdrawn, _is("withdraw")).Default(this.approve_by_unit)
    )
    approve_by_unit = _step(this.is_approved_by_unit)
    is_approved_by_unit = (
        flow.Switch()
        .Case(this.prepare_nomination, _is("return"))
        .Case(this.withdrawn, _is("withdraw"))
        .Default(this.review_by_block)
    )
    review_by_block = _step(this.is_selected_by_block)
    is_selected_by_block = (
        flow.Switch()
        .Case(this.prepare_nomination, _is("return"))
        .Case(this.not_selected, _is("not_selected"))
        .Default(this.receive_by_department)
    )
    receive_by_department = _step(this.is_dossier_complete)
    is_dossier_complete = (
        flow.Switch().Case(this.prepare_nomination, _is("return")).Default(this.appraise)
    )
    appraise = _step(this.is_appraised)
    is_appraised = (
        flow.Switch()
        .Case(this.prepare_nomination, _is("return"))
        .Default(this.approve_by_department)
    )
    approve_by_department = _step(this.is_approved_by_department)
    is_approved_by_department = (
        flow.Switch()
        .Case(this.appraise, _is("return"))
        .Case(this.refused, _is("refuse"))
        .Default(this.check_by_office)
    )
    check_by_office = _step(this.is_form_and_law_right)
    is_form_and_law_right = (
        flow.Switch().Case(this.appraise, _is("return")).Default(this.decide_by_chairman)
    )
    decide_by_chairman = _step(this.is_award_granted)
    is_award_granted = (
        flow.Switch()
        .Case(this.check_by_office, _is("return"))
        .Case(this.refused, _is("refuse"))
        .Default(this.issue_decision)
    )
    issue_decision = _step(this.is_decision_issued)
    is_decision_issued = (
        flow.Switch().Case(this.check_by_office, _is("return")).Default(this.awarded)
    )
    withdrawn = flow.End()
    not_selected = flow.End()
    refused = flow.End()
    awarded = flow.End()
