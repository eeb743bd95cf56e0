"""Databases and applications for tests: real ones, fresh for every test, on SQLite and PostgreSQL.

Every database is a copy of a template that the migrations made, so tests run on what users get.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.orm import Session

import app as application
from awards import passwords
from awards.demo import catalogue, driving, people
from models import session as sessions
from models.session import transaction
from settings import Settings
from tests import postgres
from tests.shared import shared_folder
from views import web

pytest_plugins = ["tests.staging"]
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # Monday, ten in the morning in Vietnam
SECRET = "a secret for tests, long enough to pass"  # noqa: S105 - tests have nothing to hide


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="trust tests at their full size")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: some wait for browsers, disks and databases."""
    return 1 + (os.cpu_count() or 1)


@dataclass(frozen=True)
class Databases:
    """Makes databases of one kind: `empty` ones, and the `province` with people and a process."""

    kind: str
    folder: Path
    cluster: postgres.Cluster | None

    def copy(self, template: str) -> str:
        """The address of a fresh copy of a template."""
        name = f"{template}_{uuid4().hex[:12]}"
        if self.cluster is not None:
            return postgres.create_database(
                self.cluster, name, template=self._template(template)
            )
        path = self.folder / f"{name}.sqlite"
        shutil.copyfile(self.folder / f"{template}.sqlite", path)
        return f"sqlite:///{path}"

    def make_templates(self) -> None:
        """Migrate an empty database, then put the province into a copy of it."""
        _migrate(self._new("empty"), self.folder)
        engine = connect(self._new("province", "empty"))
        with quick_passwords(), transaction(engine) as session:
            catalogue.make(session, NOW)
            people.make(session)
            driving.deploy(session, people.by_queue(session, NOW.date()), NOW)
        if (
            self.cluster is None
        ):  # fold the write-ahead log into the file that will be copied
            with engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()

    def _new(self, name: str, template: str = "") -> str:
        if self.cluster is not None:
            source = self._template(template) if template else "template1"
            return postgres.create_database(
                self.cluster, self._template(name), template=source
            )
        path = self.folder / f"{name}.sqlite"
        if template:
            shutil.copyfile(self.folder / f"{template}.sqlite", path)
        return f"sqlite:///{path}"

    def _template(self, name: str) -> str:
        return f"{name}_{self.folder.name.replace('-', '_')}"


def connect(url: str) -> Engine:
    """An engine as the application uses it."""
    parsed = make_url(url)
    options: dict[str, Any] = {}
    if parsed.get_backend_name() == "sqlite":
        options["module"] = web.SQLITE_DRIVER
    engine = create_engine(parsed, **options)
    sessions.configure(engine)
    return engine


@contextmanager
def quick_passwords() -> Iterator[None]:
    """Inside, passwords are hashed the true way and with little work: hundreds sign in."""
    with pytest.MonkeyPatch.context() as patch:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_HASHER", cheap)
        yield


@pytest.fixture(scope="session", autouse=True)
def hashes_of_little_work() -> Iterator[None]:
    """They are not made anew at the next sign-in, as outdated ones are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "is_outdated", lambda _kept: False)
        yield


class Compiled(BytecodeCache):
    """Compiled templates, kept from one application of this process to the next."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = Compiled()


def make_app(url: str, folder: Path) -> Flask:
    """An application on a database of its own. Jobs are done on the spot."""
    chosen = Settings(make_url(url), SECRET, 8000, folder, is_demo=True)
    made = application.create_app(chosen)
    made.jinja_env.bytecode_cache = _COMPILED
    made.testing = True
    return made


def _migrate(url: str, folder: Path) -> None:
    made = make_app(url, folder)
    with made.app_context():
        made.extensions["alembic"].upgrade()
        if web.db.engine.dialect.name == "sqlite":
            with web.db.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        web.db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    def make(folder: Path) -> None:
        Databases("sqlite", folder, None).make_templates()

    return Databases("sqlite", shared_folder(tmp_path_factory, "sqlite", make), None)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Databases:
    cluster = postgres.shared_cluster(tmp_path_factory)

    def make(folder: Path) -> None:
        Databases("postgresql", folder, cluster).make_templates()

    folder = shared_folder(tmp_path_factory, "postgresql", make)
    return Databases("postgresql", folder, cluster)


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Databases:
    """One kind of database after the other: what touches a table is tested on both."""
    found: Databases = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def empty(databases: Databases) -> Iterator[Engine]:
    """A migrated database with nothing in it."""
    yield from _engine(databases, "empty")


@pytest.fixture
def province(databases: Databases) -> Iterator[Engine]:
    """A database with the demo province's units, people and process, and no nominations."""
    yield from _engine(databases, "province")


def _engine(databases: Databases, template: str) -> Iterator[Engine]:
    engine = connect(databases.copy(template))
    yield engine
    engine.dispose()


@pytest.fixture
def db(province: Engine) -> Iterator[Session]:
    """A transaction on the province, rolled back at the end."""
    with Session(province, expire_on_commit=False) as session:
        yield session


@dataclass(frozen=True)
class Site:
    """One application for all tests of a worker. Each finds it on fresh data.

    To make one takes as long as three pages, and each would compile its queries anew.
    """

    app: Flask
    folder: Path
    settings: dict[str, Any]

    def furnish(self, database: Path, uploads: Path | None = None) -> Flask:
        """The application on a copy of this database and these files, its settings as at first."""
        with self.app.app_context():
            web.db.engine.dispose()
        for old in self.folder.glob("site.sqlite*"):
            old.unlink()
        shutil.copyfile(database, self.folder / "site.sqlite")
        files = self.folder / "uploads"
        for folder in (files, self.folder / "archives"):
            shutil.rmtree(folder, ignore_errors=True)
        if uploads:
            shutil.copytree(uploads, files, copy_function=os.link)
        else:
            files.mkdir()
        self.app.config.clear()
        self.app.config.update(self.settings)
        self.app.test_client_class = None
        return self.app


@pytest.fixture(scope="session")
def site_of_worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    app = make_app(f"sqlite:///{folder / 'site.sqlite'}", folder)
    yield Site(app, folder, dict(app.config))
    with app.app_context():
        web.db.engine.dispose()


@pytest.fixture
def app(sqlite: Databases, site_of_worker: Site) -> Flask:
    """The application on a fresh province; pages look the same on every database."""
    return site_of_worker.furnish(sqlite.folder / "province.sqlite")


@pytest.fixture
def browse(app: Flask) -> Any:
    """`browse("lan.tuphap")` is a client that has signed in; forms need no CSRF token."""
    app.config["WTF_CSRF_ENABLED"] = False

    def sign_in(login: str = "") -> FlaskClient:
        client = app.test_client()
        if login:
            fields = {"login": login, "password": f"vinh-danh-{login}"}
            assert client.post("/login", data=fields).status_code == 303
        return client

    return sign_in
