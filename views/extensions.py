"""Extending the appraisal of a nomination."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from awards import access, extensions, nominations
from awards.errors import NothingToExtend
from awards.listings import open_task
from forms.simple import ExtensionForm
from languages import gettext as _
from models.awards import Nomination
from views import dossier, story
from views.guards import allow
from views.web import actor, now, reader, transaction
from views.wording import sentence

extending = Blueprint("extending", __name__)


@extending.get("/nominations/<code>/extension")
@allow(access.works_on_tasks)
def show(code: str) -> ResponseReturnValue:
    """Say how much of the period is used up, and ask for the reason."""
    return _page(_extendable(code), ExtensionForm(formdata=None))


@extending.post("/nominations/<code>/extension")
@allow(access.works_on_tasks)
def extend(code: str) -> ResponseReturnValue:
    """Allow the appraisal more working days."""
    nomination, form = _extendable(code), ExtensionForm()
    if not form.validate():
        return _page(nomination, form), 422
    try:
        with transaction() as session:
            extensions.extend(
                session,
                session.get_one(Nomination, nomination.id),
                days=int(form.days.data or 0),
                reason=form.reason.data,
                actor=actor(),
                command_key=form.command_key.data,
                now=now(),
            )
    except NothingToExtend as error:
        form.form_errors.append(sentence(error))
        return _page(_extendable(code), form), 409
    flash(_("Đã gia hạn thẩm định hồ sơ %(code)s.", code=code), "success")
    return redirect(url_for("nominations.show", code=code), 303)


def _extendable(code: str) -> Nomination:
    nomination = nominations.find(reader(), code)
    if nomination is None or access.extending_post(actor(), nomination) is None:
        abort(404)
    return nomination


def _page(nomination: Nomination, form: ExtensionForm) -> str:
    gathered = dossier.gather(reader(), nomination)
    task, _holder = open_task(reader(), nomination)
    return render_template(
        "nominations/extend.html",
        nomination=dossier.card(gathered, task),
        clock=story.clock(extensions.open_clock(reader(), nomination)),
        form=form,
    )
