"""Signing in and out, choosing a password by link, and the language of the pages."""

from datetime import UTC, datetime, timedelta
from functools import cache

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, current_user, login_user, logout_user

from awards import access, accounts, passwords, people, sign_ins
from awards.errors import LinkIsOver, TooBusy, WeakPassword
from awards.sign_ins import Attempt
from forms.accounts import NewPasswordForm
from forms.simple import ConfirmForm, SignInForm
from languages import LANGUAGES
from languages import gettext as _
from models.organisation import Person
from models.sign_ins import BrowserSession
from settings import Settings
from views import devices
from views.guards import allow, public
from views.web import actor_or_none, now, reader, transaction
from views.wording import sentence
from workflows import calendar
from workflows.actors import Actor

auth = Blueprint("auth", __name__)
_SEEN = "seen"
_NOTED = timedelta(minutes=1)


class Account(UserMixin):
    """A person as Flask-Login wants to see one, signed in with a token."""

    def __init__(self, person: Person, row: BrowserSession, token: str) -> None:
        self.person = person
        self.row = row
        self.token = token

    def get_id(self) -> str:
        return self.token


def is_here() -> bool:
    """Whether this browser was used lately; if not, whoever was signed in is so no more.

    When it was used stands in its cookie, which is signed: a page that is looked at writes nothing.
    """
    if _SEEN not in session:
        return True
    seen = datetime.fromtimestamp(session[_SEEN], UTC)
    if now() - seen > sign_ins.IDLE:
        logout_user()
        session.pop(_SEEN)
        return False
    if now() - seen > _NOTED:
        session[_SEEN] = int(now().timestamp())
    return True


def turn_away() -> ResponseReturnValue | None:
    """Answer a flood of sign-ins before anything else is done for it: most of it is nobody's."""
    if request.endpoint != "auth.check_sign_in" or not passwords.is_crowded():
        return None
    g.actor = None
    return _busy_page(session.get("language", "vi")), 429, {"Retry-After": "5"}


@cache
def _busy_page(language: str) -> str:
    """Written once for each language; a page of its own costs what the flood is after."""
    return render_template(
        "auth/busy.html", language=language, sentence=sentence(TooBusy())
    )


@auth.get("/")
@public
def home() -> ResponseReturnValue:
    """Where a person begins the day."""
    actor = actor_or_none()
    return redirect(url_for("auth.sign_in") if actor is None else start(actor))


@auth.get("/login")
@public
def sign_in() -> ResponseReturnValue:
    """Ask who is there."""
    if g.half_signed_in:
        return redirect(url_for("second_factor.ask", next=request.args.get("next")))
    actor = actor_or_none()
    if actor is not None:
        return redirect(start(actor))
    return page(SignInForm(next=request.args.get("next", "")))


@auth.post("/login")
@public
def check_sign_in() -> ResponseReturnValue:
    """Let the person in, or say that login and password do not match."""
    form = SignInForm()
    if not form.validate():
        return page(form, 422)
    attempt = Attempt(
        form.login.data,
        form.password.data,
        request.remote_addr or "",
        devices.known_as(form.login.data),
    )
    try:
        with passwords.one_at_a_time():
            person = sign_ins.check(reader(), attempt, now())
            with transaction() as writer:
                token = sign_ins.settle(
                    writer,
                    attempt,
                    person.id if person else None,
                    device=devices.described(),
                    now=now(),
                )
    except TooBusy as error:
        form.form_errors.append(sentence(error))
        return page(form, 429)
    if person is None:
        form.form_errors.append(_("Tên đăng nhập hoặc mật khẩu không đúng."))
        return page(form, 422)
    return welcome(token, form.next.data or "")


@auth.post("/logout")
@public
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    if current_user.is_authenticated:
        with transaction() as writer:
            sign_ins.end(writer, current_user.token, now())
    logout_user()
    session.pop(_SEEN, None)
    return redirect(url_for("auth.sign_in"), 303)


@auth.get("/password/<token>")
@public
def choose_password(token: str) -> ResponseReturnValue:
    """Choose a password with a link that an administrator has handed out."""
    return _password_page(token, NewPasswordForm(formdata=None))


@auth.post("/password/<token>")
@public
def keep_password(token: str) -> ResponseReturnValue:
    """Keep the password; the link is used up."""
    form = NewPasswordForm()
    if not form.validate():
        return _password_page(token, form, 422)
    try:
        with transaction() as writer:
            accounts.choose_by_link(writer, token, form.password.data, now())
    except WeakPassword as error:
        form.password.errors = [sentence(error)]
        return _password_page(token, form, 422)
    except LinkIsOver:
        return _password_page(token, form, 410)
    flash(_("Đã đặt mật khẩu. Đăng nhập bằng mật khẩu mới."), "success")
    return redirect(url_for("auth.sign_in"), 303)


def _password_page(
    token: str, form: NewPasswordForm, code: int = 200
) -> ResponseReturnValue:
    try:
        login = accounts.link(reader(), token, now()).person.login
    except LinkIsOver as error:
        return render_template("auth/link_is_over.html", sentence=sentence(error)), 410
    return render_template("auth/choose_password.html", form=form, login=login), code


@auth.post("/language")
@public
def choose_language() -> ResponseReturnValue:
    """Show pages in Vietnamese or English from now on."""
    chosen = request.form.get("language", "")
    session["language"] = chosen if chosen in LANGUAGES else LANGUAGES[0]
    return redirect(own_path(request.form.get("next", "")) or url_for("auth.home"), 303)


def page(form: SignInForm, code: int = 200, told: str = "") -> ResponseReturnValue:
    """The page that asks who is there, with the provider's button where there is one."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.provider:
        g.leads_to = settings.provider.origin
    shown = render_template(
        "auth/sign_in.html",
        form=form,
        provider=settings.provider and settings.provider.name,
        button=ConfirmForm(formdata=None),
        told=told,
    )
    return shown, code


def own_path(target: str) -> str:
    """The target if it is a path of this site, else nothing: no page sends people elsewhere."""
    if not target.startswith("/") or target.startswith("//") or "\\" in target:
        return ""
    return target if target.isprintable() else ""


def signed_in_with(token: str) -> None:
    """Let this browser be signed in with this token; what it held before is gone."""
    language = session.get("language", "vi")
    session.clear()  # what a stranger planted before signing in
    session["language"] = language
    session[_SEEN] = int(now().timestamp())
    found = sign_ins.found(reader(), token, now())
    assert found is not None  # noqa: S101 - the session has just begun
    login_user(Account(*found, token))


def welcome(token: str, target: str) -> ResponseReturnValue:
    """Let this browser be signed in, known from now on, and led where it wanted to go."""
    signed_in_with(token)
    person = current_user.person
    actor = people.actor_of(person, calendar.today(now()))
    response: Response = redirect(own_path(target) or start(actor), 303)  # type: ignore[assignment] # Werkzeug's base class
    devices.remember(response, person.login)
    return response


def start(actor: Actor) -> str:
    """Where somebody with these posts begins."""
    if access.works_on_tasks(actor):
        return url_for("inbox.show")
    return (
        url_for("board.show")
        if access.follows_nominations(actor)
        else url_for("accounts.index" if access.keeps_accounts(actor) else "auth.about")
    )


@auth.get("/about")
@allow(access.signed_in)
def about() -> ResponseReturnValue:
    """For accounts that do not follow nominations: what this one is for."""
    return render_template("auth/about.html")
