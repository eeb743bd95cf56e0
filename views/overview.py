"""The overview: where nominations wait, how long steps take, who is behind; a page and a paper."""

import json
from types import SimpleNamespace

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from awards import access, survey, survey_papers, tallies
from awards.listings import Row
from awards.names import STATUSES
from awards.survey import Stage, Survey, Week
from awards.waiting import Holder
from forms.simple import ExportForm
from models.awards import Award
from models.process import ProcessDefinition
from views import narrowing, saved_views
from views.downloads import inert
from views.guards import allow
from views.narrowing import board_url, role_name
from views.rows import nomination_row
from views.web import actor, now, reader
from views.wording import date_, number, told
from workflows import calendar, deployments, diagrams

overview = Blueprint("overview", __name__, url_prefix="/board")
_RINGS = 3


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
        heat=_heat(found),
        is_drawn=_route() is not None,
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
    """The route that nominations take now, as the page draws it."""
    row = _route() or abort(404)
    xml = diagrams.translated(row.xml, told)
    return inert(Response(xml, mimetype="application/xml"))


def _route() -> ProcessDefinition | None:
    key = reader().scalar(select(Award.process_key).order_by(Award.id).limit(1))
    return deployments.latest(reader(), key) if key else None


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


def _heat(found: Survey) -> str:
    """For each step how warm it is, by the time allowed, how thick its ring, and both in words."""
    most = max((one.waits.count for one in found.stages), default=0)
    return json.dumps(
        {
            one.element_id: {
                "heat": _warmth(one),
                "ring": -(-one.waits.count * _RINGS // most),
                "count": str(_("%(count)s hồ sơ", count=number(one.waits.count))),
                "days": _days(one),
            }
            for one in found.stages
            if one.waits.count
        }
    )


def _days(one: Stage) -> str:
    if one.allowed is None:
        return str(_("%(days)s ngày", days=one.waits.middle))
    return str(_("%(days)s/%(allowed)s ngày", days=one.waits.middle, allowed=one.allowed))


def _warmth(one: Stage) -> int:
    middle, allowed = one.waits.middle, one.allowed
    if allowed is None or middle * 2 <= allowed:
        return 1
    return 2 if middle <= allowed else 3
