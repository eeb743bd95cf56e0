"""Nominations: the list of those one keeps, a new one, and the page that tells one's story."""

from types import SimpleNamespace

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice

from awards import (
    access,
    comments,
    copying,
    decisions,
    extensions,
    identity_corrections,
    journey,
    listings,
    notices,
    packs,
    timeline,
    withdrawals,
)
from awards import nominations as operations
from awards import reasons as arrivals
from awards.examples import purposes, rights, stories
from awards.filters import Filters
from awards.listings import open_task
from forms.simple import (
    CommentForm,
    ConfirmForm,
    ExportForm,
    NominationForm,
    WithdrawForm,
)
from languages import gettext as _
from models.awards import Nomination
from models.organisation import Role
from models.process import InstanceStatus, ProcessDefinition
from models.reads import ReadKind
from models.tasks import UserTask
from views import (
    beginning,
    choices,
    dossier_versions,
    paper_links,
    proposal_pages,
    reads,
    reasons,
    story,
)
from views import dossier as parts
from views.downloads import inert
from views.guards import allow
from views.interests import declared_first
from views.parsing import Pages, asked, page_number
from views.rows import nomination_row
from views.web import actor, now, reader, transaction
from views.wording import sentence, told
from workflows import calendar, clocks, diagrams, history, tasks
from workflows.errors import WorkflowError

nominations = Blueprint("nominations", __name__, url_prefix="/nominations")


@nominations.get("")
@allow(access.follows_nominations)
def index() -> ResponseReturnValue:
    """The nominations one may see, with what may be begun from here."""
    wanted = asked("stage", "movement", "status", "q", "sort")
    wanted["movement"] = choices.movement(wanted)
    filters = Filters(**wanted, page=page_number())
    found = listings.page(reader(), actor(), filters, now())
    reads.searched(
        "nominations", filters.q, [r.nomination.code for r in found.rows], found.total
    )
    sort = wanted.pop("sort", "")
    units = choices.units(actor().scopes(*access.UNIT))
    return render_template(
        "nominations/index.html",
        unit_name=units[0][1] if len(units) == 1 else "",
        rows=[nomination_row(row) for row in found.rows],
        filters=wanted,
        sort=sort,
        choices=SimpleNamespace(
            stages=choices.steps(),
            movements=choices.movements(),
            statuses=choices.statuses(),
        ),
        notices=[story.notice(notice) for notice in notices.unread(reader(), actor())],
        results=paper_links.seasons(actor().scopes(*access.UNIT)),
        page=Pages(filters.page, found.total),
        export_form=ExportForm(formdata=None),
    )


@nominations.get("/new")
@allow(access.nominates)
def create() -> ResponseReturnValue:
    """The short form that sets up a nomination."""
    form = _create_form()
    beginning.fill_from_note(form, asked("discovery").get("discovery", ""))
    wanted = asked("source").get("source")
    if wanted:
        form.source.data = wanted
        if (source := beginning.source(form)) is not None:
            form.nominee_kind.data = source.nominee.kind.value
            form.honorific.data = source.nominee.honorific
            form.nominee_name.data = source.nominee.name
            form.award.data = source.award.code
    return _create_page(form)


@nominations.post("/new")
@allow(access.nominates)
def start() -> ResponseReturnValue:
    """Set it up and lead on to its first step."""
    form = _create_form()
    if not form.validate():
        return _create_page(form), 422
    source = beginning.source(form) if form.source.data else None
    if form.source.errors:
        return _create_page(form), 422
    try:
        task_id = (
            beginning.start(form) if source is None else beginning.start_from(source, form)
        )
    except WorkflowError as error:
        form.form_errors.append(sentence(error))
        return _create_page(form), 422
    return redirect(url_for("tasks.show", task_id=task_id), 303)


@nominations.get("/<code>")
@allow(access.follows_nominations)
def show(code: str) -> ResponseReturnValue:
    """Where it stands, how it came there, what happens next."""
    nomination = _seen(code)
    declared_first(nomination)
    return _page(nomination, CommentForm(formdata=None))


