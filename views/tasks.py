"""One user task: look, claim, save a draft, complete."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from awards import access, nominations, separation, timeline
from awards.errors import BadFile
from awards.listings import open_task
from awards.separation import Barred
from forms.answers import answers, outcome_text
from forms.base import StepForm, make
from forms.simple import CommentForm
from languages import gettext as _
from models.organisation import Person
from models.reads import ReadKind
from models.tasks import OPEN, Draft, TaskState, UserTask
from views import confirming, dossier_versions, issuing, reads, reused, story, uploading
from views import dossier as parts
from views.dossier import Dossier
from views.guards import allow
from views.interests import declared_first
from views.web import actor, now, reader, transaction
from views.wording import sentence, told
from workflows import barriers, drafts
from workflows import tasks as operations
from workflows.errors import TaskChanged, WorkflowError
from workflows.submissions import Entry, latest

tasks = Blueprint("tasks", __name__, url_prefix="/tasks")
_KEYS = {"csrf_token", "command_key", "revision", "confirmed", "revise", "remove"}


@dataclass(frozen=True, slots=True)
class Step:
    """A task with all that its page shows."""

    task: UserTask
    dossier: Dossier
    form_key: str


@tasks.get("/<int:task_id>")
@allow(access.works_on_tasks)
def show(task_id: int) -> ResponseReturnValue:
    """The step's page: what to judge, and the form as the person left it."""
    step = _step(task_id)
    if (error := _barred(step)) is not None:
        return _barred_page(step, error)
    return _page(step, _form(step))


@tasks.post("/<int:task_id>")
@allow(access.works_on_tasks)
def complete(task_id: int) -> ResponseReturnValue:
    """Complete the task, or show the form again with what to put right."""
    step = _step(task_id)
    form = make(step.form_key, step.dossier.context)
    if "revise" in request.form:
        return _page(step, form)
    if not form.validate():
        return _page(step, form, code=409 if _is_taken(step.task) else 422)
    if form.is_final() and not form.confirmed.data:
        return _ask(step, form)
    if confirming.decides(step.form_key) and (asked := confirming.ask()) is not None:
        return asked
    try:
        with uploading.accepting(form, step.dossier, task_id) as session:
            withheld = uploading.held_back(
                session, step.form_key, form, step.dossier.nomination
            )
            if withheld is None:
                _complete(session, step, form)
            else:
                drafts.save(session, task_id, actor=actor(), fields=_typed(), now=now())
    except WorkflowError as error:
        return _refused(step, form, error)
    if withheld is not None:
        return _refused(step, form, withheld)
    flash(
        _("Đã gửi: %(step)s, hồ sơ %(code)s.", step=_name(step), code=_code(step)),
        "success",
    )
    return redirect(url_for("inbox.show"), 303)


@tasks.post("/<int:task_id>/claim")
@allow(access.works_on_tasks)
def claim(task_id: int) -> ResponseReturnValue:
    """Take the task, so that nobody else in the queue starts on it."""
    return _act(task_id, operations.claim, _("Bạn đã nhận việc này."))


@tasks.post("/<int:task_id>/unclaim")
@allow(access.works_on_tasks)
def unclaim(task_id: int) -> ResponseReturnValue:
    """Give the task back to its queue."""
    return _act(task_id, operations.unclaim, _("Bạn đã nhả việc này về nhóm."))


@tasks.post("/<int:task_id>/draft")
@allow(access.works_on_tasks)
def save_draft(task_id: int) -> ResponseReturnValue:
    """Keep what is typed, and the files that came with it, without judging any of it.

    A file to be taken out of the dossier is named here too, so that no typed text is lost by it.
    """
    step = _step(task_id)
    form = make(step.form_key, step.dossier.context)
    try:
        with uploading.accepting(form, step.dossier, task_id) as session:
            drafts.save(session, task_id, actor=actor(), fields=_typed(), now=now())
            uploading.remove(session, form, step.dossier, request.form.get("remove", ""))
    except WorkflowError as error:
        return _refused(step, form, error)
    if request.headers.get("HX-Request"):
        return render_template("tasks/_draft_state.html", draft_saved_at=now())
    flash(_("Đã lưu nháp."), "success")
    return redirect(url_for("tasks.show", task_id=task_id), 303)


