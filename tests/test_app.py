"""What every answer carries, whatever was asked: headers, cookies, a language."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import make_url, text

import app as application
from models.session import transaction
from settings import Settings
from tests.client import CheckingClient, parse
from tests.conftest import SECRET, make_app
from views import web

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}


@pytest.fixture
def app(app):
    app.test_client_class = CheckingClient
    return app


def lose_table(app, name):
    """The table is gone, as if the database had failed on the way."""
    with app.app_context(), transaction(web.db.engine) as session:
        session.execute(text("PRAGMA foreign_keys = OFF"))
        session.execute(text(f"ALTER TABLE {name} RENAME TO lost"))


ASKED = [
    ("GET", "/login", 200),
    ("GET", "/healthz", 200),
    ("GET", "/", 302),
    ("GET", "/inbox", 303),
    ("GET", "/static/app.css", 200),
    ("GET", "/static/missing.css", 404),
    ("GET", "/missing", 404),
    ("POST", "/healthz", 404),
    ("PUT", "/login", 404),
    ("POST", "/login", 400),
]


@pytest.mark.parametrize(("method", "path", "code"), ASKED)
def test_every_answer_is_hardened(app, method, path, code):
    response = app.test_client().open(path, method=method)

    assert response.status_code == code
    _check(response)


def test_every_page_of_a_person_is_hardened(browse):
    client = browse("lan.tuphap")
    for path in (
        "/inbox",
        "/board",
        "/nominations",
        "/nominations/new",
        "/imports",
        "/about",
    ):
        response = client.get(path)
        assert response.status_code == 200
        _check(response)
        assert response.headers["Cache-Control"] == "no-store"


def test_too_large_a_request_is_hardened(browse):
    large = {"CONTENT_LENGTH": str(application.MAX_REQUEST + 1)}
    form = "multipart/form-data; boundary=x"
    response = browse("lan.tuphap").post(
        "/imports", content_type=form, environ_overrides=large
    )

    assert response.status_code == 413
    _check(response)


@pytest.mark.parametrize("table", ["person", "movement", "user_task"])
def test_unforeseen_error_is_hardened_and_tells_nothing_of_the_inside(app, browse, table):
    client = browse("lan.tuphap")
    lose_table(app, table)

    response = client.get("/nominations/new")

    assert response.status_code == 500
    _check(response)
    page = response.get_data(as_text=True)
    words = ("sqlite", "Traceback", "SELECT", ".py", "Werkzeug", table)
    assert [word for word in words if word in page] == []
    assert len(re.findall(r"<code>[0-9A-F]{8}</code>", page)) == 1


def _check(response):
    headers = response.headers
    directives = [
        part.strip().partition(" ")
        for part in headers["Content-Security-Policy"].split(";")
    ]
    assert {name: value for name, _blank, value in directives} == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    for cookie in headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


@pytest.mark.parametrize(("is_demo", "is_secure"), [(True, False), (False, True)])
def test_session_cookie_is_secure_in_production(sqlite, tmp_path, is_demo, is_secure):
    chosen = Settings(make_url(sqlite.copy("province")), SECRET, 8000, tmp_path, is_demo)
    made = application.create_app(chosen)

    response = made.test_client().get("/login")

    cookie = response.headers["Set-Cookie"]
    assert ("Secure" in cookie) == is_secure
    assert cookie.startswith("__Host-session=" if is_secure else "session=")
    assert ("Domain" in cookie, "Path=/" in cookie) == (False, True)
    assert ("Strict-Transport-Security" in response.headers) == is_secure


def test_demo_hint_is_shown_in_the_demo_alone(sqlite, tmp_path):
    made = make_app(sqlite.copy("province"), tmp_path)
    hint = "Tài khoản dùng thử"

    assert hint in made.test_client().get("/login").get_data(as_text=True)
    made.config["SETTINGS"] = replace(made.config["SETTINGS"], is_demo=False)
    assert hint not in made.test_client().get("/login").get_data(as_text=True)


def test_address_of_the_proxy_is_not_believed_for_the_host(sqlite, tmp_path):
    chosen = Settings(
        make_url(sqlite.copy("province")), SECRET, 8000, tmp_path, is_demo=False
    )
    made = application.create_app(chosen)
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil"}

    response = made.test_client().get("/inbox", headers=headers)

    assert response.headers["Location"] == "/login?next=/inbox?"


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
