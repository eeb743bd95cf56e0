"""The databases that are measured: durable ones, empty but for the demo province's people.

SQLite lies on the disk that holds the temporary folder, with `synchronous=FULL` and a write-ahead
log; PostgreSQL is the server of the tests with `fsync` and `synchronous_commit` on.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import Engine, make_url

import app as application
from awards.demo import catalogue, driving, people
from models.session import transaction
from settings import Settings
from tests import postgres
from views import web

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # Monday, ten in the morning in Vietnam
KINDS = ("sqlite", "postgresql")
_SECRET = "measured here, used nowhere else: " + "x" * 32


@dataclass(frozen=True, slots=True)
class Place:
    """Where databases of one kind can be made."""

    kind: str
    folder: Path
    cluster: postgres.Cluster | None

    def address(self, name: str) -> str:
        """The address of a new, empty database."""
        if self.cluster is None:
            return f"sqlite:///{self.folder / name}.sqlite"
        return postgres.create_database(self.cluster, name)


@contextmanager
def place(kind: str) -> Iterator[Place]:
    """A folder, and for PostgreSQL a server, that are gone afterwards."""
    with TemporaryDirectory(prefix="bench-") as folder:
        cluster = (
            postgres.start(owner=os.getpid(), durable=True)
            if kind == "postgresql"
            else None
        )
        try:
            yield Place(kind, Path(folder), cluster)
        finally:
            if cluster is not None:
                postgres.stop(cluster)


def open_app(url: str, folder: Path) -> Flask:
    """The application on a database."""
    made = application.create_app(
        Settings(make_url(url), _SECRET, 8000, folder, is_demo=True)
    )
    made.config["WTF_CSRF_ENABLED"] = False
    return made


def engine_of(app: Flask) -> Engine:
    """The application's own engine."""
    with app.app_context():
        return web.db.engine


def province(app: Flask) -> Engine:
    """Migrate the application's database, and put the demo province's people into it."""
    with app.app_context():
        app.extensions["alembic"].upgrade()
    engine = engine_of(app)
    with transaction(engine) as session:
        catalogue.make(session, NOW)
        people.make(session)
        driving.deploy(session, people.by_queue(session, NOW.date()), NOW)
    return engine
