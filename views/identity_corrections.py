"""The page on which a nominee's identity number is put right."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from awards import access, identities, identity_corrections, nominations
from awards.errors import NumberOfAnother, NumberUnchanged
from awards.listings import open_task
from forms.simple import IdentityForm
from languages import gettext as _
from models.awards import Nomination
from views import dossier
from views.guards import allow
from views.interests import declared_first
from views.web import actor, now, reader, transaction
from views.wording import sentence

correcting = Blueprint("identity_corrections", __name__)


@correcting.get("/nominations/<code>/identity/correction")
@allow(access.identifies)
def show(code: str) -> ResponseReturnValue:
    """Ask for the right number and the reason; of the present one, its last characters."""
    nomination = _correctable(code)
    declared_first(nomination)
    return _page(nomination, IdentityForm(formdata=None))


@correcting.post("/nominations/<code>/identity/correction")
@allow(access.identifies)
def correct(code: str) -> ResponseReturnValue:
    """Keep the right number; when somebody else has it, ask to look at it once more first."""
    nomination, form = _correctable(code), IdentityForm()
    declared_first(nomination)
    if not form.validate():
        return _page(nomination, form), 422
    number = form.identity_number.data or ""
    try:
        with transaction() as session:
            identity_corrections.correct(
                session,
                session.get_one(Nomination, nomination.id),
                number,
                reason=form.reason.data,
                is_sure=form.warned_of.data == number,
                actor=actor(),
                command_key=form.command_key.data,
                now=now(),
            )
    except (NumberOfAnother, NumberUnchanged) as error:
        is_warning = isinstance(error, NumberOfAnother)
        form.warned_of.data = number if is_warning else ""
        form.identity_number.errors = [sentence(error)]
        return _page(_correctable(code), form), 422
    flash(_("Đã ghi số định danh vào hồ sơ %(code)s.", code=code), "success")
    return redirect(url_for("nominations.show", code=code), 303)


def _correctable(code: str) -> Nomination:
    nomination = nominations.find(reader(), code)
    if nomination is None or not access.may_identify(actor(), nomination):
        abort(404)
    if identity_corrections.post_for(reader(), actor(), nomination) is None:
        abort(404)
    return nomination


def _page(nomination: Nomination, form: IdentityForm) -> str:
    task, _holder = open_task(reader(), nomination)
    return render_template(
        "nominations/identity.html",
        nomination=dossier.card(dossier.gather(reader(), nomination), task),
        masked=identities.masked(nomination.nominee.identity_number),
        form=form,
    )
