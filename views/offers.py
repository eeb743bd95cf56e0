"""What the form for an operator's act offers: the acts that make sense, and what each needs."""

from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice

from awards import people
from forms.operations import KINDS, OperationForm
from languages import gettext as _
from models.awards import Nomination
from models.operations import OperatorActKind
from models.process import ProcessInstance
from models.tasks import UserTask
from views import choices
from views.choices import Choices
from views.web import now
from views.wording import told
from workflows import calendar, deployments, instances, operations


def form(
    session: Session, nomination: Nomination, *, is_new: bool = False
) -> OperationForm:
    """The form with the choices of this nomination."""
    made = OperationForm(formdata=None) if is_new else OperationForm()
    instance = nomination.instance
    offered = {
        made.handover: handovers(session, instance),
        made.element: steps(session, instance),
        made.definition: versions(session, instance),
    }
    for field, pairs in offered.items():
        first = [SelectChoice("", _("Chọn"))]
        field.choices = first + [SelectChoice(value, text) for value, text in pairs]
    idle = {
        OperatorActKind.REASSIGN: not offered[made.handover],
        OperatorActKind.PLACE: not offered[made.element],
        OperatorActKind.MIGRATE: not offered[made.definition],
        OperatorActKind.SUSPEND: instance.suspended_at is not None,
        OperatorActKind.RESUME: instance.suspended_at is None,
    }
    made.kind.choices = [
        SelectChoice(value, name)
        for value, name in KINDS.items()
        if not idle.get(OperatorActKind(value))
    ]
    return made


def kind(made: OperationForm) -> str:
    """What the chosen act is called."""
    return str(KINDS[made.kind.data])


def handovers(session: Session, instance: ProcessInstance) -> Choices:
    """Each open task with those who could have it: `812-7`, and `812-0` for its queue."""
    definition = deployments.definition_of(session, instance)
    opened = instances.open_tasks(session, instance.id)
    found: Choices = []
    for task in opened:
        step = choices.step(definition, task.element_id)
        lane = told(definition.elements[task.element_id].lane)
        pairs = _takers(session, task, lane)
        is_only = len(opened) == 1
        found += [(value, name if is_only else f"{step}: {name}") for value, name in pairs]
    return found


def steps(session: Session, instance: ProcessInstance) -> Choices:
    """The steps one may go back to, the latest first."""
    definition = deployments.definition_of(session, instance)
    done = operations.completed_steps(session, instance, definition)
    return [(id_, choices.step(definition, id_)) for id_ in reversed(done)]


def versions(session: Session, instance: ProcessInstance) -> Choices:
    """The newer versions of the process."""
    current = instance.definition
    rows = operations.targets(session, current.key, after=current.version)
    return [(str(row.id), _("phiên bản %(number)s", number=row.version)) for row in rows]


def holders(session: Session, instance_id: int) -> dict[int, str]:
    """The names of those who hold the open tasks."""
    opened = instances.open_tasks(session, instance_id)
    return people.named(session, {t.assignee_id for t in opened if t.assignee_id})


def _takers(session: Session, task: UserTask, lane: str) -> Choices:
    found: Choices = []
    if task.assignee_id is not None:
        found.append((f"{task.id}-0", _("Trả về nhóm %(lane)s", lane=lane)))
    for person in people.serving(session, task.queue, calendar.today(now())):
        if person.id != task.assignee_id:
            text = f"{person.name}, {person.acting_as}" if person.acting_as else person.name
            found.append((f"{task.id}-{person.id}", text))
    return found
