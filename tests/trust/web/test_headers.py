"""S6 and S8 of trust.md: cookies and headers of every kind of answer, errors of all kinds too."""

from contextlib import contextmanager

import pytest
from sqlalchemy import make_url, text

import app as application
from models.session import transaction
from settings import Settings
from tests.conftest import SECRET
from tests.trust.web.headers import bare, lacking
from views import web

pytestmark = pytest.mark.trust
LARGE = {"CONTENT_LENGTH": str(application.MAX_TEXT + 1)}  # for strangers
FORM = "multipart/form-data; boundary=x"
LOGIN = {"login": "lan.tuphap", "password": "vinh-danh-lan.tuphap"}
ASKED = [
    ("GET", "/login", {}, 200),
    ("GET", "/healthz", {}, 200),
    ("GET", "/", {}, 302),
    ("GET", "/inbox", {}, 303),
    ("GET", "/inbox", {"headers": {"HX-Request": "true"}}, 401),
    ("GET", "/static/app.css", {}, 200),
    ("GET", "/static/app.css", {"headers": {"Range": "bytes=0-9"}}, 206),
    ("GET", "/static/app.css", {"headers": {"Range": "bytes=99999999-"}}, 416),
    ("GET", "/static/missing.css", {}, 404),
    ("GET", "/static", {}, 404),
    ("GET", "/missing", {}, 404),
    ("GET", "/%00", {}, 404),
    ("GET", "/login", {"headers": {"Host": "evil.example"}}, 400),
    ("GET", "/login", {"headers": {"Host": "a b"}}, 400),
    ("OPTIONS", "/login", {}, 200),
    ("HEAD", "/login", {}, 200),
    ("POST", "/healthz", {}, 404),
    ("PUT", "/login", {}, 404),
    ("TRACE", "/login", {}, 404),
    ("POST", "/login", {}, 400),
    ("POST", "/login", {"content_type": FORM, "environ_overrides": LARGE}, 413),
]


@contextmanager
def opened(databases, folder, *, is_demo):
    """The application on a province, over plain http on this machine or as behind https."""
    address = make_url(databases.copy("province"))
    made = application.create_app(Settings(address, SECRET, 8000, folder, is_demo))
    yield made
    with made.app_context():
        web.db.engine.dispose()


@pytest.fixture(params=[True, False], ids=["demo", "production"])
def site(sqlite, tmp_path, request):
    with opened(sqlite, tmp_path, is_demo=request.param) as made:
        yield made


def over_https(site):
    return not site.config["SETTINGS"].is_demo


def test_every_kind_of_answer_is_hardened(site):
    wrong = {}
    for method, path, sent, code in ASKED:
        answer = site.test_client().open(path, method=method, buffered=True, **sent)
        found = lacking(answer, over_https=over_https(site))
        if answer.status_code != code or found:
            wrong[method, path, str(sent)] = (answer.status_code, found)
    assert wrong == {}


def test_no_error_is_kept(site):
    answers = [
        site.test_client().open(p, method=m, **sent) for m, p, sent, c in ASKED if c >= 400
    ]

    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}


def test_unforeseen_error_is_hardened(site):
    with site.app_context(), transaction(web.db.engine) as session:
        session.execute(text("ALTER TABLE guessing RENAME TO lost"))
    site.config["WTF_CSRF_ENABLED"] = False
    answer = site.test_client().post("/login", data=LOGIN)

    assert answer.status_code == 500
    assert lacking(answer, over_https=over_https(site)) == []


def test_every_cookie_of_a_person_is_hardened(site):
    """The session's and the browser's mark, at signing in, in between, and at signing out."""
    site.config["WTF_CSRF_ENABLED"] = False
    client = site.test_client()
    base = {"base_url": "https://localhost"} if over_https(site) else {}
    answers = [
        client.get("/login", **base),
        client.post("/language", data={"language": "en"}, **base),
        client.post("/login", data=LOGIN, **base),
        client.get("/account", **base),
        client.post("/account/sessions/end", **base),
        client.post("/logout", **base),
    ]
    cookies = [one for answer in answers for one in answer.headers.getlist("Set-Cookie")]
    names = {cookie.partition("=")[0].removeprefix("__Host-") for cookie in cookies}

    assert answers[2].status_code == 303
    assert names == {"session", "device"}
    assert [bare(cookie, over_https=over_https(site)) for cookie in cookies] == [[]] * len(
        cookies
    )


def test_answers_that_are_not_hardened_are_caught(sqlite, tmp_path, monkeypatch):
    monkeypatch.setattr(application, "_harden", lambda response: response)
    with opened(sqlite, tmp_path, is_demo=True) as made:
        made.config["SESSION_COOKIE_HTTPONLY"] = False
        answer = made.test_client().get("/login")

    assert len(lacking(answer)) >= 6
    assert "HttpOnly" in lacking(answer)
