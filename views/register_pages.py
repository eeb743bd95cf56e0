"""The pages of the register of decisions."""

from collections.abc import Mapping

from flask import render_template

from awards import amendments, decisions, issuing, packs, register
from awards.amendments import Standing
from awards.issuing import Group
from awards.register import Validity
from forms.decisions import AmendmentForm, CancelNumberForm, IssueForm
from forms.simple import ConfirmForm, ExportForm
from languages import gettext as _
from models.awards import Nomination
from models.organisation import Person, Role
from models.papers import Decision, DecisionDraft, DecisionKind
from views import paper_links, signed_papers
from views.parsing import Pages
from views.web import actor, reader


def index(number: int) -> str:
    """The register, what waits for a number, and what waits for the Chairman."""
    session = reader()
    found, total = register.page(session, number)
    validity = register.validity(session, [decision for decision, _count in found])
    groups = issuing.groups(session, actor()) if actor().has(Role.RECORDS_CLERK) else []
    return render_template(
        "decisions/index.html",
        groups=[_group(one) for one in groups],
        drafts=[_draft(one) for one in amendments.waiting(session)],
        rows=[
            _decision(decision) | {"count": count, "validity": validity[decision.id].value}
            for decision, count in found
        ],
        confirm=ConfirmForm(formdata=None),
        page=Pages(number, total),
    )


def issue(group: Group, form: IssueForm) -> str:
    """Whom one decision would award."""
    form.seen.data = " ".join(str(nomination.id) for nomination, _task in group.waiting)
    return render_template(
        "decisions/issue.html",
        group=_group(group),
        rows=[
            {
                "id": nomination.id,
                "code": nomination.code,
                "nominee": nomination.nominee.name,
                "position": nomination.nominee.position,
                "unit": nomination.unit.name,
            }
            for nomination, _task in group.waiting
        ],
        form=form,
    )


def show(decision: Decision, form: CancelNumberForm) -> str:
    """A decision with how every awardee stands."""
    session = reader()
    is_award = decision.kind == DecisionKind.AWARD
    standing = amendments.standings(session, decision) if is_award else {}
    nominations = {entry.nomination_id: entry.nomination for entry in decision.entries}
    validity = register.validity(session, [decision])[decision.id]
    return render_template(
        "decisions/show.html",
        decision=_decision(decision) | {"validity": validity.value},
        rows=[_awardee(nominations[id_], one) for id_, one in standing.items()],
        changes=[
            {
                "code": change.nomination.code,
                "read": _reads(change.read),
                "reads": _reads({**change.read, **change.reads}) if change.reads else "",
                "relying": [
                    {"code": n.code, "award": n.award.name, "unit": n.unit.name}
                    for n in amendments.relying(session, change.nomination)
                ]
                if decision.kind == DecisionKind.REVOCATION
                else [],
            }
            for change in decision.changes
        ],
        may_amend=is_award
        and decision.cancelled_at is None
        and amendments.prepares(actor())
        and any(one.revoked_by is None for one in standing.values()),
        may_cancel=is_award
        and decision.cancelled_at is None
        and actor().has(Role.RECORDS_CLERK)
        and all(one.revoked_by is not None for one in standing.values()),
        signed=signed_papers.card(decision),
        export_form=ExportForm(formdata=None),
        evidence_form=ExportForm(formdata=None) if packs.takes_evidence(actor()) else None,
        notices=paper_links.of_decision(decision),
        movement_code=next((n.movement.code for n in nominations.values()), ""),
        form=form,
    )


def amend(decision: Decision, kind: DecisionKind, form: AmendmentForm) -> str:
    """The form that corrects or revokes."""
    standing = still_awarded(decision)
    nominations = {entry.nomination_id: entry.nomination for entry in decision.entries}
    is_revocation = kind == DecisionKind.REVOCATION
    return render_template(
        "decisions/amend.html",
        decision=_decision(decision),
        is_revocation=is_revocation,
        form=form,
        rows=[
            {
                "id": id_,
                "reads": _reads(one.awardee),
                "relying": [
                    f"{n.code} · {n.award.name}"
                    for n in amendments.relying(reader(), nominations[id_])
                ]
                if is_revocation
                else [],
            }
            for id_, one in standing.items()
        ],
    )


