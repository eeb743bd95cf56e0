"""Quick notes on people who do well, all year: noted by anybody, answered by the person's unit."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from awards import access, listings
from awards.errors import BadChange
from awards.examples import discoveries as notes
from awards.examples import rights
from forms.examples import AnswerForm, DiscoveryForm
from languages import gettext as _
from models.examples import Discovery
from models.reads import ReadKind
from views import choices, reads
from views.guards import allow
from views.parsing import Pages, page_number
from views.web import actor, now, reader, transaction
from views.wording import sentence
from workflows import calendar, commands
from workflows.errors import WorkflowError

discoveries = Blueprint("discoveries", __name__, url_prefix="/discoveries")


@discoveries.get("")
@allow(rights.reads_discoveries)
def index() -> ResponseReturnValue:
    """What was noted, as far as the reader may see it, and the form for a note."""
    return _page(_form(formdata=None, happened_on=calendar.today(now())))


@discoveries.post("")
@allow(rights.notices)
def note() -> ResponseReturnValue:
    """Keep a note."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    try:
        with transaction() as session:
            key = form.command_key.data
            if commands.take(session, key, kind="discovery", actor=actor(), now=now()):
                today = calendar.today(now())
                notes.note(session, form.sight(), actor=actor(), now=now(), today=today)
    except BadChange as error:
        form.form_errors.append(sentence(error))
        return _page(form), 422
    flash(_("Đã ghi. Cán bộ của đơn vị đó thấy và lập hồ sơ, hoặc trả lời."), "success")
    return redirect(url_for("discoveries.index"), 303)


@discoveries.post("/<int:discovery_id>/decline")
@allow(access.nominates)
def decline(discovery_id: int) -> ResponseReturnValue:
    """Say why no nomination comes of it."""
    form = AnswerForm()
    if not form.validate():
        flash(form.answer.errors[0], "error")
        return redirect(url_for("discoveries.index"), 303)
    try:
        with transaction() as session:
            notes.decline(session, discovery_id, form.answer.data, actor=actor(), now=now())
    except WorkflowError as error:
        flash(sentence(error), "error")
    else:
        flash(_("Đã trả lời."), "success")
    return redirect(url_for("discoveries.index"), 303)


def _form(**arguments: object) -> DiscoveryForm:
    form = DiscoveryForm(**arguments)
    form.unit.choices = [SelectChoice(code, name) for code, name in choices.living_units()]
    return form


def _page(form: DiscoveryForm) -> str:
    page = page_number()
    offset = (page - 1) * listings.PAGE
    rows, total = notes.page(reader(), actor(), offset=offset, limit=listings.PAGE)
    if rows:
        shown = [row.id for row, _author in rows]
        reads.record(ReadKind.NAMES_SEARCHED, place="discoveries", total=total, shown=shown)
    return render_template(
        "examples/discoveries.html",
        rows=[_row(row, author) for row, author in rows],
        form=form if rights.notices(actor()) else None,
        answer=AnswerForm(formdata=None),
        page=Pages(page, total),
    )


def _row(row: Discovery, author: str) -> dict[str, object]:
    return {
        "id": row.id,
        "name": row.name,
        "unit": row.unit.name,
        "is_serving_public": row.is_serving_public,
        "happened_on": row.happened_on,
        "text": row.text,
        "author": author,
        "noted_at": row.noted_at,
        "answer": row.answer,
        "code": row.nomination.code if row.nomination else "",
        "may_answer": row.answered_at is None and rights.answers(actor(), reader(), row),
    }
