"""The province with a nomination at every step, staged once, and applications on copies of it."""

import os
import shutil
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

import rounds
from models.awards import Nomination
from models.operations import OperatorActKind
from models.organisation import Role
from models.session import transaction
from tests import factories, stages
from tests.client import CheckingClient
from tests.conftest import Databases, connect, make_app
from tests.shared import shared_folder
from views import web
from workflows import calendar, operations
from workflows.operations import Wish

STOPPED = {  # what administrators did to nominations of the house, by their place before
    "answered": OperatorActKind.SUSPEND,
    "itemised": OperatorActKind.CANCEL,
}


def lately() -> datetime:
    """Ten in the morning of the last working day: pages read the clock, and nothing is late yet."""
    moment = datetime.now(UTC)
    day = calendar.today(moment)
    while not calendar.is_working_day(day) or moment < _ten(day):
        day -= timedelta(days=1)
    return _ten(day)


def _ten(day: date) -> datetime:
    return datetime.combine(day, time(10), calendar.VIETNAM)


@pytest.fixture(scope="session")
def staged(sqlite: Databases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds the province's database and uploads."""

    def make(folder: Path) -> None:
        shutil.copyfile(sqlite.folder / "province.sqlite", folder / "staged.sqlite")
        engine = connect(f"sqlite:///{folder / 'staged.sqlite'}")
        stages.build(engine, folder / "uploads", lately())
        rounds.gather_texts(engine)
        stages.find(engine, folder / "cases.json")
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()

    return shared_folder(tmp_path_factory, "staged", make)


@pytest.fixture(scope="session")
def found(staged):
    return stages.find(None, staged / "cases.json")


def open_app(staged: Path, folder: Path):
    """An application on a copy of the province."""
    shutil.copyfile(staged / "staged.sqlite", folder / "staged.sqlite")
    shutil.copytree(staged / "uploads", folder / "uploads", copy_function=os.link)
    made = make_app(f"sqlite:///{folder / 'staged.sqlite'}", folder)
    made.test_client_class = CheckingClient
    return made


class House:
    """An application in which everybody has signed in, and whose data can be put back.

    Two of its nominations are stopped: one suspended, one cancelled.
    """

    def __init__(self, staged: Path, folder: Path) -> None:
        self.app = open_app(staged, folder)
        self.app.test_client_class = None
        self.app.config["WTF_CSRF_ENABLED"] = False
        self._cookies: dict[str, str] = {}
        self._database = folder / "staged.sqlite"
        self._kept = folder / "kept.sqlite"
        with self.app.app_context():
            self.engine = web.db.engine
        _stop(self.engine)
        for login in dict.fromkeys(stages.PEOPLE.values()):
            self.sign_in(login)
        self.keep()

    def sign_in(self, login: str) -> None:
        """Let a person in; `browser` gives as many windows as wanted."""
        client = self.app.test_client()
        fields = {"login": login, "password": f"vinh-danh-{login}"}
        assert client.post("/login", data=fields).status_code == 303
        cookie = client.get_cookie("session")
        assert cookie is not None
        self._cookies[login] = cookie.value

    def browser(self, login: str = "") -> FlaskClient:
        """A new window of this person, or of a stranger."""
        client: FlaskClient = self.app.test_client()
        if login:
            client.set_cookie("session", self._cookies[login])
        return client

    def keep(self) -> None:
        """What `restore` goes back to is what is there now."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        self.close()
        shutil.copyfile(self._database, self._kept)
        self._kept_cookies = dict(self._cookies)

    def restore(self) -> None:
        """Undo what was written."""
        self.close()
        for beside in ("-wal", "-shm"):
            self._database.with_name(self._database.name + beside).unlink(missing_ok=True)
        shutil.copyfile(self._kept, self._database)
        self._cookies = dict(self._kept_cookies)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


def _stop(engine) -> None:
    """Two administrators of the processes suspend one nomination and cancel another."""
    asker, other = (factories.stand_in(n, Role.PROCESS_ADMIN.value) for n in (9_001, 9_002))
    for place, kind in STOPPED.items():
        with transaction(engine) as session:
            nomination = next(
                one
                for one in session.scalars(select(Nomination))
                if one.nominee.name.lower() == f"nguyễn thị {place}"
            )
            act = operations.ask(
                session,
                nomination.instance_id,
                Wish(kind),
                reason="Theo văn bản của Sở.",
                actor=asker,
                now=datetime.now(UTC),
                command_key=f"ask-{place}",
            )
            operations.confirm(
                session,
                act.id,
                actor=other,
                now=datetime.now(UTC),
                command_key=f"confirm-{place}",
            )


@pytest.fixture(scope="session")
def house_of_worker(staged, tmp_path_factory):
    """One for all tests of a worker: to make it, and to sign everybody in, takes its time."""
    made = House(staged, tmp_path_factory.mktemp("house"))
    yield made
    made.close()


@pytest.fixture
def house(house_of_worker):
    """The house as it was at first; what a test writes is undone behind it."""
    yield house_of_worker
    house_of_worker.restore()


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