def check(decision: Decision | None) -> tuple[str, int]:
    """What anybody may know."""
    if decision is None:
        return render_template("decisions/check.html", decision=None), 404
    found = _decision(decision)
    validity = register.validity(reader(), [decision])[decision.id]
    return render_template(
        "decisions/check.html",
        decision={
            "symbol": found["symbol"],
            "issued_on": found["issued_on"],
            "sha256": decision.paper_sha256,
            "signed_sha256": signed_papers.newest_sha256(decision),
            "validity": validity.value,
        },
    ), 200


def still_awarded(decision: Decision) -> dict[int, Standing]:
    """The awardees of a decision that no later one has revoked."""
    if decision.kind != DecisionKind.AWARD:
        return {}
    found = amendments.standings(reader(), decision)
    return {id_: one for id_, one in found.items() if one.revoked_by is None}


def validity_name(validity: Validity) -> str:
    """What became of a decision, in words."""
    return {
        Validity.VALID: str(_("Còn hiệu lực")),
        Validity.CORRECTED: str(_("Đã đính chính")),
        Validity.PARTLY_REVOKED: str(_("Hủy bỏ một phần")),
        Validity.REVOKED: str(_("Đã hủy bỏ")),
        Validity.CANCELLED: str(_("Số đã hủy")),
    }[validity]


def _decision(decision: Decision) -> dict[str, object]:
    referred = decision.refers_to
    return {
        "id": decision.id,
        "symbol": decision.symbol,
        "kind": decision.kind.value,
        "subject": subject(decision),
        "issued_on": decision.issued_on,
        "signer": decision.signer_name,
        "has_paper": decision.paper_sha256 is not None,
        "sha256": decision.paper_sha256,
        "cancel_reason": decision.cancel_reason,
        "refers_to": {"id": referred.id, "symbol": referred.symbol} if referred else None,
    }


def subject(decision: Decision) -> str:
    """What the decision is about, as its paper says."""
    if decision.kind == DecisionKind.AWARD:
        return decisions.subject(str(decision.content["award"]))
    changed = decision.refers_to.symbol if decision.refers_to else ""
    if decision.kind == DecisionKind.REVOCATION:
        return str(_("Về việc hủy bỏ Quyết định số %(symbol)s", symbol=changed))
    return str(_("Về việc đính chính Quyết định số %(symbol)s", symbol=changed))


def _group(group: Group) -> dict[str, object]:
    return {
        "key": group.key,
        "award": group.award.name,
        "movement": group.movement.name,
        "signer": group.signer.person.name if group.signer else "",
        "signer_post": group.signer.title if group.signer else "",
        "count": len(group.waiting),
    }


def _draft(draft: DecisionDraft) -> dict[str, object]:
    names = [
        one.awardee["name"]
        for id_, one in amendments.standings(reader(), draft.refers_to).items()
        if str(id_) in draft.rows
    ]
    mine = draft.prepared_by == actor().id
    return {
        "id": draft.id,
        "is_revocation": draft.kind == DecisionKind.REVOCATION,
        "symbol": draft.refers_to.symbol,
        "decision_id": draft.refers_to_id,
        "names": names,
        "reason": draft.reason,
        "prepared_by": reader().get_one(Person, draft.prepared_by).name,
        "prepared_at": draft.prepared_at,
        "is_signed": draft.signed_at is not None,
        "may_sign": not draft.signed_at and actor().has(Role.CHAIRMAN) and not mine,
        "may_decline": not draft.signed_at and (mine or actor().has(Role.CHAIRMAN)),
        "may_issue": draft.signed_at is not None and actor().has(Role.RECORDS_CLERK),
    }


def _awardee(nomination: Nomination, one: Standing) -> dict[str, object]:
    def named(found: Decision | None) -> dict[str, object] | None:
        return {"id": found.id, "symbol": found.symbol} if found else None

    return {
        "code": nomination.code,
        "reads": one.awardee,
        "corrected_by": named(one.corrected_by),
        "revoked_by": named(one.revoked_by),
    }


def _reads(awardee: Mapping[str, object]) -> str:
    name = f"{awardee.get('honorific') or ''} {awardee.get('name')}".strip()
    rest = [str(awardee.get(key) or "") for key in ("position", "unit")]
    return ", ".join(filter(None, [name, *rest]))
