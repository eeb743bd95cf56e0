"""The password once more before what matters most: deciding, and changing what others may do."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from awards import guessing, passwords, sign_ins
from awards.errors import TooBusy
from awards.sign_ins import Attempt
from languages import gettext as _
from models.organisation import Role
from settings import Settings
from views import devices
from views.web import actor, now, reader, transaction
from views.wording import sentence

_FIELD = "own_password"
_DECIDING = "decide_by_chairman"


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
    page = render_template("auth/confirm.html", fields=sent(), error=error, name=_FIELD)
    return page, 422 if error else 200


def sent(*, without: str = "") -> list[tuple[str, str]]:
    """All that was sent, for a page that sends it again: without this field, and the password."""
    left_out = {_FIELD, without}
    return [(n, v) for n, v in request.form.items(multi=True) if n not in left_out]


def decides(form_key: str) -> bool:
    """Whether completing a step decides: its form says so, or the Chairman does it."""
    return form_key == _DECIDING or actor().has(Role.CHAIRMAN)


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
