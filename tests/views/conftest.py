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
def app(staged, tmp_path):
    made = open_app(staged, tmp_path)
    yield made
    with made.app_context():
        web.db.engine.dispose()


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

    sign_in.app = made
    yield sign_in
    with made.app_context():
        web.db.engine.dispose()


def contents(app) -> dict[str, object]:
    """All that is kept: every row of every table, and the files."""
    path = app.config["SETTINGS"].database_url.database
    connection = web.SQLITE_DRIVER.connect(path)
    tables = [
        name
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        )
    ]
    rows = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in tables}  # noqa: S608 - our own tables
    connection.close()
    return rows | {"files": sorted(file.name for file in app.config["UPLOADS"].iterdir())}


@contextmanager
def nothing_written(app):
    """What happens inside leaves every table and the upload folder as they were."""
    before = contents(app)
    yield
    after = contents(app)
    assert [name for name in before if before[name] != after[name]] == []


@pytest.fixture
def unchanged(app):
    return lambda: nothing_written(app)
