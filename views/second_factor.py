"""The second factor: enrolling a device, and proving a code of it after the password."""

from flask import (
    Blueprint,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from awards import second_factors, sign_ins
from forms.accounts import CodeForm
from languages import gettext as _
from settings import Settings
from views import auth, qr
from views.guards import public
from views.web import now, reader, transaction
from workflows.actors import Actor

second_factor = Blueprint("second_factor", __name__, url_prefix="/second-factor")
_SALT = "salt"


def hold_back() -> None:
    """Let whoever has to prove a code, and has not yet, be nobody until then."""
    settings: Settings = current_app.config["SETTINGS"]
    is_due = settings.asks_twice and second_factors.is_due(g.actor)
    if is_due and current_user.row.verified_at is None:
        g.half_signed_in, g.actor = g.actor, None


@second_factor.get("")
@public
def ask() -> ResponseReturnValue:
    """Ask for a code; who has no device enrols one first."""
    actor = g.half_signed_in
    if actor is None:
        return redirect(url_for("auth.sign_in"))
    return _page(actor, CodeForm(formdata=None, next=request.args.get("next", "")))


@second_factor.post("")
@public
def check() -> ResponseReturnValue:
    """Take a code, and let the person in."""
    actor = g.half_signed_in
    if actor is None:
        return redirect(url_for("auth.sign_in"), 303)
    form = CodeForm()
    if not form.validate():
        return _page(actor, form), 422
    if second_factors.find(reader(), actor.id) is None:
        return _enrol(actor, form)
    settings: Settings = current_app.config["SETTINGS"]
    with transaction() as writer:
        is_right = second_factors.check(
            writer,
            actor.id,
            form.code.data,
            key=_key(),
            now=now(),
            old_keys=settings.old_secret_keys,
        )
        if is_right:
            sign_ins.verify(writer, current_user.token, now())
    if not is_right:
        form.code.errors = [
            _("Mã không đúng, đã dùng hoặc hết hạn. Đợi mã mới rồi nhập lại.")
        ]
        return _page(actor, form), 422
    return redirect(auth.own_path(form.next.data or "") or auth.start(actor), 303)


def _enrol(actor: Actor, form: CodeForm) -> ResponseReturnValue:
    salt = bytes.fromhex(session.get(_SALT, ""))
    with transaction() as writer:
        codes = (
            second_factors.enrol(
                writer, actor.id, salt, form.code.data, key=_key(), now=now()
            )
            if salt
            else []
        )
        if codes:
            sign_ins.verify(writer, current_user.token, now())
    if not codes:
        form.code.errors = [
            _("Mã không khớp. Kiểm tra giờ của điện thoại rồi nhập mã mới.")
        ]
        return _page(actor, form), 422
    session.pop(_SALT)
    onward = auth.own_path(form.next.data or "") or auth.start(actor)
    return render_template("second_factor/recovery_codes.html", codes=codes, onward=onward)


def _page(actor: Actor, form: CodeForm) -> str:
    if second_factors.find(reader(), actor.id) is not None:
        return render_template("second_factor/ask.html", form=form)
    if _SALT not in session:
        session[_SALT] = second_factors.fresh_salt().hex()
    salt = bytes.fromhex(session[_SALT])
    login = current_user.person.login
    secret = second_factors.secret(_key(), actor.id, salt)
    return render_template(
        "second_factor/enrol.html",
        form=form,
        picture=qr.picture(second_factors.address(_key(), actor.id, salt, login)),
        secret=" ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
    )


def _key() -> str:
    return str(current_app.secret_key)
