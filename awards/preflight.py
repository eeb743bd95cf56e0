"""Which of many chosen tasks can be completed together, and why the others cannot."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, select
from sqlalchemy.orm import Session, aliased

from models.awards import Outcome
from models.batches import Batch, BatchItem, BatchState, ItemState
from models.organisation import Person
from models.process import ProcessDefinition, ProcessInstance
from models.tasks import OPEN, Draft, UserTask
from workflows import barriers, deployments
from workflows.actors import Actor
from workflows.diagrams import Element
from workflows.errors import WorkflowError
from workflows.words import N_

_CLOSED = N_("Việc này đã được xử lý.")
_TAKEN = N_("%(name)s đang giữ việc này.")
_CHANGED = N_("Việc này đã thay đổi từ khi bạn mở danh sách.")
_SINGLE = N_("Bước “%(step)s” cần nhập riêng cho từng hồ sơ.")
_ELSEWHERE = N_("Việc này đang được xử lý trong một lượt khác.")
_DRAFTED = N_("Bạn có bản nháp ở việc này. Mở riêng việc này để gửi.")
_DOUBTED = N_("Chuyên viên thẩm định đề nghị không khen.")
_OTHER_STEP = N_("Việc này ở bước khác: “%(step)s”. Chọn riêng các việc của bước đó.")


@dataclass(frozen=True, slots=True)
class Checked:
    """A chosen task: the step where it is, and what is to be said of it, if anything.

    One that can be completed with the others may have a message too: what its own page warns of.
    """

    task_id: int
    revision: int
    element: Element
    is_good: bool
    message: str = ""
    values: tuple[tuple[str, str], ...] = ()
    barred: WorkflowError | None = None
    """What keeps the person from the task, if that alone stands against it."""


def check(
    session: Session,
    chosen: Mapping[int, int],
    *,
    actor: Actor,
    suits: Callable[[str], bool],
) -> list[Checked]:
    """Look at the chosen tasks in the order given; `chosen` are the revisions the actor saw.

    `suits` says of a form whether it can be answered for many. Tasks outside the actor's queues
    are left out, as if they did not exist. All that nothing stands against are at one step: the
    one at which most of them are.
    """
    rows = {row.id: row for row in session.execute(_query(chosen, actor))}
    barred = barriers.against(session, actor, list(rows.values()))
    elements = _elements(session, rows.values())
    found = []
    for task_id, revision in chosen.items():
        if (row := rows.get(task_id)) is None:
            continue
        element = elements[row.definition_id][row.element_id]
        message, values = _against(row, revision, element, actor, suits)
        if not message and (error := barred.get(task_id)):
            told = tuple((k, str(v)) for k, v in error.values.items())
            one = Checked(task_id, revision, element, not error, error.message, told, error)
        else:
            one = Checked(task_id, revision, element, not message, message, values)
        found.append(replace(one, message=_warning(row)) if one.is_good else one)
    return _at_one_step(found)


def _query(chosen: Mapping[int, int], actor: Actor) -> Select[*tuple[Any, ...]]:
    holder = aliased(Person)
    return (
        select(
            UserTask.id,
            UserTask.instance_id,
            UserTask.queue,
            UserTask.element_id,
            UserTask.state,
            UserTask.assignee_id,
            UserTask.revision,
            ProcessInstance.definition_id,
            ProcessInstance.variables,
            holder.name.label("holder"),
            _drafted(actor).label("is_drafted"),
            _under_way().label("is_elsewhere"),
        )
        .join(UserTask.instance)
        .outerjoin(holder, holder.id == UserTask.assignee_id)
        .where(UserTask.id.in_(chosen), UserTask.queue.in_(actor.queues))
    )


def _drafted(actor: Actor) -> ColumnElement[bool]:
    return exists().where(Draft.task_id == UserTask.id, Draft.person_id == actor.id)


def _under_way() -> ColumnElement[bool]:
    return exists().where(
        BatchItem.task_id == UserTask.id,
        BatchItem.state == ItemState.WAITING,
        BatchItem.batch_id == Batch.id,
        Batch.state == BatchState.CONFIRMED,
    )


def _elements(
    session: Session, rows: Iterable[Row[*tuple[Any, ...]]]
) -> dict[int, Mapping[str, Element]]:
    ids = {row.definition_id for row in rows}
    query = select(ProcessDefinition).where(ProcessDefinition.id.in_(ids))
    return {
        row.id: deployments.parsed(session, row).elements for row in session.scalars(query)
    }


def _against(
    row: Row[Any],
    revision: int,
    element: Element,
    actor: Actor,
    suits: Callable[[str], bool],
) -> tuple[str, tuple[tuple[str, str], ...]]:
    mine = row.assignee_id == actor.id
    if row.state not in OPEN:
        return _CLOSED, ()
    if row.assignee_id is not None and not mine:
        return _TAKEN, (("name", row.holder or ""),)
    if row.revision != revision and not (mine and row.revision == revision + 1):
        return _CHANGED, ()
    if not suits(element.form_key):
        return _SINGLE, (("step", element.name),)
    if row.is_elsewhere:
        return _ELSEWHERE, ()
    if row.is_drafted:
        return _DRAFTED, ()
    return "", ()


def _warning(row: Row[Any]) -> str:
    """What the specialist proposes against a case, where it is the head's to take over or not."""
    doubted = row.variables.get("proposal") == Outcome.REFUSE
    return _DOUBTED if doubted and row.element_id == "approve_by_department" else ""


def _at_one_step(found: Sequence[Checked]) -> list[Checked]:
    forms = Counter(one.element.form_key for one in found if one.is_good)
    most = forms.most_common(1)[0][0] if forms else ""
    return [
        one
        if not one.is_good or one.element.form_key == most
        else replace(
            one,
            is_good=False,
            message=_OTHER_STEP,
            values=(("step", one.element.name),),
        )
        for one in found
    ]
