"""A nomination's story as its unit and its Khối may read it: what was decided, what is asked.

Who has it inside the province's offices, what they advise and return to one another, is their own
affair. The unit learns the outcome, and the reason of a refusal once it is final.
"""

from collections.abc import Sequence
from dataclasses import replace

from awards import access
from awards.access import PROVINCE
from awards.timeline import Moment
from models.awards import Outcome
from models.history import EventKind
from workflows.actors import Actor
from workflows.definitions import Definition
from workflows.diagrams import ElementKind
from workflows.words import N_

_PASSED_ON = N_("xem xét xong, chuyển bước tiếp theo")
_QUIET = (
    EventKind.TASK_CLAIMED,
    EventKind.TASK_UNCLAIMED,
    EventKind.TASK_RELEASED,
    EventKind.TASK_REMINDED,
    EventKind.TASK_OVERDUE,
    EventKind.TASK_ESCALATED,
    EventKind.INCIDENT_RAISED,
    EventKind.INCIDENT_RESOLVED,
)
_MECHANICS = (EventKind.TASK_REASSIGNED, EventKind.INSTANCE_MIGRATED)
_ADVICE = ("appraise",)  # what is said here is for the heads, who may think otherwise


def is_inside(definition: Definition, element_id: str) -> bool:
    """Whether a step is the offices' own. One that the definition lacks counts as theirs."""
    element = definition.elements.get(element_id)
    return element is None or element.role in PROVINCE


def may_know(actor: Actor, definition: Definition, element_id: str) -> bool:
    """Whether a step's affairs are this reader's: who has it, what was returned to it and why."""
    return access.sees_inside(actor) or not is_inside(definition, element_id)


def told(moments: Sequence[Moment], definition: Definition) -> list[Moment]:
    """These moments without what is the offices' own affair."""
    found = (
        _from_inside(moment, definition)
        if moment.element_id and is_inside(definition, moment.element_id)
        else moment
        for moment in moments
        if moment.kind not in _MECHANICS
    )
    return [moment for moment in found if moment is not None]


def _from_inside(moment: Moment, definition: Definition) -> Moment | None:
    if moment.kind in _QUIET:
        return None
    if moment.outcome == Outcome.RETURN:
        return moment if _comes_back(definition, moment.element_id) else None
    plain = replace(moment, who=moment.acting_as, acting_as="", on_behalf_of="")
    is_agreed = moment.outcome == Outcome.APPROVE
    if moment.kind != EventKind.TASK_COMPLETED or (
        not is_agreed and _may_end(definition, moment.element_id)
    ):
        return plain
    is_advice = moment.element_id in _ADVICE or not is_agreed
    return replace(
        plain,
        message=_PASSED_ON if is_advice else moment.message,
        outcome="",
        reason="",
        items=(),
        submission=None,
    )


def _comes_back(definition: Definition, step: str) -> bool:
    """Whether what this step returns goes to the unit or its Khối, not to another office."""
    steps = (one.id for one in definition.user_tasks if not is_inside(definition, one.id))
    return any(definition.way(step, one, Outcome.RETURN) for one in steps)


def _may_end(definition: Definition, step: str) -> bool:
    """Whether this step decides, and does not only advise."""
    ends = (e.id for e in definition.elements.values() if e.kind == ElementKind.END)
    return any(definition.way(step, end, Outcome.REFUSE) for end in ends)
