"""The application on a province with a nomination at every step; its pages are checked."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import stages
from tests.client import CheckingClient
from tests.conftest import NOW, Databases, connect, make_app
from tests.shared import shared_folder
from views import web


@pytest.fixture(scope="session")
def staged(sqlite: Databases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds the province's database and uploads."""

    def make(folder: Path) -> None:
        shutil.copyfile(sqlite.folder / "province.sqlite", folder / "staged.sqlite")
        engine = connect(f"sqlite:///{folder / 'staged.sqlite'}")
        stages.build(engine, folder / "uploads", NOW)
        stages.find(engine, folder / "cases.json")
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()

    return shared_folder(tmp_path_factory, "staged", make)


@pytest.fixture(scope="session")
def found(staged):
    return stages.find(None, staged / "cases.json")


@pytest.fixture
def cases(found):
    """`cases["appraise"]["own"].task`"""
    return found.cases


def open_app(staged: Path, folder: Path):
    """An application on a copy of the province."""
    shutil.copyfile(staged / "staged.sqlite", folder / "staged.sqlite")
    shutil.copytree(staged / "uploads", folder / "uploads", copy_function=os.link)
    made = make_app(f"sqlite:///{folder / 'staged.sqlite'}", folder)
    made.test_client_class = CheckingClient
    return made


@pytest.fixture
def app(staged, site_of_worker):
    """The application on a fresh copy of the province."""
    made = site_of_worker.furnish(staged / "staged.sqlite", staged / "uploads")
    made.test_client_class = CheckingClient
    return made


@pytest.fixture(scope="module")
def open_house(staged, tmp_path_factory):
    """An application that a module shares, with everybody signed in: only to look at."""
    made = open_app(staged, tmp_path_factory.mktemp("house"))
    made.config["WTF_CSRF_ENABLED"] = False
    clients = {}

    def sign_in(login: str = ""):
        if login not in clients:
            clients[login] = made.test_client()
            if login:
                fields = {"login": login, "password": f"vinh-danh-{login}"}
                assert clients[login].post("/login", data=fields).status_code == 303
        return clients[login]

    sign_in.app, sign_in.steps = made, {}
    yield sign_in
    with made.app_context():
        web.db.engine.dispose()


def contents(connection) -> dict[str, object]:
    """Every row of every table."""
    tables = [
        name
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        )
    ]
    for name in ("browser_session", "read_chain", "read_event"):
        tables.remove(name)  # people sign in and look meanwhile
    return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in tables}  # noqa: S608 - our own tables


@contextmanager
def nothing_written(app):
    """What happens inside leaves every table and the upload folder as they were."""
    path = app.config["SETTINGS"].database_url.database
    watch, before = (web.SQLITE_DRIVER.connect(path) for _ in range(2))
    files = sorted(file.name for file in app.config["UPLOADS"].iterdir())
    before.execute("BEGIN")
    before.execute(
        "SELECT count(*) FROM sqlite_master"
    ).fetchall()  # here its snapshot begins
    version = watch.execute("PRAGMA data_version").fetchall()
    yield
    written = []
    if watch.execute("PRAGMA data_version").fetchall() != version:  # somebody has committed
        rows, now = contents(before), contents(watch)
        written = [name for name in now if rows.get(name) != now[name]]
    watch.close()
    before.close()
    assert written == []
    assert sorted(file.name for file in app.config["UPLOADS"].iterdir()) == files


@pytest.fixture
def unchanged(app):
    return lambda: nothing_written(app)
