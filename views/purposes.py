"""What movements are for and judged by, for everybody; and units' word that they have read it."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from awards import access
from awards.examples import purposes as workings
from awards.listings import Status
from awards.names import STATUSES
from forms.examples import AcknowledgementForm
from forms.simple import KINDS
from languages import gettext as _
from models.awards import Movement
from views.guards import allow
from views.web import actor, now, reader, transaction
from views.wording import told
from workflows import calendar

purposes = Blueprint("purposes", __name__, url_prefix="/purposes")


@purposes.get("")
@allow(access.signed_in)
def index() -> ResponseReturnValue:
    """All movements."""
    return render_template(
        "examples/purposes.html",
        movements=workings.every(reader()),
        today=calendar.today(now()),
    )


@purposes.get("/<movement_code>")
@allow(access.signed_in)
def show(movement_code: str) -> ResponseReturnValue:
    """One movement: what for, until when, judged by what, with what outcome so far."""
    movement = _found(movement_code)
    mine = actor().scopes(*access.UNIT)
    return render_template(
        "examples/purpose.html",
        movement=movement,
        tables=[
            (name, [one for one in movement.criteria if one.nominee_kind == kind])
            for kind, name in KINDS.items()
        ],
        outcomes=[
            (told(STATUSES[Status(result.value)]), count)
            for result, count in workings.outcomes(reader(), movement).items()
        ],
        units=workings.silent(reader(), movement, mine) if mine else [],
        words=workings.words(reader(), movement),
        form=AcknowledgementForm(formdata=None),
    )


@purposes.post("/<movement_code>/acknowledge")
@allow(access.answers_for_unit)
def acknowledge(movement_code: str) -> ResponseReturnValue:
    """Keep a unit's word."""
    movement, form = _found(movement_code), AcknowledgementForm()
    if form.validate() and form.unit.data in actor().scopes(*access.UNIT):
        with transaction() as session:
            workings.acknowledge(
                session,
                session.get_one(Movement, movement.id),
                form.unit.data,
                actor=actor(),
                now=now(),
            )
        flash(_("Đã ghi nhận đơn vị nắm mục đích và tiêu chí của phong trào."), "success")
    return redirect(url_for("purposes.show", movement_code=movement_code), 303)


def _found(code: str) -> Movement:
    movement = workings.find(reader(), code.replace("\0", ""))
    if movement is None:
        abort(404)
    return movement
