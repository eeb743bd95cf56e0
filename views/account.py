"""One's own account: the password, and the browsers that are signed in."""

from flask import Blueprint, current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from awards import access, accounts, passwords, provider_accounts, second_factors, sign_ins
from awards.errors import TooBusy, WeakPassword, WrongPassword
from forms.accounts import ChangePasswordForm
from forms.simple import ConfirmForm
from settings import Settings
from views import auth, devices
from views.guards import allow
from views.web import actor, now, reader, transaction
from views.wording import sentence

account = Blueprint("account", __name__, url_prefix="/account")


@account.get("")
@allow(access.signed_in)
def show() -> ResponseReturnValue:
    """The password, and where one is signed in."""
    return _page(ChangePasswordForm(formdata=None))


@account.post("/password")
@allow(access.signed_in)
def change_password() -> ResponseReturnValue:
    """Change the password; every other browser has to sign in anew."""
    form = ChangePasswordForm()
    if not form.validate():
        return _page(form, 422)
    try:
        with passwords.one_at_a_time(), transaction() as session:
            me = actor().id
            accounts.change(
                session, me, old=form.old.data, new=form.password.data, now=now()
            )
            token = sign_ins.begin(session, me, device=devices.described(), now=now())
    except (WrongPassword, TooBusy) as error:
        form.old.errors = [sentence(error)]
        return _page(form, 422)
    except WeakPassword as error:
        form.password.errors = [sentence(error)]
        return _page(form, 422)
    auth.signed_in_with(token)
    flash(_("Đã đổi mật khẩu. Các thiết bị khác phải đăng nhập lại."), "success")
    return redirect(url_for("account.show"), 303)


@account.post("/sessions/<int:session_id>/end")
@allow(access.signed_in)
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign one browser out, wherever it stands."""
    with transaction() as session:
        sign_ins.end_one(session, session_id, actor().id, now())
    flash(_("Đã đăng xuất thiết bị đó."), "success")
    return redirect(url_for("account.show"), 303)


@account.post("/sessions/end")
@allow(access.signed_in)
def end_others() -> ResponseReturnValue:
    """Sign every other browser out."""
    with transaction() as session:
        sign_ins.end_all(session, actor().id, now(), but=current_user.token)
    flash(_("Đã đăng xuất mọi thiết bị khác."), "success")
    return redirect(url_for("account.show"), 303)


def _page(form: ChangePasswordForm, code: int = 200) -> ResponseReturnValue:
    found = sign_ins.of(reader(), actor().id, now())
    here = sign_ins.digest(current_user.token)
    settings: Settings = current_app.config["SETTINGS"]
    if settings.provider:
        g.leads_to = settings.provider.origin
    page = render_template(
        "account/show.html",
        provider=settings.provider and settings.provider.name,
        linked=provider_accounts.find(reader(), actor().id),
        form=form,
        button=ConfirmForm(formdata=None),
        device=second_factors.find(reader(), actor().id),
        codes_left=second_factors.left(reader(), actor().id),
        login=current_user.person.login,
        sessions=[(row, row.token_hash == here) for row in found],
    )
    return page, code