@nominations.post("/<code>/identity")
@allow(access.identifies)
def reveal(code: str) -> ResponseReturnValue:
    """The page with the identity number in full: asked for, and told in the chain of reads."""
    nomination = _seen(code)
    if not access.may_identify(actor(), nomination):
        abort(404)
    declared_first(nomination)
    number = nomination.nominee.identity_number
    if number:
        reads.record(ReadKind.IDENTITY_REVEALED, nomination)
    return _page(nomination, CommentForm(formdata=None), number)


@nominations.post("/<code>/comments")
@allow(access.works_on_tasks)
def comment(code: str) -> ResponseReturnValue:
    """Add a remark."""
    nomination, form = _seen(code), CommentForm()
    declared_first(nomination)
    if not form.validate():
        return _page(nomination, form), 422
    with transaction() as session:
        comments.add(
            session,
            session.get_one(Nomination, nomination.id),
            text=form.text.data,
            actor=actor(),
            command_key=form.command_key.data,
            now=now(),
        )
    return redirect(url_for("nominations.show", code=code, _anchor="comments"), 303)


@nominations.get("/<code>/withdraw")
@allow(access.works_on_tasks)
def withdraw(code: str) -> ResponseReturnValue:
    """Ask for the reason and say what it means."""
    return _withdraw_page(_withdrawable(code), WithdrawForm(formdata=None))


@nominations.post("/<code>/withdraw")
@allow(access.works_on_tasks)
def withdraw_now(code: str) -> ResponseReturnValue:
    """End the nomination at its unit's wish."""
    nomination, form = _withdrawable(code), WithdrawForm()
    if not form.validate():
        return _withdraw_page(nomination, form), 422
    try:
        with transaction() as session:
            withdrawals.withdraw(
                session,
                session.get_one(Nomination, nomination.id),
                reason=form.reason.data,
                actor=actor(),
                command_key=form.command_key.data,
                now=now(),
            )
    except WorkflowError as error:
        form.form_errors.append(sentence(error))
        return _withdraw_page(_withdrawable(code), form), 409
    flash(_("Đã rút hồ sơ %(code)s.", code=code), "success")
    return redirect(url_for("nominations.show", code=code), 303)


@nominations.get("/<code>/diagram.bpmn")
@allow(access.follows_nominations)
def diagram(code: str) -> ResponseReturnValue:
    """The route the nomination runs on, as it was deployed."""
    definition_id = _seen(code).instance.definition_id
    row = reader().get_one(ProcessDefinition, definition_id)
    xml = diagrams.translated(row.xml, told)
    return inert(Response(xml, mimetype="application/xml"))


@nominations.get("/<code>/versions")
@allow(access.follows_nominations)
def versions(code: str) -> ResponseReturnValue:
    """Every version of the dossier, and what differs between two of them."""
    nomination = _seen(code)
    declared_first(nomination)
    reads.record(ReadKind.DOSSIER_OPENED, nomination)
    gathered = parts.gather(reader(), nomination)
    return dossier_versions.page(gathered, asked("before", "after"))


def _seen(code: str) -> Nomination:
    """The nomination, or 404 when there is none or the person may not see it."""
    nomination = operations.find(reader(), code)
    if nomination is None or not access.may_see(actor(), nomination):
        abort(404)
    return nomination


def _withdrawable(code: str) -> Nomination:
    nomination = _seen(code)
    if access.withdrawing_post(actor(), nomination) is None:
        abort(404)
    return nomination