def _act(task_id: int, verb: Any, done: str) -> ResponseReturnValue:
    step = _step(task_id)
    try:
        with transaction() as session:
            verb(session, task_id, actor=actor(), now=now())
    except WorkflowError as error:
        return _refused(step, _form(step), error)
    flash(done, "success")
    return redirect(url_for("tasks.show", task_id=task_id), 303)


def _step(task_id: int) -> Step:
    """The task, if it lies in one of the person's queues and the nomination may be seen."""
    task = reader().get(UserTask, task_id)
    if task is None or not operations.may_work_on(actor(), task):
        abort(404)
    nomination = nominations.of_instance(reader(), task.instance_id)
    if not access.may_see(actor(), nomination):
        abort(404)
    if task.state in OPEN:
        declared_first(nomination)
    gathered = parts.gather(reader(), nomination)
    element = gathered.definition.elements.get(task.element_id)
    if element is None:  # done in an older version of the process, of which the page tells
        abort(redirect(url_for("nominations.show", code=nomination.code), 303))
    return Step(task, gathered, element.form_key)


def _barred(step: Step) -> WorkflowError | None:
    """What keeps the person from an open task of the own queue."""
    if step.task.state not in OPEN:
        return None
    return barriers.against(reader(), actor(), [step.task]).get(step.task.id)


def _barred_page(step: Step, error: WorkflowError) -> str:
    return render_template(
        "tasks/barred.html",
        name=_name(step),
        nominee=step.dossier.nomination.nominee.name,
        reason=sentence(error),
    )


def _form(step: Step) -> StepForm:
    """The form as the person left it: the draft, or what was entered here before."""
    context = step.dossier.context
    draft = drafts.find(reader(), step.task.id, person_id=actor().id)
    if draft is not None:
        form = _drafted(step, draft)
    else:
        form = make(step.form_key, context, formdata=None)
        before = latest(reader(), step.task.instance_id, step.task.element_id)
        form.restored(before.content if before else parts.known(step.dossier))
    form.revision.data = step.task.revision
    return form


def _drafted(step: Step, draft: Draft) -> StepForm:
    fields = MultiDict((name, value) for name, value in draft.fields)
    return make(step.form_key, step.dossier.context, formdata=fields)


def _typed() -> list[list[str]]:
    return [
        [name, value] for name, value in request.form.items(multi=True) if name not in _KEYS
    ]


def _is_taken(task: UserTask) -> bool:
    others = task.state == TaskState.CLAIMED and task.assignee_id != actor().id
    return task.state not in OPEN or others


def _complete(session: Session, step: Step, form: StepForm) -> None:
    papers = uploading.papers(session, step.form_key, step.dossier.nomination)
    operations.complete(
        session,
        step.task.id,
        actor=actor(),
        now=now(),
        revision=form.revision.data or 0,
        command_key=form.command_key.data,
        entry=Entry(step.form_key, form.version, form.content() | papers),
        variables=form.variables(),
    )


def _refused(step: Step, form: StepForm, error: WorkflowError) -> ResponseReturnValue:
    """Say what stood against it, how the task stands now, and keep what was typed."""
    step = _step(step.task.id)
    if isinstance(error, Barred):
        with transaction() as session:
            separation.turn_away(session, {step.task.id: error}, actor=actor(), now=now())
        return _barred_page(step, error), 409
    if not isinstance(error, TaskChanged):
        if not isinstance(error, BadFile):  # that one stands beside its field
            form.form_errors.append(sentence(error))
        return _page(step, form, code=422)
    if not _is_taken(step.task):
        form.revision.data, form.revision.raw_data = step.task.revision, None
        form.form_errors.append(
            _("Việc này đã thay đổi từ khi bạn mở. Kiểm tra rồi gửi lại.")
        )
    return _page(step, form, code=409)


