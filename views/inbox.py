"""The reviewer's inbox."""

from types import SimpleNamespace

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from awards import access
from awards import inbox as boxes
from awards.inbox import Filters, Item, Tab
from models.awards import Outcome
from models.process import InstanceStatus
from views import choices
from views.guards import allow
from views.parsing import Pages, asked, page_number
from views.web import actor, now, reader
from workflows import deployments

inbox = Blueprint("inbox", __name__)


@inbox.get("/inbox")
@allow(access.works_on_tasks)
def show() -> ResponseReturnValue:
    """One tab of the inbox, filtered."""
    tab = _tab()
    wanted = asked("movement", "unit", "step", "overdue", "q")
    filters = Filters(
        movement=wanted.get("movement", ""),
        unit=wanted.get("unit", ""),
        step=wanted.get("step", ""),
        is_overdue="overdue" in wanted,
        q=wanted.get("q", ""),
        page=page_number(),
    )
    items, total = boxes.items(reader(), actor(), tab, filters, now())
    return render_template(
        "inbox/index.html",
        tab=tab.value,
        counts={name.value: n for name, n in boxes.counts(reader(), actor()).items()},
        filters=wanted | {"tab": tab.value},
        choices=SimpleNamespace(
            movements=choices.movements(), units=choices.units(), steps=choices.steps()
        ),
        tasks=[_row(item, tab) for item in items],
        page=Pages(filters.page, total),
    )


def _tab() -> Tab:
    """The tab asked for; without asking, the first that has something waiting."""
    if request.args.get("tab") in set(Tab):
        return Tab(request.args["tab"])
    counts = boxes.counts(reader(), actor())
    return Tab.GROUPS if not counts[Tab.MINE] and counts[Tab.GROUPS] else Tab.MINE


def _row(item: Item, tab: Tab) -> dict[str, object]:
    task, nomination = item.task, item.nomination
    definition = deployments.definition_of(reader(), nomination.instance)
    running = nomination.instance.status == InstanceStatus.RUNNING
    outcome = nomination.instance.variables.get("outcome")
    return {
        "id": task.id,
        "nominee": nomination.nominee.name,
        "award": nomination.award.name,
        "code": nomination.code,
        "step": choices.step(definition, task.element_id),
        "unit": nomination.unit.name,
        "due_at": task.due_at,
        "is_overdue": task.due_at is not None and task.due_at < now(),
        "opened_at": task.opened_at,
        "is_returned": tab != Tab.DONE and running and outcome == Outcome.RETURN,
        "is_suspended": running and nomination.instance.suspended_at is not None,
        "holder": "",
        "closed_at": task.closed_at,
        "outcome": choices.outcome(task.outcome) if tab == Tab.DONE else "",
    }
