"""Error pages: what happened, and what to do. Nothing of the inside shows."""

import logging
import secrets
from urllib.parse import urlsplit

from flask import Flask, g, render_template, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import NoResultFound
from werkzeug.exceptions import HTTPException, NotFound

from views.reads import ReadNotRecorded
from views.web import db
from views.wording import sentence
from workflows.errors import WorkflowError

log = logging.getLogger(__name__)
_SHOWN = {400, 403, 404, 409, 413, 429}
_OURS = 500
_REDIRECT = 400
_SAID_AS = {401: 403}
_UNKNOWN_METHOD = 405


def init_app(app: Flask) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(CSRFError, _stale_page)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(WorkflowError, _told)
    app.register_error_handler(ReadNotRecorded, _unrecorded)
    app.register_error_handler(NoResultFound, _missing)
    app.register_error_handler(Exception, _unforeseen)


def unreadable(error: Exception) -> ResponseReturnValue:
    """What a web server raises while a body is read that breaks off, or is none."""
    del error
    return _page(400)


def _page(
    code: int, told: str | None = None, incident: str | None = None
) -> ResponseReturnValue:
    if "actor" not in g:
        g.actor = None
    if request_ctx.url_adapter is None:  # not even the host could be read
        return "400", 400
    back = _way_back() if request.method == "POST" and code in (400, 409, 413) else None
    shown = code if code in _SHOWN else _SAID_AS.get(code, 500 if code >= _OURS else 400)
    page = render_template(
        "errors/error.html", code=shown, sentence=told, incident=incident, back=back
    )
    return page, code


def _way_back() -> str | None:
    """The page whose form was sent, if that is where the person came from."""
    try:
        came_from = urlsplit(request.referrer or "").path
    except ValueError:  # no address at all
        return None
    return request.path if came_from == request.path else None


def _stale_page(error: CSRFError) -> ResponseReturnValue:
    del error
    return _page(400)


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or _OURS
    if code < _REDIRECT:
        return error
    if code == _UNKNOWN_METHOD:  # a page without that method is no page for it
        return _page(404)
    return _page(code) if code < _OURS else _unforeseen(error)


def _told(error: WorkflowError) -> ResponseReturnValue:
    return _page(409, sentence(error))


def _unrecorded(error: ReadNotRecorded) -> ResponseReturnValue:
    incident = secrets.token_hex(4).upper()
    log.error("incident %s on %s", incident, request.path, exc_info=error)
    return _page(503, sentence(error), incident)


def _missing(error: NoResultFound) -> ResponseReturnValue:
    del error
    return _http(NotFound())


def _unforeseen(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    g.actor = None  # what failed may be what the page's head would ask for
    incident = secrets.token_hex(4).upper()
    log.error("incident %s on %s", incident, _where(), exc_info=error)
    return _page(500, incident=incident)


def _where() -> str:
    """What was asked for. A token in an address is as good as a password, and is left out."""
    asked = {name: v for name, v in (request.view_args or {}).items() if name != "token"}
    words = " ".join(f"{name}={value!r}" for name, value in asked.items())
    return f"{request.method} {request.url_rule or 'no address'} {words}".strip()
