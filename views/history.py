"""For auditors: the events with their hashes, and whether they hold."""

from types import SimpleNamespace
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from awards import access, nominations, people
from awards import reads as who_read
from awards.listings import PAGE, matches
from awards.timeline import names
from forms.simple import ExportForm
from models.awards import Nomination
from models.history import HistoryEvent
from models.process import ProcessInstance
from models.reads import ReadKind
from views import event_words, reads
from views.guards import allow
from views.interests import declared_first
from views.parsing import Pages, asked, page_number
from views.web import actor, now, reader
from views.wording import told
from workflows import deployments, log_checks
from workflows import history as chain
from workflows.history import Fault
from workflows.words import N_

history = Blueprint("history", __name__)
_LOG = N_("nhật ký chung")


@history.get("/history")
@allow(access.audits)
def index() -> ResponseReturnValue:
    """Every nomination with the head of its chain."""
    wanted, number = asked("q"), page_number()
    where = matches(wanted["q"]) if "q" in wanted else Nomination.id > 0
    total = reader().scalar(select(func.count(Nomination.id)).where(where)) or 0
    query = (
        select(Nomination)
        .join(Nomination.instance)
        .options(
            contains_eager(Nomination.instance),
            joinedload(Nomination.nominee),
            joinedload(Nomination.unit),
            joinedload(Nomination.award),
        )
        .where(where)
        .order_by(Nomination.id.desc())
        .offset((number - 1) * PAGE)
        .limit(PAGE)
    )
    rows = reader().scalars(query).all()
    reads.searched("history", wanted.get("q", ""), [row.code for row in rows], total)
    last = _last_events(reader(), [row.instance_id for row in rows])
    return render_template(
        "history/index.html",
        totals=_totals(reader()),
        rows=[_row(row, last) for row in rows],
        filters=wanted,
        page=Pages(number, total),
        verification=_verify_all(reader()) if "verify" in request.args else None,
    )


@history.get("/nominations/<code>/history")
@allow(access.audits)
def show(code: str) -> ResponseReturnValue:
    """One nomination's events, oldest first."""
    nomination = nominations.find(reader(), code)
    if nomination is None or not access.may_see(actor(), nomination):
        abort(404)
    declared_first(nomination)
    reads.record(ReadKind.HISTORY_OPENED, nomination)
    events = chain.of(reader(), nomination.instance_id)
    fault = (
        chain.verify(reader(), nomination.instance) if "verify" in request.args else None
    )
    checked = _verification(len(events), fault) if "verify" in request.args else None
    people, posts = names(reader(), events)
    definition = deployments.definition_of(reader(), nomination.instance)
    return render_template(
        "history/show.html",
        nomination={
            "code": nomination.code,
            "nominee": nomination.nominee.name,
            "award": nomination.award.name,
            "unit": nomination.unit.name,
        },
        events=[
            event_words.event(event, people, posts, definition, fault) for event in events
        ],
        reads=_reads(nomination),
        head=nomination.instance.history_head,
        verification=checked,
        export_form=ExportForm(formdata=None),
    )


def _reads(nomination: Nomination) -> list[dict[str, object]]:
    events = who_read.of(reader(), nomination)
    names_of = people.named(reader(), {event.actor_id for event in events})
    return [
        {
            "at": event.at,
            "who": names_of.get(event.actor_id, ""),
            "kind": event_words.read(event.kind),
            "hash": event.hash,
        }
        for event in events
    ]


def _row(nomination: Nomination, last: dict[int, Any]) -> dict[str, object]:
    return {
        "code": nomination.code,
        "nominee": nomination.nominee.name,
        "award": nomination.award.name,
        "unit": nomination.unit.name,
        "events": nomination.instance.history_length,
        "last_at": last[nomination.instance_id],
        "head": nomination.instance.history_head,
    }


def _last_events(session: Session, instance_ids: list[int]) -> dict[int, Any]:
    query = select(HistoryEvent.instance_id, func.max(HistoryEvent.at))
    query = query.where(HistoryEvent.instance_id.in_(instance_ids))
    rows = session.execute(query.group_by(HistoryEvent.instance_id))
    return {instance_id: at for instance_id, at in rows}  # noqa: C416 - rows, not pairs


def _totals(session: Session) -> SimpleNamespace:
    count, length = session.execute(
        select(func.count(ProcessInstance.id), func.sum(ProcessInstance.history_length))
    ).one()
    last_at = session.scalar(select(func.max(HistoryEvent.at)))
    return SimpleNamespace(nominations=count, events=int(length or 0), last_at=last_at)


def _verify_all(session: Session) -> SimpleNamespace:
    events = 0
    for instance, fault in chain.verify_all(session):
        events += instance.history_length
        if fault is not None:
            return _verification(events, fault)
    if (bad := who_read.verify_all(session)) is not None:
        return _verification(events, Fault(bad.chain, bad.sequence, bad.message))
    if (broken := log_checks.verify(session)) is not None:
        return _verification(events, Fault(told(_LOG), broken.at, broken.message))
    return _verification(events, None)


def _verification(events: int, fault: Fault | None) -> SimpleNamespace:
    bad = None
    if fault is not None:
        bad = SimpleNamespace(
            code=fault.business_key, sequence=fault.sequence, reason=told(fault.message)
        )
    return SimpleNamespace(is_intact=fault is None, events=events, at=now(), first_bad=bad)
