"""What every view stands on: the request's reading session, and the one transaction it may open."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pysqlite3
from flask import current_app, g, request
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from awards.clamd import Clamd
from models import session as sessions
from models.session import ReadingSession
from settings import Settings
from workflows.actors import Actor
from workflows.errors import NotAllowed

db = SQLAlchemy(session_options={"class_": ReadingSession})
SQLITE_DRIVER = pysqlite3.dbapi2  # the system's SQLite may corrupt a WAL with two writers


def now() -> datetime:
    """The moment of this request, the same in all it does."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    moment: datetime = g.now
    return moment


def reader() -> Session:
    """The request's session for looking."""
    session: Session = db.session
    return session


def actor() -> Actor:
    """Who is signed in. Guarded views have somebody."""
    found: Actor = g.actor
    return found


def actor_or_none() -> Actor | None:
    """Who is signed in, if anybody."""
    found: Actor | None = g.actor
    return found


def scanner() -> Clamd | None:
    """Who looks at files before people do, if anybody."""
    found: Clamd | None = current_app.config["SCANNER"]
    return found


def uploads() -> Path:
    """The folder of attached files."""
    folder: Path = current_app.config["UPLOADS"]
    return folder


def own_address() -> str:
    """Where people find the site, without a slash; on this machine, as they have typed it."""
    settings: Settings = current_app.config["SETTINGS"]
    return request.host_url.rstrip("/") if settings.is_plain else settings.address


@contextmanager
def transaction() -> Iterator[Session]:
    """The request's one change. What the person may not do answers as if it did not exist.

    The reading session starts anew behind it, so that the page shows what is true now.
    """
    try:
        with sessions.transaction(db.engine) as session:
            yield session
    except NotAllowed as error:
        raise NotFound from error
    finally:
        db.session.rollback()


def start_job(name: str, subject_id: int) -> None:
    """Have something done in the background, or here and now where nothing runs there."""
    current_app.extensions["jobs"](name, subject_id)
