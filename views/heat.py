"""The heat map of the overview: the route that most nominations wait on, or another one."""

import json
from dataclasses import dataclass

from flask import request, url_for

from awards import routes
from awards.survey import Stage, Survey
from languages import gettext as _
from models.process import ProcessDefinition
from views.web import reader
from views.wording import number, told
from workflows import deployments

_RINGS = 3


@dataclass(frozen=True, slots=True)
class Route:
    """A process in force, and how many nominations wait on its steps."""

    key: str
    name: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Heat:
    """What is drawn: `steps` is the JSON of static/diagram.js; `routes` all there are to choose."""

    drawn: Route
    routes: list[Route]
    steps: str

    @property
    def url(self) -> str:
        """Where the drawing is."""
        return url_for("overview.diagram", process=self.drawn.key)


def of(found: Survey) -> Heat | None:
    """The map of what waits; None while no award has a process."""
    drawable = [_route(row, found) for row in routes.in_force(reader())]
    if not drawable:
        return None
    wanted = [route for route in drawable if route.key == request.args.get("process")]
    drawn = max(wanted or drawable, key=lambda route: route.waiting)
    return Heat(drawn, drawable, _steps(found))


def row(key: str) -> ProcessDefinition | None:
    """The version in force of a process that an award has; the first, if none is named."""
    return next((row for row in routes.in_force(reader()) if key in ("", row.key)), None)


def _route(row: ProcessDefinition, found: Survey) -> Route:
    definition = deployments.parsed(reader(), row)
    waiting = sum(
        one.waits.count for one in found.stages if one.element_id in definition.elements
    )
    return Route(row.key, told(definition.name), waiting)


def _steps(found: Survey) -> str:
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
