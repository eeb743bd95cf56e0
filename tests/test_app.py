"""The application as a whole: errors, languages, static files."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import text

from models.session import transaction
from tests.client import CheckingClient, parse
from tests.conftest import make_app
from views import web


@pytest.fixture
def app(app):
    app.test_client_class = CheckingClient
    return app


def lose_table(app, name):
    """The table is gone, as if the database had failed on the way."""
    with app.app_context(), transaction(web.db.engine) as session:
        session.execute(text("PRAGMA foreign_keys = OFF"))
        session.execute(text(f"ALTER TABLE {name} RENAME TO lost"))


@pytest.mark.parametrize("table", ["person", "movement", "user_task"])
def test_unforeseen_error_tells_nothing_of_the_inside(app, browse, table):
    client = browse("lan.tuphap")
    lose_table(app, table)

    response = client.get("/nominations/new")

    assert response.status_code == 500
    page = response.get_data(as_text=True)
    words = ("sqlite", "Traceback", "SELECT", ".py", "Werkzeug", table)
    assert [word for word in words if word in page] == []
    assert len(re.findall(r"<code>[0-9A-F]{8}</code>", page)) == 1


def test_demo_hint_is_shown_in_the_demo_alone(sqlite, tmp_path):
    made = make_app(sqlite.copy("province"), tmp_path)
    hint = "Tài khoản dùng thử"

    assert hint in made.test_client().get("/login").get_data(as_text=True)
    made.config["SETTINGS"] = replace(made.config["SETTINGS"], is_demo=False)
    assert hint not in made.test_client().get("/login").get_data(as_text=True)


@pytest.mark.parametrize(
    ("chosen", "shown"), [("en", "en"), ("vi", "vi"), ("fr", "vi"), ("", "vi")]
)
def test_language_is_remembered(browse, chosen, shown):
    client = browse()

    answer = client.post("/language", data={"language": chosen, "next": "/login"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    assert parse(client.get("/login")).get("lang") == shown


def test_language_outlives_signing_in_and_out(browse):
    client = browse()
    client.post("/language", data={"language": "en"})
    client.post("/login", data={"login": "hoidong", "password": "vinh-danh-hoidong"})
    assert parse(client.get("/board")).get("lang") == "en"

    client.post("/logout")

    assert parse(client.get("/login")).get("lang") == "en"


def test_language_of_the_browser_changes_nothing(app):
    response = app.test_client().get("/login", headers={"Accept-Language": "en"})
    assert parse(response).get("lang") == "vi"


RANGES = ["bytes=99999999-", "bytes=5-2", "bytes=abc", "bytes=-0", "lines=1-2"]


@pytest.mark.parametrize("asked", RANGES)
def test_range_that_cannot_be_served_is_no_incident(app, asked):
    response = app.test_client().get("/static/app.css", headers={"Range": asked})

    assert response.status_code in (200, 206, 416)


PATHS = [
    "/static/../app.py",
    "/static/%2e%2e/app.py",
    "/static/..%2fapp.py",
    "/static//etc/passwd",
    "/static/\\..\\app.py",
    "/static/%00",
    "/static/" + "a" * 5_000,
]


@pytest.mark.parametrize("path", PATHS)
def test_static_files_stay_in_their_folder(app, path):
    assert app.test_client().get(path).status_code in (404, 308)
