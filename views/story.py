"""A nomination's story in the words and shapes of its page."""

from collections.abc import Mapping, Sequence

from awards import access, outside, timeline
from awards.journey import Journey
from awards.timeline import Moment
from forms.answers import answers
from languages import gettext as _
from models.deadlines import Clock
from models.organisation import Person
from models.papers import Decision, Notice, NoticeKind
from models.process import InstanceStatus
from models.tasks import UserTask
from views import signed_papers
from views.dossier import SEEN_ELSEWHERE, Dossier
from views.web import actor, now, reader
from views.wording import acting_as, date_, told
from workflows import clocks


def moments(dossier: Dossier) -> list[Moment]:
    """What happened, newest first, as far as it is the reader's affair."""
    found = timeline.of(reader(), dossier.nomination)
    if access.sees_inside(actor()):
        return found
    return outside.told(found, dossier.definition)


def stages(
    dossier: Dossier, task: UserTask | None, holder: Person | None, way: Journey
) -> list[dict[str, str]]:
    """The steps of the main path: behind, here, ahead."""
    route = dossier.definition.user_tasks
    here = next((n for n, step in enumerate(route) if step.id == way.current), len(route))
    if task is None:  # ended: what was passed is behind, the rest was never reached
        return [
            {
                "name": told(step.stage or step.name),
                "state": "done" if step.id in way.done else "todo",
                "note": "",
            }
            for step in route
        ]
    note = ""
    if holder and outside.may_know(actor(), dossier.definition, task.element_id):
        note = holder.name
    return [
        {
            "name": told(step.stage or step.name),
            "state": "done" if n < here else "current" if n == here else "todo",
            "note": note if n == here else "",
        }
        for n, step in enumerate(route)
    ]


def diagram(way: Journey) -> dict[str, str]:
    """What the diagram marks, as space-separated ids; from outside, where it is and no more."""
    is_told = access.sees_inside(actor())
    return {
        "done": " ".join(way.done) if is_told else "",
        "current": way.current,
        "flows": " ".join(way.flows) if is_told else "",
    }


def next_steps(dossier: Dossier, task: UserTask | None) -> list[str]:
    """Who acts now and by when, and the steps that follow if all agree."""
    if dossier.nomination.instance.status == InstanceStatus.ENDED or task is None:
        return []
    route = dossier.definition.user_tasks
    here = next(n for n, step in enumerate(route) if step.id == task.element_id)
    first = _("%(step)s (%(who)s)", who=told(route[here].lane), step=told(route[here].name))
    if task.due_at is not None:
        first = _("%(what)s, hạn %(date)s", what=first, date=date_(task.due_at))
    return [
        first,
        *(
            _("%(step)s (%(who)s)", who=told(step.lane), step=told(step.name))
            for step in route[here + 1 :]
        ),
    ]


def entry(
    moment: Moment,
    dossier: Dossier,
    *,
    leads: Sequence[Mapping[str, object]],
    links: Sequence[Mapping[str, str]],
) -> dict[str, object]:
    """One line of the timeline, with what was entered where the diagram drew the form.

    `leads` says where it led and why, `links` to what else there is of it.
    """
    note = _drawn_answers(moment, dossier)
    if moment.items:
        note = _("%(count)s mục cần bổ sung", count=len(moment.items))
    if moment.answer_by:
        note = _("%(note)s, hạn %(date)s", note=note, date=date_(moment.answer_by))
    return {
        "at": moment.at,
        "who": moment.who,
        "acting_as": acting_as(moment.acting_as, moment.on_behalf_of),
        "act": act(moment),
        "outcome": moment.outcome,
        "reason": moment.reason,
        "note": note,
        "leads": leads,
        "links": links,
    }


def act(moment: Moment) -> str:
    """What happened, in the reader's language."""
    return filled(moment.message, moment.values)


def filled(message: str, values: Mapping[str, str]) -> str:
    """A marked sentence in the reader's language, and so are the steps that it speaks of."""
    return told(message, **{name: told(value) for name, value in values.items()})


def _drawn_answers(moment: Moment, dossier: Dossier) -> str:
    filled = moment.submission
    if filled is None or filled.form_key not in dossier.context.drawn:
        return ""
    found = answers(
        filled.form_key, dossier.context, filled.content, without=SEEN_ELSEWHERE
    )
    return " · ".join(
        _("%(label)s: %(text)s", label=label, text=text) for label, text in found
    )


def decision(found: Decision | None) -> dict[str, object] | None:
    """The decision that awards the nomination."""
    if found is None:
        return None
    return {
        "id": found.id,
        "symbol": found.symbol,
        "issued_on": found.issued_on,
        "signer": found.signer_name,
        "has_paper": found.paper_sha256 is not None,
        "signed_address": signed_papers.address_of(found),
    }


def notice(found: Notice) -> dict[str, object]:
    """A notice to the unit."""
    return {
        "id": found.id,
        "code": found.nomination.code,
        "nominee": found.nomination.nominee.name,
        "is_cancellation": found.kind == NoticeKind.CANCELLED,
        "reason": found.reason,
        "created_at": found.created_at,
    }


def clock(found: Clock | None) -> str:
    """How much of the statutory period is used up, in one sentence; nothing before it starts."""
    if found is None:
        return ""
    counted = _(
        "Thời hạn thẩm định: đã dùng %(used)s/%(allowed)s ngày làm việc",
        used=clocks.used(found, now()),
        allowed=found.allowed_days,
    )
    due_at = clocks.due_at(found)
    if found.stopped_at is not None:
        return str(_("%(counted)s, đã kết thúc.", counted=counted))
    if due_at is None:
        return str(_("%(counted)s, đang tạm dừng.", counted=counted))
    return str(_("%(counted)s, đến hết %(date)s.", counted=counted, date=date_(due_at)))