def _page(step: Step, form: StepForm, code: int = 200) -> ResponseReturnValue:
    session, gathered, task = reader(), step.dossier, step.task
    reads.record(ReadKind.DOSSIER_OPENED, gathered.nomination)
    moments = story.moments(gathered)
    request_ = timeline.return_request(moments)
    draft = drafts.find(session, task.id, person_id=actor().id)
    states_case = step.form_key == "prepare_nomination"  # its form shows all that itself
    page = render_template(
        "tasks/show.html",
        task=_task(step),
        nomination=parts.card(gathered, open_task(session, gathered.nomination)[0]),
        facts=parts.facts(gathered.nomination),
        achievements="" if states_case else gathered.nomination.achievements,
        criteria=[] if states_case else parts.criteria(gathered),
        totals=parts.totals(gathered),
        items=[] if states_case else parts.items(gathered),
        papers_count=len(gathered.attachments),
        findings=parts.findings(gathered, moments),
        changes=dossier_versions.changes_since(gathered, task.element_id),
        answered=dossier_versions.answered(gathered, task.element_id),
        comments=parts.remarks(session, gathered.nomination),
        comment_form=CommentForm(formdata=None),
        return_request=parts.request_card(gathered, task, request_)
        if task.state in OPEN
        else None,
        proposal=parts.proposal(gathered, task),
        draft_saved_at=draft.saved_at if draft else None,
        taken=_taken(step, form) if _is_taken(task) else None,
        draft=issuing.draft(session, gathered)
        if step.form_key == "issue_decision"
        else None,
        form=form,
        reused=reused.of(session, gathered.nomination, form) if states_case else [],
    )
    return page, code


def _task(step: Step) -> dict[str, object]:
    task = step.task
    mine = task.assignee_id == actor().id
    holder = (
        reader().get(Person, task.assignee_id) if task.assignee_id and not mine else None
    )
    return {
        "id": task.id,
        "name": _name(step),
        "form_key": step.form_key.partition(":")[0],
        "due_at": task.due_at if task.state in OPEN else None,
        "is_overdue": task.due_at is not None and task.due_at < now(),
        "is_ready": task.state == TaskState.READY,
        "is_mine": task.state == TaskState.CLAIMED and mine,
        "is_done_by_me": task.state == TaskState.COMPLETED and mine,
        "may_complete": not _is_taken(task),
        "is_suspended": task.instance.suspended_at is not None,
        "holder": holder.name if holder and task.state == TaskState.CLAIMED else "",
    }


def _taken(step: Step, form: StepForm) -> dict[str, object] | None:
    """Who did what and when before, with what this person had typed."""
    task = step.task
    typed = []
    if request.method == "POST":
        typed = answers(step.form_key, step.dossier.context, form.content())
        typed += [(str(f.label.text), f.raw_data[0]) for f in form if _is_unreadable(f)]
    elif draft := drafts.find(reader(), task.id, person_id=actor().id):
        typed = answers(
            step.form_key, step.dossier.context, _drafted(step, draft).content()
        )
    if task.assignee_id == actor().id and not typed:
        return None
    if task.state in OPEN:
        holder = reader().get_one(Person, task.assignee_id)
        return {"who": holder.name, "at": None, "act": "", "typed": typed}
    closing = timeline.closing(timeline.of(reader(), step.dossier.nomination), task)
    return {
        "who": closing.who,
        "at": closing.at,
        "act": story.act(closing),
        "typed": typed,
    }


def _is_unreadable(field: Any) -> bool:
    """Whether something was typed that is no value of the field."""
    return bool(
        field.errors and field.data is None and field.raw_data and field.raw_data[0]
    )


def _ask(step: Step, form: StepForm) -> ResponseReturnValue:
    """An act that cannot be undone is looked at once more, on a page of its own."""
    context, content = step.dossier.context, form.content()
    return render_template(
        "tasks/check_answers.html",
        task=_task(step),
        nomination=parts.card(step.dossier, step.task),
        outcome=outcome_text(step.form_key, context, content),
        warning=_("Sau khi xác nhận, hồ sơ kết thúc ở đây và không mở lại được."),
        answers=answers(step.form_key, context, content, without=frozenset({"outcome"})),
        fields=confirming.sent(without="confirmed"),
    )


def _name(step: Step) -> str:
    return told(step.dossier.definition.elements[step.task.element_id].name)


def _code(step: Step) -> str:
    return step.dossier.nomination.code
