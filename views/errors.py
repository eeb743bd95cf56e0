"""Error pages: what happened, and what to do. Nothing of the inside shows."""

import logging
import secrets

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import NoResultFound
from werkzeug.exceptions import HTTPException, NotFound

from views.wording import sentence
from workflows.errors import WorkflowError

log = logging.getLogger(__name__)
_SHOWN = {400, 403, 404, 409, 413, 429}


def init_app(app: Flask) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(CSRFError, _stale_page)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(WorkflowError, _told)
    app.register_error_handler(NoResultFound, _missing)
    app.register_error_handler(Exception, _unforeseen)


def _page(
    code: int, told: str | None = None, incident: str | None = None
) -> ResponseReturnValue:
    if "actor" not in g:
        g.actor = None
    back = request.path if request.method == "POST" and code in (400, 409, 413) else None
    shown = code if code in _SHOWN else 500
    page = render_template(
        "errors/error.html", code=shown, sentence=told, incident=incident, back=back
    )
    return page, code


def _stale_page(error: CSRFError) -> ResponseReturnValue:
    del error
    return _page(400)


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:  # noqa: PLR2004 - a redirect is an HTTPException too
        return error
    if code in _SHOWN or code in (401, 405, 415):
        return _page(code if code != 405 else 404)  # noqa: PLR2004 - a page without that method
    return _unforeseen(error)


def _told(error: WorkflowError) -> ResponseReturnValue:
    return _page(409, sentence(error))


def _missing(error: NoResultFound) -> ResponseReturnValue:
    del error
    return _http(NotFound())


def _unforeseen(error: Exception) -> ResponseReturnValue:
    incident = secrets.token_hex(4).upper()
    log.error("incident %s on %s", incident, request.path, exc_info=error)
    return _page(500, incident=incident)
