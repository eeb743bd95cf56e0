"""A nomination as pages show it: facts, criteria, papers, findings, changes.

Gathers what tables and submissions hold into the shapes that templates name in their first lines.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy.orm import Session

from awards import access, comments, files, identities, outside
from awards.listings import PREPARING, Status, status_of
from awards.timeline import Moment, ReturnRequest, missing_items
from forms import generated
from forms.answers import answers, outcome_text
from forms.base import StepContext
from forms.simple import KINDS
from languages import gettext as _
from models.awards import Criterion, Nomination, Outcome
from models.organisation import Unit
from models.papers import Attachment
from models.process import InstanceStatus
from models.tasks import Submission, UserTask
from views import choices
from views.web import actor, now
from views.wording import acting_as, date_, told
from workflows import calendar, deployments, submissions
from workflows.definitions import Definition

SEEN_ELSEWHERE = frozenset({"outcome", "opinion", "reason"})


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything one page says about a nomination, read once."""

    nomination: Nomination
    definition: Definition
    context: StepContext
    entries: Sequence[Submission]
    attachments: Sequence[Attachment]


def gather(session: Session, nomination: Nomination) -> Dossier:
    """Read what the nomination's pages need."""
    entries = submissions.of(session, nomination.instance_id)
    attachments = files.of(session, nomination.id)
    earlier: dict[str, Mapping[str, Any]] = {e.element_id: e.content for e in entries}
    criteria = [
        c for c in nomination.movement.criteria if c.nominee_kind == nomination.nominee.kind
    ]
    definition = deployments.definition_of(session, nomination.instance)
    context = StepContext(
        today=calendar.today(now()),
        nominee_kind=nomination.nominee.kind,
        criteria=criteria,
        items=nomination.award.dossier_items,
        attachments=attachments,
        earlier=earlier,
        drawn=generated.forms(definition.elements),
        requested=_requested(entries),
        received_on=nomination.received_on,
        created_on=calendar.today(nomination.created_at),
    )
    return Dossier(nomination, definition, context, entries, attachments)


def _requested(entries: Sequence[Submission]) -> tuple[str, ...]:
    """What the newest act asks for, if it returned the nomination."""
    last = entries[-1].content if entries else {}
    return missing_items(last) if last.get("outcome") == Outcome.RETURN else ()


def head(nomination: Nomination) -> dict[str, object]:
    """What the head of every page about the nomination says."""
    return {
        "code": nomination.code,
        "nominee": nomination.nominee.name,
        "award": nomination.award.name,
        "unit": nomination.unit.name,
        "movement_code": nomination.movement.code,
    }


def card(dossier: Dossier, task: UserTask | None) -> dict[str, object]:
    """The nomination's head: code, names, how it stands."""
    nomination = dossier.nomination
    return head(nomination) | {
        "status": status_of(nomination, task, now()).value,
        "public_status": public_status(dossier, task),
    }


def public_status(dossier: Dossier, task: UserTask | None) -> str:
    """How it stands, in one sentence that the unit may read."""
    if task is None and dossier.nomination.instance.status == InstanceStatus.RUNNING:
        return str(_("Đang chờ một bước tự động."))
    if task is None:
        return _ended(status_of(dossier.nomination, None, now()))
    if dossier.nomination.instance.suspended_at is not None:
        return str(_("Đang tạm dừng để quản trị quy trình xử lý."))
    element = dossier.definition.elements[task.element_id]
    text = told(element.public_status) or _(
        "Đang ở bước “%(step)s”", step=told(element.name)
    )
    if task.due_at is None:
        return f"{text}."
    if task.due_at < now():
        return str(
            _("%(status)s, đã quá hạn %(date)s.", status=text, date=date_(task.due_at))
        )
    return str(_("%(status)s, hạn %(date)s.", status=text, date=date_(task.due_at)))


def _ended(status: Status) -> str:
    match status:
        case Status.AWARDED:
            return str(_("Được khen thưởng."))
        case Status.NOT_SELECTED:
            return str(_("Không được Khối thi đua suy tôn."))
        case Status.REFUSED:
            return str(_("Không khen; đơn vị đã được thông báo lý do."))
        case Status.CANCELLED:
            return str(_("Đã bị hủy; đơn vị đã được thông báo lý do."))
        case _:
            return str(_("Đơn vị đã rút hồ sơ."))


def facts(nomination: Nomination, identity_number: str = "") -> list[tuple[str, str]]:
    """The nomination's facts as label and text; the identity number masked, unless it is given."""
    nominee = nomination.nominee
    name = f"{nominee.honorific} {nominee.name}".strip()
    found = [
        (_("Đối tượng"), str(KINDS[nominee.kind.value])),
        (_("Tên"), name),
        (_("Ngày sinh"), date_(nominee.birth_date)),
        (
            _("Số định danh"),
            identity_number or identities.masked(nominee.identity_number),
        ),
        (_("Chức vụ"), nominee.position),
        (_("Đơn vị"), _unit(nomination.unit)),
        (_("Khối thi đua"), nomination.block.name if nomination.block else ""),
        (
            _("Trực tiếp phục vụ tổ chức, công dân"),
            _("Có") if nominee.is_serving_public else "",
        ),
        (_("Lãnh đạo, quản lý"), _("Có") if nominee.is_leader else ""),
        (_("Hình thức khen"), nomination.award.name),
        (_("Phong trào"), nomination.movement.name),
        (_("Tiếp nhận để thẩm định"), date_(nomination.received_on)),
    ]
    return [(label, text) for label, text in found if text]


