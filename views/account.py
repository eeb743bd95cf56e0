"""One's own account: the password, where mail goes, and the browsers that are signed in."""

from typing import cast

from flask import Blueprint, current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from awards import access, accounts, passwords, provider_accounts, second_factors, sign_ins
from awards.errors import BadAddress, TooBusy, WeakPassword, WrongPassword
from awards.messages import choices
from forms.accounts import ChangePasswordForm
from forms.messages import ChoicesForm, OwnAddressForm
from forms.simple import ConfirmForm
from languages import gettext as _
from settings import Settings
from views import auth, devices
from views.guards import allow
from views.web import actor, now, reader, transaction
from views.wording import sentence

account = Blueprint("account", __name__, url_prefix="/account")


@account.get("")
@allow(access.signed_in)
def show() -> ResponseReturnValue:
    """The password, where mail goes, and where one is signed in."""
    return _page()


@account.post("/password")
@allow(access.signed_in)
def change_password() -> ResponseReturnValue:
    """Change the password; every other browser has to sign in anew."""
    form = ChangePasswordForm()
    if not form.validate():
        return _page(form)
    try:
        with passwords.one_at_a_time(), transaction() as session:
            me = actor().id
            accounts.change(
                session, me, old=form.old.data, new=form.password.data, now=now()
            )
            token = sign_ins.begin(session, me, device=devices.described(), now=now())
    except (WrongPassword, TooBusy) as error:
        form.old.errors = [sentence(error)]
        return _page(form)
    except WeakPassword as error:
        form.password.errors = [sentence(error)]
        return _page(form)
    auth.signed_in_with(token)
    flash(_("Đã đổi mật khẩu. Các thiết bị khác phải đăng nhập lại."), "success")
    return redirect(url_for("account.show"), 303)


@account.post("/email")
@allow(access.signed_in)
def change_address() -> ResponseReturnValue:
    """Change where one's mail goes; asks for the password."""
    form = OwnAddressForm()
    if not form.validate():
        return _page(address=form)
    try:
        with passwords.one_at_a_time(), transaction() as session:
            choices.set_own_address(
                session,
                actor().id,
                form.email.data or "",
                password=cast("str", form.email_password.data),
            )
    except BadAddress as error:
        form.email.errors = [sentence(error)]
        return _page(address=form)
    except (WrongPassword, TooBusy) as error:
        form.email_password.errors = [sentence(error)]
        return _page(address=form)
    flash(_("Đã ghi địa chỉ thư điện tử."), "success")
    return redirect(url_for("account.show"), 303)


@account.post("/messages")
@allow(access.signed_in)
def choose_messages() -> ResponseReturnValue:
    """Choose how each kind of message comes."""
    form = ChoicesForm()
    if not form.validate():
        return _page(ways=form)
    with transaction() as session:
        choices.choose(session, actor().id, form.wanted())
    flash(_("Đã ghi cách nhận thông báo."), "success")
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


def _page(
    form: ChangePasswordForm | None = None,
    *,
    address: OwnAddressForm | None = None,
    ways: ChoicesForm | None = None,
) -> ResponseReturnValue:
    """The page, with the form that is to be put right, if one was sent."""
    found = sign_ins.of(reader(), actor().id, now())
    here = sign_ins.digest(current_user.token)
    settings: Settings = current_app.config["SETTINGS"]
    if settings.provider:
        g.leads_to = settings.provider.origin
    page = render_template(
        "account/show.html",
        provider=settings.provider and settings.provider.name,
        linked=provider_accounts.find(reader(), actor().id),
        form=form or ChangePasswordForm(formdata=None),
        address=address or OwnAddressForm(formdata=None, email=current_user.person.email),
        ways=ways or _ways(),
        is_mailing=settings.smtp is not None,
        button=ConfirmForm(formdata=None),
        device=second_factors.find(reader(), actor().id),
        codes_left=second_factors.left(reader(), actor().id),
        login=current_user.person.login,
        sessions=[(row, row.token_hash == here) for row in found],
    )
    return page, 200 if form is address is ways is None else 422


def _ways() -> ChoicesForm:
    form = ChoicesForm(formdata=None)
    form.fill(choices.of(reader(), actor().id))
    return form
