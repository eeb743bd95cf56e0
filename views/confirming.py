"""The password once more before what matters most: deciding, and changing what others may do."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from awards import guessing, passwords, sign_ins
from awards.errors import TooBusy
from awards.sign_ins import Attempt
from settings import Settings
from views import devices
from views.web import now, reader, transaction
from views.wording import sentence

_FIELD = "own_password"
DECIDING = frozenset({"decide_by_chairman"})
"""The forms of the steps that decide."""


def confirmed(view: Callable[..., Any]) -> Callable[..., Any]:
    """Ask for the password before the view, unless it was given in the last minutes."""

    @wraps(view)
    def asking(**arguments: Any) -> Any:
        asked = ask()
        return view(**arguments) if asked is None else asked

    return asking


def ask() -> ResponseReturnValue | None:
    """The page that asks, with all that was sent kept in it; None when there is nothing to ask."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.asks_twice or sign_ins.is_confirmed(current_user.row, now()):
        return None
    error = ""
    if _FIELD in request.form:
        try:
            if _is_right(request.form[_FIELD]):
                return None
            error = _("Mật khẩu không đúng.")
        except TooBusy as busy:
            error = sentence(busy)
    fields = [(n, v) for n, v in request.form.items(multi=True) if n != _FIELD]
    page = render_template("auth/confirm.html", fields=fields, error=error, name=_FIELD)
    return page, 422 if error else 200


def was_asked() -> bool:
    """Whether this very request brought the password, from the page that asks."""
    return _FIELD in request.form


def _is_right(password: str) -> bool:
    login = current_user.person.login
    attempt = Attempt(login, password, request.remote_addr or "", devices.known_as(login))
    with passwords.one_at_a_time():
        person = sign_ins.check(reader(), attempt, now())
        with transaction() as writer:
            if person is None:
                guessing.failed(writer, attempt.subjects, now())
            else:
                guessing.succeeded(writer, attempt.subjects[0])
                sign_ins.confirm(writer, current_user.token, now())
    return person is not None
