"""The overview: where nominations wait, how long steps take, who is behind; a page and a paper."""

from types import SimpleNamespace

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from awards import access, survey, survey_papers, tallies
from awards.listings import Row
from awards.names import STATUSES
from awards.survey import Stage, Survey, Week
from awards.waiting import Holder
from forms.simple import ExportForm
from views import heat, narrowing, saved_views
from views.downloads import inert
from views.guards import allow
from views.narrowing import board_url, role_name
from views.rows import nomination_row
from views.web import actor, now, reader
from views.wording import date_, told
from workflows import calendar, diagrams

overview = Blueprint("overview", __name__, url_prefix="/board")


@overview.get("/overview")
@allow(access.follows_nominations)
def show() -> ResponseReturnValue:
    """Counts, days per step, the diagram by how many wait and how long, the season, the oldest."""
    wanted = narrowing.overview()
    found = survey.make(reader(), actor(), narrowing.filters(wanted), now())
    board = {name: value for name, value in wanted.items() if name != "stage"}
    return render_template(
        "board/overview.html",
        found=found,
        waiting_url=_waiting_url(wanted),
        stages=[_stage(one, board) for one in found.stages],
        slowest=[_stage(one, board) for one in found.slowest],
        ends=_ends(found, board),
        holders=[_holder(one, wanted) for one in found.holders],
        weeks=[_week(one, board) for one in found.weeks],
        oldest=[_old(row) for row in found.oldest],
        heat=heat.of(found),
        board=board,
        filters=wanted,
        choices=narrowing.pickers(),
        views=saved_views.offered("overview", wanted),
        export_form=ExportForm(formdata=None),
    )


@overview.get("/overview.pdf")
@allow(access.follows_nominations)
def paper() -> ResponseReturnValue:
    """The same on one sheet of paper, without anybody's name."""
    wanted = narrowing.overview()
    found = survey.make(reader(), actor(), narrowing.filters(wanted), now())
    pdf = survey_papers.render(reader(), found, wanted, actor=actor(), now=now())
    response = Response(pdf, mimetype="application/pdf")
    response.headers.set(
        "Content-Disposition",
        "inline",
        filename=f"toan-canh-{calendar.today(now()):%Y-%m-%d}.pdf",
    )
    response.headers["Cache-Control"] = "no-store"
    return inert(response)


@overview.get("/diagram.bpmn")
@allow(access.follows_nominations)
def diagram() -> ResponseReturnValue:
    """A route that nominations take now, as the page draws it."""
    row = heat.row(request.args.get("process", "")) or abort(404)
    xml = diagrams.translated(row.xml, told)
    return inert(Response(xml, mimetype="application/xml"))


def _waiting_url(wanted: dict[str, str]) -> str:
    """All at the step, or all that this week does not see end."""
    week = {} if "stage" in wanted else {"stood": tallies.monday(now()).isoformat()}
    return board_url(wanted, **week)


def _stage(one: Stage, board: dict[str, str]) -> SimpleNamespace:
    here = board | {"stage": one.element_id}
    return SimpleNamespace(
        name=told(one.name),
        allowed=one.allowed,
        waiting=one.waits.count,
        late=one.waits.late,
        longest=one.waits.longest,
        passed=one.passed,
        median=one.median,
        most=one.most,
        rank=one.rank,
        is_slow=one.is_slow,
        is_long=one.allowed is not None and one.waits.longest > one.allowed,
        url=board_url(here),
        late_url=board_url(here, status="overdue"),
        longest_url=board_url(here, sort="waited"),
        passed_url=board_url(board, passed=one.element_id),
    )


def _ends(found: Survey, board: dict[str, str]) -> list[SimpleNamespace]:
    names = {status.value: name for status, name in STATUSES.items()}
    return [
        SimpleNamespace(
            name=told(names[key]),
            count=count,
            url=board_url(board, status=key.value),
        )
        for key, count in found.ends.items()
    ]


def _holder(one: Holder, wanted: dict[str, str]) -> SimpleNamespace:
    role = role_name(one.role)
    lists = {**wanted, "status": "overdue", "holder": one.key}
    return SimpleNamespace(
        name=one.person or role,
        second=", ".join(filter(None, [role if one.person else "", one.place])),
        is_person=bool(one.person),
        count=one.count,
        since=one.since,
        url=board_url(lists) if access.sees_inside(actor()) else "",
    )


def _week(one: Week, board: dict[str, str]) -> SimpleNamespace:
    day = one.monday.isoformat()
    return SimpleNamespace(
        name=date_(one.monday),
        label=f"{one.monday:%d/%m}",
        arrived=one.arrived,
        ended=one.ended,
        waiting=one.waiting,
        arrived_url=board_url(board, arrived=day),
        ended_url=board_url(board, ended=day),
        waiting_url=board_url(board, stood=day),
    )


def _old(row: Row) -> dict[str, object]:
    started = calendar.today(row.nomination.instance.started_at)
    days = calendar.working_days_between(started, calendar.today(now()))
    return nomination_row(row) | {"started": started, "days": days}
