"""The pages of proposals, from what waits to be gathered to how the signed ones stand."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace

from flask import render_template

from awards import listings
from awards.proposals import gathering, listing, papers, rights, signing
from awards.proposals.gathering import KINDS
from awards.proposals.listing import Stand, Tab
from forms import proposals as forms
from forms.base import CommandForm, StepForm
from forms.many import ChooseForm
from forms.proposals import OpenForm, SignForm
from forms.simple import KINDS as KIND_NAMES
from forms.simple import ConfirmForm
from languages import gettext as _
from models.awards import Outcome
from models.batches import Batch
from models.organisation import Person
from models.proposals import Proposal, ProposalEntry, ProposalKind
from models.reads import ReadKind
from models.tasks import UserTask
from views import choices, paper_links, reads, signed_papers
from views.parsing import Pages, page_number
from views.rows import nomination_row
from views.web import actor, now, reader
from views.wording import told
from workflows import barriers, calendar, deployments

_STEPS = {
    ProposalKind.UNIT: "approve_by_unit",
    ProposalKind.BLOCK: "review_by_block",
    ProposalKind.DEPARTMENT: "approve_by_department",
}


@dataclass(frozen=True, slots=True)
class Entered:
    """What one row of a draft enters at its step, and what is wrong with it, if anything."""

    nomination_id: int
    form: StepForm
    error: str
    entry: ProposalEntry


def index(tab: Tab, number: int) -> str:
    """The three lists of proposals."""
    session = reader()
    found: Sequence[Proposal] = ()
    total = 0
    if tab != Tab.WAITING:
        found, total = listing.page(session, actor(), tab, number)
    waiting = listing.waiting(session, actor(), now())
    return render_template(
        "proposals/index.html",
        tab=tab.value,
        to_sign=_rows(listing.to_sign(session, actor())),
        waiting=[_waiting(one) for one in waiting],
        waiting_count=sum(one.count for one in waiting),
        rows=_rows(found),
        openings=_openings() if tab == Tab.DRAFTS else [],
        page=Pages(number, total),
    )


def draft(proposal: Proposal, form: CommandForm | None) -> str:
    """A draft: a page of its rows, to be filled in."""
    _record(proposal)
    session, number, key = reader(), page_number(), form_key(proposal)
    entries = listing.entries(session, proposal.id, number)
    tasks = signing.open_tasks(session, proposal)
    barred = barriers.against(session, actor(), list(tasks.values()))
    total = sum(listing.stands(session, [proposal.id])[proposal.id].values())
    signs = rights.signs(actor(), proposal)
    more = gathering.waiting(session, proposal.kind, proposal.queue, proposal.movement_id)
    return render_template(
        "proposals/draft.html",
        proposal=_proposal(proposal),
        form=form or forms.rows(key, entries, formdata=None),
        columns=forms.labels(key),
        rows=[
            _row(entry)
            | {
                "is_gone": entry.nomination_id not in tasks,
                "is_barred": signs
                and entry.nomination_id in tasks
                and tasks[entry.nomination_id].id in barred,
            }
            for entry in entries
        ],
        may_sign=signs,
        more=len(more),
        meeting=paper_links.meeting(proposal),
        confirm=ConfirmForm(formdata=None),
        page=Pages(number, total),
    )


def check(proposal: Proposal, form: SignForm) -> str:
    """What signing will do, and what keeps it from being done."""
    _record(proposal)
    found = entered(proposal)
    form.seen.data = forms.shown(one.entry for one in found)
    counted = Counter(one.entry.outcome for one in found)
    nominations = [one.entry.nomination for one in found]
    sent = [n for n, one in zip(nominations, found, strict=True) if _is_sent(one.entry)]
    return render_template(
        "proposals/sign.html",
        proposal=_proposal(proposal),
        form=form,
        problems=[_row(one.entry) | {"error": one.error} for one in found if one.error],
        sent=papers.counts(sent),
        sent_count=len(sent),
        kinds=_kinds(found),
        others=[_row(one.entry) for one in found if not _is_sent(one.entry)],
        outcomes=[(choices.outcome(o.value), n) for o, n in counted.items()],
    )


def signed(proposal: Proposal) -> str:
    """A signed proposal and how each of its nominations stands now."""
    _record(proposal)
    session, number = reader(), page_number()
    entries = listing.entries(session, proposal.id, number)
    tasks = listing.open_tasks(session, entries)
    stands = listing.stands(session, [proposal.id])[proposal.id]
    batch = session.get(Batch, proposal.batch_id)
    return render_template(
        "proposals/show.html",
        proposal=_proposal(proposal),
        stands=_stands(stands),
        rows=[_followed(entry, tasks.get(entry.nomination_id)) for entry in entries],
        mine=len(listing.tasks_in(session, actor(), proposal.id)),
        meeting=paper_links.meeting(proposal),
        is_sending=batch is not None and batch.done < batch.total,
        batch_id=proposal.batch_id if proposal.signed_by == actor().id else None,
        signed=signed_papers.card(proposal),
        page=Pages(number, sum(stands.values())),
    )


def tasks(proposal: Proposal, form: ChooseForm) -> str:
    """What the proposal has brought the reader, each with what is to be looked at first."""
    _record(proposal)
    session = reader()
    found = listing.tasks_in(session, actor(), proposal.id)
    barred = barriers.against(session, actor(), [task for task, _n, _e in found])
    rows = []
    for task, nomination, entry in found:
        elements = deployments.definition_of(session, nomination.instance).elements
        rows.append(
            _row(entry)
            | {
                "task_id": task.id,
                "step": told(elements[task.element_id].name),
                "due_at": task.due_at,
                "is_overdue": task.due_at is not None and task.due_at < now(),
                "warning": _warning(nomination.instance.variables, task.id in barred),
                "is_barred": task.id in barred,
            }
        )
    rows.sort(key=lambda row: not row["warning"])
    return render_template(
        "proposals/tasks.html", proposal=_proposal(proposal), rows=rows, form=form
    )


def entered(proposal: Proposal) -> list[Entered]:
    """Every row as its step's form sees it."""
    whole = listing.whole(reader(), proposal.id)
    assert whole is not None  # noqa: S101 - whoever asks has seen it
    key, today, found = form_key(proposal), calendar.today(now()), []
    for entry in whole.entries:
        form = forms.entered(key, entry, today)
        error = "" if form.validate() else forms.first_error(form)
        found.append(Entered(entry.nomination_id, form, error, entry))
    return found