def _page(nomination: Nomination, form: CommentForm, identity_number: str = "") -> str:
    reads.record(ReadKind.DOSSIER_OPENED, nomination)
    session = reader()
    gathered = parts.gather(session, nomination)
    task, holder = open_task(session, nomination)
    moments = story.moments(gathered)
    events = history.of(session, nomination.instance_id)
    way = journey.of(gathered.definition, events)
    shown = moments if "all" in request.args else timeline.milestones(moments)
    came = arrivals.of(session, events)
    leads = reasons.leads(came, moments)
    signed = proposal_pages.of_nomination(nomination.id)
    decision = story.decision(decisions.of_nomination(session, nomination.id))
    return render_template(
        "nominations/show.html",
        nomination=parts.card(gathered, task),
        stages=story.stages(gathered, task, holder, way),
        facts=parts.facts(nomination, identity_number),
        reveal=_reveal(nomination) if not identity_number else None,
        has_number=bool(nomination.nominee.identity_number),
        achievements=nomination.achievements,
        criteria=parts.criteria(gathered),
        totals=parts.totals(gathered),
        items=parts.items(gathered),
        papers_count=len(gathered.attachments),
        comments=parts.remarks(session, nomination),
        comment_form=form if access.may_comment(actor(), nomination) else None,
        return_request=parts.request_card(gathered, task, timeline.return_request(moments)),
        diagram=story.diagram(way),
        next_steps=story.next_steps(gathered, task),
        here=reasons.here(came, moments, {m.sequence: story.act(m) for m in moments}),
        timeline=[
            story.entry(
                moment,
                gathered,
                leads=leads.get(moment.sequence, []),
                links=reasons.links(moment, gathered, signed, decision),
            )
            for moment in shown
        ],
        untold=len(moments) - len(shown),
        versions=len(dossier_versions.of(gathered)),
        answered=dossier_versions.answered(gathered, ""),
        proposals=signed,
        decision=decision,
        has_appraisal=access.sees_everything(actor()),
        my_task_id=_my_task_id(task),
        is_suspended=nomination.instance.suspended_at is not None,
        clock=story.clock(next(iter(clocks.of(session, nomination.instance_id)), None)),
        story=stories.of(session, nomination),
        evidence_form=ExportForm(formdata=None)
        if packs.may_take(actor(), nomination)
        else None,
        **_offers(session, nomination),
    )


def _offers(session: Session, nomination: Nomination) -> dict[str, bool]:
    """What the reader may do with the nomination, besides reading it."""
    who = actor()
    is_running = nomination.instance.status == InstanceStatus.RUNNING
    number_post = identity_corrections.post_for(session, who, nomination)
    return {
        "may_correct_number": number_post is not None,
        "may_extend": access.extending_post(who, nomination) is not None
        and extensions.open_clock(session, nomination) is not None,
        "may_tell": rights.may_tell(who, nomination),
        "may_copy": copying.may_copy(who, nomination),
        "may_withdraw": access.may_withdraw(who, nomination)
        and withdrawals.is_open(session, nomination),
        "may_audit": access.audits(who),
        "may_operate": access.operates(who) and is_running,
    }


def _reveal(nomination: Nomination) -> ConfirmForm | None:
    """The button that shows the identity number, for who needs it and where there is one."""
    is_offered = nomination.nominee.identity_number and access.may_identify(
        actor(), nomination
    )
    return ConfirmForm(formdata=None) if is_offered else None


def _my_task_id(task: UserTask | None) -> int | None:
    if task is None or not tasks.may_work_on(actor(), task):
        return None
    return task.id if task.assignee_id in (None, actor().id) else None


def _withdraw_page(nomination: Nomination, form: WithdrawForm) -> str:
    task, _holder = open_task(reader(), nomination)
    card = parts.card(parts.gather(reader(), nomination), task)
    return render_template("nominations/withdraw.html", nomination=card, form=form)


def _create_form() -> NominationForm:
    form = NominationForm()
    offered = {
        form.movement: choices.open_movements(form.movement.data),
        form.award: choices.awards(),
        form.unit: choices.units(actor().scopes(Role.UNIT_OFFICER)),
    }
    for field, pairs in offered.items():
        field.choices = [SelectChoice(value, text) for value, text in pairs]
    return form


def _create_page(form: NominationForm) -> str:
    units = choices.units(actor().scopes(Role.UNIT_OFFICER))
    source = beginning.source(form) if form.source.data and not form.source.errors else None
    return render_template(
        "nominations/create.html",
        form=form,
        source=source
        and {"code": source.code, "papers": len(beginning.papers(source, form))},
        unit_name=", ".join(name for _code, name in units),
        unread=purposes.unread(
            reader(), actor().scopes(*access.UNIT), calendar.today(now())
        ),
    )
