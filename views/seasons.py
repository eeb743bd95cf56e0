"""For the administrators of the system: movements with their criteria, awards with their papers."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from awards import access
from awards import seasons as workings
from awards.errors import BadChange
from forms.seasons import AwardForm, MovementForm
from forms.simple import KINDS
from languages import gettext as _
from models.awards import Award, Movement
from views import choices
from views.guards import allow
from views.web import actor, now, reader, transaction
from views.wording import sentence
from workflows import commands

seasons = Blueprint("seasons", __name__)


@seasons.get("/movements")
@allow(access.keeps_organisation)
def movements() -> ResponseReturnValue:
    """All movements."""
    return render_template("seasons/movements.html", rows=workings.movements(reader()))


@seasons.get("/movements/new")
@allow(access.keeps_organisation)
def plan_movement() -> ResponseReturnValue:
    """The form for a movement."""
    return _movement_page(MovementForm(formdata=None))


@seasons.post("/movements/new")
@allow(access.keeps_organisation)
def set_up_movement() -> ResponseReturnValue:
    """A new movement."""
    form = MovementForm()
    if not form.validate():
        return _movement_page(form), 422
    try:
        with transaction() as session:
            key = form.command_key.data
            if commands.take(session, key, kind="movement", actor=actor(), now=now()):
                workings.set_up_movement(
                    session, form.code.data, form.facts(), form.lines()
                )
    except BadChange as error:
        form.form_errors.append(sentence(error))
        return _movement_page(form), 422
    flash(_("Đã ghi phong trào. Các đơn vị đề nghị được trong thời gian nhận."), "success")
    return redirect(url_for("seasons.movements"), 303)


@seasons.get("/movements/<int:movement_id>")
@allow(access.keeps_organisation)
def movement(movement_id: int) -> ResponseReturnValue:
    """One movement, to be put right."""
    row = _found(Movement, movement_id)
    form = MovementForm(formdata=None)
    form.show(row)
    return _movement_page(form, row)


@seasons.post("/movements/<int:movement_id>")
@allow(access.keeps_organisation)
def revise_movement(movement_id: int) -> ResponseReturnValue:
    """Put a movement right."""
    row = _found(Movement, movement_id)
    form = MovementForm()
    form.code.data, form.code.validators = row.code, ()
    form.takes_lines = not workings.is_used(reader(), row)
    if not form.validate():
        return _movement_page(form, row), 422
    try:
        with transaction() as session:
            workings.revise_movement(session, movement_id, form.facts(), form.lines())
    except BadChange as error:
        form.form_errors.append(sentence(error))
        return _movement_page(form, row), 422
    flash(_("Đã sửa phong trào."), "success")
    return redirect(url_for("seasons.movements"), 303)


@seasons.get("/awards")
@allow(access.keeps_organisation)
def awards() -> ResponseReturnValue:
    """All awards."""
    return render_template(
        "seasons/awards.html",
        rows=workings.awards(reader()),
        processes=dict(choices.processes()),
    )


@seasons.get("/awards/new")
@allow(access.keeps_organisation)
def plan_award() -> ResponseReturnValue:
    """The form for an award."""
    return _award_page(_award_form(formdata=None))


@seasons.post("/awards/new")
@allow(access.keeps_organisation)
def set_up_award() -> ResponseReturnValue:
    """A new award."""
    form = _award_form()
    if not form.validate():
        return _award_page(form), 422
    try:
        with transaction() as session:
            key = form.command_key.data
            if commands.take(session, key, kind="award", actor=actor(), now=now()):
                workings.set_up_award(
                    session,
                    form.code.data,
                    form.name.data,
                    form.process_key.data,
                    form.lines(),
                )
    except BadChange as error:
        form.form_errors.append(sentence(error))
        return _award_page(form), 422
    flash(_("Đã ghi hình thức khen thưởng."), "success")
    return redirect(url_for("seasons.awards"), 303)


@seasons.get("/awards/<int:award_id>")
@allow(access.keeps_organisation)
def award(award_id: int) -> ResponseReturnValue:
    """One award, to be put right."""
    row = _found(Award, award_id)
    form = _award_form(formdata=None)
    form.show(row)
    return _award_page(form, row)


@seasons.post("/awards/<int:award_id>")
@allow(access.keeps_organisation)
def revise_award(award_id: int) -> ResponseReturnValue:
    """Put an award right."""
    row = _found(Award, award_id)
    form = _award_form()
    form.code.data, form.code.validators = row.code, ()
    form.takes_lines = not workings.is_used(reader(), row)
    if not form.validate():
        return _award_page(form, row), 422
    with transaction() as session:
        workings.revise_award(
            session, award_id, form.name.data, form.process_key.data, form.lines()
        )
    flash(_("Đã sửa hình thức khen thưởng."), "success")
    return redirect(url_for("seasons.awards"), 303)


def _found(table: type[Any], number: int) -> Any:
    row = reader().get(table, number)
    if row is None:
        abort(404)
    return row


def _award_form(**arguments: Any) -> AwardForm:
    form = AwardForm(**arguments)
    form.process_key.choices = [SelectChoice(*pair) for pair in choices.processes()]
    return form


def _movement_page(form: MovementForm, row: Movement | None = None) -> str:
    return render_template(
        "seasons/movement.html",
        form=form,
        row=row,
        is_used=row is not None and workings.is_used(reader(), row),
        tables=[(name, form.rows(kind)) for kind, name in KINDS.items()],
    )


def _award_page(form: AwardForm, row: Award | None = None) -> str:
    return render_template(
        "seasons/award.html",
        form=form,
        row=row,
        is_used=row is not None and workings.is_used(reader(), row),
    )
