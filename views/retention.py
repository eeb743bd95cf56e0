"""For the administrators of the system: how long records are kept, and what is held back."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from awards import access, holds, nominations, retention
from awards.errors import AlreadyHeld, NoSuchNomination
from forms.personal_data import HoldForm, LiftForm
from languages import gettext as _
from models.safekeeping import LegalHold
from views.confirming import confirmed
from views.guards import allow
from views.web import actor, now, reader, transaction
from views.wording import sentence, told

retaining = Blueprint("retention", __name__, url_prefix="/retention")


@retaining.get("")
@allow(access.keeps_accounts)
def index() -> ResponseReturnValue:
    """Kinds of records with their terms, and the holds."""
    return _page(HoldForm(formdata=None), LiftForm(formdata=None))


@retaining.post("/holds")
@allow(access.keeps_accounts)
@confirmed
def hold() -> ResponseReturnValue:
    """Hold a nomination from being erased."""
    form = HoldForm()
    if not form.validate():
        return _page(form, LiftForm(formdata=None)), 422
    nomination = nominations.find(reader(), form.hold_code.data.upper())
    if nomination is None:
        form.hold_code.errors = [sentence(NoSuchNomination())]
        return _page(form, LiftForm(formdata=None)), 422
    try:
        with transaction() as session:
            found = nominations.find(session, nomination.code)
            assert found is not None  # noqa: S101 - nominations are never deleted
            holds.place(
                session, found, reason=form.hold_reason.data, actor=actor(), now=now()
            )
    except AlreadyHeld as error:
        form.hold_code.errors = [sentence(error)]
        return _page(form, LiftForm(formdata=None)), 422
    flash(_("Đã giữ lại hồ sơ %(code)s.", code=nomination.code), "success")
    return redirect(url_for("retention.index"), 303)


@retaining.post("/holds/lift")
@allow(access.keeps_accounts)
@confirmed
def lift() -> ResponseReturnValue:
    """Let a held nomination be erased again, when that is asked for."""
    form = LiftForm()
    if not form.validate():
        return _page(HoldForm(formdata=None), form), 422
    nomination = nominations.find(reader(), form.lift_code.data.upper())
    held = holds.standing(reader(), [nomination]) if nomination else []
    if not held:
        form.lift_code.errors = [_("Hồ sơ này không đang được giữ lại.")]
        return _page(HoldForm(formdata=None), form), 422
    with transaction() as session:
        row = session.get_one(LegalHold, held[0].id)
        holds.lift(session, row, reason=form.lift_reason.data, actor=actor(), now=now())
    flash(_("Đã thôi giữ lại hồ sơ %(code)s.", code=form.lift_code.data.upper()), "success")
    return redirect(url_for("retention.index"), 303)


def _page(form: HoldForm, lift_form: LiftForm) -> str:
    rows = holds.latest(reader())
    return render_template(
        "retention/index.html",
        kinds=[
            (told(kind.name), told(kind.term), kind.count, kind.past)
            for kind in retention.kinds(reader(), now())
        ],
        holds=rows,
        form=form,
        lift_form=lift_form,
        is_any_held=any(row.lifted_at is None for row in rows),
    )
