"""Many tasks at once: choose them, see what stands against which, confirm, read the results."""

from urllib.parse import urlencode

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

from awards import access, interests, results
from awards import batches as operations
from awards import inbox as boxes
from awards.errors import NothingChosen
from awards.inbox import Tab
from forms import many
from forms.base import StepForm
from forms.many import ChooseForm
from languages import gettext as _
from models.batches import Batch, BatchState
from views import batch_pages as pages
from views import confirming
from views.guards import allow
from views.inbox import FILTERS, filters_of
from views.parsing import asked, page_number, row_number
from views.web import actor, now, reader, start_job, transaction
from views.wording import sentence
from workflows import calendar
from workflows.errors import TaskChanged
from workflows.submissions import Entry

batches = Blueprint("batches", __name__, url_prefix="/batches")


@batches.get("")
@allow(access.works_on_tasks)
def index() -> ResponseReturnValue:
    """What the person has done to many at once, newest first."""
    found, total = results.latest(reader(), actor(), page=page_number())
    return pages.index(found, total)


@batches.post("")
@allow(access.works_on_tasks)
def freeze() -> ResponseReturnValue:
    """Keep what was chosen in the inbox as a list, before anything is done to it."""
    form = ChooseForm()
    chosen = _chosen() if form.validate() else {}
    if interests.among(reader(), actor(), list(chosen)):
        flash(_("Kê khai quan hệ trước, rồi chọn lại các việc."), "warning")
        return redirect(url_for("interests.index"), 303)
    try:
        with transaction() as session:
            batch = operations.freeze(
                session,
                chosen,
                actor=actor(),
                suits=many.suits,
                command_key=form.command_key.data or "",
                now=now(),
            )
    except NothingChosen as error:
        flash(sentence(error), "warning")
        return redirect(url_for("inbox.show") + _query(), 303)
    return _to(batch)


@batches.get("/<int:batch_id>")
@allow(access.works_on_tasks)
def show(batch_id: int) -> ResponseReturnValue:
    """The list with its form; once confirmed, how far it has come and what came of each."""
    batch = _seen(batch_id)
    if batch.state != BatchState.FROZEN:
        return pages.outcome(batch)
    return pages.prepare(batch, _form(batch, is_new=True))


@batches.post("/<int:batch_id>")
@allow(access.works_on_tasks)
def complete(batch_id: int) -> ResponseReturnValue:
    """Complete the whole list, once the page that asks for it was confirmed."""
    batch = _seen(batch_id)
    form = _form(batch)
    if form is None:
        return _to(batch)
    if "revise" in request.form:
        return pages.prepare(batch, form)
    if not form.validate():
        return pages.prepare(batch, form), 422
    if not form.confirmed.data:
        return pages.check(batch, form)
    if confirming.decides(batch.form_key) and (asked := confirming.ask()) is not None:
        return asked
    try:
        _carry_out(batch, form)
    except TaskChanged:
        flash(_("Lượt này đã được xác nhận trước đó. Kết quả ở dưới đây."), "warning")
    return _to(batch)


@batches.get("/<int:batch_id>/progress")
@allow(access.works_on_tasks)
def progress(batch_id: int) -> ResponseReturnValue:
    """The part of the page that is asked for again and again while work goes on."""
    batch = _seen(batch_id)
    response = Response(render_template("batches/_progress.html", batch=batch))
    if batch.state != BatchState.CONFIRMED:
        response.headers["HX-Refresh"] = "true"
    return response


def _carry_out(batch: Batch, form: StepForm) -> None:
    """A short list here and now, a long one in the background."""
    is_short = batch.total <= operations.IN_ONE_REQUEST
    with transaction() as session:
        operations.confirm(
            session,
            batch.id,
            actor=actor(),
            entry=Entry(batch.form_key, form.version, form.content()),
            variables=form.variables(),
            command_key=form.command_key.data,
            now=now(),
        )
        more = is_short
        while more:
            more = operations.carry_out_some(session, batch.id, now=now())
    if not is_short:
        start_job("carry_out_batch", batch.id)


def _chosen() -> dict[int, int]:
    """Task and revision of every ticked row, or of all rows that the filters let through."""
    if "all" in request.form:
        wanted = asked("tab", *FILTERS)
        tab = Tab(wanted["tab"]) if wanted.get("tab") in set(Tab) else Tab.GROUPS
        filters = filters_of(wanted)
        limit = operations.MAX
        return boxes.revisions(reader(), actor(), tab, filters, now(), limit=limit)
    ticked = [value.partition(".") for value in request.form.getlist("task")]
    pairs = [(row_number(task), row_number(revision)) for task, _dot, revision in ticked]
    return {task: revision for task, revision in pairs if task}


def _query() -> str:
    """The filters that the inbox had, to go back to."""
    wanted = asked("tab", *FILTERS)
    return f"?{urlencode(wanted)}" if wanted else ""


def _seen(batch_id: int) -> Batch:
    found = reader().get(Batch, batch_id)
    if found is None or not access.may_see_batch(actor(), found):
        abort(404)
    return found


def _form(batch: Batch, *, is_new: bool = False) -> StepForm | None:
    """The form for all of them; none where no step of theirs can be done together."""
    if not batch.form_key:
        return None
    today = calendar.today(now())
    return many.make(batch.form_key, today, **({"formdata": None} if is_new else {}))


def _to(batch: Batch) -> ResponseReturnValue:
    return redirect(url_for("batches.show", batch_id=batch.id), 303)
