"""Signing in and out, and the language of the pages."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import UserMixin, login_user, logout_user

from awards import access, people
from forms.simple import SignInForm
from models.organisation import Person
from views.guards import allow, public
from views.web import actor_or_none, now, reader
from workflows import calendar
from workflows.actors import Actor

auth = Blueprint("auth", __name__)


class Account(UserMixin):
    """A person as Flask-Login wants to see one. The epoch ends sessions when it changes."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def get_id(self) -> str:
        return f"{self.person.id}.{self.person.session_epoch}"


@auth.get("/")
@public
def home() -> ResponseReturnValue:
    """Where a person begins the day."""
    actor = actor_or_none()
    return redirect(url_for("auth.sign_in") if actor is None else _start(actor))


@auth.get("/login")
@public
def sign_in() -> ResponseReturnValue:
    """Ask who is there."""
    actor = actor_or_none()
    if actor is not None:
        return redirect(_start(actor))
    form = SignInForm(next=request.args.get("next", ""))
    return render_template("auth/sign_in.html", form=form)


@auth.post("/login")
@public
def check_sign_in() -> ResponseReturnValue:
    """Let the person in, or say that login and password do not match."""
    form = SignInForm()
    if form.validate():
        person = people.authenticate(reader(), form.login.data, form.password.data)
        if person is not None:
            return _welcome(person, form.next.data)
        form.form_errors.append(_("Tên đăng nhập hoặc mật khẩu không đúng."))
    return render_template("auth/sign_in.html", form=form), 422


@auth.post("/logout")
@public
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    logout_user()
    return redirect(url_for("auth.sign_in"), 303)


@auth.post("/language")
@public
def choose_language() -> ResponseReturnValue:
    """Show pages in Vietnamese or English from now on."""
    chosen = request.form.get("language", "")
    session["language"] = chosen if chosen in ("vi", "en") else "vi"
    return redirect(own_path(request.form.get("next", "")) or url_for("auth.home"), 303)


def own_path(target: str) -> str:
    """The target if it is a path of this site, else nothing: no page sends people elsewhere."""
    if not target.startswith("/") or target.startswith("//") or "\\" in target:
        return ""
    return target if target.isprintable() else ""


def _welcome(person: Person, target: str) -> ResponseReturnValue:
    language = session.get("language", "vi")
    session.clear()  # what a stranger planted before signing in is gone
    session["language"] = language
    login_user(Account(person))
    actor = people.actor_of(person, calendar.today(now()))
    return redirect(own_path(target or "") or _start(actor), 303)


def _start(actor: Actor) -> str:
    if access.works_on_tasks(actor):
        return url_for("inbox.show")
    return (
        url_for("board.show")
        if access.follows_nominations(actor)
        else url_for("auth.about")
    )


@auth.get("/about")
@allow(access.signed_in)
def about() -> ResponseReturnValue:
    """For accounts that do not follow nominations: what this one is for."""
    return render_template("auth/about.html")
