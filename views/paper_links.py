"""Where pages offer papers: what there is of a meeting, and notices with their addresses."""

from collections.abc import Collection
from typing import Any

from flask import url_for

from awards import result_notices
from awards.proposals import meetings
from models.papers import Decision, DecisionKind
from models.proposals import Proposal
from views.web import actor, reader


def meeting(proposal: Proposal) -> dict[str, object] | None:
    """The Khối's meeting about its proposal; nothing for other proposals."""
    if not meetings.has_meeting(proposal):
        return None
    found = meetings.of(reader(), proposal)
    return {
        "is_recorded": found is not None,
        "held_on": found.held_on if found else None,
        "present": len(found.present) if found else 0,
        "members": len(meetings.members(reader(), proposal)),
        "may_record": meetings.records(actor(), proposal),
    }


def of_decision(decision: Decision) -> list[dict[str, str]]:
    """For every unit, what it is told of a decision."""
    if decision.kind != DecisionKind.AWARD:
        return []
    return [
        _notice(
            unit.name, "papers.decision_notice", decision_id=decision.id, unit=unit.code
        )
        for unit in result_notices.units_of(reader(), decision)
    ]


def seasons(units: Collection[str]) -> list[dict[str, str]]:
    """For these units, what each is told of its seasons."""
    if not units:
        return []
    return [
        _notice(
            f"{movement.name} · {unit.name}",
            "papers.season_notice",
            movement_code=movement.code,
            unit=unit.code,
        )
        for movement, unit in result_notices.seasons_of(reader(), units)
    ]


def of_season(
    movement_code: str, units: Collection[tuple[str, str]]
) -> list[dict[str, str]]:
    """For every unit (code, name) with an outcome, what it is told of the season."""
    return [
        _notice(name, "papers.season_notice", movement_code=movement_code, unit=code)
        for code, name in units
    ]


def _notice(name: str, endpoint: str, **where: Any) -> dict[str, str]:
    return {
        "name": name,
        "pdf": url_for(endpoint, **where),
        "docx": url_for(endpoint, **{**where, "as": "docx"}),
    }
