"""Nominations as rows of a table."""

from awards.listings import Row, Status
from awards.tables import nominations
from models.organisation import Person
from models.process import ProcessInstance
from models.tasks import UserTask
from views.web import reader
from views.wording import told


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
    return told(nominations.stage(reader(), row))


def holder(instance: ProcessInstance, task: UserTask | None, person: Person | None) -> str:
    """Who has it: the person who claimed it, or the office whose turn it is."""
    if task is None:
        return ""
    if person is not None:
        return person.name
    return told(nominations.office(reader(), instance, task))
