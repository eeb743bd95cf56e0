"""The application: settings, database, sign-in, languages, blueprints, headers, commands."""

import logging
from datetime import datetime, timedelta
from inspect import iscoroutinefunction
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask_alembic import Alembic
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect
from werkzeug.datastructures import MultiDict
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

import awards.registry  # noqa: F401 - registers what steps and service tasks do
import cli
import forms.steps  # noqa: F401 - registers the form of each step
import jobs
import languages
import logs
import settings
import starting
from awards import files, people, sign_ins, site, special_days
from awards.clamd import Clamd
from keeping import commands
from models import session as sessions
from models.base import Base
from settings import Settings
from views import (
    account,
    accounts,
    assets,
    attachments,
    auditing,
    auth,
    batches,
    blocks,
    board,
    bonuses,
    certificates,
    decisions,
    delegations,
    discoveries,
    errors,
    examples,
    exports,
    extensions,
    foreign,
    health,
    history,
    identity_corrections,
    imports,
    inbox,
    interests,
    law,
    messages,
    migrations,
    nominations,
    notices,
    operations,
    overview,
    paper_templates,
    papers,
    personal_data,
    processes,
    proofs,
    proposals,
    provider,
    purposes,
    quality,
    records,
    retention,
    rosters,
    sampling,
    saved_views,
    search,
    seasons,
    second_factor,
    signed_papers,
    slips,
    stories,
    tasks,
    units,
    web,
    wording,
)
from workflows import calendar