def _unit(unit: Unit) -> str:
    """The unit by the name it had; who looks after it, once it has ended."""
    if unit.keeper is None:
        return unit.name
    return str(
        _("%(unit)s, nay do %(keeper)s tiếp nhận", unit=unit.name, keeper=unit.keeper.name)
    )


def criteria(dossier: Dossier) -> list[dict[str, object]]:
    """Each criterion with what the unit claimed and, for the offices, what the appraisal found."""
    own = dossier.context.earlier.get("prepare_nomination", {})
    found = dossier.context.earlier.get("appraise", {})
    if not access.sees_inside(actor()):
        found = {}
    return [_criterion(line, own, found) for line in dossier.context.criteria]


def _criterion(
    line: Criterion, own: Mapping[str, Any], found: Mapping[str, Any]
) -> dict[str, object]:
    verdict = found.get(f"verdict__{line.code}")
    return {
        "name": line.name,
        "measure": line.measure,
        "max_points": line.max_points,
        "self_score": own.get(f"score__{line.code}"),
        "self_evidence": own.get(f"evidence__{line.code}") or "",
        "is_met": None if not verdict else verdict == "met",
        "points": found.get(f"points__{line.code}"),
        "note": found.get(f"note__{line.code}") or "",
    }


def totals(dossier: Dossier) -> dict[str, int | None]:
    """The sums: what the unit gave itself, what the Khối gave, what the appraisal gave."""
    lines = criteria(dossier)
    return {
        "self": _sum(line["self_score"] for line in lines),
        "department": _sum(line["points"] for line in lines),
        "block": dossier.context.earlier.get("review_by_block", {}).get("score"),
    }


def _sum(values: Any) -> int | None:
    given = [value for value in values if value is not None]
    return sum(given) if given else None


def items(dossier: Dossier) -> list[dict[str, object]]:
    """The dossier paper by paper, with the files that are there."""
    return [
        {
            "name": item.name,
            "is_required": item.is_required,
            "legal_basis": item.legal_basis,
            "files": [file for file in dossier.attachments if file.item_code == item.code],
        }
        for item in dossier.context.items
    ]


def findings(dossier: Dossier, moments: Sequence[Moment]) -> list[dict[str, object]]:
    """What the steps before said, newest first."""
    said = [
        moment for moment in moments if moment.outcome and moment.submission is not None
    ]
    return [_finding(dossier, moment) for moment in said]


def _finding(dossier: Dossier, moment: Moment) -> dict[str, object]:
    entry = moment.submission
    assert entry is not None  # noqa: S101 - findings() has seen to it
    without = SEEN_ELSEWHERE | {name for name in entry.content if "__" in name}
    if entry.form_key == "prepare_nomination":  # its facts stand above, whole
        without |= set(entry.content)
    asked = [(_("Cần bổ sung"), "\n".join(moment.items))] if moment.items else []
    return {
        "step": choices.step(dossier.definition, moment.element_id),
        "who": moment.who,
        "acting_as": acting_as(moment.acting_as, moment.on_behalf_of),
        "at": moment.at,
        "outcome": outcome_text(entry.form_key, dossier.context, entry.content),
        "opinion": moment.reason,
        "facts": asked
        + answers(
            entry.form_key, dossier.context, entry.content, without=frozenset(without)
        ),
    }


def proposal(dossier: Dossier, task: UserTask) -> str:
    """What the step before proposes, where it is this step's to take it over or not."""
    proposed = dossier.nomination.instance.variables.get("proposal")
    if task.element_id == "approve_by_department" and proposed == Outcome.REFUSE:
        return str(_("Chuyên viên thẩm định đề nghị không khen."))
    return ""


def remarks(session: Session, nomination: Nomination) -> list[dict[str, object]]:
    """The comments as pages show them."""
    return [
        {
            "author": comment.author.name,
            "acting_as": comment.acting_as,
            "at": comment.created_at,
            "text": comment.text,
        }
        for comment in comments.of(session, nomination.id)
    ]


def known(dossier: Dossier) -> dict[str, object]:
    """What a first step starts from: the facts the nomination was set up with."""
    nominee = dossier.nomination.nominee
    return {
        "nominee_name": nominee.name,
        "honorific": nominee.honorific,
        "birth_date": nominee.birth_date.isoformat() if nominee.birth_date else None,
        "position": nominee.position,
        "is_serving_public": nominee.is_serving_public,
        "is_leader": nominee.is_leader,
        "achievements": dossier.nomination.achievements,
    }


def request_card(
    dossier: Dossier, task: UserTask | None, request: ReturnRequest | None
) -> SimpleNamespace | None:
    """A return that waits for an answer, for those whose affair it is."""
    if request is None or task is None:
        return None
    if not outside.may_know(actor(), dossier.definition, task.element_id):
        return None
    return SimpleNamespace(
        is_for_unit=task.element_id == PREPARING,
        step=choices.step(dossier.definition, request.element_id),
        who=request.who,
        at=request.at,
        reason=request.reason,
        items=request.items,
        supplement_by=request.answer_by,
    )
