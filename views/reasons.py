"""Why a nomination is where it is, in the words of its page; and what its story leads on to."""

from collections.abc import Mapping, Sequence

from flask import url_for

from awards import access, outside, reasons, register
from awards.reasons import Arrival
from awards.timeline import Moment
from languages import gettext as _
from models.awards import Outcome
from models.papers import Attachment
from models.signed_papers import SignedPaper
from views import dossier_versions
from views.dossier import Dossier
from views.web import actor, reader
from views.wording import acting_as, date_, told

Link = dict[str, str]


def here(
    arrivals: Sequence[Arrival], moments: Sequence[Moment], acts: Mapping[int, str]
) -> list[dict[str, object]]:
    """The places where it is now: since when, by whose act, what the diagram asked, until when.

    `acts` says what happened, by the number of the event.
    """
    shown = {moment.sequence: moment for moment in moments}
    known = reasons.told(arrivals, moments)
    found = []
    for arrival in arrivals:
        if not arrival.is_open:
            continue
        mine = [a for a in known.get(arrival.sequence, []) if a.since == arrival.since]
        found.append(
            _place(mine[0], shown[arrival.sequence], acts[arrival.sequence])
            if mine
            else _veiled(arrival)
        )
    return found


def leads(
    arrivals: Sequence[Arrival], moments: Sequence[Moment]
) -> dict[int, list[dict[str, object]]]:
    """Where each act led and why, by the number of its event."""
    return {
        sequence: [
            {
                "to": told(arrival.name),
                "why": reasons.sentences(arrival, told),
                "due": _due(arrival),
            }
            for arrival in led
            if not arrival.is_end
        ]
        for sequence, led in reasons.told(arrivals, moments).items()
    }


def links(
    moment: Moment,
    dossier: Dossier,
    proposals: Sequence[Mapping[str, object]],
    decision: Mapping[str, object] | None,
) -> list[Link]:
    """The papers, versions, proposals and decisions that a line of the story speaks of."""
    code = dossier.nomination.code
    found = _versions(moment, dossier) + _files(moment)
    found += [
        {
            "text": _("Tờ trình %(symbol)s", symbol=str(one["symbol"])),
            "address": url_for("proposals.show", proposal_id=one["id"]),
        }
        for one in proposals
        if one["may_see"] and one["id"] == _proposal_id(moment)
    ]
    is_appraised = moment.element_id == "appraise" and moment.outcome == Outcome.APPROVE
    if is_appraised and access.sees_everything(actor()):
        address = url_for("papers.appraisal", code=code)
        found.append({"text": _("Phiếu thẩm định"), "address": address})
    is_issued = moment.element_id == "issue_decision" and moment.outcome != Outcome.RETURN
    if decision and is_issued:
        found.append(_decision(decision))
    return found


def _place(arrival: Arrival, moment: Moment, act: str) -> dict[str, object]:
    who = moment.who or _("Hệ thống")
    post = acting_as(moment.acting_as, moment.on_behalf_of)
    return {
        "name": told(arrival.name),
        "is_end": arrival.is_end,
        "since": arrival.since,
        "who": who,
        "acting_as": post,
        "act": act,
        "reason": moment.reason,
        "why": reasons.sentences(arrival, told),
        "due": _due(arrival),
    }


def _veiled(arrival: Arrival) -> dict[str, object]:
    """What offices do among themselves: the place, which its unit may know, and no more."""
    return {"name": told(arrival.name), "is_end": arrival.is_end, "since": None, "why": []}


def _due(arrival: Arrival) -> str:
    """The deadline and the rule it comes from, where the reader may know it."""
    is_known = arrival.is_open or outside.may_know(
        actor(), arrival.definition, arrival.element_id
    )
    rule = reasons.rule(arrival, told)
    if not rule or not is_known:
        return ""
    return str(_("Hạn %(date)s: %(rule)s.", date=date_(arrival.due_at), rule=rule))


def _versions(moment: Moment, dossier: Dossier) -> list[Link]:
    versions = [entry.id for entry in dossier_versions.of(dossier)]
    if moment.submission is None or moment.submission.id not in versions:
        return []
    number, code = versions.index(moment.submission.id) + 1, dossier.nomination.code
    if number == 1:
        address = url_for("nominations.versions", code=code, before=1, after=1)
        return [{"text": _("Hồ sơ lần 1"), "address": address}]
    address = url_for("nominations.versions", code=code, before=number - 1, after=number)
    text = _(
        "Hồ sơ lần %(number)s: thay đổi so với lần %(before)s",
        number=number,
        before=number - 1,
    )
    return [{"text": text, "address": address}]


def _files(moment: Moment) -> list[Link]:
    found = []
    if number := moment.refers.get("attachment"):
        row = reader().get(Attachment, number)
        if row and row.is_clean and not row.is_erased:
            address = url_for("attachments.download", attachment_id=number)
            found.append({"text": row.file_name, "address": address})
    if number := moment.refers.get("signed_paper"):
        signed = reader().get(SignedPaper, number)
        if signed and access.sees_inside(actor()):
            address = url_for("signed_papers.download", signed_paper_id=number)
            found.append({"text": signed.file_name, "address": address})
    if (number := moment.refers.get("decision")) and register.sees_register(actor()):
        address = url_for("decisions.show", decision_id=number)
        found.append({"text": _("Quyết định"), "address": address})
    return found


def _proposal_id(moment: Moment) -> int:
    """The proposal that carried this act out, or 0."""
    paper = moment.submission.content.get("paper") if moment.submission else None
    return int(str(paper.get("proposal") or 0)) if isinstance(paper, dict) else 0


def _decision(decision: Mapping[str, object]) -> Link:
    text = _("Quyết định số %(symbol)s", symbol=str(decision["symbol"]))
    if register.sees_register(actor()):
        return {
            "text": text,
            "address": url_for("decisions.show", decision_id=decision["id"]),
        }
    return {"text": text, "address": url_for("decisions.paper", decision_id=decision["id"])}