def form_key(proposal: Proposal) -> str:
    """The form of the steps at which the draft's nominations wait."""
    waiting = signing.open_tasks(reader(), proposal)
    return signing.form_of(reader(), waiting) if waiting else _STEPS[proposal.kind]


def of_nomination(nomination_id: int) -> list[dict[str, object]]:
    """The signed proposals that a nomination was in, as its page shows them."""
    return [
        {
            "id": entry.proposal_id,
            "symbol": entry.proposal.symbol,
            "office": papers.issuer(entry.proposal).name,
            "signed_on": entry.proposal.signed_on,
            "outcome": choices.outcome(entry.outcome.value),
            "may_see": rights.may_see(actor(), entry.proposal),
        }
        for entry in listing.of_nomination(reader(), nomination_id)
    ]


def _record(proposal: Proposal) -> None:
    """Its pages say of many people whether they are worth an award, and why not."""
    reads.record(ReadKind.PROPOSAL_OPENED, proposal=proposal.id)


def _is_sent(entry: ProposalEntry) -> bool:
    return entry.outcome == Outcome.APPROVE


def _openings() -> list[dict[str, object]]:
    """What can be gathered now: per signature and movement, how many wait."""
    found = []
    for kind, queue in rights.prepared_by(actor()):
        for movement in gathering.movements(reader(), kind, queue):
            count = len(gathering.waiting(reader(), kind, queue, movement.id))
            if count:
                data = {"queue": queue, "movement": movement.code}
                found.append(
                    {
                        "kind": kind_name(kind),
                        "movement": movement.name,
                        "count": count,
                        "form": OpenForm(formdata=None, data=data),
                    }
                )
    return found


def kind_name(kind: ProposalKind) -> str:
    """What such a proposal is called."""
    return {
        ProposalKind.UNIT: str(_("Tờ trình của đơn vị")),
        ProposalKind.BLOCK: str(_("Tờ trình của Khối thi đua")),
        ProposalKind.DEPARTMENT: str(_("Tờ trình của Sở Nội vụ")),
    }[kind]


def _kinds(found: Sequence[Entered]) -> list[tuple[str, int]]:
    counted = Counter(
        one.entry.nomination.nominee.kind for one in found if _is_sent(one.entry)
    )
    return [(str(KIND_NAMES[kind.value]), counted[kind]) for kind in KINDS if counted[kind]]


def _waiting(one: listing.Waiting) -> dict[str, object]:
    return vars(_proposal(one.proposal)) | {
        "count": one.count,
        "late": one.late,
        "doubted": one.doubted,
    }


def _rows(found: Sequence[Proposal]) -> list[dict[str, object]]:
    stands = listing.stands(reader(), [proposal.id for proposal in found])
    return [
        vars(_proposal(proposal))
        | {
            "stands": _stands(stands[proposal.id]),
            "count": sum(stands[proposal.id].values()),
        }
        for proposal in found
    ]


def _stands(counted: Counter[Stand]) -> list[dict[str, object]]:
    names = {
        Stand.IN_PROGRESS: _("đang xử lý"),
        Stand.RETURNED: _("trả lại"),
        Stand.AWARDED: _("được khen"),
        Stand.REFUSED: _("không khen"),
        Stand.GONE: _("rút, hủy"),
    }
    return [
        {"name": str(name), "key": stand.value.replace("_", "-"), "count": counted[stand]}
        for stand, name in names.items()
        if counted[stand]
    ]


def _proposal(proposal: Proposal) -> SimpleNamespace:
    signer = reader().get(Person, proposal.signed_by) if proposal.signed_by else None
    return SimpleNamespace(
        id=proposal.id,
        kind=kind_name(proposal.kind),
        office=papers.issuer(proposal).name,
        symbol=proposal.symbol,
        movement=proposal.movement.name,
        opened_at=proposal.opened_at,
        submitted_at=proposal.submitted_at,
        signed_on=proposal.signed_on,
        signed_at=proposal.signed_at,
        signer=signer.name if signer else "",
        sha256=proposal.paper_sha256,
    )


def _row(entry: ProposalEntry) -> dict[str, object]:
    nomination = entry.nomination
    return {
        "nomination_id": entry.nomination_id,
        "code": nomination.code,
        "nominee": nomination.nominee.name,
        "award": nomination.award.name,
        "unit": nomination.unit.name,
        "outcome": choices.outcome(entry.outcome.value),
        "is_sent": _is_sent(entry),
        "reason": entry.reason,
    }


def _followed(entry: ProposalEntry, task: UserTask | None) -> dict[str, object]:
    """A row with where the nomination is by now."""
    return _row(entry) | nomination_row(listings.row(entry.nomination, task, None, now()))


def _warning(variables: dict[str, object], is_barred: bool) -> str:  # noqa: FBT001 - private
    if is_barred:
        return str(_("Bạn có liên quan hoặc đã xử lý hồ sơ này ở bước khác."))
    if variables.get("proposal") == Outcome.REFUSE:
        return str(_("Chuyên viên thẩm định đề nghị không khen."))
    return ""
