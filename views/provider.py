"""Signing in at an OpenID provider, and linking an account of it to one's own."""

from dataclasses import asdict
from typing import Any

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    g,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from awards import access, provider_accounts
from awards.errors import FlowIsOver
from awards.providers import Flow, Identity, Provider, origin
from forms.simple import SignInForm
from languages import gettext as _
from views import auth, confirming, devices
from views.confirming import confirmed
from views.guards import allow, public
from views.web import actor, actor_or_none, now, own_address, transaction
from views.wording import sentence
from workflows.errors import WorkflowError

provider = Blueprint("provider", __name__)
_FLOW = "flow"


def init_app(app: Any) -> None:
    """Remember what the provider offers, from one request to the next."""
    chosen = app.config["SETTINGS"].provider
    app.extensions["provider"] = chosen and Provider(
        issuer=chosen.issuer,
        client_id=chosen.client_id,
        client_secret=chosen.client_secret,
        claim=chosen.claim,
    )


@provider.post("/login/provider")
@public
def begin() -> ResponseReturnValue:
    """Send a stranger to the provider."""
    _provider()
    target = auth.own_path(request.form.get("next", ""))
    try:
        return _lead_out(next=target)
    except WorkflowError as error:
        return _refused(error, target)


@provider.get("/login/provider")
@public
def come_back() -> ResponseReturnValue:
    """Take who comes back from the provider: to sign in, or to link the account."""
    _provider()
    kept = session.pop(_FLOW, {})
    if "person" in kept:
        return _link(kept)
    target = auth.own_path(kept.get("next", ""))
    try:
        identity, flow = _identity(kept)
        with transaction() as writer:
            token = provider_accounts.sign_in(
                writer, identity, flow, device=devices.described(), now=now()
            )
    except WorkflowError as error:
        return _refused(error, target)
    return auth.welcome(token, target)


@provider.post("/account/provider")
@allow(access.signed_in)
def link() -> ResponseReturnValue:
    """Send somebody who is signed in to the provider, to link the account there."""
    g.leads_to = origin(_provider().issuer)  # the page that asks for the password, too
    if (asked := confirming.ask()) is not None:
        return asked
    try:
        return _lead_out(person=actor().id)
    except WorkflowError as error:
        flash(sentence(error), "error")
        return redirect(url_for("account.show"), 303)


@provider.post("/account/provider/forget")
@allow(access.signed_in)
@confirmed
def forget() -> ResponseReturnValue:
    """Sign in with the password alone from now on."""
    with transaction() as writer:
        provider_accounts.forget(writer, actor().id, now=now(), but=current_user.token)
    flash(
        _("Đã gỡ tài khoản đăng nhập chung. Các thiết bị khác phải đăng nhập lại."),
        "success",
    )
    return redirect(url_for("account.show"), 303)


def _link(kept: dict[str, Any]) -> ResponseReturnValue:
    """Link what came back, if whoever set out is still here."""
    here = actor_or_none()
    if here is None or here.id != kept["person"]:
        return _refused(FlowIsOver(), "")
    try:
        identity, _flow = _identity(kept)
        with transaction() as writer:
            provider_accounts.link(writer, here.id, identity, now())
    except WorkflowError as error:
        flash(sentence(error), "error")
    else:
        flash(_("Đã gắn. Từ nay bạn đăng nhập được ở nơi đăng nhập chung."), "success")
    return redirect(url_for("account.show"), 303)


def _provider() -> Provider:
    found: Provider | None = current_app.extensions["provider"]
    if found is None:
        abort(404)
    return found


def _lead_out(**purpose: object) -> ResponseReturnValue:
    """Begin a flow that this browser alone can end: its secrets are in its cookie."""
    flow = Flow.begin(now())
    address = _provider().address(flow, back=_back(), now=now())
    session[_FLOW] = asdict(flow) | purpose
    return redirect(address, 303)


def _identity(kept: dict[str, Any]) -> tuple[Identity, Flow]:
    if not kept:
        raise FlowIsOver
    flow = Flow(kept["state"], kept["nonce"], kept["verifier"], kept["begun_at"])
    said = request.args.to_dict()
    return _provider().identity(said, flow, back=_back(), now=now()), flow


def _back() -> str:
    return own_address() + url_for("provider.come_back")


def _refused(error: WorkflowError, target: str) -> ResponseReturnValue:
    return auth.page(SignInForm(formdata=None, next=target), 422, sentence(error))