MAX_REQUEST = 110 * 1024 * 1024  # four files of 25 MB and the words around them
MAX_TEXT = 2_000_000  # a form without files: texts far too long still come back to mend
MAX_FIELD = 500_000  # one text beside files
MAX_PARTS = 100  # the fields and files of the longest form that takes files, twice over
_MINUTE = timedelta(minutes=1)
_CONNECTIONS = (
    20  # kept open: one to read and one to write for each thread, and the background's
)
_ERROR = 400
BLUEPRINTS = (
    account.account,
    accounts.accounts,
    attachments.attachments,
    auditing.auditing_pages,
    auth.auth,
    batches.batches,
    blocks.blocks,
    board.board,
    bonuses.bonuses,
    certificates.certificates,
    decisions.decisions,
    delegations.delegations,
    discoveries.discoveries,
    examples.examples,
    exports.exports,
    extensions.extending,
    health.health,
    history.history,
    identity_corrections.correcting,
    imports.imports,
    inbox.inbox,
    interests.interests,
    law.law,
    messages.messages,
    migrations.migrations,
    nominations.nominations,
    notices.notices,
    operations.operations,
    overview.overview,
    paper_templates.paper_templates,
    papers.papers,
    personal_data.personal_data,
    processes.processes,
    proofs.proofs,
    proposals.proposals,
    provider.provider,
    purposes.purposes,
    quality.quality,
    *records.RECORDS.values(),
    retention.retaining,
    rosters.rosters,
    search.search,
    saved_views.views,
    sampling.sampling,
    seasons.seasons,
    second_factor.second_factor,
    signed_papers.signed_papers,
    stories.stories,
    slips.slips,
    tasks.tasks,
    units.units,
)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class RowNumber(IntegerConverter):
    """A row's number in an address. Larger ones than a database can hold are no address."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**31 - 1)


def create_app(chosen: Settings | None = None) -> Flask:
    """The application for these settings, or for those of the environment."""
    logs.configure()
    chosen = chosen or settings.read()
    starting.check(chosen)
    app = Flask(__name__)
    app.url_map.converters["int"] = RowNumber
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    site.configure(chosen.address)
    app.config.update(
        SECRET_KEY=chosen.secret_key,
        SECRET_KEY_FALLBACKS=list(chosen.old_secret_keys),
        SIGNING_KEYS=chosen.signing_keys,
        WTF_CSRF_SECRET_KEY=chosen.signing_keys,  # Flask-WTF knows nothing of fallbacks
        SETTINGS=chosen,
        UPLOADS=chosen.uploads,
        TRUST_ROOTS=chosen.trust_roots,
        MAX_CONTENT_LENGTH=MAX_REQUEST,
        MAX_FORM_MEMORY_SIZE=MAX_FIELD,
        MAX_FORM_PARTS=MAX_PARTS,
        SCANNER=Clamd(chosen.clamd) if chosen.clamd else None,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: no typed text is lost to a clock
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=not chosen.is_plain,
        SESSION_COOKIE_NAME=chosen.cookie("session"),
        TRUSTED_HOSTS=list(chosen.hosts),
    )
    if not chosen.is_plain:
        app.wsgi_app = ProxyFix(app.wsgi_app)  # type: ignore[method-assign] # Flask's own form
    _init_database(app, chosen)
    app.before_request(auth.turn_away)
    app.before_request(foreign.refuse)
    app.before_request(_keep_calendar)
    _init_people(app)
    languages.init_app(app)
    CSRFProtect(app)
    assets.init_app(app)
    wording.init_app(app)
    errors.init_app(app)
    provider.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.after_request(_harden if chosen.is_plain else _harden_for_https)
    app.teardown_request(_close_files)
    jobs.init_app(app)
    cli.init_app(app)
    commands.init_app(app, create_app)
    return app


def _init_database(app: Flask, chosen: Settings) -> None:
    options: dict[str, Any] = {
        "url": chosen.database_url,
        "hide_parameters": True,  # people's data are in no log
        "pool_size": _CONNECTIONS,
        "pool_use_lifo": True,  # the one that was used last knows most
    }
    if chosen.is_sqlite:
        options["module"] = web.SQLITE_DRIVER
    app.config["SQLALCHEMY_ENGINES"] = {"default": options}
    app.config["ALEMBIC"] = {"script_location": str(settings.HERE / "migrations")}
    app.config["ALEMBIC_CONTEXT"] = {"render_as_batch": True}
    web.db.init_app(app)
    # It would start a thread after every request to close asynchronous sessions. We have none.
    app.teardown_appcontext_funcs[:] = [
        close for close in app.teardown_appcontext_funcs if not iscoroutinefunction(close)
    ]
    Alembic(app, metadatas=Base.metadata)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with app.app_context():
        sessions.configure(web.db.engine)
        files.belong_to(web.db.engine, chosen.uploads)


def _init_people(app: Flask) -> None:
    login = LoginManager(app, add_context_processor=False)
    login.session_protection = None  # our own rows end sessions; addresses change on phones

    @login.user_loader  # type: ignore[untyped-decorator] # Flask-Login has no types
    def load(token: str) -> auth.Account | None:
        found = sign_ins.found(web.reader(), token, web.now())
        return None if found is None else auth.Account(*found, token)

    @app.before_request
    def set_actor() -> None:
        g.actor = g.half_signed_in = None
        if (
            request.endpoint != "static"
            and auth.is_here()
            and current_user.is_authenticated
        ):
            g.actor = people.actor_of(current_user.person, calendar.today(web.now()))
            second_factor.hold_back()
        if g.actor is None or request.mimetype != "multipart/form-data":
            request.max_content_length = (
                MAX_TEXT  # the rest comes with files, and not from strangers
            )


def _keep_calendar() -> None:
    """Every process learns within a minute of days that another has recorded."""
    read_at: datetime | None = current_app.config.get("CALENDAR_READ_AT")
    if request.endpoint != "static" and (read_at is None or web.now() - read_at > _MINUTE):
        special_days.load(web.reader())
        current_app.config["CALENDAR_READ_AT"] = web.now()


def _close_files(error: BaseException | None) -> None:
    """Give back the temporary files of an upload at once, not when somebody collects them."""
    del error
    sent = request.__dict__.get("files", MultiDict())
    for file in (one for _name, every in sent.lists() for one in every):
        file.close()


def _harden_for_https(response: Response) -> Response:
    response.headers.setdefault(
        "Strict-Transport-Security", "max-age=31536000; includeSubDomains"
    )
    return _harden(response)


def _harden(response: Response) -> Response:
    if "leads_to" in g:  # a form of this page goes on to the provider
        wider = POLICY.replace("form-action 'self'", f"form-action 'self' {g.leads_to}")
        response.headers.setdefault("Content-Security-Policy", wider)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static" or response.status_code >= _ERROR:
        response.headers.setdefault("Cache-Control", "no-store")
    return response
