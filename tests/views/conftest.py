"""The application on a province with a nomination at every step; its pages are checked."""

import pytest

from tests.client import CheckingClient
from tests.staging import nothing_written, open_app
from views import web


@pytest.fixture
def cases(found):
    """`cases["appraise"]["own"].task`"""
    return found.cases


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


@pytest.fixture
def unchanged(app):
    return lambda: nothing_written(app)
