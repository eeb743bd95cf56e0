"""Nominations as rows of a table."""

from awards.listings import Row, Status
from models.organisation import Person
from models.process import ProcessInstance
from models.tasks import UserTask
from views.choices import statuses
from views.web import reader
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
    """Who has it: the person who claimed it, or the office whose turn it is."""
    if task is None:
        return ""
    if person is not None:
        return person.name
    elements = deployments.definition_of(reader(), instance).elements
    return told(elements[task.element_id].lane)
