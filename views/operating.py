"""Operators' acts in words: what they are called, what they would do, why they cannot be done."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy.orm import Session

from forms.operations import KINDS
from languages import gettext as _
from models.operations import OperatorAct, OperatorActKind
from models.process import ProcessInstance
from models.tasks import UserTask
from views import choices
from views.web import now, reader
from views.wording import told
from workflows import deployments, instances, operations
from workflows.errors import WorkflowError
from workflows.operations import Plan, Trial

Names = Mapping[int, str]


class Outlook(NamedTuple):
    """What an act would do now, in sentences; or the one that says why it cannot be done."""

    effects: list[str]
    obstacle: str


def kind(act: OperatorAct) -> str:
    """What an act is called."""
    return str(KINDS[act.kind.value])


def outlook(session: Session, act: OperatorAct, names: Names) -> Outlook:
    """What an act that waits would do if it were confirmed now."""
    try:
        plan = operations.plan(session, act.instance, operations.of(act), now=now())
    except WorkflowError as error:
        return Outlook([], sentence(error))
    return Outlook(effects(plan, act.instance, names), "")


def sentence(error: WorkflowError) -> str:
    """What stands against an act, with the names of steps in the reader's language."""
    values = {name: told(str(value)) for name, value in error.values.items()}
    return told(error.message, **values)


def effects(plan: Plan, instance: ProcessInstance, names: Names) -> list[str]:
    """What will happen, one sentence for each change."""
    match plan.wish.kind:
        case OperatorActKind.REASSIGN:
            return [_handover(plan, names)]
        case OperatorActKind.SUSPEND:
            return [
                _("Không ai nhận, nhả, hoàn thành việc hay rút hồ sơ được."),
                _("Hạn của việc đang mở không đổi."),
            ]
        case OperatorActKind.RESUME:
            return [_("Hồ sơ chạy tiếp từ bước đang ở.")]
        case OperatorActKind.CANCEL:
            return [
                _("Hồ sơ kết thúc với kết quả “Đã hủy” và không mở lại được."),
                *_cancelled(plan, names),
                _("Đơn vị được thông báo kèm lý do."),
            ]
        case OperatorActKind.PLACE:
            step = choices.step(plan.definition, plan.wish.element)
            return [
                *_cancelled(plan, names),
                _("Bước “%(step)s” được mở lại từ đầu.", step=step),
            ]
        case OperatorActKind.MIGRATE:
            return _moved(plan, instance, names)


def changes(trial: Trial) -> list[str]:
    """A line of the dry run: what changes for the people, beside the version."""
    move = trial.move
    if move is None:
        return []
    found = [_("giữ nguyên bước và việc đang mở")]
    if move.cancelled:
        lane = told(move.definition.elements[move.element].lane)
        found = [_("giữ nguyên bước, mở lại việc cho %(lane)s", lane=lane)]
    if move.missing:
        found.append(_("chưa có biến: %(names)s", names=", ".join(move.missing)))
    return found


def _handover(plan: Plan, names: Names) -> str:
    task = plan.task
    assert task is not None  # noqa: S101 - the plan of this kind has one
    step = choices.step(plan.definition, task.element_id)
    if plan.assignee is None:
        lane = told(plan.definition.elements[task.element_id].lane)
        return str(_("Việc “%(step)s” trở về nhóm %(lane)s.", step=step, lane=lane))
    if task.assignee_id is None:
        return str(_("Việc “%(step)s” giao cho %(to)s.", step=step, to=plan.assignee.name))
    return str(
        _(
            "Việc “%(step)s” chuyển từ %(before)s sang %(to)s.",
            step=step,
            before=names.get(task.assignee_id, ""),
            to=plan.assignee.name,
        )
    )


def _cancelled(plan: Plan, names: Names) -> list[str]:
    return [_closed(task, plan, names) for task in plan.cancelled]


def _closed(task: UserTask, plan: Plan, names: Names) -> str:
    step = choices.step(plan.definition, task.element_id)
    if task.assignee_id is None:
        return str(_("Việc “%(step)s” bị hủy.", step=step))
    who = names.get(task.assignee_id, "")
    return str(_("Việc “%(step)s” mà %(who)s đang giữ bị hủy.", step=step, who=who))


def _moved(plan: Plan, instance: ProcessInstance, names: Names) -> list[str]:
    move = plan.move
    assert move is not None  # noqa: S101 - the plan of this kind has one
    before = instance.definition.version
    step = choices.step(move.definition, move.element)
    found = [
        _(
            "Hồ sơ chuyển từ phiên bản %(before)s sang phiên bản %(after)s.",
            before=before,
            after=move.row.version,
        ),
        _("Hồ sơ vẫn ở bước “%(step)s”.", step=step),
    ]
    if move.cancelled:
        lane = told(move.definition.elements[move.element].lane)
        found += _cancelled(plan, names)
        found.append(_("Bước này được mở lại cho %(lane)s.", lane=lane))
    if move.missing:
        missing = ", ".join(move.missing)
        found.append(
            _("Phiên bản mới đọc biến mà hồ sơ chưa có: %(names)s.", names=missing)
        )
    return found


def standing(instance: ProcessInstance) -> str:
    """The steps at which an instance waits for people."""
    definition = deployments.definition_of(reader(), instance)
    tasks = instances.open_tasks(reader(), instance.id)
    return ", ".join(choices.step(definition, task.element_id) for task in tasks)
