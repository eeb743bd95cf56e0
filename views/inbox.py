"""The reviewer's inbox."""

from types import SimpleNamespace

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from awards import access
from awards import inbox as boxes
from awards.inbox import Filters, Item, Tab
from forms import many
from forms.many import ChooseForm
from views import badges, choices, reads
from views.guards import allow
from views.parsing import Pages, asked, page_number
from views.web import actor, now, reader
from workflows import barriers, deployments

inbox = Blueprint("inbox", __name__)
FILTERS = ("movement", "unit", "step", "overdue", "q")


@inbox.get("/inbox")
@allow(access.works_on_tasks)
def show() -> ResponseReturnValue:
    """One tab of the inbox, filtered."""
    counts = badges.waiting()
    tab, number = _tab(counts), page_number()
    wanted = asked(*FILTERS)
    filters = filters_of(wanted, page=number)
    items, total = boxes.items(reader(), actor(), tab, filters, now())
    codes = [item.code for item in items]
    reads.searched("inbox", filters.q, codes, total)
    barred = barriers.against(reader(), actor(), [] if tab == Tab.DONE else items)
    rows = [_row(item, tab) | {"is_barred": item.id in barred} for item in items]
    return render_template(
        "inbox/index.html",
        tab=tab.value,
        counts={name.value: n for name, n in counts.items()}
        | {"escalated": boxes.escalated(reader(), actor())},
        filters=wanted | {"tab": tab.value},
        choices=SimpleNamespace(
            movements=choices.movements(), units=choices.units(), steps=choices.steps()
        ),
        tasks=rows,
        page=Pages(number, total),
        choose=_choosing(tab, rows),
        stands_in=[post for post in actor().posts if post.on_behalf_of],
    )


def filters_of(wanted: dict[str, str], *, page: int = 1) -> Filters:
    """What the address asks the inbox for."""
    return Filters(
        movement=wanted.get("movement", ""),
        unit=wanted.get("unit", ""),
        step=wanted.get("step", ""),
        is_overdue="overdue" in wanted,
        q=wanted.get("q", ""),
        page=page,
    )


def _tab(counts: dict[Tab, int]) -> Tab:
    """The tab asked for; without asking, the first that has something waiting."""
    if request.args.get("tab") in set(Tab):
        return Tab(request.args["tab"])
    return Tab.GROUPS if not counts[Tab.MINE] and counts[Tab.GROUPS] else Tab.MINE


def _choosing(tab: Tab, rows: list[dict[str, object]]) -> ChooseForm | None:
    """The form that sends the ticked rows, where any of them can be done with others."""
    is_open = tab in (Tab.MINE, Tab.GROUPS) and any(row["is_for_many"] for row in rows)
    return ChooseForm(formdata=None) if is_open else None


def _row(item: Item, tab: Tab) -> dict[str, object]:
    post = actor().post_for(item.queue)
    definition = deployments.known(reader(), item.definition_id, item.definition_sha256)
    element = definition.elements.get(item.element_id)
    is_open = tab != Tab.DONE and item.is_running
    return {
        "id": item.id,
        "revision": item.revision,
        "is_for_many": element is not None and many.suits(element.form_key),
        "nominee": item.nominee,
        "award": item.award,
        "code": item.code,
        "step": choices.step(definition, item.element_id),
        "unit": item.unit,
        "due_at": item.due_at,
        "is_overdue": item.due_at is not None and item.due_at < now(),
        "opened_at": item.opened_at,
        "is_returned": is_open and item.is_returned,
        "is_suspended": item.is_running and item.suspended_at is not None,
        "holder": "",
        "on_behalf_of": post.holder if post else "",
        "closed_at": item.closed_at,
        "outcome": choices.outcome(item.outcome) if tab == Tab.DONE else "",
    }
