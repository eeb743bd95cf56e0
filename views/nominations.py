"""Nominations: the list of those one keeps, a new one, and the page that tells one's story."""

from types import SimpleNamespace
from typing import TypeVar

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
from flask_babel import gettext as _
from sqlalchemy import Select, select
from wtforms.fields.choices import SelectChoice

from awards import (
    access,
    comments,
    decisions,
    extensions,
    journey,
    listings,
    notices,
    timeline,
    withdrawals,
)
from awards import nominations as operations
from awards.listings import Filters, open_task
from awards.nominations import Facts
from forms.simple import CommentForm, NominationForm, WithdrawForm
from models.awards import Award, Movement, Nomination, NomineeKind
from models.organisation import Role, Unit
from models.process import InstanceStatus, ProcessDefinition
from models.tasks import UserTask
from views import choices, dossier_versions, paper_links, proposal_pages, story
from views import dossier as parts
from views.guards import allow
from views.interests import declared_first
from views.parsing import Pages, asked, page_number
from views.rows import nomination_row
from views.web import actor, now, reader, transaction
from views.wording import sentence, told
from workflows import clocks, diagrams, history, tasks
from workflows.errors import WorkflowError

Coded = TypeVar("Coded", Movement, Award, Unit)
nominations = Blueprint("nominations", __name__, url_prefix="/nominations")


@nominations.get("")
@allow(access.follows_nominations)
def index() -> ResponseReturnValue:
    """The nominations one may see, with what may be begun from here."""
    wanted = asked("stage", "movement", "status", "q", "sort")
    wanted["movement"] = choices.movement(wanted)
    filters = Filters(**wanted, page=page_number())
    found = listings.page(reader(), actor(), filters, now())
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
    )


@nominations.get("/new")
@allow(access.nominates)
def create() -> ResponseReturnValue:
    """The short form that sets up a nomination."""
    return _create_page(_create_form())


@nominations.post("/new")
@allow(access.nominates)
def start() -> ResponseReturnValue:
    """Set it up and lead on to its first step."""
    form = _create_form()
    if not form.validate():
        return _create_page(form), 422
    try:
        with transaction() as session:
            nomination = operations.create_once(
                session,
                movement=session.scalars(_by_code(Movement, form.movement.data)).one(),
                award=session.scalars(_by_code(Award, form.award.data)).one(),
                unit=session.scalars(_by_code(Unit, form.unit.data)).one(),
                facts=Facts(
                    kind=NomineeKind(form.nominee_kind.data),
                    name=form.nominee_name.data,
                    honorific=form.honorific.data or "",
                ),
                command_key=form.command_key.data,
                actor=actor(),
                now=now(),
            )
            task, _holder = open_task(session, nomination)
            assert task is not None  # noqa: S101 - every route begins with a step
            tasks.claim(session, task.id, actor=actor(), now=now())
    except WorkflowError as error:
        form.form_errors.append(sentence(error))
        return _create_page(form), 422
    return redirect(url_for("tasks.show", task_id=task.id), 303)


@nominations.get("/<code>")
@allow(access.follows_nominations)
def show(code: str) -> ResponseReturnValue:
    """Where it stands, how it came there, what happens next."""
    nomination = _seen(code)
    declared_first(nomination)
    return _page(nomination, CommentForm(formdata=None))


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
    return Response(diagrams.translated(row.xml, told), mimetype="application/xml")


@nominations.get("/<code>/versions")
@allow(access.follows_nominations)
def versions(code: str) -> ResponseReturnValue:
    """Every version of the dossier, and what differs between two of them."""
    nomination = _seen(code)
    declared_first(nomination)
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


def _page(nomination: Nomination, form: CommentForm) -> str:
    session = reader()
    gathered = parts.gather(session, nomination)
    task, holder = open_task(session, nomination)
    moments = timeline.of(session, nomination)
    events = history.of(session, nomination.instance_id)
    way = journey.of(gathered.definition, events)
    told = moments if "all" in request.args else timeline.milestones(moments)
    return render_template(
        "nominations/show.html",
        nomination=parts.card(gathered, task),
        stages=story.stages(gathered, task, holder, way),
        facts=parts.facts(nomination),
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
        timeline=[story.entry(moment, gathered) for moment in told],
        versions=len(dossier_versions.of(gathered)),
        answered=dossier_versions.answered(gathered, ""),
        untold=len(moments) - len(told),
        proposals=proposal_pages.of_nomination(nomination.id),
        decision=story.decision(decisions.of_nomination(session, nomination.id)),
        has_appraisal=access.sees_everything(actor()),
        my_task_id=_my_task_id(task),
        is_suspended=nomination.instance.suspended_at is not None,
        clock=story.clock(next(iter(clocks.of(session, nomination.instance_id)), None)),
        may_extend=access.extending_post(actor(), nomination) is not None
        and extensions.open_clock(session, nomination) is not None,
        may_withdraw=access.may_withdraw(actor(), nomination)
        and withdrawals.is_open(session, nomination),
        may_audit=access.audits(actor()),
        may_operate=access.operates(actor())
        and nomination.instance.status == InstanceStatus.RUNNING,
    )


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
        form.movement: choices.movements(),
        form.award: choices.awards(),
        form.unit: choices.units(actor().scopes(Role.UNIT_OFFICER)),
    }
    for field, pairs in offered.items():
        field.choices = [SelectChoice(value, text) for value, text in pairs]
    return form


def _create_page(form: NominationForm) -> str:
    units = choices.units(actor().scopes(Role.UNIT_OFFICER))
    return render_template(
        "nominations/create.html",
        form=form,
        unit_name=", ".join(name for _code, name in units),
    )


def _by_code(table: type[Coded], code: str) -> Select[Coded]:
    return select(table).where(table.code == code)
