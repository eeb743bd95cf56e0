"""Nominations as rows of a table."""

from awards import outside
from awards.listings import Row, Status
from models.organisation import Person
from models.process import ProcessInstance
from models.tasks import UserTask
from views.choices import statuses
from views.web import actor, reader
from views.wording import told
from workflows import deployments


def nomination_row(row: Row) -> dict[str, object]:
    """What the tables of board and nominations show of one nomination."""
    nomination, task = row.nomination, row.task
    return {
        "code": nomination.code,
        "nominee": nomination.nominee.name,
        "award": nomination.award.name,
        "unit": nomination.unit.name,
        "block": nomination.block.name if nomination.block else "",
        "stage": stage(row),
        "holder": holder(row.nomination.instance, task, row.holder),
        "status": row.status.value,
        "waited": row.waited,
        "allowed": row.allowed,
        "due_at": task.due_at if task else None,
        "is_overdue": row.status == Status.OVERDUE,
    }


def stage(row: Row) -> str:
    """The step where it waits, or how it ended."""
    if row.task is None:
        return dict(statuses())[row.status.value]
    elements = deployments.definition_of(reader(), row.nomination.instance).elements
    element = elements[row.task.element_id]
    return told(element.stage or element.name)


def holder(instance: ProcessInstance, task: UserTask | None, person: Person | None) -> str:
    """Who has it: the person who claimed it, or, from outside, the office whose turn it is."""
    if task is None:
        return ""
    definition = deployments.definition_of(reader(), instance)
    if person is not None and outside.may_know(actor(), definition, task.element_id):
        return person.name
    return told(definition.elements[task.element_id].lane)
